"""A page of character cells with styles: what every panel draws on, and what becomes lines of Rich text."""

from __future__ import annotations

from unicodedata import combining

from rich.cells import cell_len
from rich.text import Span, Text

from tutor.words import to_ascii


class Grid:
    """width x height cells, each a character and a style. Cells outside are ignored when written."""

    def __init__(self, width: int, height: int, *, ascii: bool = False) -> None:
        self.width = max(width, 0)
        self.height = max(height, 0)
        self.ascii = ascii
        self.chars = [[" "] * self.width for _ in range(self.height)]
        self.styles = [[""] * self.width for _ in range(self.height)]

    def put(self, column: int, row: int, text: str, style: str = "") -> int:
        """Write text from (column, row) to the right, cut at the edge; the end of a line within it is a blank. Returns
        the column after it."""
        if self.ascii:
            text = to_ascii(text)
        if not 0 <= row < self.height:
            return column + cell_len(text)
        chars, styles = self.chars[row], self.styles[row]
        for char in text:
            if combining(char):
                if 0 < column <= self.width:
                    chars[column - 1] += char
                continue
            wide = 1 if char.isascii() else cell_len(char)
            if wide and column >= 0 and column + wide <= self.width:
                _no_halves(chars, column, column + wide)
                chars[column], styles[column] = char if char >= " " else " ", style
                if wide == 2:
                    chars[column + 1], styles[column + 1] = "", style
            column += wide
        return column

    def put_right(self, end: int, row: int, text: str, style: str = "") -> None:
        """Write text so that it ends before column `end`."""
        self.put(end - self.measure(text), row, text, style)

    def put_middle(self, column: int, row: int, text: str, style: str = "", low: int = 0, high: int = -1) -> None:
        """Write text centred on a column, moved so that it stays within low … high (exclusive)."""
        high = self.width if high < 0 else high
        size = self.measure(text)
        self.put(max(low, min(column - size // 2, high - size)), row, text, style)

    def measure(self, text: str) -> int:
        return cell_len(to_ascii(text) if self.ascii else text)

    def free(self, column: int, row: int) -> bool:
        return 0 <= column < self.width and 0 <= row < self.height and self.chars[row][column] == " "

    def blit(self, other: Grid, column: int, row: int) -> None:
        """Copy another grid into this one; its upper left cell comes to (column, row)."""
        wide = min(other.width, self.width - column)
        for i in range(min(other.height, self.height - row)):
            self.chars[row + i][column : column + wide] = other.chars[i][:wide]
            self.styles[row + i][column : column + wide] = other.styles[i][:wide]

    def lines(self) -> list[Text]:
        """The cells as Rich text, one for each row, with runs of one style joined."""
        return [_line(chars, styles) for chars, styles in zip(self.chars, self.styles, strict=True)]


def _no_halves(chars: list[str], start: int, end: int) -> None:
    """What is written from start to end leaves no half of a wide character beside it."""
    if chars[start] == "" and start:
        chars[start - 1] = " "
    if end < len(chars) and chars[end] == "":
        chars[end] = " "


def _line(chars: list[str], styles: list[str]) -> Text:
    spans: list[Span] = []
    at = start = 0
    style = styles[0] if styles else ""
    for char, own in zip(chars, styles, strict=True):
        if own != style:
            if style:
                spans.append(Span(start, at, style))
            start, style = at, own
        at += len(char)
    if style:
        spans.append(Span(start, at, style))
    return Text("".join(chars), no_wrap=True, end="", spans=spans)


def fit(text: str, width: int) -> str:
    """text in at most `width` cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    cut = ""
    for char in text:
        if cell_len(cut + char) > width - 1:
            break
        cut += char
    return cut + "…" if width > 0 else ""
