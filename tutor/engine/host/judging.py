"""The judge of one graded run, and the fresh runs of the learner's code that it asks for."""

from __future__ import annotations

import socket
from collections.abc import Callable

import msgspec

from tutor.engine.host.child_processes import ChildProcess, ChildProcesses
from tutor.engine.host.engine_log import log
from tutor.engine.host.guarding import guarded
from tutor.engine.host.rerun import Rerun
from tutor.errors import EngineError
from tutor.messages import children, endings
from tutor.messages.decoding import ChildDecoder
from tutor.messages.jobs import HostKind, Job
from tutor.messages.verdicts import Checked, Judged

_from_judge: ChildDecoder[children.FromJudge] = ChildDecoder(children.FromJudge)


class Judging:
    """on_said(event) for each check, and once for the verdict; on_fault(sentence) where the process gives none."""

    def __init__(
        self,
        job: Job,
        kind: HostKind,
        child_processes: ChildProcesses,
        on_said: Callable[[Checked | Judged], None],
        on_fault: Callable[[str], None],
    ) -> None:
        self.judged = False
        self.learners_end, self._judges_end = socket.socketpair()
        self._job = job
        self._kind = kind
        self._child_processes = child_processes
        self._on_said = on_said
        self._on_fault = on_fault
        self._judge: ChildProcess | None = None
        self._outcome: children.CodeOutcome | None = None
        self._reruns: list[Rerun] = []

    def begin(self, body: memoryview) -> None:
        """Begin the judge, which alone gets `body` (a Grade message): the caller wipes it afterwards."""
        if self._judge is not None:
            return
        start = children.Begin("judge", self._kind, "", self._job, msgspec.Raw(body))
        try:
            judge = self._child_processes.begin(start, peer=self._judges_end)
        except OSError as error:
            self._on_fault(f"The machine could not start the judge: {error}.")
            return
        self._judge = judge
        judge.on_message = self._hear
        judge.on_closed = judge.kill
        judge.on_exit = self._exited
        if self._outcome is not None:
            judge.tell(self._outcome)

    def code_is_over(self, finished: children.Finished, seconds: float) -> None:
        """The judge is told what the learner's code came to, now or once there is one."""
        self._outcome = endings.outcome(0, finished, seconds)
        if self._judge is not None:
            self._judge.tell(self._outcome)

    def _hear(self, body: memoryview) -> None:
        if self.judged:
            return
        try:
            message = _from_judge.read(body)
        except EngineError as error:
            log(self._job.run, f"the judge said what cannot be understood: {error}")
            self._on_fault("The judge ended without a verdict.")
            return
        if isinstance(message, children.AskFresh):
            self._rerun(message.seed)
            return
        self.judged = isinstance(message, Judged)
        if not guarded("what a judge said", lambda: self._on_said(message)):
            self.judged = False
            self._on_fault("What the judge said could not be passed on.")

    def _rerun(self, seed: int) -> None:
        assert self._judge is not None
        job = msgspec.structs.replace(self._job, seed=seed)
        rerun = Rerun(job, self._kind, len(self._reruns) + 1, self._child_processes, self._judge)
        self._reruns.append(rerun)
        rerun.start()

    def _exited(self, status: int) -> None:
        if not self.judged:
            log(self._job.run, f"the judge ended without a verdict, {endings.status_words(status)}")
            self._on_fault("The judge ended without a verdict.")

    def look(self) -> None:
        """Fresh runs have limits of their own."""
        for rerun in self._reruns:
            rerun.look()

    def close(self) -> None:
        """End the judge and what it has asked for."""
        self.learners_end.close()
        self._judges_end.close()
        for rerun in self._reruns:
            rerun.kill()
        if self._judge is not None:
            self._judge.kill()
