"""A screen of cells, and what Textual's frames write onto it."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import get_character_cell_size, split_graphemes

_TOKEN = re.compile(
    r"\x1b\[([0-9;:]*)m([^\x1b\n\r\x07\x08]+)\x1b\[0?m"  # 1, 2 a text in its style, as most come
    r"|([^\x1b\n\r\x07\x08]+)"  # 3 text
    r"|\x1b\[([0-9;:]*)m"  # 4 a style
    r"|\x1b\[(\d*);?(\d*)H"  # 5, 6 a place
    r"|([\n\r])"  # 7
    r"|(\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*(?:\x1b[^\\][^\x1b]*)*\x1b\\"  # 8 what a grid has no part in
    r"|\x1b\[[<-?]?[0-9;:]*[ -/]*[@-~]|\x1b[^\[\]P]|[\x07\x08])",
    re.DOTALL,
)
_NARROW = set(map(chr, range(32, 127)))
"""Characters known to take one column and nothing else."""


class CellRow:
    """cells: what stands in each column, "" behind a wide character. styles: of each column, the parameters of the
    escape sequence that sets it ("1;38;5;4"), "" for none."""

    __slots__ = ("cells", "styles")

    def __init__(self, columns: int) -> None:
        self.cells = [" "] * columns
        self.styles = [""] * columns

    def write(self, x: int, cells: tuple[str, ...] | list[str], style: str) -> None:
        """Put cells there; what lies beyond the right end is cut off."""
        columns = len(self.cells)
        if x >= columns:
            return
        if len(cells) > columns - x:
            cells = list(cells[: columns - x])
        end = x + len(cells)
        if self.cells[x] == "" and x:  # the right half of a wide character goes, so its left half does
            self.cells[x - 1] = " "
        if end < columns and self.cells[end] == "":
            self.cells[end] = " "
        self.cells[x:end] = cells
        self.styles[x:end] = [style] * len(cells)


class CellGrid:
    """columns, rows: of the terminal. dirty: rows that were written since whoever reads it emptied it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.lines = [CellRow(columns) for _ in range(rows)]
        self.dirty: set[int] = set()
        self.cursor = (0, 0)
        """Column and row at which the last frame left the cursor."""
        self._style = ""

    def feed(self, data: str) -> list[str]:
        """Write what a frame says; returns the sequences that are not about cells, in order."""
        x, y = self.cursor
        style, others = self._style, []
        for match in _TOKEN.finditer(data):
            kind = match.lastindex
            if kind in (2, 3):
                text = match[kind]
                if kind == 2:
                    style = after(style, match[1])
                cells = cells_of(text)
                if 0 <= y < self.rows:
                    self.lines[y].write(x, cells, style)
                    self.dirty.add(y)
                x += len(cells)
                if kind == 2:
                    style = ""
            elif kind == 4:
                style = after(style, match[4])
            elif kind in (5, 6):
                x, y = int(match[6] or 1) - 1, int(match[5] or 1) - 1
            elif kind == 7:
                x, y = 0, y + (match[7] == "\n")
            elif match[8] is None:  # the place 1, 1 without its numbers
                x = y = 0
            else:
                others.append(match[8])
        self._style = style
        self.cursor = (min(x, self.columns - 1), min(y, self.rows - 1))
        return others


def after(style: str, parameters: str) -> str:
    """The style after a sequence with these parameters: one that begins with a reset counts alone."""
    if parameters in ("", "0"):
        return ""
    if parameters.startswith("0;"):
        return parameters[2:]
    return f"{style};{parameters}" if style else parameters


def cells_of(text: str) -> tuple[str, ...] | list[str]:
    """What each column of the text holds; a wide character is followed by "", combining ones stay with theirs."""
    return list(text) if all_narrow(text) else _cells_of(text)


@lru_cache(2048)
def _cells_of(text: str) -> tuple[str, ...]:
    if all(get_character_cell_size(char) == 1 for char in text):
        _NARROW.update(text)
        return tuple(text)
    cells: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells += [text[start:end], *[""] * (width - 1)]
        elif cells:
            cells[-1] += text[start:end]
    return tuple(cells)


def all_narrow(text: str) -> bool:
    """Whether every character of it is known to take one column and nothing else."""
    return _NARROW.issuperset(text)


def is_plain(cell: str) -> bool:
    """Whether every terminal agrees how wide this cell is."""
    return cell in _NARROW or (len(cell) == 1 and get_character_cell_size(cell) == 1)
