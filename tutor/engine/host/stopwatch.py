"""A stopwatch that pauses."""

from __future__ import annotations

import time


class Stopwatch:
    """Seconds since it was made, pauses not counted."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._paused_at: float | None = None
        self._paused = 0.0

    @property
    def running(self) -> bool:
        return self._paused_at is None

    @property
    def seconds(self) -> float:
        now = time.monotonic() if self._paused_at is None else self._paused_at
        return now - self._began - self._paused

    def pause(self) -> None:
        if self._paused_at is None:
            self._paused_at = time.monotonic()

    def resume(self) -> None:
        if self._paused_at is not None:
            self._paused += time.monotonic() - self._paused_at
            self._paused_at = None
