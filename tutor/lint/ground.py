"""The whole course as the rules see it: every lesson parsed, in order, with its errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tutor.course.kept import stamp_of
from tutor.course.loader import find_numbered, parse_file
from tutor.course.manifest import Manifest, read_manifest
from tutor.course.model import Block, Exercise, Lesson, Page, Predict, Run, Source, Task
from tutor.course.walk import iter_blocks, iter_tasks
from tutor.errors import CourseError


@dataclass(frozen=True)
class Placed:
    """A lesson with its place in the course. number: "1.2". broken: it has format errors, and may lack parts."""

    lesson: Lesson
    number: str
    position: int
    broken: bool

    @property
    def file(self) -> str:
        return self.lesson.file

    def blocks(self) -> Iterator[tuple[Page, Block]]:
        """Every block with its page, at any depth."""
        for page in self.lesson.pages:
            for block in iter_blocks(page.blocks):
                yield page, block

    def tasks(self) -> Iterator[Task]:
        return iter_tasks(self.lesson)


@dataclass
class Ground:
    """errors: of the format. missing: lesson ids of course.toml without a file."""

    folder: Path
    manifest: Manifest
    lessons: list[Placed] = field(default_factory=list)
    errors: list[CourseError] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)

    @property
    def any_broken(self) -> bool:
        """Some lesson cannot be read whole, so that a missing id may only be hidden by it."""
        return bool(self.missing) or any(placed.broken for placed in self.lessons) or bool(self.errors)

    def task_places(self) -> dict[str, tuple[Placed, Task]]:
        """Each task by its id; the first where an id stands twice."""
        places: dict[str, tuple[Placed, Task]] = {}
        for placed in self.lessons:
            for task in placed.tasks():
                places.setdefault(task.id, (placed, task))
        return places


def read_ground(folder: Path) -> Ground:
    """Raises CourseErrors where course.toml itself is wrong."""
    folder = folder.absolute()
    ground = Ground(folder, read_manifest(folder))
    position = 0
    for number, chapter in enumerate(ground.manifest.chapters, 1):
        place = find_numbered(folder, chapter.id, "")
        for index, lesson_id in enumerate(chapter.lessons, 1):
            name = find_numbered(folder / place, lesson_id, ".md") if place else ""
            if not name or stamp_of(folder / place / name) == (-1, -1):
                ground.missing.append((chapter.id, lesson_id))
                continue
            lesson, errors = parse_file(folder, f"{place}/{name}")
            ground.errors.extend(errors)
            if lesson is not None:
                ground.lessons.append(Placed(lesson, f"{number}.{index}", position, bool(errors)))
            position += 1
    return ground


def code_chunks(task: Task) -> Iterator[tuple[str, Source]]:
    """Every piece of code of a task, with what it is called in messages."""
    match task:
        case Run(code=code, setup=setup):
            pieces = [("python setup", setup), ("python", code)]
        case Predict(code=code, setup=setup):
            pieces = [("python setup", setup), ("python code", code)]
        case Exercise():
            pieces = [
                ("python setup", task.setup),
                ("python hidden", task.hidden),
                ("python starter", task.starter),
                *((f"python solution {solution.name}".strip(), solution) for solution in task.solutions),
                ("python checks", task.checks),
                *((f"python wrong {one.name}", Source(one.code, one.line, one.name)) for one in task.wrongs),
            ]
        case _:
            pieces = []
    yield from ((name, source) for name, source in pieces if source is not None)
