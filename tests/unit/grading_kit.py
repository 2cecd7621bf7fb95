"""A judge, a learner and the wire between them, in one process: what the engine does with three."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from tutor.grading.judge.author import reseed
from tutor.grading.judge.submission import judge_submission
from tutor.grading.learner.answer_desk import answer_judge, explain_plainly
from tutor.messages.jobs import Job, Limits, Rubric
from tutor.messages.verdicts import CheckResult, CodeError, Verdict


@dataclass
class Outcome:
    reason: str = "ok"
    error: CodeError | None = None
    note: str = ""


def never_fitted(model: object) -> None:
    """The last fit of a model, where none is trained."""


@dataclass
class FakeLink:
    """Runs the learner's code in a thread and answers from it."""

    rubric: Rubric
    job: Job
    outcome: Outcome = field(default_factory=Outcome)
    results: list[CheckResult] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    learner: Any = None

    def __post_init__(self) -> None:
        self.learner = self.fresh(self.job.seed)

    def fresh(self, seed: int) -> socket.socket:
        ours, theirs = socket.socketpair()
        namespace: dict[str, Any] = {}
        reseed(seed)
        for code in (*self.rubric.uses, self.rubric.setup, self.rubric.answer):
            exec(compile(code, f"{self.rubric.exercise}.py", "exec"), namespace)
        threading.Thread(target=self._serve, args=(theirs, namespace), daemon=True).start()
        return ours

    @staticmethod
    def _serve(sock: socket.socket, namespace: dict[str, Any]) -> None:
        with sock:
            answer_judge(sock, namespace, explain_plainly, never_fitted)

    def run_outcome(self, sock: Any = None) -> Outcome:
        return self.outcome

    def checked(self, result: CheckResult) -> None:
        self.results.append(result)

    def judged(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)


def rubric(checks: str, answer: str, **more: Any) -> Rubric:
    given = {"setup": "import numpy as np", "hidden": "", "solution": answer, "starter": "...", "exercise": "task"}
    return Rubric(**{**given, "checks": checks, "answer": answer, **more})


def judged(rubric: Rubric, seed: int = 0) -> Verdict:
    """The verdict on an answer, as the judge reports it."""
    link = FakeLink(rubric, Job("run", rubric.exercise, (), seed, Limits(), graded=True))
    judge_submission(link, never_fitted)
    assert len(link.verdicts) == 1
    assert list(link.verdicts[0].checks) == link.results
    return link.verdicts[0]


def message(checks: str, answer: str, **more: Any) -> str:
    """What the first check that is not met says; "" where all are."""
    verdict = judged(rubric(checks, answer, **more))
    assert verdict.outcome != "fault", verdict.report
    return next((check.message for check in verdict.checks if check.outcome == "failed"), "")


GRADIENT = {
    "exercise": "gradient",
    "setup": 'from tutor import data\nboston = data.load("boston")\nx, y = boston["RM"], boston["PRICE"]\n',
    "starter": "def grad_loss(w, x, y):\n    ...\n",
    "solution": "def grad_loss(w, x, y):\n    return 2 * ((w * x - y) * x).sum()\n",
    "checks": """
def check_number(t):
    "the result is one number"
    t.shape(t.call("grad_loss", 1.0, x, y), ())

def check_slope(t):
    "it is the slope of the loss, at several w"
    for w in (-2.0, 0.0, 3.0, 10.0):
        t.slope(lambda v: ((v * x - y) ** 2).sum(), at=w, claimed=t.call("grad_loss", w, x, y))

def check_other_data(t):
    "on other data too"
    a, b = t.rng(1).normal(size=(2, 40))
    t.slope(lambda v: ((v * a - b) ** 2).sum(), at=0.5, claimed=t.call("grad_loss", 0.5, a, b))

def check_minimum(t):
    "it vanishes at the best w"
    t.close(t.call("grad_loss", (x @ y) / (x @ x), x, y), 0.0, atol=0.1)
""",
}
"""The exercise of the lesson format's own text."""

GRADIENT_WRONGS = {
    "missing-factor-two": "def grad_loss(w, x, y):\n    return ((w * x - y) * x).sum()\n",
    "missing-inner-derivative": "def grad_loss(w, x, y):\n    return 2 * (w * x - y).sum()\n",
    "averaged": "def grad_loss(w, x, y):\n    return 2 * ((w * x - y) * x).mean()\n",
    "climbs": "def grad_loss(w, x, y):\n    return 2 * ((y - w * x) * x).sum()\n",
}
