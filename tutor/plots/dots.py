"""A raster of dots inside character cells: 2x4 to a cell in braille, one to a cell without.

Lines are drawn with Bresenham's method (1965) after clipping with Liang and Barsky's (1984). A cell keeps the
dots of all series; its colour is that of the last one drawn.
"""

from __future__ import annotations

from tutor.plots.grid import Grid

BRAILLE = 0x2800
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_FROM = tuple(tuple(sum(_BITS[k][side] for k in range(first, 4)) for side in (0, 1)) for first in range(4))
_UPTO = tuple(tuple(sum(_BITS[k][side] for k in range(last + 1)) for side in (0, 1)) for last in range(4))
"""The dots of a cell from a row on, and up to a row: [row][left or right]."""
PLAIN = "*+ox#@%"
"""What stands for series 0, 1, 2 … where there are no braille dots."""

DASHES = ((1, 0), (5, 4), (1, 3))
"""Dots drawn and left out along a line: solid, dashed, dotted."""
_PLAIN_DASHES = ((1, 0), (2, 1), (1, 1))

Point = tuple[float, float]


class Dots:
    """width x height cells. Dot (0, 0) is the upper left one. `across` and `down`: dots in a cell."""

    def __init__(self, width: int, height: int, *, braille: bool = True) -> None:
        self.width, self.height, self.braille = width, height, braille
        self.across, self.down = (2, 4) if braille else (1, 1)
        self.columns, self.rows = width * self.across, height * self.down
        self.bits = [0] * (width * height)
        self.owner = [-1] * (width * height)

    def dot(self, x: int, y: int, owner: int) -> None:
        if 0 <= x < self.columns and 0 <= y < self.rows:
            cell = (y // self.down) * self.width + x // self.across
            self.bits[cell] |= _BITS[y & 3][x & 1] if self.braille else 1
            self.owner[cell] = owner

    def line(self, points: list[Point | None], owner: int, dash: int = 0) -> None:
        """Join points (in dots, not yet rounded; None is a gap), clipped to the raster."""
        on, off = (DASHES if self.braille else _PLAIN_DASHES)[dash % 3]
        period, count = on + off, 0
        before: Point | None = None
        for point in points:
            if point is None:
                before, count = None, 0
                continue
            if before is None:
                if self._inside(point):
                    self.dot(round(point[0]), round(point[1]), owner)
            else:
                count = self._segment(before, point, owner, on, period, count)
            before = point

    def _inside(self, point: Point) -> bool:
        return -0.5 <= point[0] < self.columns - 0.5 and -0.5 <= point[1] < self.rows - 0.5

    def upright(self, x: int, y0: int, y1: int, owner: int) -> None:
        """All dots of column x from row y0 to row y1, both inside: a cell at a time, not a dot at a time."""
        if y0 > y1:
            y0, y1 = y1, y0
        if not self.braille:
            for y in range(y0, y1 + 1):
                self.dot(x, y, owner)
            return
        side, width, bits, owners = x & 1, self.width, self.bits, self.owner
        cell, last = (y0 >> 2) * width + (x >> 1), (y1 >> 2) * width + (x >> 1)
        first_rows, last_rows = _FROM[y0 & 3][side], _UPTO[y1 & 3][side]
        owners[cell] = owners[last] = owner
        if cell == last:
            bits[cell] |= first_rows & last_rows
            return
        bits[cell] |= first_rows
        bits[last] |= last_rows
        whole = _FROM[0][side]
        for between in range(cell + width, last, width):
            bits[between] |= whole
            owners[between] = owner

    def _steep(self, start: Point, end: Point, owner: int) -> None:
        """A solid segment that rises faster than it goes: one upright piece for each column."""
        x, y, x1, y1 = round(start[0]), round(start[1]), round(end[0]), round(end[1])
        step, columns = (1 if x < x1 else -1), abs(x1 - x)
        rise = (y1 - y) / (columns + 1)
        above = y
        for i in range(columns):
            reach = round(y + rise * (i + 1))
            self.upright(x, above, reach, owner)
            above, x = reach, x + step
        self.upright(x1, above, y1, owner)

    def _segment(self, start: Point, end: Point, owner: int, on: int, period: int, count: int) -> int:
        """Draw one segment; `count` goes on along the line, so that dashes run through. Returns it."""
        if not (self._inside(start) and self._inside(end)):
            clipped = clip(start, end, self.columns - 1, self.rows - 1)
            if clipped is None:
                return count
            start, end = clipped
        if on == period and abs(end[1] - start[1]) > 2 * abs(end[0] - start[0]):
            self._steep(start, end, owner)
            return count
        x, y, x1, y1 = round(start[0]), round(start[1]), round(end[0]), round(end[1])
        dx, dy = abs(x1 - x), -abs(y1 - y)
        step_x, step_y = (1 if x < x1 else -1), (1 if y < y1 else -1)
        error = dx + dy
        while True:
            if count % period < on:
                self.dot(x, y, owner)
            if x == x1 and y == y1:
                return count
            count += 1
            twice = 2 * error
            if twice >= dy:
                error += dy
                x += step_x
            if twice <= dx:
                error += dx
                y += step_y

    def onto(self, grid: Grid, column: int, row: int, styles: list[str]) -> None:
        """Write what is drawn onto a grid, upper left cell at (column, row). styles: one for each owner."""
        for i, bits in enumerate(self.bits):
            if bits:
                owner = self.owner[i]
                char = chr(BRAILLE + bits) if self.braille else PLAIN[owner % len(PLAIN)]
                grid.put(column + i % self.width, row + i // self.width, char, styles[owner])


def clip(start: Point, end: Point, right: float, bottom: float) -> tuple[Point, Point] | None:
    """The part of a segment within 0 … right and 0 … bottom, or None where it lies outside."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    enter, leave = 0.0, 1.0
    for way, room in ((-dx, x0), (dx, right - x0), (-dy, y0), (dy, bottom - y0)):
        if way == 0:
            if room < 0:
                return None
        elif way < 0:
            enter = max(enter, room / way)
        else:
            leave = min(leave, room / way)
    if enter > leave:
        return None
    return (x0 + enter * dx, y0 + enter * dy), (x0 + leave * dx, y0 + leave * dy)
