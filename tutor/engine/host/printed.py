"""What a run prints, on its way into events: folded, harmless, gathered into fewer messages, cut off at its limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from tutor.engine.host.folding import FoldedStream

Stream = Literal["out", "err"]

_GATHER_SECONDS = 0.05
_GATHER_BYTES = 8192
_WRITTEN_OVER = 64
"""How many times as much may be printed as is kept: what a progress bar has written over is not."""


class Printed:
    """emit(stream, at, text), as `Output` has it, is called at once for the first text, then at most some twenty times
    a second, or for every 8 kB. `over` is True once there are more than `most` characters; what comes later is
    dropped."""

    def __init__(self, most: int, emit: Callable[[Stream, int, str], None]) -> None:
        self.over = False
        self.due = float("inf")  # when the gathered text is to be passed on (monotonic seconds)
        self._most = most
        self._raw_left = most * _WRITTEN_OVER
        self._emit = emit
        self._folded: dict[Stream, FoldedStream] = {"out": FoldedStream(), "err": FoldedStream()}
        self._lengths: dict[Stream, int] = {"out": 0, "err": 0}
        self._size = 0
        self._stream: Stream = "out"
        self._last = 0.0

    def feed(self, stream: Stream, data: bytes, final: bool = False) -> None:
        """final: nothing comes behind it."""
        if self.over:
            return
        if stream != self._stream:
            self.flush()
            if data.startswith(b"\n"):
                self._folded[self._stream].settle()
            self._stream = stream
        self._folded[stream].feed(data, final)
        self._size += len(data)
        self._raw_left -= len(data)
        now = time.monotonic()
        if self._size >= _GATHER_BYTES or now - self._last >= _GATHER_SECONDS or self._raw_left < 0:
            self.flush()
            self.over = self.over or self._raw_left < 0
        else:
            self.due = self._last + _GATHER_SECONDS

    def rest(self) -> None:
        """Nothing more is printed: what was begun and never ended goes on, too."""
        for stream in self._folded:
            self.feed(stream, b"", final=True)
        self.flush()

    def flush(self) -> None:
        """Pass on what was gathered."""
        self.due = float("inf")
        self._size = 0
        news = None if self.over else self._folded[self._stream].news()
        if news is None:
            return
        self._last = time.monotonic()
        self._pass_on(self._stream, *news)

    def _pass_on(self, stream: Stream, at: int, text: str) -> None:
        other = sum(self._lengths.values()) - self._lengths[stream]
        room = max(0, self._most - other - at)
        self.over = len(text) > room
        self._lengths[stream] = at + min(len(text), room)
        self._emit(stream, at, text[:room])
