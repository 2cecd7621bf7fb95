"""Garbage is collected while nobody types: going through all objects takes Python long enough to be felt at a key."""

from __future__ import annotations

import gc
import time

QUIET = 1.0
"""Seconds without a key after which nobody would feel it."""
DUE, OVERDUE = 10, 100
"""Collections of the younger objects after which all are gone through at rest, and after which whatever goes on."""


class Sweeper:
    """Takes the oldest generation over from Python, from `begin` to `end`. What is loaded by then stays."""

    def __init__(self) -> None:
        self._key_at = 0.0
        self._before = gc.get_threshold()

    def begin(self) -> None:
        self._before = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(*self._before[:2], OVERDUE)

    def end(self) -> None:
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def key(self) -> None:
        """A key has come."""
        self._key_at = time.monotonic()

    def look(self) -> None:
        """Called now and then: collect, where there is something and nobody types."""
        if gc.get_count()[2] >= DUE and time.monotonic() - self._key_at >= QUIET:
            gc.collect()
