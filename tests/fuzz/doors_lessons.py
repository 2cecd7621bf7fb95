"""What an author or a learner writes: formulas, Markdown, lessons, a course's plan, answers that are typed."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

from rich.cells import cell_len

from tutor import maths
from tutor.course.answers import mark_number
from tutor.course.directives import read_directive
from tutor.course.loader import find_lesson, load_course, load_lesson
from tutor.course.manifest import read_manifest
from tutor.course.model import Block, Lesson, Number, WrongNumber
from tutor.course.parser import parse_lesson_all
from tutor.course.problems import Problems
from tutor.course.reader import LessonFile, Reader
from tutor.course.search import search_course
from tutor.course.tasks import KINDS
from tutor.errors import CourseError, TutorError
from tutor.lint.rules import lint_course
from tutor.typeset import placeholder, plain, typeset
from tutor.typeset.linear import linear
from tutor.typeset.text_look import Look

WIDTHS = (8, 23, 76)
COURSE = 'format_version = 1\ntitle = "F"\n[[chapter]]\nid = "c"\ntitle = "C"\nlessons = ["l"]\n'


def formula(latex: str, folder: Path) -> None:
    """On a line and in a box, at several widths, in Unicode and in 7 bits."""
    assert all(isinstance(each, str) for each in maths.problems(latex))
    for ascii in (False, True):
        line = maths.inline(latex, ascii)
        assert "\n" not in line and (line.isascii() or not ascii), line
        for width in WIDTHS:
            box = maths.display(latex, width, ascii)
            assert {cell_len(row) for row in box.lines} == {box.width} and box.width <= width, box.lines
            assert 0 <= box.baseline < box.height and all(0 <= at < box.height for at, _ in box.tags)
            assert not ascii or all(row.isascii() for row in box.lines), box.lines


def prose(text: str, folder: Path) -> None:
    """Markdown by itself, as hints and explanations are."""
    problems = Problems("a.md")
    reader = Reader(LessonFile(problems, text.split("\n"), partial(read_directive, KINDS)))
    _set(reader.prose(text))


def lesson(text: str, folder: Path) -> None:
    """A lesson's file: read, every page set. Errors have a line inside the file."""
    found, errors = parse_lesson_all(text, "a.md")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert found is not None or errors
    assert all(isinstance(error, CourseError) and 0 <= error.line <= lines + 1 for error in errors)
    for page in found.pages if isinstance(found, Lesson) else ():
        _set(page.blocks)


def _set(blocks: tuple[Block, ...]) -> None:
    for width in WIDTHS:
        for look in (Look(), Look.bare(True)):
            lines = typeset(blocks, width, look)
            assert all(line.plain.isascii() for line in lines) or not look.ascii
        plain(blocks, width, ascii=True)
        linear(blocks, width, True, lambda block: [placeholder(block)])


def lint(text: str, folder: Path) -> None:
    """A lesson in a course, under all the rules that run nothing; then found, searched and loaded again."""
    (folder / "course.toml").write_text(COURSE)
    (folder / "1-c").mkdir()
    (folder / "1-c" / "1-l.md").write_text(text, encoding="utf-8", errors="surrogatepass")
    for finding in lint_course(folder):
        assert finding.message and finding.line >= 0
    course = load_course(folder, folder / "cache")
    search_course(course, text[:20])
    with contextlib.suppress(TutorError):
        find_lesson(course, text[-20:])
    for _ in range(2):  # the second time from what was kept
        load_lesson(load_course(folder, folder / "cache"), "l")


def course(text: str, folder: Path) -> None:
    """course.toml."""
    (folder / "course.toml").write_text(text, encoding="utf-8", errors="surrogatepass")
    lint_course(folder)
    load_course(folder, None)
    read_manifest(folder)


def answer(text: str, folder: Path) -> None:
    """A number or a sum that is typed as an answer."""
    task = Number("a", (), "1/3", 0.01, unit="cm", wrongs=(WrongNumber("3", "Turned."),))
    mark_number(task, text)
