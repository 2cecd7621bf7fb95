"""Whose turn it is: the runs of a host that wait, and those that go on, each in a place of the user's."""

from __future__ import annotations

import os
import time
from collections import deque
from functools import partial

from tutor.engine.host.guarding import guarded
from tutor.engine.host.hosted_run import HostedRun
from tutor.engine.machine import slots
from tutor.messages.events import Queued
from tutor.messages.jobs import HostKind

_AGAIN = 0.1
"""Seconds between two looks for a place that another host holds."""


class RunQueue:
    """`open`: whether runs may begin at all. kind: of the host, which says for which places its runs wait."""

    def __init__(self, kind: HostKind) -> None:
        self.open = False
        self._kind: HostKind = kind
        self._queue: deque[HostedRun] = deque()
        self._going: dict[str, tuple[HostedRun, slots.Slot]] = {}
        self._said: dict[str, tuple[int, str]] = {}
        self._look_at = 0.0

    @property
    def busy(self) -> bool:
        return bool(self._queue or self._going)

    @property
    def waiting(self) -> list[HostedRun]:
        return list(self._queue)

    @property
    def due(self) -> float:
        """When `look` is needed next, in monotonic seconds."""
        return self._look_at if self._queue and self.open else float("inf")

    def add(self, run: HostedRun) -> None:
        self._queue.append(run)
        self.look()

    def over(self, run: HostedRun) -> None:
        """It has ended, or will never begin."""
        if run in self._queue:
            self._queue.remove(run)
        self._said.pop(run.job.run, None)
        if run.job.run in self._going:
            self._going.pop(run.job.run)[1].release()
        self.look()

    def look(self) -> None:
        """Begin as many as there are places for; the others are told what they wait for."""
        while self._queue and self.open:
            run = self._queue[0]
            slot = slots.take(self._kind, slots.Holder(run.job.block, os.getpid(), time.time()))
            if slot is None:
                self._look_at = time.monotonic() + _AGAIN
                self._say()
                return
            self._queue.popleft()
            self._going[run.job.run] = (run, slot)
            guarded("the beginning of a run", run.start, partial(run.give_up, "It could not be begun."))

    def _say(self) -> None:
        block = next((holder.block for holder in slots.holders(self._kind)), "")
        for ahead, run in enumerate(self._queue, start=max(1, len(self._going))):
            if self._said.get(run.job.run) != (ahead, block):
                self._said[run.job.run] = (ahead, block)
                run.event_log.add(Queued(run.job.run, ahead, block=block))

    def abandon(self) -> list[HostedRun]:
        """None of those that wait will ever begin."""
        waiting, self._queue = list(self._queue), deque()
        return waiting
