"""What progress is made of, as frozen values, and the little of a course that progress needs to see.

Progress knows no other room: a course is anything with these attributes (`tutor.course.model` has them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

State = Literal["new", "begun", "done"]

HINT = "hint"
"""Outcome of an attempt that is no attempt: a hint was shown."""

SHOWN = "shown"
"""Outcome of an attempt that is no attempt: the solution was looked at."""

NOT_HELD = frozenset({"fault", "cancelled"})
"""Outcomes that say nothing about the learner."""


class Attempt(Struct, frozen=True, omit_defaults=True):
    """One thing the learner did, for ever. Only `task`, `kind` and `outcome` must be given.

    kind: the directive's name ("exercise", "quiz", …). outcome: as in a verdict ("passed", "failed", "error",
    "not-attempted", "time", "memory", "output", "cancelled", "fault"), "done" where nothing is judged (explain,
    run), "hint" or "shown". passed, total: checks. answer: the code as it was judged, the choice, the number as
    typed. number: of a hint, from 1. at (seconds since the epoch), id and course are filled in by `record`.
    """

    task: str
    kind: str
    outcome: str
    at: float = 0.0
    id: str = ""
    course: str = ""
    lesson: str = ""
    passed: int = 0
    total: int = 0
    diagnosis: str = ""
    answer: str = ""
    seconds: float = 0.0
    seed: int = 0
    number: int = 0

    @property
    def finishes(self) -> bool:
        """Whether the task is done by this. A prediction is done once it was made, right or wrong."""
        return self.outcome in ("passed", "done") or (self.kind == "predict" and self.outcome == "failed")


class Place(Struct, frozen=True, omit_defaults=True):
    """Where the learner is. page: from 0. focus: which half or widget. cursor: row and column in the editor.

    scroll: first visible row of the page. at: seconds since the epoch, filled in when it is kept.
    """

    lesson: str
    page: int = 0
    task: str = ""
    focus: str = ""
    cursor: tuple[int, int] = (0, 0)
    scroll: int = 0
    at: float = 0.0


class Draft(Struct, frozen=True):
    """What the learner has written so far. cursor: row and column from 0, always within the text."""

    text: str
    cursor: tuple[int, int] = (0, 0)
    at: float = 0.0


class OldDraft(Struct, frozen=True):
    """A draft that was kept: on a reset, or because another window wrote over it. number: from 1, newest last."""

    number: int
    path: Path
    text: str
    at: float = 0.0


class TaskStanding(Struct, frozen=True):
    """passed, total: checks of the newest judged attempt. attempts: those that count. outcome: the newest one."""

    id: str
    kind: str
    title: str = ""
    page: int = 0
    state: State = "new"
    passed: int = 0
    total: int = 0
    hints: int = 0
    attempts: int = 0
    outcome: str = ""
    at: float = 0.0


class LessonStanding(Struct, frozen=True):
    """tasks: those that count (all but `run`). page: the last one looked at, from 0; -1 where none was."""

    id: str
    number: str
    title: str
    state: State
    tasks: tuple[TaskStanding, ...] = ()
    page: int = -1
    pages: int = 0

    @property
    def done(self) -> int:
        return sum(task.state == "done" for task in self.tasks)

    @property
    def total(self) -> int:
        return len(self.tasks)


class ChapterStanding(Struct, frozen=True):
    id: str
    number: int
    title: str
    state: State
    lessons: tuple[LessonStanding, ...] = ()

    @property
    def done(self) -> int:
        return sum(lesson.done for lesson in self.lessons)

    @property
    def total(self) -> int:
        return sum(lesson.total for lesson in self.lessons)


class Standing(Struct, frozen=True):
    """What is done and where to go on, derived from attempts, drafts and places.

    here: where to continue (the place that was left, else the first lesson that is not done); None in an empty
    course. next: the first thing after `here` that is not done; None where all is done. tasks: by id, `run`
    blocks as well.
    """

    chapters: tuple[ChapterStanding, ...]
    tasks: dict[str, TaskStanding]
    here: Place | None = None
    next: Place | None = None

    def task(self, task: str) -> TaskStanding:
        """Standing of one task; "new" for one that the course does not have."""
        return self.tasks.get(task) or TaskStanding(task, "")

    def lesson(self, lesson: str) -> LessonStanding | None:
        return next((one for one in self.lessons if one.id == lesson), None)

    def chapter(self, chapter: str) -> ChapterStanding | None:
        return next((one for one in self.chapters if one.id == chapter), None)

    @property
    def lessons(self) -> tuple[LessonStanding, ...]:
        return tuple(lesson for chapter in self.chapters for lesson in chapter.lessons)

    @property
    def done(self) -> int:
        return sum(chapter.done for chapter in self.chapters)

    @property
    def total(self) -> int:
        return sum(chapter.total for chapter in self.chapters)


# ------------------------------------------------------------------ the course, as far as progress looks


class TaskLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def page(self) -> int: ...


class LessonLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def pages(self) -> Sequence[str]: ...
    @property
    def tasks(self) -> Sequence[TaskLike]: ...
    @property
    def reviews(self) -> Sequence[str]: ...


class ChapterLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def lessons(self) -> Sequence[LessonLike]: ...


class CourseLike(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def chapters(self) -> Sequence[ChapterLike]: ...
    @property
    def renamed(self) -> Mapping[str, str]: ...


def course_key(title: str) -> str:
    """What tells courses apart in progress, wherever their folders are: the title in small letters and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "course"


def current_name(name: str, renamed: Mapping[str, str]) -> str:
    """The id that is used today for a task or lesson that may have been renamed, several times perhaps."""
    seen = set()
    while name in renamed and name not in seen:
        seen.add(name)
        name = renamed[name]
    return name
