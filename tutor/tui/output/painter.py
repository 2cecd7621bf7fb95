"""Sends what the terminal is to show from a thread of its own. Frames never queue: what is sent next is always the way
from what stands there to the newest frame."""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from typing import TextIO

from tutor.tui.output.cells import CellGrid
from tutor.tui.output.changes import Changes
from tutor.tui.output.pacing import QUESTION, Flow

PIECE = 1_024
"""Bytes after which a newer frame is looked for, in the middle of a picture."""
_FAREWELL = 2.0
"""Seconds that a terminal which takes nothing is waited for at the end."""
_SYNC, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_WORTH_IT = 4 * len(_SYNC)
"""Bytes from which on a picture is wrapped in them."""
_ENTER, _LEAVE = "\x1b[?1049h", "\x1b[?1049l"


class Painter:
    """Stands where Textual has its writer thread. file: the terminal. erases: as `Changes` has it."""

    def __init__(self, file: TextIO, *, erases: bool = True) -> None:
        self._file = file
        self._fd = file.fileno()
        self._encoding = file.encoding or "utf-8"
        self.flow = Flow()
        self._news = threading.Condition()
        self._size = self._look_at_size()
        self._grid = CellGrid(*self._size)
        self._changes = Changes(*self._size, erases=erases)
        self._others: deque[str] = deque()
        self._anew = self._inside = self._sync = self._ending = self._moved = False
        self.gone = False
        """The terminal takes nothing any more: its line was cut."""
        self._thread = threading.Thread(target=self._run, name="tutor-output", daemon=True)

    # ------------------------------------------------------------------ in: called by Textual

    def start(self) -> None:
        self._thread.start()

    def write(self, data: str) -> None:
        """Take in a frame, or a word to the terminal. Never waits for the terminal."""
        with self._news:
            size = self._look_at_size()
            if size != self._size:
                self._size, self._grid, self._anew = size, CellGrid(*size), True
            before = self._grid.cursor
            for word in self._grid.feed(data):
                self._tell(word)
            self._moved |= self._grid.cursor != before
            self._news.notify()

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def answered(self) -> bool:
        """The terminal has answered a question. Whether it was the painter's own."""
        with self._news:
            own = self.flow.answered()
            self._news.notify()
            return own

    def stop(self) -> None:
        """Send what is left, and end; a terminal that takes nothing is not waited for long."""
        with self._news:
            self._ending = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL)

    def _look_at_size(self) -> tuple[int, int]:
        try:
            columns, rows = os.get_terminal_size(self._fd)
        except OSError:
            columns, rows = 0, 0
        return (columns or 80, rows or 24)

    def _tell(self, word: str) -> None:
        """What is no cell: modes, questions, the title, the clipboard."""
        if word in (_SYNC, _SYNC_END):
            self._sync = True
            return
        if word == _ENTER:
            self._inside = self._anew = True
        elif word == _LEAVE:
            self._inside = False
            self._grid.dirty.clear()
        self._others.append(word)

    # ------------------------------------------------------------------ out: the thread

    def _run(self) -> None:
        while True:
            with self._news:
                while not self._ready():
                    if self._ending and not self._others:
                        return
                    self._news.wait(self.flow.wait() if self._painting else None)
                data = self._next()
            self._send(data)

    @property
    def _painting(self) -> bool:
        """Whether there is something to paint."""
        return self._inside and bool(self._anew or self._grid.dirty or self._moved)

    def _ready(self) -> bool:
        if self.gone:
            self._others.clear()
            return False
        return bool(self._others) or (self._painting and self.flow.wait() is None)

    def _next(self) -> bytes:
        """The next piece: words to the terminal first, then rows, then the cursor."""
        words = self._bytes("".join(self._others))
        self._others.clear()
        if not self._painting or self.flow.wait() is not None:
            return words
        picture = b""
        if self._anew:
            self._anew = False
            picture += self._bytes(self._changes.forget(*self._size))
            self._grid.dirty.update(range(self._grid.rows))
        for y in sorted(self._grid.dirty):
            self._grid.dirty.discard(y)
            picture += self._bytes(self._changes.row(y, self._grid.lines[y]))
            if len(picture) >= PIECE:
                break
        else:
            self._moved = False
            picture += self._bytes(self._changes.cursor(*self._grid.cursor))
        if self._sync and len(picture) > _WORTH_IT:
            picture = self._bytes(_SYNC) + picture + self._bytes(_SYNC_END)
        if picture and self.flow.sent(len(picture)):
            picture += self._bytes(QUESTION)
        return words + picture

    def _bytes(self, text: str) -> bytes:
        return text.encode(self._encoding, "replace")

    def _send(self, data: bytes) -> None:
        left = memoryview(data)
        while left and not self.gone:
            try:
                select.select([], [self._fd], [])
                left = left[os.write(self._fd, left[:PIECE]) :]
            except (OSError, ValueError):
                self.gone = True
