"""A lesson as tests of its numbers look at it: its text on one line, its tasks by id, and what it has to say."""

from __future__ import annotations

import re
from pathlib import Path

from tutor.course import model
from tutor.course.numbers import evaluate
from tutor.course.parser import parse_lesson
from tutor.course.walk import iter_tasks


def source(file: Path) -> str:
    """A lesson's text with every run of white space as one space, and the commas of formulas plain."""
    return re.sub(r"\s+", " ", file.read_text(encoding="utf-8").replace("{,}", ","))


def tasks(file: Path) -> dict[str, model.Task]:
    """The tasks of a lesson by their ids."""
    return {task.id: task for task in iter_tasks(parse_lesson(file.read_text(encoding="utf-8"), file.name))}


def answer(file: Path, task: str) -> float:
    """The answer to a number that the lesson asks for. None of the wrong ones that it names is the same."""
    number = tasks(file)[task]
    assert isinstance(number, model.Number)
    assert all(evaluate(wrong.expression) != evaluate(number.answer) for wrong in number.wrongs)
    return evaluate(number.answer)


def says(lesson: Path | str, *texts: str) -> None:
    """Each of these stands in the lesson (its file, or its text as `source` gives it); a minus sign stands there as in
    prose, or as in code."""
    text = source(lesson) if isinstance(lesson, Path) else lesson
    missing = [one for one in texts if one not in text and one.replace("-", "−") not in text]
    assert not missing, f"the text does not say {missing}"
