"""From a course's tasks and files of one's own to jobs for the engine, and rubrics for the judge.

Window, command line and lint all come through here: there is one way to make a job, its limits and the id of its run.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from tutor.course import loader
from tutor.course.model import Course, Exercise, Lesson, Predict, Run, Source, Task
from tutor.engine.client.which_host import kind_of
from tutor.errors import CourseError
from tutor.grading.proofs import wrongdoings
from tutor.messages.jobs import Chunk, Job, Limits, Rubric
from tutor.settings import Settings

PassedCode: TypeAlias = Callable[[str], str | None]
"""The code with which the learner passed an exercise, by its id; None where they did not."""


def nothing_passed(exercise: str) -> None:
    """A PassedCode for somebody who has passed nothing: the solutions stand in."""
    return None


def new_run(block: str) -> str:
    """An id that no other run has."""
    return f"{block}-{secrets.token_hex(6)}"


class Bounds(NamedTuple):
    """What the learner's settings say of a run. seconds: 0 for what the lesson says. gpu: only code that imports Keras
    or torch gets one, and is started afresh for it; what is graded is not, as GPUs round in ways of their own. read:
    folders that its code may read."""

    seconds: float = 0.0
    memory_mb: int = Limits().memory_mb
    gpu: bool = False
    read: tuple[str, ...] = ()

    @staticmethod
    def of(settings: Settings) -> Bounds:
        return Bounds(settings.seconds, settings.memory_mb, settings.gpu, settings.run.read)


AS_WRITTEN = Bounds()
"""The lesson's own limits, whatever anybody's settings say: for proofs."""


def job_for_run(
    course: Course | None,
    lesson: Lesson,
    task: Run | Predict | Exercise,
    code: str,
    *,
    bounds: Bounds,
    passed_code: PassedCode = nothing_passed,
    seed: int = 0,
) -> Job:
    """The job for `code` in the place of a {run}'s own (or a {predict}'s, or an {exercise}'s, which is only run and not
    graded): what it continues and uses stands in front.

    course: where exercises of other lessons are looked up; None for a lesson that stands alone. Raises CourseError
    for an id that is not there.
    """
    return bounded(_job(_Shelf(course, lesson, passed_code), task, code, seed), bounds)


def job_for_exercise(
    course: Course | None,
    lesson: Lesson,
    exercise: Exercise,
    answer: str,
    *,
    bounds: Bounds,
    passed_code: PassedCode = nothing_passed,
    seed: int = 0,
) -> tuple[Job, Rubric]:
    """The graded job for `answer`, and the rubric that only the judge gets. Raises CourseError as above."""
    job = replace(_job(_Shelf(course, lesson, passed_code), exercise, answer, seed), graded=True)
    return bounded(job, bounds), rubric_for(course, lesson, exercise, answer)


def _job(shelf: _Shelf, task: Run | Predict | Exercise, code: str, seed: int) -> Job:
    """What the task stands on, its setup, and the learner's code."""
    chunks = [*shelf.in_front_of(task), *_setup(task), Chunk(f"{task.id}.py", code, learner=True)]
    return Job(new_run(task.id), task.id, _once(chunks), seed, Limits(seconds=task.seconds))


def job_for_file(
    name: str,
    code: str,
    *,
    bounds: Bounds,
    seconds: float = 3600.0,
    seed: int = 0,
    path: str = "",
    folder: str = "",
    confined: bool = False,
) -> Job:
    """The job for a file of the learner's own. name: as tracebacks are to call it. path: where it is, if anywhere.
    folder: where it was started, and works. confined: it works in a folder of its own, and reaches no more than the
    code of a lesson does."""
    chunk = Chunk(name, code, learner=True)
    job = Job(new_run(name), name, (chunk,), seed, Limits(seconds=seconds), path=path, own=not confined, folder=folder)
    return bounded(job, bounds)


def bounded(job: Job, bounds: Bounds) -> Job:
    """The job as `bounds` want it."""
    limits = replace(job.limits, seconds=bounds.seconds or job.limits.seconds, memory_mb=bounds.memory_mb)
    wants = bounds.gpu and not job.graded and kind_of(chunk.source for chunk in job.chunks) == "keras"
    return replace(job, limits=limits, gpu=wants, read=bounds.read)


def rubric_for(course: Course | None, lesson: Lesson, exercise: Exercise, answer: str) -> Rubric:
    """What the judge needs to mark `answer`, kept observations of the wrong solutions included."""
    shelf = _Shelf(course, lesson, nothing_passed)
    return Rubric(
        exercise=exercise.id,
        setup=_code(exercise.setup),
        hidden=_code(exercise.hidden),
        checks=exercise.checks.code,
        solution=exercise.solutions[0].code,
        starter=exercise.starter.code,
        answer=answer,
        match=exercise.match,
        seconds=exercise.seconds,
        wrongs=wrongdoings(lesson, exercise, Path(course.folder) if course is not None else None),
        uses=tuple(chunk.source for chunk in _once([*shelf.in_front_of(exercise)])),
    )


def _code(source: Source | None) -> str:
    return source.code if source is not None else ""


def _setup(task: Run | Predict | Exercise) -> Iterator[Chunk]:
    if task.setup is not None and task.setup.code.strip():
        yield Chunk(f"setup of {task.id}", task.setup.code)


def _once(chunks: list[Chunk]) -> tuple[Chunk, ...]:
    """Without repetitions: what two exercises both stand on runs once."""
    return tuple(dict.fromkeys(chunks))


class _Shelf:
    """Finds what stands in front of a task, in this lesson or another."""

    def __init__(self, course: Course | None, lesson: Lesson, passed_code: PassedCode) -> None:
        self._course = course
        self._lesson = lesson
        self._passed_code = passed_code

    def in_front_of(self, task: Task, above: tuple[str, ...] = ()) -> Iterator[Chunk]:
        """Chunks of what `task` continues (after) and uses, those of the deepest first."""
        if task.id in above:
            chain = " → ".join((*above, task.id))
            raise CourseError(f"These tasks stand in front of each other: {chain}.", file=self._lesson.file)
        above = (*above, task.id)
        if isinstance(task, Run) and task.after:
            yield from self._run_before(task, above)
        for used in getattr(task, "uses", ()):
            yield from self._exercise_before(used, above)

    def _run_before(self, task: Run, above: tuple[str, ...]) -> Iterator[Chunk]:
        before = self._task(task.after)
        if not isinstance(before, Run):
            raise CourseError(
                f"{task.id} continues {task.after}, which is no run block.", file=self._lesson.file, line=task.line
            )
        yield from self.in_front_of(before, above)
        yield from _setup(before)
        yield Chunk(f"{before.id}.py", before.code.code)

    def _exercise_before(self, used: str, above: tuple[str, ...]) -> Iterator[Chunk]:
        exercise = self._task(used)
        if not isinstance(exercise, Exercise):
            raise CourseError(f"{above[-1]} uses {used}, which is no exercise.", file=self._lesson.file)
        yield from self.in_front_of(exercise, above)
        yield from _setup(exercise)
        passed = self._passed_code(exercise.id)
        if passed is not None:
            yield Chunk(f"{exercise.id}.py", passed, learner=True)
        else:
            yield Chunk(f"{exercise.id}.py", exercise.solutions[0].code)

    def _task(self, name: str) -> Task:
        for task in loader.iter_tasks(self._lesson):
            if task.id == name:
                return task
        if self._course is None:
            raise CourseError(f"There is no task called {name} in this lesson.", file=self._lesson.file)
        entry, _ = loader.find_task(self._course, name)
        return loader.task_of(loader.load_lesson(self._course, entry.id), name)
