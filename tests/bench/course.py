"""A course of 27 lessons, made for the bench until they are written: the shipped lessons, copied under other ids."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tutor import paths

CHAPTERS = 9
LESSONS = ("perceptron", "gradient-descent", "introduction-wrap-up")


def make_course(folder: Path) -> Path:
    """Chapter 1 as it is shipped, and eight copies of it: 27 lessons."""
    shipped = paths.lessons_dir()
    chapter = next(path for path in sorted(shipped.iterdir()) if path.is_dir())
    parts = ['format_version = 1\ntitle = "Deep learning basics"\n']
    shutil.copytree(chapter, folder / "01-introduction")
    parts.append(_chapter("introduction", "Introduction", LESSONS))
    for number in range(2, CHAPTERS + 1):
        name = f"copy{number}"
        target = folder / f"{number:02d}-{name}"
        target.mkdir(parents=True)
        for path in sorted(chapter.glob("*.md")):
            text = _renamed(path.read_text(encoding="utf-8"), name)
            (target / re.sub(r"^(\d+-)(.*)\.md$", rf"\1\2-{name}.md", path.name)).write_text(text, encoding="utf-8")
        parts.append(_chapter(name, f"Copy {number}", tuple(f"{lesson}-{name}" for lesson in LESSONS)))
    (folder / "course.toml").write_text("\n".join(parts), encoding="utf-8")
    return folder


def _chapter(name: str, title: str, lessons: tuple[str, ...]) -> str:
    listed = ", ".join(f'"{lesson}"' for lesson in lessons)
    return f'[[chapter]]\nid = "{name}"\ntitle = "{title}"\nlessons = [{listed}]\n'


def _renamed(text: str, name: str) -> str:
    """The lesson with a suffix on every id it defines, so that ids stay unique in the course."""
    defined = set(re.findall(r"^:{3,}\{(?:run|exercise|quiz|number|order|explain|predict)\} (\S+)", text, re.M))
    defined |= set(LESSONS)
    for one in sorted(defined, key=len, reverse=True):
        text = re.sub(rf"(?m)^(:{{3,}}\{{\w+\}} ){re.escape(one)}$", rf"\1{one}-{name}", text)
        text = re.sub(rf"(?m)^(id|:after:|:uses:): ?{re.escape(one)}$", rf"\1: {one}-{name}", text)
        text = re.sub(rf"(?m)^- {re.escape(one)}$", f"- {one}-{name}", text)
    text = re.sub(r"(?m)^:(after|uses)::", r":\1:", text)
    return re.sub(r"(?m)^requires: .*$", "requires: []", text)
