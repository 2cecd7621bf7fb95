"""What a run prints and what it tells come over different ways: marks among the printed say where each telling belongs.

The learner's process writes the mark of a frame into both of its streams right before it sends the frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_START = b"\x00\x1edl-tutor "
_MARK = re.compile(rb"\x00\x1edl-tutor ([0-9a-f]{8})\x1e\x00")
_LENGTH = len(_START) + 10
_MOST_HELD = 1 << 20
"""Bytes from which on text is passed on all the same: whatever the code wrote there was no mark of ours."""


def mark(number: int) -> bytes:
    """The mark of frame `number`, which counts from 1."""
    return b"%b%08x\x1e\x00" % (_START, number)


class InOrder:
    """emit(stream, data) gets what was printed, without the marks, not before the frames that were sent before it."""

    def __init__(self, emit: Callable[[str, bytes], None]) -> None:
        self._emit = emit
        self._heard = 0
        self._held: dict[str, bytes] = {"out": b"", "err": b""}

    def feed(self, stream: str, data: bytes) -> None:
        self._held[stream] += data
        self._release(stream)

    def heard(self) -> None:
        """One more frame was dealt with: what was printed behind it may go on."""
        self._heard += 1
        for stream in self._held:
            self._release(stream)

    def rest(self) -> None:
        """No more frames come: all that is held goes on."""
        for stream, data in self._held.items():
            self._held[stream] = b""
            self._pass_on(stream, _MARK.sub(b"", data))

    def _release(self, stream: str) -> None:
        data, start = self._held[stream], 0
        for found in _MARK.finditer(data):
            if int(found[1], 16) > self._heard + 1 and len(data) < _MOST_HELD:
                break
            self._pass_on(stream, data[start : found.start()])
            start = found.start()
            if int(found[1], 16) > self._heard and len(data) < _MOST_HELD:
                break
            start = found.end()
        else:
            end = len(data) - _unfinished(data[start:])
            self._pass_on(stream, data[start:end])
            start = end
        self._held[stream] = data[start:]

    def _pass_on(self, stream: str, data: bytes) -> None:
        if data:
            self._emit(stream, data)


def _unfinished(data: bytes) -> int:
    """Bytes at the end that may become a mark with what comes next."""
    at = data.rfind(b"\x00\x1e", max(0, len(data) - _LENGTH + 1))
    tail = data[at:] if at >= 0 else b""
    if tail and _START.startswith(tail[: len(_START)]):
        return len(tail)
    return 1 if data.endswith(b"\x00") else 0
