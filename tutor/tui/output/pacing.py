"""How much may be under way to the terminal. It is asked now and then to answer, as a line, sshd and tmux take in far
more than the terminal shows: what has not been answered yet is under way still."""

from __future__ import annotations

import time

QUESTION = "\x1b[?2026$p"
"""Does the terminal know synchronized output? Those that answer it once do so always, and Textual asks it anyway."""
LEAST, MOST = 1_024, 16_384
"""Bytes that may be under way, on the slowest line and on a fast one."""
EVERY = 512
"""Bytes after which the terminal is asked, at the earliest."""
FAST, SLOW = 0.25, 0.8
"""Seconds to an answer under which more may be under way, and over which less."""
SILENCE = 0.15
"""Seconds without an answer after which nothing more is sent; four times the usual ones where that is longer."""
PATIENCE = 10.0
"""Seconds after which an answer is not waited for any more."""


class Flow:
    """Counts bytes. Nothing is held back before the terminal has answered once. One question at a time is under way, so
    that an answer that gets lost cannot be taken for another's."""

    def __init__(self) -> None:
        self.answers = False
        self._window = 8_192
        self._usual = 0.03
        self._under_way = 0
        self._covered = 0
        self._asked_at: float | None = None

    def sent(self, count: int) -> bool:
        """So many bytes were sent. Whether the terminal is to be asked behind them."""
        if not self.answers:
            return False
        self._under_way += count
        if self._asked_at is not None or self._under_way < EVERY:
            return False
        self._covered, self._asked_at = self._under_way, time.monotonic()
        return True

    def answered(self) -> bool:
        """The terminal has answered. Whether it was a question of our own."""
        if self._asked_at is None:
            self.answers = True
            return False
        took = time.monotonic() - self._asked_at
        self._under_way, self._asked_at = self._under_way - self._covered, None
        self._usual += 0.2 * (min(took, FAST) - self._usual)
        if took < FAST:
            self._window = min(MOST, self._window * 2)
        elif took > SLOW:
            self._window = max(LEAST, round(self._covered * SLOW / took))  # what it takes in that time
        return True

    def wait(self) -> float | None:
        """None where more may be sent now; else the seconds after which to look again if no answer comes."""
        if self._asked_at is None or self._under_way < LEAST:
            return None
        waited = time.monotonic() - self._asked_at
        if self._under_way < self._window and waited < max(SILENCE, 4 * self._usual):
            return None
        if waited >= PATIENCE:  # it does not answer any more: another terminal may be there now
            self.answers, self._under_way, self._asked_at = False, 0, None
            return None
        return PATIENCE - waited
