"""Cut and mangled lessons give CourseErrors with a line inside the file, never another exception."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from tutor.course.directives import read_directive
from tutor.course.parser import parse_lesson_all
from tutor.course.problems import Problems
from tutor.course.reader import LessonFile, Reader
from tutor.course.tasks import KINDS
from tutor.errors import CourseError

EVERY = (Path(__file__).parent / "every_directive.md").read_text(encoding="utf-8")
JUNK = (
    "```", ":::", "::::{note}\n", "$$", "$", "|", "> ", "- ", "\t", "\x00", "\x1b", "<b>", "[x]", "{", "}", "&#0;",
    "---\n", "# ", ":", "\n\n", "    ", "\\", "*", "![", "](", ": [", "&a [*a]", "`", "\u2028", "\ud800", "1.\n", "~~~",
)  # fmt: skip


def check(text: str) -> None:
    lesson, errors = parse_lesson_all(text, "a.md")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert lesson is not None or errors
    assert all(isinstance(error, CourseError) and 0 <= error.line <= lines + 1 for error in errors)


def test_every_cut() -> None:
    for end in range(0, len(EVERY), 37):
        check(EVERY[:end])


def test_every_line_missing() -> None:
    lines = EVERY.split("\n")
    for index in range(0, len(lines), 3):
        check("\n".join(lines[:index] + lines[index + 1 :]))


@pytest.mark.parametrize("seed", range(100))
def test_mangled(seed: int) -> None:
    chance = random.Random(seed)
    text = EVERY
    for _ in range(chance.randint(1, 5)):
        start = chance.randrange(len(text) + 1)
        stop = min(len(text), start + chance.randrange(200))
        text = chance.choice(
            (
                text[:start] + text[stop:],
                text[:start] + chance.choice(JUNK) * chance.randint(1, 3) + text[start:],
                text[:stop] + text[start:stop] + text[stop:],
            )
        )
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "---",
        "---\n---",
        "---\nid: [\n---\n",
        "---\n" + "[" * 2000 + "\n---\n",
        ":::" * 500,
        ">" * 3000,
        "- " * 3000,
        "[" * 3000,
        "*" * 5000,
        "(" * 5000,
        "`" * 5000,
        "|" * 5000,
        "\x00",
        "\ud800",
        "---\n? {a: b}\n---\n",
        "---\nid: &a [*a]\n---\n## P\nx",
        "---\nminutes: " + "9" * 5000 + "\n---\n",
        "---\n{a: b}: c\n---\n",
        "---\nid: a\ntitle: A\nminutes: 5\n---\n## P\n" + "\n".join(":" * n + "{note}\n" for n in range(60, 3, -1)),
        "---\nid: a\ntitle: A\nminutes: 5\n---\n## P\n" + ":::\n\nx\n\n" * 200,
    ],
)
def test_hostile(text: str) -> None:
    check(text)


@pytest.mark.parametrize("ends", ["\r\r", "\r\n\r\n", "\n\n", "\r\n\r"])
def test_a_stray_fence_is_told_whatever_ends_the_lines(ends: str) -> None:
    problems = Problems("a.md")
    assert Reader(LessonFile(problems, [], partial(read_directive, KINDS))).prose(ends + ":::") == ()
    assert [(error.line, error.what) for error in problems.errors] == [(3, "This ::: closes nothing.")]
