"""Bars and histograms by plotext: blocks over axes, upright or lying, with their numbers at their ends."""

from __future__ import annotations

import math

from rich.cells import cell_len

from tutor.commands.pen.curves_drawn import LEAST_COLUMNS, LEAST_ROWS
from tutor.commands.pen.plotext_page import PlotextPage
from tutor.plots.axes import Axis
from tutor.plots.bars import draw_bars, draw_histogram, fill, limits_of
from tutor.plots.chart import Entry, header
from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.scene import Bars, Chart, Histogram
from tutor.words import short

SHARE = 0.8
"""Of the room for a label, what its upright bars take."""
HALVES = "hd"
"""plotext's name for blocks of a quarter of a cell: two dots across, two up."""
_THICK = ((3, 1), (2, 1), (1, 1), (1, 0))
"""Rows of a lying bar, and between the bars of two labels: the first that have room."""


def bars(what: Bars, width: int, height: int, look: PlotLook) -> Grid:
    """Upright bars; lying ones where asked for, and where upright ones have no room for their labels."""
    grid = Grid(width, height, ascii=look.ascii)
    entries: list[Entry] = [(fill(i, look), name, i) for i, name in enumerate(what.groups) if len(what.groups) > 1]
    top = header(grid, Chart((), title=what.title, ylabel=what.ylabel), entries, look)
    count, groups = len(what.labels), len(what.values)
    if not count or not groups or width < LEAST_COLUMNS or height - top < LEAST_ROWS:
        return draw_bars(what, width, height, look)
    each = width // count
    crowded = each < max(groups, *(grid.measure(label) for label in what.labels)) + 2
    lying = what.horizontal or (crowded and count * groups <= height - top - 3)
    if (each < 2 and not lying) or (lying and count * groups > height - top - 3):
        return draw_bars(what, width, height, look)
    page = (_lying if lying else _upright)(width, height - top, what, look)
    grid.blit(page.grid(), 0, top)
    return grid


def _axis(what: Bars, cells: int) -> Axis:
    """The axis of the values, with room for the numbers at the ends of the bars: so many cells of its length."""
    low, high = limits_of([value for group in what.values for value in group], what.limits)
    room = (high - low) * 2.2 / max(cells - 2, 1)
    return Axis(low - room if low < 0 else low, high + room if high > 0 else high)


def _upright(width: int, rows: int, what: Bars, look: PlotLook) -> PlotextPage:
    page = PlotextPage(width, rows, look)
    axis = _axis(what, page.height - 2)
    count, each = len(what.labels), page.width // len(what.labels)
    names = [((j + 0.5) / count, fit(label, max(each - 2, 1))) for j, label in enumerate(what.labels)]
    values, texts = axis.ticks(max(3, page.height // 3))
    ticks = [(axis.place(value), text) for value, text in zip(values, texts, strict=True)]
    page.ticks(names, ticks, fit(what.xlabel, page.width // 2))
    page.rule("y", axis.place(0.0))
    for i, j, value in _each(what):
        start, end = _part(i, j, len(what.values), count)
        top = _block(page, axis, value, (start, end), i, lying=False)
        text = short(value, 3)
        if len(what.values) == 1 and each > len(text):
            halves = _marker(i, look) == HALVES
            row = round(top * (2 * page.rows - 1)) // 2 if halves else round(top * (page.rows - 1))
            row += -1 if value < 0 else 1
            page.label(text, ((start + end) / 2, row / (page.rows - 1)), page.look.ink, "center")
    return page


def _lying(width: int, rows: int, what: Bars, look: PlotLook) -> PlotextPage:
    """Each bar on whole rows, from the top; the page is no higher than they need."""
    groups, count = len(what.values), len(what.labels)
    around = 2 + bool(what.xlabel)
    fitting = ((t, a) for t, a in _THICK if count * (groups * t + a) <= rows - around)
    thick, apart = next(fitting, _THICK[-1])
    height = count * (groups * thick + apart)
    page = PlotextPage(width, height + around, look)
    names = [page.text(fit(label, width // 3)) for label in what.labels]
    columns = width - 1 - max(map(cell_len, names))
    axis = _axis_across(what, columns)
    ticks = [(axis.place(value), text) for value, text in zip(*axis.ticks(max(3, width // 12)), strict=True)]
    tops = [j * (groups * thick + apart) for j in range(count)]
    left = [(_row(top + groups * thick // 2, height), name) for top, name in zip(tops, names, strict=True)]
    page.ticks(ticks, left, fit(what.xlabel, width // 2))
    if axis.low < 0:
        page.rule("x", axis.place(0.0))
    for i, j, value in _each(what):
        top = tops[j] + i * thick
        fine = 0.5 / (height - 0.5) if _marker(i, look) == HALVES else 0.0
        side = _row(top + thick - 1, height, fine), _row(top, height, fine) + fine
        end = _block(page, axis, value, side, i, lying=True)
        last = round(end * (2 * columns - 1)) // 2
        place = (last - 2 if value < 0 else last + 2) / (columns - 1)
        page.label(
            short(value), (place, _row(top + (thick - 1) // 2, height)), look.ink, "right" if value < 0 else "left"
        )
    return page


def _axis_across(what: Bars, columns: int) -> Axis:
    """The axis of lying bars, with room for the numbers on each side that has bars."""
    values = [value for group in what.values for value in group]
    low, high = limits_of(values, what.limits)
    numbers = max(len(short(value)) for value in values) + 2
    sides = (low < 0) + (high > 0)
    room = (high - low) * numbers / max(columns - sides * numbers, 4)
    return Axis(low - room if low < 0 else low, high + room if high > 0 else high)


def _row(row: int, rows: int, fine: float = 0.0) -> float:
    """The place of a row, counted from the top. fine: the share of half a row, where rows are drawn in halves; then
    that of its lower half."""
    from_below = rows - 1 - row
    return from_below * 2 * fine if fine else from_below / max(rows - 1, 1)


def _each(what: Bars) -> list[tuple[int, int, float]]:
    """(group, label, value) of every bar; a value that is not given is missing."""
    count = len(what.labels)
    return [
        (i, j, group[j] if j < len(group) else math.nan) for i, group in enumerate(what.values) for j in range(count)
    ]


def _part(group: int, label: int, groups: int, labels: int) -> tuple[float, float]:
    """Where the bar of a group stands among those of a label: from and to, as shares of the whole axis."""
    start = label + (1 - SHARE) / 2 + SHARE * group / groups
    return start / labels, (start + SHARE / groups) / labels


def _marker(group: int, look: PlotLook) -> str:
    """What the bars of a group are made of."""
    char = fill(group, look)
    return HALVES if char == "█" and look.braille else char


def _block(page: PlotextPage, axis: Axis, value: float, side: tuple[float, float], group: int, *, lying: bool) -> float:
    """One bar from 0 to value, which need not be finite. Returns where it ends."""
    base = axis.place(min(max(0.0, axis.low), axis.high))
    if not math.isfinite(value) or value == 0:
        return base
    end = axis.place(min(max(value, axis.low), axis.high))
    if value < 0 and not lying:  # the axis runs through the row of 0: a bar that hangs begins below it
        base = max(base - 0.5 / page.rows, end)
    long = (min(base, end), max(base, end))
    page.block(long if lying else side, side if lying else long, _marker(group, page.look), page.look.colour(group))
    return end


def histogram(what: Histogram, width: int, height: int, look: PlotLook) -> Grid:
    """Counts as blocks that touch, over an axis of values."""
    grid = Grid(width, height, ascii=look.ascii)
    top = header(grid, Chart((), title=what.title, ylabel=what.ylabel), [], look)
    if not what.counts or width < LEAST_COLUMNS or height - top < LEAST_ROWS:
        return draw_histogram(what, width, height, look)
    low, high = what.edges[0], what.edges[-1]
    if not (math.isfinite(high - low) and low < high):
        return draw_histogram(what, width, height, look)
    x, y = Axis(low, high), Axis(*limits_of(list(what.counts), None))
    page = PlotextPage(width, height - top, look)
    ticks = [list(zip(map(axis.place, values), texts, strict=True)) for axis, values, texts in (
        (x, *x.ticks(max(width // 12, 2))), (y, *y.ticks(max(3, page.height // 3))),
    )]  # fmt: skip
    page.ticks(ticks[0], ticks[1], fit(what.xlabel, width // 2))
    for i, count in enumerate(what.counts):
        _block(page, y, count, (x.place(what.edges[i]), x.place(what.edges[i + 1])), 0, lying=False)
    grid.blit(page.grid(), 0, top)
    return grid
