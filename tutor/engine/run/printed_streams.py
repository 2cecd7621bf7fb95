"""What the learner's code prints to: its streams, with a mark wherever it goes over from one to the other, as the host
reads both by themselves."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
from typing import TYPE_CHECKING

from tutor.messages.output_order import turn

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Turns:
    """Whose turn it is. marked: descriptors of both streams that the code does not know of. What a process prints that
    was forked from this one comes as it comes."""

    def __init__(self, marked: tuple[int, ...]) -> None:
        self.lock = threading.RLock()
        self.process = os.getpid()
        self._marked = marked
        self._now = 1
        self._count = 0

    def take(self, fd: int) -> None:
        """It is the turn of this stream."""
        if fd == self._now:
            return
        self._count += 1
        self._now = fd
        for each in self._marked:
            with contextlib.suppress(OSError):  # nobody reads there any more: then there is no order to keep
                os.write(each, turn(self._count))


class TurnFile(io.FileIO):
    """One of the two streams, below its buffer."""

    def __init__(self, fd: int, turns: Turns) -> None:
        super().__init__(fd, "w", closefd=False)
        self._turns = turns

    def write(self, data: ReadableBuffer, /) -> int:
        turns = self._turns
        if os.getpid() != turns.process:
            return super().write(data)
        with turns.lock:
            turns.take(self.fileno())
            return super().write(data)


def keep_turns(marked: tuple[int, ...]) -> None:
    """From here on what is printed to both streams keeps its order."""
    turns = Turns(marked)
    for name, fd in (("stdout", 1), ("stderr", 2)):
        stream = io.TextIOWrapper(
            io.BufferedWriter(TurnFile(fd, turns)), encoding="utf-8", errors="replace", line_buffering=True
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
