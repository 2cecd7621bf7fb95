"""Formulas of a deep-learning course, set on one line and in two dimensions, against what was looked at by eye.

`maths_golden.txt` holds them readably. After a change that is meant, run `python -m tests.unit.test_maths_golden`
from the top of the project, and read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tutor.maths import display, inline, problems

GOLDEN = Path(__file__).with_name("maths_golden.txt")
WIDTH = 76
MARGIN = "      "


def entry(latex: str) -> str:
    """One formula as the golden file shows it."""
    lines = [f"$ {latex}", f"  line   {inline(latex)}", f"  ascii  {inline(latex, True)}"]
    for title, ascii in (("display", False), ("display in ascii", True)):
        box = display(latex, WIDTH, ascii)
        lines.append(f"  {title}")
        tags = dict(box.tags)
        for i, line in enumerate(box.lines):
            mark = "> " if i == box.baseline else "  "
            lines.append((MARGIN + mark + line).rstrip() + (f"   tag {tags[i]}" if i in tags else ""))
    return "\n".join(lines)


def sections(text: str) -> list[list[str]]:
    """The file's entries, each a list of lines; headings are entries of one line."""
    return [part.split("\n") for part in re.split(r"\n\n(?=\$ |== )", text.strip())]


def formulas() -> list[tuple[str, str]]:
    found = []
    for part in sections(GOLDEN.read_text(encoding="utf-8")):
        if part[0].startswith("$ "):
            found.append((part[0][2:], "\n".join(part)))
    return found


def test_there_are_many_formulas() -> None:
    assert len(formulas()) >= 120


@pytest.mark.parametrize(("latex", "expected"), formulas(), ids=lambda value: value[:40].split("\n")[0])
def test_formula_is_set_as_it_was_looked_at(latex: str, expected: str) -> None:
    assert problems(latex) == []
    assert entry(latex) == expected


def rewrite() -> None:
    """Set every formula of the file anew."""
    parts = sections(GOLDEN.read_text(encoding="utf-8"))
    anew = [entry(part[0][2:]) if part[0].startswith("$ ") else "\n".join(part) for part in parts]
    GOLDEN.write_text("\n\n".join(anew) + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
