"""A course folder as a `Course`, and its lessons, quickly: with a warm cache a start only stats files.

    lessons/course.toml   lessons/01-introduction/02-gradient-descent.md

Chapter folders are `NN-id` and lesson files `NN-id.md`; course.toml gives the order, and names them by id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from tutor.course.kept import Stamp, code_version, file_for, read_kept, stamp_of, write_kept
from tutor.course.model import Chapter, Course, Lesson, LessonEntry, Review, TaskEntry
from tutor.course.problems import CourseErrors, Problems
from tutor.course.walk import TASKS, iter_blocks, iter_tasks, task_of
from tutor.errors import CourseError, UsageError
from tutor.words import did_you_mean

if TYPE_CHECKING:
    from tutor.course.manifest import ChapterPlan

__all__ = [
    "find_lesson", "find_task", "iter_blocks", "iter_tasks", "load_course", "load_lesson", "parse_file", "task_of",
]  # fmt: skip


_LARGEST = 4_000_000


class _Index(Struct, frozen=True):
    """The course as last seen. stamps: of every file and folder that it was made from."""

    code: str
    folder: str
    stamps: dict[str, Stamp]
    course: Course


class _KeptLesson(Struct, frozen=True):
    code: str
    path: str
    stamp: Stamp
    lesson: Lesson


def load_course(folder: Path, cache: Path | None) -> Course:
    """The course in `folder`. cache: a folder to keep the index in, or None.

    Broken lessons are listed with their `.problem`. Raises CourseErrors where course.toml itself is wrong.
    """
    folder = folder.absolute()
    kept_in = file_for(cache, "course", str(folder)) if cache else None
    old = read_kept(kept_in, _Index) if kept_in else None
    if old and (old.code != code_version() or old.folder != str(folder)):
        old = None
    if old and all(stamp_of(folder / name) == stamp for name, stamp in old.stamps.items()):
        return structs.replace(old.course, cache=str(cache or ""))
    index = _build(folder, str(cache or ""), old)
    if kept_in:
        write_kept(kept_in, index)
    return index.course


def _build(folder: Path, cache: str, old: _Index | None) -> _Index:
    from tutor.course.manifest import FILE, read_manifest

    stamps = {name: stamp_of(folder / name) for name in ("", FILE)}
    manifest = read_manifest(folder)
    known = {entry.file: entry for entry in old.course.lessons} if old else {}
    chapters = []
    for number, plan in enumerate(manifest.chapters, 1):
        place = find_numbered(folder, plan.id, "")
        stamps[place] = stamp_of(folder / place) if place else stamps[""]
        entries = []
        for position, lesson_id in enumerate(plan.lessons, 1):
            file = _lesson_file(folder, place, lesson_id)
            stamp = stamp_of(folder / file)
            entry = known.get(file)
            if not file or entry is None or old is None or old.stamps.get(file) != stamp or entry.id != lesson_id:
                entry = _entry(folder, cache, plan, place, lesson_id, file)
            if file:
                stamps[file] = stamp
            entries.append(structs.replace(entry, number=f"{number}.{position}"))
        chapters.append(Chapter(plan.id, number, plan.title, tuple(entries)))
    course = Course(manifest.title, str(folder), tuple(chapters), manifest.renamed, cache)
    return _Index(code_version(), str(folder), stamps, course)


def find_numbered(folder: Path, name: str, suffix: str) -> str:
    """The file or folder `NN-name<suffix>` in `folder`, "" where there is none."""
    pattern = re.compile(rf"\d+-{re.escape(name)}{re.escape(suffix)}\Z")
    return next((found for found in numbered(folder, suffix) if pattern.match(found)), "")


def numbered(folder: Path, suffix: str) -> list[str]:
    """All `NN-…<suffix>` in `folder`, sorted."""
    try:
        names = [path.name for path in folder.iterdir() if path.is_file() == bool(suffix)]
    except OSError:
        return []
    return sorted(name for name in names if re.match(r"\d+-", name) and name.endswith(suffix))


def _lesson_file(folder: Path, place: str, lesson_id: str) -> str:
    found = find_numbered(folder / place, lesson_id, ".md") if place else ""
    return f"{place}/{found}" if found else ""


# ------------------------------------------------------------------ entries


def _entry(folder: Path, cache: str, plan: ChapterPlan, place: str, lesson_id: str, file: str) -> LessonEntry:
    if not file:
        problem = _missing(folder, plan, place, lesson_id)
        return LessonEntry(lesson_id, "", _title_from(lesson_id), "", problem=problem)
    lesson, errors = parse_file(folder, file)
    if lesson and lesson.id != lesson_id and not errors:
        what = f'The front matter says id: {lesson.id}, and course.toml and the file name say "{lesson_id}".'
        errors = [CourseError(what, file=file, line=1)]
    title = lesson.title if lesson else _title_from(lesson_id)
    if errors or lesson is None:
        return LessonEntry(lesson_id, "", title, file, problem=str(CourseErrors(errors)))
    if cache:
        _keep(folder, cache, lesson, stamp_of(folder / file))
    return entry_of(lesson)


def _missing(folder: Path, plan: ChapterPlan, place: str, lesson_id: str) -> str:
    if not place:
        near = did_you_mean(f"01-{plan.id}", numbered(folder, ""))
        return f'course.toml: There is no folder "NN-{plan.id}" for this chapter. {near}'.strip()
    names = [name.partition("-")[2].removesuffix(".md") for name in numbered(folder / place, ".md")]
    near = did_you_mean(lesson_id, names)
    return f'course.toml: There is no file "NN-{lesson_id}.md" in {place}. {near}'.strip()


def _title_from(name: str) -> str:
    return name.replace("-", " ").capitalize()


def entry_of(lesson: Lesson) -> LessonEntry:
    """The lesson as the index lists it; its number is left to the caller."""
    tasks: list[TaskEntry] = []
    reviews: list[str] = []
    for position, page in enumerate(lesson.pages):
        for block in iter_blocks(page.blocks):
            if isinstance(block, TASKS):
                kind = type(block).__name__.lower()
                tasks.append(TaskEntry(block.id, kind, block.title or _title_from(block.id), position))
            elif isinstance(block, Review):
                reviews.extend(block.ids)
    return LessonEntry(
        id=lesson.id,
        number="",
        title=lesson.title,
        file=lesson.file,
        minutes=lesson.minutes,
        pages=tuple(page.title for page in lesson.pages),
        tasks=tuple(tasks),
        reviews=tuple(reviews),
        requires=lesson.requires,
        introduces=lesson.introduces,
    )


def parse_file(folder: Path, file: str) -> tuple[Lesson | None, list[CourseError]]:
    """`parser.parse_lesson_all` on a file of the course; a file that cannot be read is an error too."""
    from tutor.course.parser import parse_lesson_all

    problems = Problems(file)
    raw = b""
    try:
        if stamp_of(folder / file)[0] > _LARGEST:
            problems.add(0, f"This file is larger than {_LARGEST:,} bytes.")
            return None, problems.errors
        raw = (folder / file).read_bytes()
        return parse_lesson_all(raw.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        problems.add(raw[: error.start].count(b"\n") + 1, "This file is not UTF-8.", "Save it as UTF-8.")
    except OSError as error:
        problems.add(0, f"This file cannot be read: {error.strerror or error}.")
    return None, problems.errors


# ------------------------------------------------------------------ lessons


def load_lesson(course: Course, lesson_id: str) -> Lesson:
    """The whole lesson. Raises CourseError where it is broken, UsageError where there is no such lesson."""
    entry = find_lesson(course, lesson_id)
    folder = Path(course.folder)
    if not entry.file:
        raise CourseError(entry.problem)
    stamp = stamp_of(folder / entry.file)
    if course.cache:
        kept = read_kept(_kept_file(folder, course.cache, entry.file), _KeptLesson)
        if kept and (kept.code, kept.path, kept.stamp) == (code_version(), str(folder / entry.file), stamp):
            return kept.lesson
    lesson, errors = parse_file(folder, entry.file)
    if errors or lesson is None:
        raise CourseErrors(errors)
    if lesson.id != entry.id:
        raise CourseError(f'This lesson has the id "{lesson.id}", not "{entry.id}".', file=entry.file, line=1)
    if course.cache:
        _keep(folder, course.cache, lesson, stamp)
    return lesson


def _kept_file(folder: Path, cache: str, file: str) -> Path:
    return file_for(cache, "lesson", str(folder / file))


def _keep(folder: Path, cache: str, lesson: Lesson, stamp: Stamp) -> None:
    kept = _KeptLesson(code_version(), str(folder / lesson.file), stamp, lesson)
    write_kept(_kept_file(folder, cache, lesson.file), kept)


# ------------------------------------------------------------------ finding


def find_lesson(course: Course, words: str) -> LessonEntry:
    """By id, number ("1.2"), title, old id, or the unique start of an id or title. Raises UsageError."""
    wanted = " ".join(words.lower().replace("-", " ").split())
    wanted_id = wanted.replace(" ", "-")
    wanted_id = course.renamed.get(wanted_id, wanted_id)
    lessons = course.lessons
    for entry in lessons:
        if wanted_id == entry.id or wanted in (entry.number, entry.title.lower().replace("-", " ")):
            return entry
    starts = [entry for entry in lessons if _starts(entry, wanted)] if wanted else []
    if len(starts) == 1:
        return starts[0]
    if starts:
        raise UsageError(f'"{words}" is the start of several lessons.', f"Which: {_ids(starts)}?")
    near = did_you_mean(wanted_id, (entry.id for entry in lessons))
    raise UsageError(f'There is no lesson "{words}".', near or "`dl-tutor list` names all.")


def _starts(entry: LessonEntry, wanted: str) -> bool:
    return entry.id.replace("-", " ").startswith(wanted) or entry.title.lower().startswith(wanted)


def _ids(entries: Iterable[LessonEntry]) -> str:
    return ", ".join(entry.id for entry in entries)


def find_task(course: Course, task_id: str) -> tuple[LessonEntry, TaskEntry]:
    """By id or old id. Raises UsageError with the nearest id."""
    wanted = course.renamed.get(task_id, task_id)
    for entry in course.lessons:
        for task in entry.tasks:
            if task.id == wanted:
                return entry, task
    known = [task.id for entry in course.lessons for task in entry.tasks]
    near = did_you_mean(wanted, known)
    raise UsageError(
        f'There is no exercise or other task "{task_id}".', near or "`dl-tutor list LESSON` names those of a lesson."
    )
