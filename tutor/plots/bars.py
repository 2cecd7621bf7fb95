"""Bars and histograms, in eighths of a cell: values are read from the numbers, compared by the lengths."""

from __future__ import annotations

import math

from tutor.plots.axes import Axis
from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.scene import Bars, Histogram
from tutor.words import short

UP = " ▁▂▃▄▅▆▇█"
RIGHT = " ▏▎▍▌▋▊▉█"
_ASCII_FILLS = "#=o:x+"
_FILLS = "█▓▒░"


def draw_bars(bars: Bars, width: int, height: int, look: PlotLook) -> Grid:
    """Upright bars, or lying ones where asked for (and where upright ones have no room for their labels)."""
    grid = Grid(width, height, ascii=look.ascii)
    top = _head(grid, bars, look)
    count, groups = len(bars.labels), len(bars.values)
    if not count or not groups or height - top < 1:
        return grid
    each = width // max(count, 1)
    crowded = each < max(groups, *(min(grid.measure(t), 8) for t in bars.labels)) + 1
    if bars.horizontal or (crowded and count * groups <= height - top):
        _lying(grid, bars, top, look)
    else:
        _upright(grid, bars, top, look)
    return grid


def _head(grid: Grid, bars: Bars, look: PlotLook) -> int:
    """Title, then ylabel and the legend of the groups. Returns how many rows they took."""
    row = 0
    if bars.title:
        grid.put(0, 0, fit(bars.title, grid.width), look.heading)
        row = 1
    if bars.ylabel:
        grid.put(0, row, fit(bars.ylabel, grid.width), look.quiet)
    if len(bars.groups) > 1:
        column = grid.width - sum(grid.measure(g) + 4 for g in bars.groups) + 2
        for i, name in enumerate(bars.groups):
            column = grid.put(column, row, fill(i, look), look.colour(i)) + 1
            column = grid.put(column, row, name, look.ink) + 2
    return row + bool(bars.ylabel or len(bars.groups) > 1)


def fill(group: int, look: PlotLook) -> str:
    """The character that fills the bars of a group; without colours groups differ by it."""
    if look.ascii:
        return _ASCII_FILLS[group % len(_ASCII_FILLS)]
    return _FILLS[group % len(_FILLS)] if look.colours == "none" else "█"


def limits_of(values: list[float], limits: tuple[float, float] | None) -> tuple[float, float]:
    """low and high of the axis: always with 0 inside, unless given."""
    if limits is not None and limits[0] < limits[1]:
        return limits
    finite = [v for v in values if math.isfinite(v)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    return (low, high) if low < high else (0.0, 1.0)


def _lying(grid: Grid, bars: Bars, top: int, look: PlotLook) -> None:
    values = [v for group in bars.values for v in group]
    low, high = limits_of(values, bars.limits)
    names = min(max(grid.measure(t) for t in bars.labels), grid.width // 3)
    numbers = max(grid.measure(short(v)) for v in values)
    room = max(grid.width - names - numbers - 3, 1)
    zero = round(-low / (high - low) * room) if low < 0 < high else 0 if high > 0 else room
    row = top
    for j, label in enumerate(bars.labels):
        for i, group in enumerate(bars.values):
            if row >= grid.height:
                return
            value = group[j] if j < len(group) else math.nan
            if i == 0:
                grid.put_right(names, row, fit(label, names), look.ink)
            _lay(grid, names + 1, row, room, zero, low, high, value, i, look)
            row += 1


def _lay(
    grid: Grid, left: int, row: int, room: int, zero: int, low: float, high: float, value: float, group: int,
    look: PlotLook,
) -> None:  # fmt: skip
    """One lying bar with its number at its end."""
    if not math.isfinite(value):
        grid.put(left + zero + 1, row, short(value), look.quiet)
        return
    base = min(max(0.0, low), high)
    length = (min(max(value, low), high) - base) / (high - low) * room
    char, style = fill(group, look), look.colour(group)
    whole, part = int(abs(length)), round((abs(length) - int(abs(length))) * 8)
    if length >= 0:
        grid.put(left + zero, row, char * whole, style)
        if part and char == "█":
            grid.put(left + zero + whole, row, RIGHT[part], style)
        grid.put(left + zero + whole + bool(part) + 1, row, short(value), look.quiet)
    else:
        whole = max(round(abs(length)), 1)
        grid.put(left + zero - whole, row, char * whole, style)
        grid.put(left + zero + 1, row, short(value), look.quiet)


def _upright(grid: Grid, bars: Bars, top: int, look: PlotLook) -> None:
    values = [v for group in bars.values for v in group]
    low, high = limits_of(values, bars.limits)
    frame = _Upright(grid, top, low, high, look, xlabel=bars.xlabel)
    count, groups = len(bars.labels), len(bars.values)
    each = frame.room // count
    if each < 1:
        grid.put(0, top, fit("more bars than there are columns", grid.width), look.quiet)
        return
    thick = max(min((each - 1) // groups, 8), 1) if each > groups else 1
    for j, label in enumerate(bars.labels):
        start = frame.left + j * each + max((each - thick * groups) // 2, 0)
        for i, group in enumerate(bars.values):
            value = group[j] if j < len(group) else math.nan
            frame.bar(start + i * thick, thick, value, i)
            if groups == 1 and each > grid.measure(short(value, 3)):
                frame.number(start + thick // 2, value)
        if each > 1:
            grid.put_middle(frame.left + j * each + each // 2, frame.bottom + 1, fit(label, each - 1), look.quiet)


class _Upright:
    """Axes for upright bars: low … high over the rows top … bottom − 1."""

    def __init__(
        self, grid: Grid, top: int, low: float, high: float, look: PlotLook, *, xlabel: str = "", labels: int = 1
    ) -> None:
        self.grid, self.look = grid, look
        self.top, self.bottom = top + 1, max(grid.height - 1 - labels - bool(xlabel), top + 2)
        self.axis = Axis(low, high)
        rows = self.bottom - self.top
        values, texts = self.axis.ticks(max(rows // 3, 3))
        self.left = max(grid.measure(t) for t in texts) + 2
        self.room = max(grid.width - self.left, 0)
        for row in range(self.top, self.bottom):
            grid.put(self.left - 1, row, "│", look.quiet)
        for value, text in zip(values, texts, strict=True):
            row = self.row(value)
            grid.put_right(self.left - 2, row, text, look.quiet)
            grid.put(self.left - 1, row, "┤" if row < self.bottom else "┼", look.quiet)
        self.zero = self.row(min(max(0.0, low), high))
        grid.put(self.left - 1, self.zero, "┼" + "─" * self.room, look.quiet)
        if xlabel:
            grid.put_middle(self.left + self.room // 2, grid.height - 1, fit(xlabel, grid.width), look.quiet)

    def row(self, value: float) -> int:
        return self.bottom - round(self.axis.place(value) * (self.bottom - self.top))

    def bar(self, column: int, thick: int, value: float, group: int) -> None:
        """One bar from 0 to value."""
        if not math.isfinite(value):
            self.grid.put(column, self.zero - 1, "?", self.look.quiet)
            return
        char, style = fill(group, self.look), self.look.colour(group)
        clipped = min(max(value, self.axis.low), self.axis.high)
        base = min(max(0.0, self.axis.low), self.axis.high)
        eighths = abs(round((self.axis.place(clipped) - self.axis.place(base)) * (self.bottom - self.top) * 8))
        if char == "█":
            eighths = self._foot(column, thick, style, eighths, up=value >= base)
        if value >= base:
            for k in range(eighths // 8):
                self.grid.put(column, self.zero - 1 - k, char * thick, style)
            if eighths % 8:
                part = UP[eighths % 8] if char == "█" else char if eighths % 8 >= 4 else " "
                if part != " ":
                    self.grid.put(column, self.zero - 1 - eighths // 8, part * thick, style)
        else:
            for k in range(round(eighths / 8)):
                self.grid.put(column, self.zero + 1 + k, char * thick, style)

    def _foot(self, column: int, thick: int, style: str, eighths: int, *, up: bool) -> int:
        """Let a bar begin on the axis, whose line runs through the middle of its row. Returns what is left."""
        if eighths >= 4:
            self.grid.put(column, self.zero, ("▀" if up else "▄") * thick, style)
        elif eighths:
            self.grid.put(column, self.zero, "━" * thick, style)
        return max(eighths - 4, 0)

    def number(self, column: int, value: float) -> None:
        """The number above a bar (below one that hangs)."""
        if not math.isfinite(value):
            return
        clipped = min(max(value, self.axis.low), self.axis.high)
        level = (self.axis.place(clipped) - self.axis.place(min(max(0.0, self.axis.low), self.axis.high))) * (
            self.bottom - self.top
        )
        row = self.zero - 1 - math.ceil(level) if value >= 0 else self.zero + 1 + max(round(-level), 1)
        if row <= self.bottom:
            self.grid.put_middle(column, max(row, self.top - 1), short(value, 3), self.look.ink, self.left)


def draw_histogram(histogram: Histogram, width: int, height: int, look: PlotLook) -> Grid:
    """Counts as bars that touch, over an axis of values."""
    grid = Grid(width, height, ascii=look.ascii)
    top = 0
    if histogram.title:
        grid.put(0, 0, fit(histogram.title, width), look.heading)
        top = 1
    if histogram.ylabel:
        grid.put(0, top, fit(histogram.ylabel, width), look.quiet)
    if not histogram.counts or height - top < 4:
        return grid
    frame = _Upright(grid, top, *limits_of(list(histogram.counts), None), look)
    edges = histogram.edges
    span = edges[-1] - edges[0] or 1.0
    scale = min(frame.room, max(frame.room // len(histogram.counts), 1) * len(histogram.counts)) / span
    for i, count in enumerate(histogram.counts):
        start, end = round((edges[i] - edges[0]) * scale), round((edges[i + 1] - edges[0]) * scale)
        frame.bar(frame.left + start, max(end - start, 1), count, 0)
    _value_axis(grid, frame, edges[0], edges[-1], round(span * scale), histogram.xlabel, look)
    return grid


def _value_axis(grid: Grid, frame: _Upright, low: float, high: float, across: int, xlabel: str, look: PlotLook) -> None:
    name = fit(xlabel, frame.room * 2 // 3)
    end = grid.width - (grid.measure(name) + 1 if name else 0)
    grid.put_right(grid.width, frame.bottom + 1, name, look.quiet)
    axis, taken = Axis(low, high) if low < high else Axis(low, low + 1), -1
    values, texts = axis.ticks(max(across // 9, 2))
    if len(values) < 2:  # one place alone gives no scale
        values, texts = axis.ticks(4)
    for value, text in zip(values, texts, strict=True):
        column = frame.left + round(axis.place(value) * across)
        start = max(column - grid.measure(text) // 2, 0)
        if start > taken and start + grid.measure(text) <= end:
            if column < grid.width and grid.chars[frame.bottom][column] in "─-":
                grid.put(column, frame.bottom, "┬", look.quiet)
            grid.put(start, frame.bottom + 1, text, look.quiet)
            taken = start + grid.measure(text)
