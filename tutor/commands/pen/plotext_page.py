"""One plotext figure at a time, from its first mark to a grid of cells. The only module that imports plotext.

What plotext 5.3.2 trips over never reaches it. It raises on inf and on the log of 0, and on building a figure with a
log axis twice: here all coordinates are shares of the canvas, from 0 to 1, and missing values are NaN, which leaves a
gap. It stretches what lies outside: lines are clipped first, with Liang and Barsky's method (1984). It counts a colour
from 0 to 255 only: a style gets the next number, which is turned back into the style when the page is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import plotext
from rich.cells import cell_len

from tutor.plots.grid import Grid
from tutor.plots.look import PlotLook
from tutor.words import to_ascii

Point = tuple[float, float]
"""Shares of the canvas: (0, 0) is its lower left corner, (1, 1) the upper right one."""
GAP: Point = (math.nan, math.nan)
_FIRST_INK = 16
"""Numbers below it name the 16 colours of the terminal, which plotext writes in another way."""
_CODE = re.compile(r"\x1b\[([0-9;]*)m")


class PlotextPage:
    """A canvas with an axis on its left and one below. plotext keeps one figure for the whole process: a page is
    read before the next one is begun."""

    def __init__(self, width: int, height: int, look: PlotLook) -> None:
        self.width, self.height, self.look = width, height, look
        self.rows = height - 2  # of the canvas: below it are the axis and its texts
        self._inks: list[str] = []
        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.plot_size(width, height)
        plotext.theme("clear")
        plotext.xaxes(True, False)
        plotext.yaxes(True, False)
        plotext.xlim(0.0, 1.0)
        plotext.ylim(0.0, 1.0)
        plotext.ticks_color(self._ink(look.quiet))

    def ticks(self, x: Iterable[tuple[float, str]], y: Iterable[tuple[float, str]], xlabel: str = "") -> None:
        """Places and texts of the ticks."""
        for put, pairs in ((plotext.xticks, list(x)), (plotext.yticks, list(y))):
            put([place for place, _ in pairs], [self.text(text) for _, text in pairs])
        if xlabel:
            self.rows -= 1
            plotext.xlabel(self.text(xlabel))

    def line(self, points: Sequence[Point], marker: str, style: str) -> None:
        """Points joined by lines, as far as they lie on the canvas; a NaN is a gap."""
        self._series(plotext.plot, clipped(points), marker, style)

    def dots(self, points: Iterable[Point], marker: str, style: str) -> None:
        """Single points, those that lie on the canvas."""
        self._series(plotext.scatter, [one for one in points if _inside(one)], marker, style)

    def block(self, across: Point, up: Point, marker: str, style: str) -> None:
        """A filled rectangle: (left, right) and (bottom, top)."""
        x, y = [_held(value) for value in across], [_held(value) for value in up]
        plotext.rectangle(x, y, marker=marker, color=self._ink(style), lines=False, fill=True)

    def rule(self, axis: str, at: float) -> None:
        """A straight quiet line across the canvas, at a place of axis "x" or "y"."""
        if 0 <= at <= 1:
            draw = plotext.vertical_line if axis == "x" else plotext.horizontal_line
            draw(at, color=self._ink(self.look.quiet))

    def label(self, text: str, at: Point, style: str, align: str = "left") -> None:
        """Words that begin, end or have their middle at a place: align "left", "right" or "center"."""
        if text and _inside(at):
            plotext.text(self.text(text), *at, color=self._ink(style), alignment=align)

    def grid(self) -> Grid:
        """What was drawn, as cells."""
        grid = Grid(self.width, self.height, ascii=self.look.ascii)
        for row, line in enumerate(plotext.build().split("\n")[: self.height]):
            self._read(grid, row, line)
        return grid

    # ------------------------------------------------------------------ to plotext and back

    def _series(self, draw: object, points: Sequence[Point], marker: str, style: str) -> None:
        assert callable(draw)
        if any(x == x for x, _ in points):
            draw([x for x, _ in points], [y for _, y in points], marker=marker, color=self._ink(style))

    def text(self, text: str) -> str:
        """As it is written on this page: in 7 bits where it must be."""
        return to_ascii(text) if self.look.ascii else text

    def _ink(self, style: str) -> int:
        if style not in self._inks:
            self._inks.append(style)
        return _FIRST_INK + self._inks.index(style)

    def _read(self, grid: Grid, row: int, line: str) -> None:
        column, style = 0, ""
        parts = _CODE.split(line.replace("└", "+") if grid.ascii else line)
        for text, code in zip(parts[::2], ["", *parts[1::2]], strict=True):
            if code.startswith("38;5;"):
                style = self._inks[int(code.removeprefix("38;5;")) - _FIRST_INK]
            elif code == "0":
                style = ""
            owed = 0
            for char in text:
                if char == " " and owed:  # plotext counts a wide letter as one cell
                    owed -= 1
                    continue
                owed += max(cell_len(char) - 1, 0)
                column = grid.put(column, row, char, "" if char == " " else style)


def clipped(points: Sequence[Point]) -> list[Point]:
    """A line without what lies outside of the canvas; where it leaves, it has a gap."""
    found: list[Point] = []
    before: Point | None = None
    for here in points:
        if not _finite(here):
            found.append(GAP)
            before = None
            continue
        kept = _kept(before or here, here)
        if kept is None:
            found.append(GAP)
        elif found and found[-1] == kept[0]:
            found.append(kept[1])
        else:
            found += [GAP, *kept] if kept[0] != kept[1] else [GAP, here]
        before = here
    return found


def _kept(start: Point, end: Point) -> tuple[Point, Point] | None:
    """The part of a segment that lies on the canvas."""
    first, last = 0.0, 1.0
    for a, b in zip(start, end, strict=True):
        step = b - a
        if step == 0:
            if not 0 <= a <= 1:
                return None
            continue
        enters, leaves = sorted((-a / step, (1 - a) / step))
        first, last = max(first, enters), min(last, leaves)
    if first > last:
        return None
    return _between(start, end, first), _between(start, end, last)


def _between(start: Point, end: Point, share: float) -> Point:
    if share in (0.0, 1.0):
        return end if share else start
    x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    return _held(x), _held(y)


def _held(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _finite(point: Point) -> bool:
    return math.isfinite(point[0]) and math.isfinite(point[1])


def _inside(point: Point) -> bool:
    return 0 <= point[0] <= 1 and 0 <= point[1] <= 1
