"""Chapter 1, marked as a learner's answers are: every right spelling passes, every mistake is called by its name."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.engine.conftest import events_of
from tutor import paths
from tutor.course import loader
from tutor.course.model import Course, Exercise, Lesson
from tutor.engine import jobs
from tutor.engine import protocol as p
from tutor.engine.client import Engine

ANSWERS = Path(__file__).with_name("chapter1_answers.txt").read_text(encoding="utf-8")
"""Answers, each under a line `=== exercise | right | spelling` or `=== exercise | wrong | mistake`."""


def answers(kind: str) -> list[tuple[str, str, str]]:
    """(exercise, spelling or mistake, code) of the answers of this kind."""
    found = []
    for part in ANSWERS.split("\n=== ")[1:]:
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


async def marked(engine: Engine, name: str, answer: str) -> p.Verdict:
    job, rubric = jobs.job_for_exercise(course(), *exercise(name), answer)
    events = await events_of(await engine.run(job, rubric))
    (judged,) = [event for event in events if isinstance(event, p.Judged)]
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


@pytest.mark.parametrize("name", ["neuron", "loss-curve", "gradient", "descent", "first-model"])
def test_there_are_spellings_enough(name: str) -> None:
    assert sum(task == name for task, _, _ in RIGHT) >= 8
    assert {mistake for task, mistake, _ in WRONG if task == name} <= {wrong.name for wrong in exercise(name)[1].wrongs}
