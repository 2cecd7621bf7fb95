"""A screen's cells as text, to lie beside a README's picture, and what differs between two screens.

What a person would call the same screen is the same: numbers may be others (seconds, the last digits of a loss, as
processors round in ways of their own), and few of the cells that are drawn of a curve or an image. Every word, its
place in its row's order, its colours and its look count.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

import pyte

MOST_APART = 0.04
"""Share of the drawn cells that may differ."""
NEAR = 12
"""Levels of red, green or blue up to which two colours of a drawn cell count as one."""
_NUMBER = re.compile(r"[−-]?\d[\d.,]*(?:e[−-]?\d+)?")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LOOKS = "-- looks --"
_ROWS = "-- rows --"
_DRAWN = re.compile("[\u2800-\u28ff\u2580-\u259f━]")


class Cell(NamedTuple):
    """look: ink, ground and what stands beside them, in words: "d0d0d0 default bold"."""

    data: str
    look: str

    @property
    def drawn(self) -> bool:
        """Whether it is a piece of a curve or an image."""
        return bool(_DRAWN.match(self.data))


Cells = list[list[Cell]]


def cells_of(screen: pyte.Screen) -> Cells:
    """Every cell, row by row."""
    return [[_cell(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def _cell(char: pyte.screens.Char) -> Cell:
    marks = [name for name in ("bold", "italics", "underscore", "strikethrough", "reverse") if getattr(char, name)]
    return Cell(char.data or " ", " ".join((char.fg, char.bg, *marks)))


# ------------------------------------------------------------------ as text


def text_of(cells: Cells) -> str:
    """The rows, then which look each cell has, then the looks by their letters: to be read in a diff."""
    looks = list(dict.fromkeys(cell.look for row in cells for cell in row))
    names = {look: _name(number) for number, look in enumerate(looks)}
    rows = ["".join(cell.data for cell in row) for row in cells]
    dressed = [" ".join(names[cell.look] for cell in row) for row in cells]
    return "\n".join([*rows, _ROWS, *dressed, _LOOKS, *(f"{names[look]} {look}" for look in looks)]) + "\n"


def _name(number: int) -> str:
    high, low = divmod(number, len(_LETTERS))
    return (_LETTERS[high - 1] if high else "") + _LETTERS[low]


def read(text: str) -> Cells:
    """What `text_of` wrote."""
    rows, _, rest = text.partition(f"\n{_ROWS}\n")
    dressed, _, looks = rest.partition(f"\n{_LOOKS}\n")
    named = dict(line.split(" ", 1) for line in looks.splitlines())
    return [
        [Cell(data, named[name]) for data, name in zip(row, names.split(" "), strict=True)]
        for row, names in zip(rows.split("\n"), dressed.split("\n"), strict=True)
    ]


def seal(text: str) -> str:
    """What a picture carries of the text that it was drawn from."""
    return hashlib.sha256(text.encode()).hexdigest()


# ------------------------------------------------------------------ comparing


def differences(kept: Cells, now: Cells) -> list[str]:
    """What a person would see to be another screen; empty where it is the same."""
    if (len(kept), len(kept[0])) != (len(now), len(now[0])):
        return [f"{len(kept[0])}x{len(kept)} cells before, {len(now[0])}x{len(now)} now"]
    told = []
    for number, (before, after) in enumerate(zip(kept, now, strict=True), 1):
        if (was := _words(before)) != (is_now := _words(after)):
            told.append(f"row {number}: {_shown(was, is_now)} before, {_shown(is_now, was)} now")
    pairs = [pair for rows in zip(kept, now, strict=True) for pair in zip(*rows, strict=True)]
    drawn = [pair for pair in pairs if pair[0].drawn or pair[1].drawn]
    apart = sum(not _near(*pair) for pair in drawn)
    if apart > MOST_APART * len(drawn):
        told.append(f"{apart} of the {len(drawn)} cells that are drawn differ")
    return told


def _words(row: list[Cell]) -> list[tuple[str, str]]:
    """The words of a row with their looks, in order; without what is drawn, and with # for a number. Which look a blank
    has does not show, so that it neither parts words nor joins them."""
    parts: list[tuple[str, str]] = []
    for cell in row:
        blank = cell.drawn or not cell.data.strip()
        if blank and parts:
            parts[-1] = parts[-1][0], parts[-1][1] + " "
        elif not blank and parts and parts[-1][0] == cell.look:
            parts[-1] = cell.look, parts[-1][1] + cell.data
        elif not blank:
            parts.append((cell.look, cell.data))
    return [(look, " ".join(_NUMBER.sub("#", text).split())) for look, text in parts]


def _shown(words: list[tuple[str, str]], others: list[tuple[str, str]]) -> str:
    text, other = (" ".join(text for _, text in each) for each in (words, others))
    return f'"{text}"' if text != other else f'"{text}" as {sorted({look for look, _ in words})}'


def _near(one: Cell, other: Cell) -> bool:
    """Both drawn, in about the same colours. The shape of a curve within its cell is not looked at."""
    if not (one.drawn and other.drawn):
        return False
    first, second = one.look.split(), other.look.split()
    return first[2:] == second[2:] and all(
        _alike(mine, theirs) for mine, theirs in zip(first[:2], second[:2], strict=True)
    )


def _alike(one: str, other: str) -> bool:
    if len(one) != 6 or len(other) != 6 or "default" in (one, other):
        return one == other
    channels = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4)]
    return all(abs(mine - theirs) <= NEAR for mine, theirs in channels)
