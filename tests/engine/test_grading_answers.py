"""The course, marked as a learner's answers are: every right spelling passes, every mistake is called by its name."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.engine.conftest import events_of
from tutor import paths, submitting
from tutor.course import loader
from tutor.course.model import Course, Exercise, Lesson
from tutor.engine.client.engine import Engine
from tutor.lint.code_shape import shape_of_code
from tutor.messages.verdicts import Judged, Verdict

FILES = sorted(Path(__file__).parent.glob("chapter*_answers.txt"))
"""Answers, each under a line `=== exercise | right | spelling` or `=== exercise | wrong | mistake`."""
LEAST = 3
"""Right spellings of each exercise, beside the lesson's own solutions, which `lint --prove` runs."""


def answers(kind: str) -> list[tuple[str, str, str]]:
    """(exercise, spelling or mistake, code) of the answers of this kind."""
    found = []
    for file in FILES:
        for part in file.read_text(encoding="utf-8").split("\n=== ")[1:]:
            head, _, code = part.partition("\n")
            exercise, which, name = head.split(" | ")
            if which == kind:
                found.append((exercise, name, code))
    return found


RIGHT, WRONG = answers("right"), answers("wrong")


@functools.cache
def course() -> Course:
    return loader.load_course(paths.lessons_dir(), None)


@functools.cache
def exercise(name: str) -> tuple[Lesson, Exercise]:
    entry, _ = loader.find_task(course(), name)
    lesson = loader.load_lesson(course(), entry.id)
    task = loader.task_of(lesson, name)
    assert isinstance(task, Exercise)
    return lesson, task


async def marked(engine: Engine, name: str, answer: str) -> Verdict:
    job, rubric = submitting.job_for_exercise(course(), *exercise(name), answer, bounds=submitting.AS_WRITTEN)
    events = await events_of(await engine.run(job, rubric))
    (judged,) = [event for event in events if isinstance(event, Judged)]
    return judged.verdict


@pytest.mark.parametrize(("name", "spelling", "code"), RIGHT, ids=lambda text: text.partition("\n")[0][:24])
async def test_every_right_spelling_passes(engine: Engine, name: str, spelling: str, code: str) -> None:
    verdict = await marked(engine, name, code)
    assert verdict.outcome == "passed", verdict


@pytest.mark.parametrize(("name", "mistake", "code"), WRONG, ids=lambda text: text.partition("\n")[0][:24])
async def test_every_mistake_is_called_by_its_name(engine: Engine, name: str, mistake: str, code: str) -> None:
    verdict = await marked(engine, name, code)
    assert verdict.outcome in ("failed", "error"), verdict
    assert verdict.diagnosis is not None and verdict.diagnosis.name == mistake, verdict


def exercises() -> list[str]:
    return [task.id for lesson in course().lessons for task in lesson.tasks if task.kind == "exercise"]


def test_what_the_proof_of_the_course_runs_is_not_run_here() -> None:
    for name, spelling, code in [*RIGHT, *WRONG]:
        own = exercise(name)[1]
        assert shape_of_code(code) not in {shape_of_code(one.code) for one in (*own.solutions, *own.wrongs)}, spelling


@pytest.mark.parametrize("name", exercises())
def test_there_are_spellings_enough(name: str) -> None:
    assert sum(task == name for task, _, _ in RIGHT) >= LEAST
    assert {mistake for task, mistake, _ in WRONG if task == name} <= {wrong.name for wrong in exercise(name)[1].wrongs}
