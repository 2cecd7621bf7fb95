"""`dl-tutor lint --prove`: everything in a course that can run is run, as a learner would, and must do as it should.

Every solution passes (with float64 and with float32 arguments), every starter fails as not attempted, every wrong
solution fails with its own diagnosis, every run block, every prediction and every figure works. What involves chance
is run with 5 seeds.

What was found is kept beside the lessons (`grading.proofs`), sealed with what it stands on (`lint.proof_basis`). What
fits its seal is believed; what does not is proved anew, and said to be out of date. `fresh` believes nothing. `draw`,
which is how changes to the tutor are tested, believes less: of what involves chance one seed is run, and a tenth of
the rest, drawn by a word such as the hash of a commit; both are held against what is kept.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from tutor.course import loader
from tutor.course.model import Course, Exercise, Figure, Lesson, Predict
from tutor.engine.client.engine import Engine
from tutor.errors import CourseError
from tutor.grading import proofs
from tutor.grading.proofs import KeptProof, ProofFile
from tutor.lint.findings import CourseFinding
from tutor.lint.proof_plan import Planned, draw_some, plan_of
from tutor.lint.proving import LONG, Effort, ExerciseProof, Prover, Result

Report = Callable[[str], None]


class Belief(Struct, frozen=True):
    """How far what is kept is believed. fresh: not at all. draw: a word that draws what is proved nevertheless."""

    fresh: bool = False
    draw: str = ""


def prove(
    course_dir: Path, only: str | None = None, report: Report | None = None, belief: Belief | None = None
) -> list[CourseFinding]:
    """Prove a course, or one lesson or task of it.

    only: a lesson's or a task's id, None for all. report: told each step, and the summary. What is found is written
    beside the lessons where the folder can be written to; what was out of date is a finding. Raises TutorError where
    the course cannot be read or the engine not be started.
    """
    return asyncio.run(_prove(course_dir, only, report or (lambda line: None), belief or Belief()))


async def _prove(course_dir: Path, only: str | None, report: Report, belief: Belief) -> list[CourseFinding]:
    course = loader.load_course(course_dir, None)
    lessons = [loader.load_lesson(course, entry.id) for entry in course.lessons]
    files = {lesson.id: proofs.read(proofs.proof_file(Path(course.folder), lesson)) for lesson in lessons}
    plan = [one for lesson in lessons for one in plan_of(course, lesson, files[lesson.id], only, belief.fresh)]
    if only is not None and not plan:
        raise CourseError(f"There is nothing to prove called {only}.", "Give the id of a lesson or of a task.")
    if belief.draw:
        report(draw_some(plan, belief.draw))
    engine = Engine(window=f"prove-{os.getpid()}", stays=False)
    proof = _CourseProof(course, Prover(engine, course), report)
    try:
        for lesson in lessons:
            await proof.lesson(lesson, files[lesson.id], [one for one in plan if one.lesson is lesson], only)
    finally:
        await engine.close()
    proof.summarize()
    return proof.findings


class _CourseProof:
    """Goes through a course, and adds up."""

    def __init__(self, course: Course, prover: Prover, report: Report) -> None:
        self.findings: list[CourseFinding] = []
        self._course = course
        self._prover = prover
        self._report = report
        self._counts: dict[str, int] = {}
        self._seconds = 0.0
        self._believed = 0

    async def lesson(self, lesson: Lesson, kept: ProofFile, plan: list[Planned], only: str | None) -> None:
        """What is planned for a lesson; then what is kept beside it."""
        outdated, first = [], not kept.proved
        for one in plan:
            if one.effort is None:
                self._believed += 1
                continue
            result = await self._step(one, kept)
            if one.effort is Effort.WHOLE and result.sound and self._keep(one, kept, result):
                outdated.append(one.name)
        if only in (None, lesson.id):
            outdated += _without_gone(kept, {one.name for one in plan})
        if outdated:
            self._write(lesson, kept, outdated, first)

    async def _step(self, one: Planned, kept: ProofFile) -> Result:
        assert one.effort is not None
        result = await self._proved(one, one.effort, kept)
        self._seconds += result.seconds
        for name, count in result.counts.items():
            self._counts[name] = self._counts.get(name, 0) + count
        self.findings += result.findings
        how = f" ({one.why}{one.effort.value})" if one.effort is not Effort.WHOLE else ""
        state = "✓" if result.sound else "✗"
        self._report(f"{state} {one.name}: {_counted(result.counts)}, {result.seconds:.1f} s{how}")
        return result

    async def _proved(self, one: Planned, effort: Effort, kept: ProofFile) -> Result:
        match one.block:
            case Exercise() as exercise:
                old = kept.proved.get(one.name)
                entry = kept.exercises.get(exercise.id)
                return await ExerciseProof(self._prover, one.lesson, exercise, effort, old, entry).result()
            case Figure(name=name, settings=settings, line=line):
                return await self._prover.figure(one.lesson, name, settings, line)
            case Predict(code=None, figure=name, settings=settings, line=line):
                return await self._prover.figure(one.lesson, name, settings, line)
        return await self._prover.block(one.lesson, one.block)

    def _keep(self, one: Planned, kept: ProofFile, result: Result) -> bool:
        """Put what was found among what is kept. Whether that was out of date; what says the same is left as it is."""
        old, was = kept.proved.get(one.name), kept.exercises.get(one.name)
        same = (was is None and result.entry is None) or (
            was is not None and result.entry is not None and proofs.same_entry(was, result.entry)
        )
        entry = was if same else result.entry
        if same and old is not None and one.covered and old.versions == one.basis.versions:
            return False
        made = KeptProof(one.basis.versions, "", result.longest > LONG, result.spread)
        kept.proved[one.name] = proofs.sealed(made, one.basis.digest, entry)
        if entry is not None:
            kept.exercises[one.name] = entry
        return True

    def _write(self, lesson: Lesson, kept: ProofFile, outdated: list[str], first: bool) -> None:
        """Write what is kept of a lesson, and say of what it is new. first: nothing of it was kept before."""
        file = proofs.proof_file(Path(self._course.folder), lesson)
        written = "written" if first else "written anew"
        written = f"has been {written}: commit it"
        try:
            if kept.proved:
                file.write_text(proofs.text_of(kept), encoding="utf-8")
            else:
                file.unlink(missing_ok=True)
        except OSError as error:
            written = f"could not be written: {error}"
        shown = str(Path(lesson.file).with_suffix(".proof.json"))
        of = ", ".join(outdated)
        renew = f"`dl-tutor lint --prove --only {lesson.id}` renews it"
        message = f"Changed since it was proved, or never proved: {of}. {renew}; here it {written}."
        if first:
            message = f"Proved for the first time: {of}. What was found {written}, with the lesson."
        self.findings.append(CourseFinding(shown, 0, "proof-out-of-date", message))

    def summarize(self) -> None:
        """The last line of the report."""
        errors = sum(found.severity == "error" for found in self.findings)
        proved = _counted(self._counts) or "nothing"
        believed = f"; believed what is kept of {self._believed} more" if self._believed else ""
        self._report(f"Proved {proved} in {self._seconds:.0f} s{believed}; findings: {errors}.")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in counts.items())


def _without_gone(kept: ProofFile, names: set[str]) -> list[str]:
    """Take out what stands in the lesson no longer, and name it."""
    gone = sorted((kept.proved.keys() | kept.exercises.keys()) - names)
    for name in gone:
        kept.proved.pop(name, None)
        kept.exercises.pop(name, None)
    return gone
