"""A lesson as tests of its numbers look at it: its text on one line, and its tasks by id."""

from __future__ import annotations

import re
from pathlib import Path

from tutor.course import model
from tutor.course.parser import parse_lesson
from tutor.course.walk import iter_tasks


def source(file: Path) -> str:
    """A lesson's text with every run of white space as one space."""
    return re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))


def tasks(file: Path) -> dict[str, model.Task]:
    """The tasks of a lesson by their ids."""
    return {task.id: task for task in iter_tasks(parse_lesson(file.read_text(encoding="utf-8"), file.name))}
