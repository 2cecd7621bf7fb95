"""The learner's code once more, for a judge that asks for it."""

from __future__ import annotations

import os
import socket

from tutor.engine.host import from_learner
from tutor.engine.host.child_processes import LOADING, ChildProcess, ChildProcesses
from tutor.engine.host.stopwatch import Stopwatch
from tutor.errors import EngineError
from tutor.messages import children, endings
from tutor.messages.jobs import HostKind, Job


class Rerun:
    """The learner's code once more, in a process that only the judge sees."""

    def __init__(
        self, job: Job, kind: HostKind, index: int, child_processes: ChildProcesses, judge: ChildProcess
    ) -> None:
        self._index = index
        self._judge = judge
        self._job = job
        self._kind = kind
        self._child_processes = child_processes
        self._clock = Stopwatch()
        self._told = self._loaded = False
        self._child: ChildProcess | None = None

    def start(self) -> None:
        """Begin it, and hand the judge the socket to it."""
        ours, theirs = socket.socketpair()
        start = children.Begin("rerun", self._kind, "", self._job)
        try:
            self._child = self._child_processes.begin(start, peer=theirs, gpu=self._job.gpu)
        except OSError as error:
            self._tell(children.Finished("lost", note=f"The machine could not start a fresh run: {error}."))
        else:
            self._child.on_message = self._message
            self._child.on_closed = self._child.kill
            self._child.on_exit = self._exited
        fd = os.dup(ours.fileno())
        ours.close()
        self._judge.tell(children.FreshAt(self._index), fd)

    def _exited(self, status: int) -> None:
        never_began = self._child is not None and self._child.fresh and not self._loaded
        self._tell(endings.ended_while_loading(status) if never_began else endings.how_it_ended(status, None, ""))

    def _message(self, body: memoryview) -> None:
        try:
            message = from_learner.read(body)
        except EngineError:
            self._tell(children.Finished("error", note=from_learner.FORGED))
            self.kill()
            return
        if isinstance(message, children.Loaded) and not self._loaded:
            self._loaded, self._clock = True, Stopwatch()
        elif isinstance(message, children.Finished):
            self._tell(message)

    def _tell(self, finished: children.Finished) -> None:
        if not self._told:
            self._told = True
            self._judge.tell(endings.outcome(self._index, finished, self._clock.seconds))

    def look(self) -> None:
        limit = self._job.limits.seconds if self._loaded else LOADING
        if not self._told and self._child is not None and self._clock.seconds > limit:
            note = f"The time for this run, {limit:g} s, was up."
            self._tell(children.Finished("time", note=note))
            self._child.kill()

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
