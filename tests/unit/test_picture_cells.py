"""When two screens are the same to a person, and when the README's pictures have to be made anew."""

from __future__ import annotations

import pytest

from tests.picture_cells import Cell, differences, read, text_of


def screen(*rows: str, look: str = "d0d0d0 default") -> list[list[Cell]]:
    return [[Cell(data, look) for data in row] for row in rows]


def test_cells_come_back_from_their_text() -> None:
    cells = [[Cell("a", f"{number:06x} default bold") for number in range(200)], screen("b" * 200)[0]]
    assert read(text_of(cells)) == cells


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (screen("loss 0.51 in 13 s"), screen("loss 0.498 in 2 s"), True),
        (screen("F6 check"), screen("F7 check"), True),  # a number like any other
        (screen("F6 check"), screen("F6 Check"), False),
        (screen("F6 check"), screen("F6 check", look="ff0000 default"), False),
        (screen("F6 check"), screen("F6 check", " " * 8), False),
        (screen("a b"), [[*screen("a")[0], Cell("⠤", "0000ff default"), *screen("b")[0]]], False),
        (screen("a" + "⠤" * 30 + "b"), screen("a" + "⠤" * 29 + " b"), True),
        (screen("⠤" * 50), screen("⠤" * 49 + " "), True),
        (screen("⠤" * 50), screen("⠤" * 45 + " " * 5), False),
        (screen("▀" * 50, look="102030 405060"), screen("▀" * 50, look="112131 405060"), True),
        (screen("▀" * 50, look="102030 405060"), screen("▀" * 50, look="405060 102030"), False),
    ],
)
def test_what_a_person_would_see_is_a_difference(before: list[list[Cell]], now: list[list[Cell]], same: bool) -> None:
    assert (differences(before, now) == []) is same
