"""What stands in the documents, for the tests that hold them against what is so: fenced examples, paths, pictures."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
LESSON_FORMAT = ROOT / "lessons" / "README.md"
_FENCED = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


def fenced(document: Path, language: str) -> list[str]:
    """The code of each fence of this language, in order; what stands inside another fence is not one."""
    return [code for _, name, code in _FENCED.findall(document.read_text(encoding="utf-8")) if name == language]


def section(document: Path, heading: str) -> str:
    """What stands under `## heading`, up to the next one outside of a fence. Raises AssertionError without one."""
    text = document.read_text(encoding="utf-8")
    assert f"\n## {heading}\n" in text, f"{document} has no section {heading}"
    plain = _FENCED.sub(lambda found: re.sub(r"^#", "\0", found.group(), flags=re.MULTILINE), text)
    return re.split(r"^## ", plain.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0].replace(
        "\0", "#"
    )


def example_course(folder: Path, toml: str, lesson: str) -> Path:
    """The course that an example describes, written into this folder: one chapter, one lesson."""
    chapter = re.findall(r'^id = "(.*)"$', toml, re.MULTILINE)
    name = re.findall(r"^id: (.*)$", lesson, re.MULTILINE)[0]
    assert len(chapter) == 1, toml
    place = folder / f"01-{chapter[0]}"
    place.mkdir(parents=True)
    (folder / "course.toml").write_text(toml, encoding="utf-8")
    (place / f"01-{name}.md").write_text(lesson, encoding="utf-8")
    return folder


def readme_course(folder: Path) -> Path:
    """README's "Write a lesson", written into this folder."""
    (toml,) = [code for code in fenced(README, "toml") if code.startswith("format_version")]
    (lesson,) = fenced(README, "markdown")
    return example_course(folder, toml, lesson)


def format_course(folder: Path) -> Path:
    """The examples of the lesson format, each on a page of one lesson."""
    head, *examples = fenced(LESSON_FORMAT, "markdown")
    lesson_id = re.findall(r"^id: (.*)$", head, re.MULTILINE)[0]
    pages = "\n".join(f"## Page {number}\n\n{example}" for number, example in enumerate(examples, 1))
    toml = f"""format_version = 1
title = "The examples of the lesson format"

[[chapter]]
id = "examples"
title = "Examples"
lessons = ["{lesson_id}"]
"""
    return example_course(folder, toml, f"{head}\n{pages}")
