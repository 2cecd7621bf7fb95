"""course.toml: the order of chapters and lessons."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from tutor.course.ids import ID
from tutor.course.problems import CourseErrors, Problems
from tutor.words import did_you_mean

FORMAT_VERSION = 1
FILE = "course.toml"
_KEYS = ("format_version", "title", "chapter", "renamed")
_CHAPTER_KEYS = ("id", "title", "lessons")


class ChapterPlan(Struct, frozen=True):
    id: str
    title: str
    lessons: tuple[str, ...]


class Manifest(Struct, frozen=True):
    """renamed: old id -> new id."""

    title: str
    chapters: tuple[ChapterPlan, ...]
    renamed: dict[str, str]


def read_manifest(folder: Path) -> Manifest:
    """Raises CourseErrors with everything that is wrong with course.toml."""
    problems = Problems(FILE)
    text = _text(folder / FILE, problems)
    reader = _Reader(text, problems)
    manifest = reader.manifest() if not len(problems) else None
    if manifest is None or len(problems):
        raise CourseErrors(problems.errors)
    return manifest


def _text(path: Path, problems: Problems) -> str:
    if not path.is_file():
        problems.add(0, f"There is no {FILE} in {path.parent}.", "A course is a folder with course.toml.")
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problems.add(0, "This file is not UTF-8.")
    except OSError as error:
        problems.add(0, f"This file cannot be read: {error.strerror or error}.")
    return ""


class _Reader:
    def __init__(self, text: str, problems: Problems) -> None:
        self._lines = text.split("\n")
        self._problems = problems
        self._values: dict[str, object] = {}
        try:
            self._values = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            found = re.search(r"at line (\d+)", str(error))
            problems.add(int(found.group(1)) if found else 1, f"This is not TOML: {error}.")

    def _line(self, word: str, after: str = "") -> int:
        """The first line that holds `word`, from the line that holds `after` on: TOML values carry no lines."""
        start = 0
        if after:
            start = next((index for index, line in enumerate(self._lines) if after in line), 0)
        return next((index for index in range(start, len(self._lines)) if word in self._lines[index]), start) + 1

    def _unknown(self, keys: Iterable[str], known: tuple[str, ...], where: str) -> None:
        for key in keys:
            if key not in known:
                self._problems.add(self._line(key), f'{where} has no key "{key}".', did_you_mean(key, known))

    def manifest(self) -> Manifest:
        values = self._values
        self._unknown(values, _KEYS, FILE)
        version = values.get("format_version")
        if version != FORMAT_VERSION or isinstance(version, bool):
            what = "There is no format_version." if version is None else f"format_version {version!r} is not known."
            self._problems.add(
                self._line("format_version"), what, f"This tutor reads format_version = {FORMAT_VERSION}."
            )
        found = values.get("chapter")
        chapters = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        if not chapters or chapters != found:
            self._problems.add(self._line("chapter"), "There are no chapters.", "A chapter starts with [[chapter]].")
        plans = tuple(self._chapter(chapter, number) for number, chapter in enumerate(chapters, 1))
        self._check_unique([plan.id for plan in plans], "chapter")
        self._check_unique([lesson for plan in plans for lesson in plan.lessons], "lesson")
        return Manifest(self._title(values, FILE), plans, self._renamed(values.get("renamed", {})))

    def _title(self, values: dict[str, object], where: str) -> str:
        title = values.get("title")
        if isinstance(title, str) and title.strip():
            return title.strip()
        self._problems.add(self._line("title") or 1, f"{where} has no title, or one that is no text.")
        return ""

    def _chapter(self, chapter: dict[str, object], number: int) -> ChapterPlan:
        where = f"Chapter {number}"
        self._unknown(chapter, _CHAPTER_KEYS, where)
        chapter_id = chapter.get("id")
        if not isinstance(chapter_id, str) or not ID.match(chapter_id):
            self._problems.add(self._line("id"), f"{where} has no id, or {chapter_id!r} is none.", "Like introduction.")
            chapter_id = ""
        listed = chapter.get("lessons")
        lessons = [one for one in listed if isinstance(one, str) and ID.match(one)] if isinstance(listed, list) else []
        if lessons != listed:
            line = self._line("lessons", f'"{chapter_id}"')
            self._problems.add(line, f"{where} has no list of lesson ids.", 'Like lessons = ["perceptron"].')
        return ChapterPlan(chapter_id, self._title(chapter, where), tuple(lessons))

    def _check_unique(self, ids: list[str], what: str) -> None:
        seen: set[str] = set()
        for name in ids:
            if name and name in seen:
                self._problems.add(self._line(f'"{name}"'), f'The {what} "{name}" stands here twice.')
            seen.add(name)

    def _renamed(self, renamed: object) -> dict[str, str]:
        if not isinstance(renamed, dict) or not all(isinstance(new, str) for new in renamed.values()):
            self._problems.add(self._line("renamed"), '[renamed] holds lines like old-id = "new-id".')
            return {}
        return dict(renamed)
