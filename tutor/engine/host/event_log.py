"""What a run has said so far, kept so that a window that comes back (or reads slowly) misses nothing.

Every event has its number. Epochs, plots, text and verdicts are kept; of the batches only the newest; of a plot
drawn again, and of a line printed over, only the last state.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec

from tutor.engine.host.framed_socket import FramedSocket
from tutor.messages.events import Ended, Output, Plotted, RunEvent
from tutor.messages.frames import pack
from tutor.messages.training import BatchEnded

BATCHES_KEPT = 200
MOST_BYTES = 64 * 1024 * 1024
_HIGH_WATER = 256 * 1024


class EventLog:
    """The numbered events of one run, as frames. `full` is True once they take more than MOST_BYTES."""

    def __init__(self, run: str, window: str) -> None:
        self.run = run
        self.window = window
        self.ended = False
        self.seen = False
        self.full = False
        self._next = 0
        self._bytes = 0
        self._numbers: list[int] = []
        self._frames: list[bytes] = []
        self._batches: list[int] = []
        self._plots: dict[int, int] = {}
        self._printed: dict[str, list[tuple[int, int]]] = {}
        """Of each stream, what is kept of it: its place in the text, and its number."""
        self._followers: list[Follower] = []

    def add(self, event: RunEvent) -> None:
        """Number `event`, keep it, and pass it on to whoever follows."""
        frame = pack(msgspec.structs.replace(event, run=self.run, seq=self._next))
        self._numbers.append(self._next)
        self._frames.append(frame)
        self._bytes += len(frame)
        if isinstance(event, BatchEnded):
            self._batches.append(self._next)
            if len(self._batches) > 2 * BATCHES_KEPT:
                self._drop(self._batches[:-BATCHES_KEPT])
                self._batches = self._batches[-BATCHES_KEPT:]
        elif isinstance(event, Plotted):
            if event.index in self._plots:
                self._drop([self._plots[event.index]])
            self._plots[event.index] = self._next
        elif isinstance(event, Output) and event.at >= 0:
            kept = self._printed.setdefault(event.stream, [])
            while kept and kept[-1][0] >= event.at:
                self._drop([kept.pop()[1]])
            kept.append((event.at, self._next))
        self._next += 1
        self.full = self._bytes > MOST_BYTES
        self.ended = self.ended or isinstance(event, Ended)
        for follower in list(self._followers):
            follower.feed()

    def _drop(self, numbers: list[int]) -> None:
        for number in numbers:
            place = bisect_left(self._numbers, number)
            self._bytes -= len(self._frames[place])
            del self._numbers[place], self._frames[place]

    def first_from(self, number: int) -> tuple[int, bytes] | None:
        """The first kept event whose number is at least `number`: that number and the frame."""
        place = bisect_left(self._numbers, number)
        return (self._numbers[place], self._frames[place]) if place < len(self._numbers) else None

    @property
    def frames(self) -> list[bytes]:
        """All that is kept."""
        return list(self._frames)

    def follow(self, framed: FramedSocket, start: int = 0) -> Follower:
        """Send what is kept from number `start` on to this window, then all that follows."""
        self.unfollow(framed)
        follower = Follower(self, framed, start)
        self._followers.append(follower)
        follower.feed()
        return follower

    def unfollow(self, framed: FramedSocket) -> None:
        self._followers = [follower for follower in self._followers if follower.framed is not framed]

    def feed(self, framed: FramedSocket) -> None:
        """The window can take more."""
        for follower in self._followers:
            if follower.framed is framed:
                follower.feed()


class Follower:
    """A window that follows a run at its own speed: it reads from what is kept, so nothing piles up for it."""

    def __init__(self, event_log: EventLog, framed: FramedSocket, start: int) -> None:
        self.event_log = event_log
        self.framed = framed
        self._next = start
        self._feeding = False

    def feed(self) -> None:
        if self._feeding:  # sending may drain the socket, which calls this again
            return
        self._feeding = True
        while self.framed.open and self.framed.waiting < _HIGH_WATER:
            entry = self.event_log.first_from(self._next)
            if entry is None:
                break
            self._next = entry[0] + 1
            self.framed.send(entry[1])
        self._feeding = False
