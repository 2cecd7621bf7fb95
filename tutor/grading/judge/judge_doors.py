"""What the engine hands to the judge: the judge's way to the host, and to the learner's processes. Judge's process."""

from __future__ import annotations

import socket
from typing import Protocol

from tutor.messages.jobs import Job, Rubric
from tutor.messages.verdicts import CheckResult, CodeError, Verdict


class RunOutcome(Protocol):
    """What the learner's code came to, before any check. reason: "ok", or as a verdict's outcome."""

    @property
    def reason(self) -> str: ...
    @property
    def error(self) -> CodeError | None: ...
    @property
    def note(self) -> str: ...


class JudgeDoors(Protocol):
    """The engine's side of one submission.

    rubric: what to mark by. job: of the submission. learner: a socket to the learner's process, which answers
    (`learner.answer_desk`) once its code is through.
    """

    @property
    def rubric(self) -> Rubric: ...
    @property
    def job(self) -> Job: ...
    @property
    def learner(self) -> socket.socket: ...

    def run_outcome(self, sock: socket.socket | None = None) -> RunOutcome:
        """What the learner's code came to; waits for it. sock: of a fresh run; None for the submission itself."""

    def fresh(self, seed: int) -> socket.socket:
        """Run the learner's whole code in a new process with `seed`; the socket to it. Closing it ends that process."""

    def checked(self, result: CheckResult) -> None:
        """One check is done."""

    def judged(self, verdict: Verdict) -> None:
        """The verdict: the last word."""
