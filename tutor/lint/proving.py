"""What counts as proved: the runs of a proof, each through the engine, as a learner's."""

from __future__ import annotations

import re
from enum import Enum
from typing import Literal

import msgspec
from msgspec import Struct

from tutor.course.model import Course, Exercise, Lesson, Predict, Run, Wrong
from tutor.engine.client.engine import Engine
from tutor.errors import TutorError
from tutor.grading import proofs
from tutor.grading.judge import misconceptions
from tutor.grading.likeness import alike_throughout
from tutor.grading.proofs import KeptExercise, KeptProof
from tutor.lint.curves import wrong_curve
from tutor.lint.findings import CourseFinding, Severity
from tutor.lint.sections import RuleName
from tutor.messages.events import Ended
from tutor.messages.jobs import Wrongdoing
from tutor.messages.training import EpochEnded
from tutor.messages.verdicts import CodeError, Judged, Verdict
from tutor.plots.curve import Curve
from tutor.submitting import AS_WRITTEN, job_for_exercise, job_for_run

SEEDS = (0, 1, 2, 3, 4)
TOUCHED = "\n_touched_by_the_proof = 1\n"
"""Added to a starter, so that it counts as attempted."""
MARGIN = 1.0
"""How far a score must stay from what is needed, in spreads of that score over the seeds."""
SLOW = 0.5
"""Share of an exercise's seconds that its solution may take here."""
LONG = 10.0
"""Seconds of a single run from which on it is not run more often than it must be."""
Cast = Literal["", "float32", "float64"]
"""What the arrays that the checks pass are cast to; "" leaves them as they are."""
_DETAIL = re.compile(r" \([^()]*\)$")
"""What a score's name says in brackets of this very run."""
_CHECK_LINE = re.compile(r"\bcheck_\w+, line (\d+)")


class Effort(Enum):
    """How much of a proof: WHOLE, with all seeds; ONE_SEED, held against what is kept; GLANCE, where a run is long:
    the first solution with one seed."""

    WHOLE = "all seeds"
    ONE_SEED = "one seed, held against what is kept"
    GLANCE = "one run of the solution: it is long"


class Result(Struct):
    """Of one task or figure. entry: what is kept of an exercise's wrong solutions. spread: of each score, over the
    seeds. longest: seconds of a single run."""

    findings: list[CourseFinding] = []
    counts: dict[str, int] = {}
    seconds: float = 0.0
    longest: float = 0.0
    entry: KeptExercise | None = None
    spread: dict[str, float] = {}

    @property
    def sound(self) -> bool:
        """No error was found."""
        return all(found.severity != "error" for found in self.findings)


class Prover:
    """Runs things through an engine."""

    def __init__(self, engine: Engine, course: Course) -> None:
        self._engine = engine
        self._course = course

    async def verdict(
        self, lesson: Lesson, exercise: Exercise, answer: str, seed: int = 0, arguments: Cast = ""
    ) -> Verdict:
        """The verdict on an answer. arguments: what the checks pass, cast."""
        job, rubric = job_for_exercise(self._course, lesson, exercise, answer, bounds=AS_WRITTEN, seed=seed)
        rubric = msgspec.structs.replace(rubric, arguments=arguments, wrongs=())
        verdict = None
        async for event in await self._engine.run(job, rubric):
            if isinstance(event, Judged):
                verdict = event.verdict
        return verdict or Verdict(exercise.id, "fault", summary="There was no verdict.")

    async def block(self, lesson: Lesson, block: Run | Predict) -> Result:
        """A run block, or the code of a prediction, runs through; of curves the right one is the nearest."""
        assert block.code is not None
        result = Result(counts={"runs": 1})
        job = job_for_run(self._course, lesson, block, block.code.code, bounds=AS_WRITTEN)
        metric, trained = block.metric if isinstance(block, Predict) else "loss", Curve()
        async for event in await self._engine.run(job):
            if isinstance(event, EpochEnded) and metric in event.values:
                trained.add(float(trained.count), event.values[metric])
            if isinstance(event, Ended):
                result.seconds = result.longest = event.seconds
                if event.reason != "ok":
                    why = _told(event.error) or event.note or event.reason
                    result.findings.append(CourseFinding(lesson.file, block.line, "run-fails", f"{block.id}: {why}"))
        if isinstance(block, Predict) and block.curves and not result.findings:
            why = wrong_curve(block, trained)
            if why:
                found = CourseFinding(lesson.file, block.line, "prediction-curve", f"{block.id}: {why}")
                result.findings.append(found)
        return result

    async def figure(self, lesson: Lesson, name: str, values: dict[str, str], line: int) -> Result:
        """A figure is drawn as the page sets it."""
        done = await self._engine.figure(name, dict(values))
        result = Result(counts={"figures": 1}, seconds=done.seconds, longest=done.seconds)
        if done.problem or done.scene is None:
            why = done.problem or "there is no scene"
            result.findings.append(CourseFinding(lesson.file, line, "figure-fails", f"{name}: {why}"))
        return result


def by_chance(exercise: Exercise) -> bool:
    """Whether chance is involved: it trains, or it says so."""
    return exercise.match == "observed" or any(".fit(" in source.code for source in exercise.solutions)


class ExerciseProof:
    """Everything that must hold for one exercise. kept, entry: what an earlier proof found, which less than a whole
    one is held against."""

    def __init__(
        self, prover: Prover, lesson: Lesson, exercise: Exercise, effort: Effort = Effort.WHOLE,
        kept: KeptProof | None = None, entry: KeptExercise | None = None,
    ) -> None:  # fmt: skip
        self._prover = prover
        self._lesson = lesson
        self._exercise = exercise
        self._effort = effort
        self._kept = kept
        self._entry = entry
        self._seeds = SEEDS if by_chance(exercise) and effort is Effort.WHOLE else SEEDS[:1]
        self._result = Result(counts={"solutions": 0})
        self._rights: list[dict[str, object]] = []
        self._scores: dict[str, list[tuple[float, float]]] = {}

    async def result(self) -> Result:
        """Solutions, starter, wrong solutions, and whether these are told apart."""
        try:
            await self._solutions()
            self._margins()
            if self._effort is not Effort.GLANCE:
                await self._starter()
                await self._wrongs()
        except _Fault as fault:
            self._at_fault(str(fault))
        except TutorError as error:
            self._find(self._exercise.line, "exercise-fails", str(error))
        return self._result

    async def _judged(self, answer: str, seed: int = 0, arguments: Cast = "") -> Verdict:
        verdict = await self._prover.verdict(self._lesson, self._exercise, answer, seed, arguments)
        self._result.seconds += verdict.seconds
        self._result.longest = max(self._result.longest, verdict.seconds)
        if verdict.outcome == "fault":
            raise _Fault(verdict.report or verdict.summary)
        return verdict

    def _at_fault(self, report: str) -> None:
        """One finding where the exercise itself is broken, at its line; further runs would say the same."""
        at = _CHECK_LINE.search(report)
        line = self._exercise.checks.line + (int(at.group(1)) - 1 if at else 0)
        self._find(line, "exercise-fails", report.rpartition("with these words: ")[2])

    def _find(self, line: int, rule: RuleName, message: str, severity: Severity = "error") -> None:
        self._result.findings.append(
            CourseFinding(self._lesson.file, line, rule, f"{self._exercise.id}: {message}", severity)
        )

    async def _solutions(self) -> None:
        ways: list[tuple[int, Cast]] = [*((seed, "") for seed in self._seeds), (0, "float64"), (0, "float32")]
        sources = self._exercise.solutions
        if self._effort is not Effort.WHOLE and by_chance(self._exercise):
            ways = ways[:1]
        if self._effort is Effort.GLANCE:
            sources = sources[:1]
        for source in sources:
            self._result.counts["solutions"] += 1
            for seed, arguments in ways:
                verdict = await self._judged(source.code, seed, arguments)
                if verdict.outcome != "passed":
                    given = f" with {arguments} arguments" if arguments else ""
                    named = f"the solution {source.name}".strip()
                    why = f"{named}{given} (seed {seed}) does not pass: {_why(verdict)}"
                    self._find(source.line, "solution-fails", why)
                elif verdict.seconds > SLOW * self._exercise.seconds and not arguments:
                    why = f"takes {verdict.seconds:.1f} s of the {self._exercise.seconds:g} s allowed"
                    self._find(source.line, "solution-slow", f"a solution {why}", "warning")
                self._rights.append(verdict.observed)
                for name, score in verdict.scores.items():
                    self._scores.setdefault(_DETAIL.sub("", name), []).append(score)

    def _margins(self) -> None:
        """What is asked of a trained model stands well outside of what chance does to the solutions."""
        known = self._kept.spread if self._kept else {}
        for name, scores in self._scores.items():
            reached = [score for score, _ in scores]
            spread = max(reached) - min(reached)
            self._result.spread[name] = float(f"{spread:.2g}")
            margin = min(abs(score - needed) for score, needed in scores)
            if margin < MARGIN * max(spread, known.get(name, 0.0)):
                why = f"solutions come as near to what is needed as {margin:.3g}, and differ by {spread:.3g}"
                self._find(self._exercise.checks.line, "narrow-margin", f"{name}: {why}")

    async def _starter(self) -> None:
        starter = self._exercise.starter
        self._result.counts["starters"] = 1
        verdict = await self._judged(starter.code)
        if verdict.outcome != "not-attempted":
            self._find(
                starter.line, "starter-attempted", f"the starter counts as {verdict.outcome}, not as not attempted"
            )
        verdict = await self._judged(starter.code + TOUCHED)
        if verdict.outcome == "passed":
            self._find(starter.line, "starter-passes", f"the starter, once touched: {_why(verdict)}")

    async def _wrongs(self) -> None:
        shown: dict[str, list[dict[str, object]]] = {}
        self._result.counts["wrongs"] = len(self._exercise.wrongs)
        for wrong in self._exercise.wrongs:
            shown[wrong.name] = [await self._shown_by(wrong, seed) for seed in self._seeds]
        known = [self._known(wrong, shown[wrong.name][0]) for wrong in self._exercise.wrongs]
        for wrong in self._exercise.wrongs:
            for seed, observed in zip(self._seeds, shown[wrong.name], strict=True):
                self._told_apart(wrong, seed, observed, known)
        if self._result.sound:
            self._result.entry = proofs.entry_of(self._exercise, known)
            if self._effort is not Effort.WHOLE:
                self._hold_against_kept(known)

    async def _shown_by(self, wrong: Wrong, seed: int) -> dict[str, object]:
        verdict = await self._judged(wrong.code, seed)
        if verdict.outcome in ("passed", "not-attempted", "cancelled"):
            outcome = "passes" if verdict.outcome == "passed" else _why(verdict)
            self._find(wrong.line, "wrong-passes", f"the wrong solution {wrong.name} (seed {seed}) {outcome}")
        return verdict.observed

    def _known(self, wrong: Wrong, observed: dict[str, object]) -> Wrongdoing:
        differing = [set(misconceptions.differing(observed, right)) for right in self._rights]
        telling = tuple(key for key in observed if all(key in keys for keys in differing))
        return Wrongdoing(wrong.name, wrong.diagnosis, observed, telling)

    def _told_apart(self, wrong: Wrong, seed: int, observed: dict[str, object], known: list[Wrongdoing]) -> None:
        found = misconceptions.match(observed, known, self._exercise.match)
        if found is None or found.name != wrong.name:
            told = f"is told as {found.name}" if found else "is not told from the others by what the checks observe"
            self._find(wrong.line, "not-told-apart", f"the wrong solution {wrong.name} (seed {seed}) {told}")

    def _hold_against_kept(self, known: list[Wrongdoing]) -> None:
        """What is kept of each wrong solution is what the checks observe of it now; with fewer right answers to
        compare with, more keys may tell it."""
        kept = self._entry.wrongs if self._entry else {}
        for wrong, now in zip(self._exercise.wrongs, known, strict=True):
            then = kept.get(wrong.name)
            if then is None or not alike_throughout(then.observed, now.observed):
                what = "is not what the checks observe of it now"
            elif not set(then.telling) <= set(now.telling):
                what = "is told by what a right answer shows as well"
            else:
                continue
            self._find(wrong.line, "proof-differs", f"what is kept of the wrong solution {wrong.name} {what}")


class _Fault(Exception):
    """The verdict is that the exercise itself is broken. The text is its report."""


def _why(verdict: Verdict) -> str:
    failed = [f"{check.name}: {check.message}" for check in verdict.checks if check.outcome != "passed"]
    parts = [verdict.outcome, verdict.report or verdict.summary, *failed[:2]]
    return "; ".join(part for part in parts if part)


def _told(error: CodeError | None) -> str:
    return f"{error.kind}: {error.message}" if error is not None else ""
