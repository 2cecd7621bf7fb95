"""The README's pictures show the program as it is. Where one of these fails: look at the difference, and if it is
meant, make the pictures anew: `python -m tests.picture`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import documents
from tests.picture import FOLDER, seal_of
from tests.picture_cells import cells_of, differences, read, seal
from tests.picture_shots import TAKES, Shots

NAMES = [name for _, names in TAKES for name in names]


def kept(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("take", "names"), TAKES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_program_looks_as_the_pictures_show_it(
    home: Path, take: Callable[[Path], Shots], names: tuple[str, ...]
) -> None:
    taken = []
    for name, terminal in take(home):
        taken.append(name)
        assert differences(read(kept(name)), cells_of(terminal.screen)) == [], name
    assert tuple(taken) == names


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_was_drawn_from_the_cells_beside_it(name: str) -> None:
    assert seal_of(FOLDER / f"{name}.png") == seal(kept(name))


def test_every_picture_is_shown_and_every_one_shown_is_made() -> None:
    shown = re.findall(r"!\[.*?\]\(tests/pictures/(\w+)\.png\)", documents.README.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(NAMES) == sorted(path.stem for path in FOLDER.glob("*.png"))
