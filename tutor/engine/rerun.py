"""The learner's code once more, for a judge that asks for it."""

from __future__ import annotations

import os
import socket

import msgspec

from tutor.engine import inside, verdicts
from tutor.engine import protocol as p
from tutor.engine.clock import Clock
from tutor.engine.nursery import LOADING, Child, Nursery

_from_learner = msgspec.msgpack.Decoder(inside.FromLearner)


class Rerun:
    """The learner's code once more, in a process that only the judge sees."""

    def __init__(self, job: p.Job, kind: p.HostKind, index: int, nursery: Nursery, judge: Child) -> None:
        self._index = index
        self._judge = judge
        self._job = job
        self._kind = kind
        self._nursery = nursery
        self._clock = Clock()
        self._told = self._loaded = False
        self._child: Child | None = None

    def start(self) -> None:
        """Begin it, and hand the judge the socket to it."""
        ours, theirs = socket.socketpair()
        start = inside.Begin("rerun", self._kind, "", self._job)
        try:
            self._child = self._nursery.begin(start, peer=theirs, gpu=self._job.gpu)
        except OSError as error:
            self._tell(inside.Finished("lost", note=f"The machine could not start a fresh run: {error}."))
        else:
            self._child.on_message = self._message
            self._child.on_closed = self._child.kill
            self._child.on_exit = lambda status: self._tell(verdicts.how_it_ended(status, None, ""))
        fd = os.dup(ours.fileno())
        ours.close()
        self._judge.tell(inside.FreshAt(self._index), fd)

    def _message(self, body: memoryview) -> None:
        message = _from_learner.decode(body)
        if isinstance(message, inside.Loaded) and not self._loaded:
            self._loaded, self._clock = True, Clock()
        elif isinstance(message, inside.Finished):
            self._tell(message)

    def _tell(self, finished: inside.Finished) -> None:
        if not self._told:
            self._told = True
            self._judge.tell(verdicts.outcome(self._index, finished, self._clock.seconds))

    def look(self) -> None:
        limit = self._job.limits.seconds if self._loaded else LOADING
        if not self._told and self._child is not None and self._clock.seconds > limit:
            note = f"The time for this run, {limit:g} s, was up."
            self._tell(inside.Finished("time", note=note))
            self._child.kill()

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
