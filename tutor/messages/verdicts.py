"""What the judge says of an answer, and what an exception in the learner's code was."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct


class ErrorLine(Struct, frozen=True):
    """A line of the learner's own code. line counts from 1 within the chunk."""

    chunk: str
    line: int
    source: str
    function: str = ""


class CodeError(Struct, frozen=True):
    """An exception in the learner's code: only their own lines. todo: what usually helps."""

    kind: str
    message: str
    lines: tuple[ErrorLine, ...] = ()
    todo: str = ""


Outcome: TypeAlias = Literal[
    "passed", "failed", "error", "not-attempted", "time", "memory", "output", "cancelled", "fault"
]
"""Of a graded run. fault: the tutor's own; nothing is held against the learner."""


class CheckResult(Struct, frozen=True):
    """name: the function; requirement: its docstring, as the learner reads it. message: lines that say what was
    asked, what came, where they differ."""

    name: str
    requirement: str
    outcome: Literal["passed", "failed", "skipped", "error"]
    message: str = ""


class Diagnosis(Struct, frozen=True):
    name: str
    text: str


class Verdict(Struct, frozen=True):
    """The judge's word on an exercise. summary: one line. report: where a fault is to be reported, else "".
    scores: what `t.better` compared, (score, what was needed)."""

    exercise: str
    outcome: Outcome
    checks: tuple[CheckResult, ...] = ()
    diagnosis: Diagnosis | None = None
    error: CodeError | None = None
    summary: str = ""
    report: str = ""
    seconds: float = 0.0
    seed: int = 0
    observed: dict[str, object] = {}
    scores: dict[str, tuple[float, float]] = {}


class Checked(Struct, frozen=True, tag="checked"):
    """One check is done; the verdict follows."""

    run: str
    result: CheckResult
    seq: int = 0


class Judged(Struct, frozen=True, tag="judged"):
    run: str
    verdict: Verdict
    seq: int = 0
