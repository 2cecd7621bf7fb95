"""What a run prints, on its way into events: made harmless, gathered into fewer messages, cut off at its limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from tutor.messages.harmless import Cleaner

Stream = Literal["out", "err"]

_GATHER_SECONDS = 0.05
_GATHER_CHARACTERS = 8192


class Printed:
    """emit(stream, text) is called at once for the first text, then at most some twenty times a second, or for
    every 8 kB. `over` is True once more than `most_bytes` have come; what comes later is dropped."""

    def __init__(self, most_bytes: int, emit: Callable[[Stream, str], None]) -> None:
        self.over = False
        self.due = float("inf")  # when the gathered text is to be passed on (monotonic seconds)
        self._left = most_bytes
        self._emit = emit
        self._cleaners: dict[Stream, Cleaner] = {"out": Cleaner(), "err": Cleaner()}
        self._gathered: list[str] = []
        self._size = 0
        self._stream: Stream = "out"
        self._last = 0.0

    def feed(self, stream: Stream, data: bytes, final: bool = False) -> None:
        if self.over:
            return
        if len(data) > self._left:
            data, self.over = data[: self._left], True
        self._left -= len(data)
        text = self._cleaners[stream].feed(data, final or self.over)
        if not text:
            return
        if stream != self._stream:
            self.flush()
            self._stream = stream
        self._gathered.append(text)
        self._size += len(text)
        now = time.monotonic()
        if self._size >= _GATHER_CHARACTERS or now - self._last >= _GATHER_SECONDS:
            self.flush()
        else:
            self.due = self._last + _GATHER_SECONDS

    def flush(self) -> None:
        """Pass on what was gathered."""
        self.due = float("inf")
        if self._gathered:
            text = "".join(self._gathered)
            self._gathered.clear()
            self._size = 0
            self._last = time.monotonic()
            self._emit(self._stream, text)
