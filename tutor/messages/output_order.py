"""What a run prints and what it tells come over different ways: marks among the printed say where each telling belongs.

The learner's process writes the mark of a frame into both of its streams right before it sends the frame; and where it
goes over from one stream to the other, the mark of that turn into both.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

_START = b"\x00\x1edl-tutor "
_MARK = re.compile(rb"\x00\x1edl-tutor ([ft])([0-9a-f]{8})\x1e\x00")
_LENGTH = len(_START) + 11
_MOST_HELD = 1 << 20
"""Bytes from which on text is passed on all the same: whatever the code wrote there was no mark of ours."""


def mark(number: int) -> bytes:
    """The mark of frame `number`, which counts from 1."""
    return b"%bf%08x\x1e\x00" % (_START, number)


def turn(number: int) -> bytes:
    """The mark of turn `number`, which counts from 1: from here on it is the other stream that goes on."""
    return b"%bt%08x\x1e\x00" % (_START, number)


class InOrder:
    """emit(stream, data) gets what was printed, without the marks, not before the frames that were sent before it, and
    what was printed to both streams in turn as it was."""

    def __init__(self, emit: Callable[[str, bytes], None]) -> None:
        self._emit = emit
        self._heard = 0
        self._streams = {"out": _Held(), "err": _Held()}

    def feed(self, stream: str, data: bytes) -> None:
        self._streams[stream].take(data)
        self._release()

    def heard(self) -> None:
        """One more frame was dealt with: what was printed behind it may go on."""
        self._heard += 1
        self._release()

    def rest(self) -> None:
        """No more frames come: all that is held goes on."""
        self._heard = 1 << 40
        self._release()
        for stream, held in self._streams.items():
            for piece in (*held.pieces, held.begun):
                self._pass_on(stream, piece)
            held.clear()

    def _release(self) -> None:
        """Let each stream go on as far as it may; that may be what the other one waits for."""
        going = True
        while going:
            going = False
            for stream, held in self._streams.items():
                going |= self._go_on(stream, held)

    def _go_on(self, stream: str, held: _Held) -> bool:
        """Whether it came further."""
        pieces, turn_before = held.pieces, held.turn
        while pieces:
            piece = pieces[0]
            if isinstance(piece, _Mark) and held.size < _MOST_HELD and self._waits(held, piece):
                return held.turn != turn_before
            held.drop()
            self._pass_on(stream, piece)
        return held.turn != turn_before

    def _waits(self, held: _Held, found: _Mark) -> bool:
        """Whether the text behind this mark has to wait: for its frame, or for the other stream to come as far."""
        if found.kind == b"f":
            return found.number > self._heard
        held.turn = max(held.turn, found.number)
        return any(other.turn < found.number for other in self._streams.values())

    def _pass_on(self, stream: str, piece: bytes | _Mark) -> None:
        if piece and isinstance(piece, bytes):
            self._emit(stream, piece)


class _Mark(NamedTuple):
    kind: bytes
    number: int


class _Held:
    """What has come of one stream and may not go on yet. pieces: text, and marks between. begun: the beginning of a
    mark, perhaps. turn: the newest turn that it has come to. size: bytes of text that are held."""

    def __init__(self) -> None:
        self.pieces: deque[bytes | _Mark] = deque()
        self.begun = b""
        self.turn = self.size = 0

    def take(self, data: bytes) -> None:
        """Bytes as they come."""
        data = self.begun + data
        start = 0
        for found in _MARK.finditer(data):
            self._add(data[start : found.start()])
            self.pieces.append(_Mark(found[1], int(found[2], 16)))
            start = found.end()
        end = len(data) - _unfinished(data[start:])
        self._add(data[start:end])
        self.begun = data[end:]

    def _add(self, text: bytes) -> None:
        if text:
            self.pieces.append(text)
            self.size += len(text)

    def drop(self) -> None:
        """The first piece goes on."""
        first = self.pieces.popleft()
        if isinstance(first, bytes):
            self.size -= len(first)

    def clear(self) -> None:
        self.pieces.clear()
        self.begun, self.size = b"", 0


def _unfinished(data: bytes) -> int:
    """Bytes at the end that may become a mark with what comes next."""
    at = data.rfind(b"\x00\x1e", max(0, len(data) - _LENGTH + 1))
    tail = data[at:] if at >= 0 else b""
    if tail and _START.startswith(tail[: len(_START)]):
        return len(tail)
    return 1 if data.endswith(b"\x00") else 0
