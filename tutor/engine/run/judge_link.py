"""The judge's doors: to the host, to the learner's process, and to fresh runs of the learner's code."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from msgspec.structs import replace

from tutor.engine.machine import entries, limits
from tutor.messages import children
from tutor.messages.decoding import MessageDecoder
from tutor.messages.frames import Unpacker, pack
from tutor.messages.jobs import Job, Limits
from tutor.messages.requests import Grade
from tutor.messages.verdicts import Checked, CheckResult, Judged, Verdict

_from_host: MessageDecoder[children.ToJudge] = MessageDecoder(children.ToJudge)
_grade: MessageDecoder[Grade] = MessageDecoder(Grade)


class JudgeLink:
    """rubric: what to mark by. learner: a socket to the learner's process, which answers once its code is through
    (grading/learner/answer_desk.py); it ends when that process does. run, job: of the submission."""

    def __init__(self, grade: Grade, host: socket.socket, learner: socket.socket, job: Job) -> None:
        self.rubric = grade.rubric
        self.run = grade.run
        self.job = job
        self.learner = learner
        self._host = host
        self._unpacker = Unpacker()
        self._outcomes: dict[int, children.CodeOutcome] = {}
        self._fresh: dict[int, socket.socket] = {}
        self._handed: socket.socket | None = None
        self._indices: dict[socket.socket, int] = {learner: 0}

    def run_outcome(self, sock: socket.socket | None = None) -> children.CodeOutcome:
        """What the learner's code came to: `reason` is "ok", "error" (with `error`), "time", "memory", "output",
        "cancelled", "killed" or "lost". Waits until it is known. sock: of a fresh run; None for the submission."""
        index = self._indices[sock] if sock is not None else 0
        while index not in self._outcomes:
            self._read()
        return self._outcomes[index]

    def fresh(self, seed: int) -> socket.socket:
        """Run the learner's whole code in a new process with `seed`; the socket to it. Ask `run_outcome(socket)`
        before talking to it; close it when done, which ends that process."""
        self._host.sendall(pack(children.AskFresh(seed)))
        while not self._fresh:
            self._read()
        index, sock = self._fresh.popitem()
        self._indices[sock] = index
        return sock

    def checked(self, result: CheckResult) -> None:
        """One check is done: shown at once."""
        self._host.sendall(pack(Checked(self.run, result)))

    def judged(self, verdict: Verdict) -> None:
        """The verdict: the last word."""
        self._host.sendall(pack(Judged(self.run, verdict)))

    def _read(self) -> None:
        data, fds, _, _ = socket.recv_fds(self._host, self._unpacker.missing, 1)
        if not data:
            raise EOFError("The tutor's engine has gone.")
        sockets = [socket.socket(fileno=fd) for fd in fds]
        if sockets:
            self._handed = sockets[0]
        for body in self._unpacker.feed(data):
            message = _from_host.read(body)
            if isinstance(message, children.CodeOutcome):
                self._outcomes[message.index] = message
            elif self._handed is not None:
                self._fresh[message.index], self._handed = self._handed, None


def be_judge(start: children.Begin, sock: socket.socket, learner: socket.socket | None) -> None:
    """Mark one submission: all of it is the grading room's, over a JudgeLink."""
    assert learner is not None and start.job is not None
    own = replace(start.job.limits, memory_mb=max(start.job.limits.memory_mb, Limits().memory_mb))
    limits.apply(own, start.job.gpu)  # what the learner's process answers may be made to unfold without end
    grade = _grade.read(memoryview(start.rubric))
    entries.look_up(entries.JUDGE)(JudgeLink(grade, sock, learner, start.job), last_fit)


def last_fit(model: object) -> Mapping[str, object] | None:
    """The arguments of the model's last fit, which the checks may ask for; None where it was never fitted. Whoever has
    a model has imported keras."""
    from tutor.engine.run import fit_wrapping

    return fit_wrapping.last_fits.get(model)
