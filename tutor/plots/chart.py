"""Charts: curves and points over axes, with legend, marks and guides, at any size.

loss                     ── train  ╌╌ val        ylabel and legend (title above where there is one)
1.0 ┤⡇
    │⢣   ● w₀                                    the canvas
0.5 ┤⠈⢆
  0 ┼───┬───────┬───────┬─────
    0  10      20      30  epoch                 ticks and xlabel
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from msgspec.structs import replace

from tutor.plots.axes import Axis, fitted
from tutor.plots.canvas import Frame, beacons, beacons_wanted, guide_labels, guides, lines, marks, sample, shapes
from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.reduce import reduce_minmax
from tutor.plots.scene import Chart, Series

Entry: TypeAlias = tuple[str, str, int]
"""A line of the legend: what stands for the series, its label, the number of its colour."""


def draw_chart(chart: Chart, width: int, height: int, look: PlotLook) -> Grid:
    """The chart on a grid of width x height cells."""
    grid = Grid(width, height, ascii=look.ascii)
    series = [thinned(s, chart, 2 * width) for s in styled(chart.series)]
    top = header(grid, chart, entries_of(series, look), look)
    frame = _frame(grid, chart, series, top)
    if frame is None:
        grid.put(0, min(top, height - 1), fit("no room for the chart", width), look.quiet)
        return grid
    _axes(grid, frame, chart, look)
    guides(grid, frame, chart, look)
    lines(grid, frame, series, look)
    beacons(grid, frame, series, look)
    for i, one in enumerate(series):
        shapes(grid, frame, one, i, look)
    marks(grid, frame, chart, look)
    guide_labels(grid, frame, chart, look)
    return grid


def styled(series: Sequence[Series]) -> list[Series]:
    """Series with a colour and a dash each. Where all lines are solid, the second is dashed, the third dotted."""
    lines = [s for s in series if s.kind in ("line", "step")]
    alike = len(lines) > 1 and all(s.dash == 0 for s in lines)
    done, drawn = [], 0
    for i, one in enumerate(series):
        dash = one.dash
        if alike and one.kind in ("line", "step"):
            dash, drawn = drawn % 3, drawn + 1
        done.append(replace(one, colour=one.colour if one.colour >= 0 else i, dash=dash))
    return done


def thinned(series: Series, chart: Chart, buckets: int) -> Series:
    """A curve with only the points that can be seen on so many columns of dots."""
    if series.kind not in ("line", "step") or len(series.x) <= 4 * buckets:
        return series
    x, y = reduce_minmax(series.x, series.y, buckets, log=chart.xscale == "log", limits=chart.xlimits)
    return replace(series, x=tuple(x), y=tuple(y))


# ------------------------------------------------------------------ around the canvas


def entries_of(series: list[Series], look: PlotLook) -> list[Entry]:
    """What the legend has to say."""
    signs = beacons_wanted(series, look)
    return [(sample(s, i, look, signs=signs), s.label, s.colour) for i, s in enumerate(series) if s.label]


def header(grid: Grid, chart: Chart, entries: list[Entry], look: PlotLook) -> int:
    """Title, ylabel and legend. Returns how many rows they took."""
    entries = _shown(grid, chart, entries) if grid.height >= 6 else []
    size = sum(grid.measure(mark) + grid.measure(label) + 3 for mark, label, _ in entries) - 2
    row = 0
    if chart.title:
        title = fit(chart.title, grid.width)
        grid.put(0, 0, title, look.heading)
        beside = entries and not chart.ylabel and grid.measure(title) + 3 + size <= grid.width
        row = 0 if beside else 1
    if chart.ylabel:
        grid.put(0, row, fit(chart.ylabel, grid.width - size - 2 if entries else grid.width), look.quiet)
    column = grid.width - size
    for mark, label, colour in entries:
        column = grid.put(column, row, mark, look.colour(colour)) + 1
        column = grid.put(column, row, label, look.ink) + 2
    return row + 1 if chart.ylabel or entries else row


def _shown(grid: Grid, chart: Chart, entries: list[Entry]) -> list[Entry]:
    """What the legend says: nothing where title or ylabel say it already, and only as many as fit, with an ellipsis
    for the others."""
    if len(entries) == 1 and entries[0][1] in (chart.ylabel, chart.title):
        return []
    room = grid.width - min(grid.measure(chart.ylabel), grid.width // 4) - 2 if chart.ylabel else grid.width
    shown: list[Entry] = []
    for i, (mark, label, colour) in enumerate(entries):
        size = grid.measure(mark) + grid.measure(label) + 3
        rest = 0 if i == len(entries) - 1 else 4
        if size - 2 + rest > room:
            return [*shown, ("", "…", colour)] if shown else []
        room -= size
        shown.append((mark, label, colour))
    return shown


def _frame(grid: Grid, chart: Chart, series: list[Series], top: int) -> Frame | None:
    height = grid.height - top - 2
    if height < 1:
        return None
    x_axis, y_axis = axes_of(chart, series)
    _, labels = y_axis.ticks(_count(height, 3))
    left = max((grid.measure(t) for t in labels), default=1) + 2
    width = grid.width - left
    if width < 4:
        return None
    return Frame(left, top, width, height, x_axis, y_axis)


def axes_of(chart: Chart, series: list[Series]) -> tuple[Axis, Axis]:
    """The axes of x and y: the limits that are given, else what shows everything."""
    x, y = _axis_values(chart, series)
    x_axis = fitted(x, chart.xlimits, chart.xscale)
    y_axis = fitted(y, chart.ylimits, chart.yscale, margin=0.04)
    if any(s.kind in ("points", "path", "stem") for s in series) and chart.xlimits is None:
        x_axis = fitted(x, None, chart.xscale, margin=0.03)
        if x_axis.low == 0 < min((v for v in x if math.isfinite(v)), default=0):
            x_axis = Axis(0.0, x_axis.high)
    return x_axis, y_axis


def _count(room: int, each: int) -> int:
    return max(3, room // each)


def _axis_values(chart: Chart, series: list[Series]) -> tuple[list[float], list[float]]:
    """What the axes must show: all series and marks, and the foot of stems."""
    x: list[float] = [m.x for m in chart.marks]
    y: list[float] = [m.y for m in chart.marks]
    inside = chart.xlimits
    for one in series:
        x += one.x
        if inside is None:
            y += one.y
        else:
            y += [b for a, b in zip(one.x, one.y, strict=False) if inside[0] <= a <= inside[1]]
        if one.kind == "stem":
            y.append(0.0)
    return x, y


def _axes(grid: Grid, frame: Frame, chart: Chart, look: PlotLook) -> None:
    bottom, bar = frame.top + frame.height, frame.left - 1
    for row in range(frame.top, bottom):
        grid.put(bar, row, "│", look.quiet)
    grid.put(bar, bottom, "┼" + "─" * frame.width, look.quiet)
    values, labels = frame.y.ticks(_count(frame.height, 3))
    for value, label in zip(values, labels, strict=True):
        dot = round((1 - frame.y.place(value)) * (frame.height * 4 - 1))
        row = bottom if dot >= frame.height * 4 - 1 else frame.top + dot // 4
        grid.put(bar, row, "┼" if row == bottom else "┤", look.quiet)
        grid.put_right(bar - 1, row, label, look.quiet)
    _x_ticks(grid, frame, chart.xlabel, look, whole=chart.whole_x)


def _x_ticks(grid: Grid, frame: Frame, xlabel: str, look: PlotLook, *, whole: bool = False) -> None:
    bottom = frame.top + frame.height
    count = _count(frame.width, 7)
    if whole:
        count = max(1, min(count, int(frame.x.high - frame.x.low)))
    values, labels = frame.x.ticks(count)
    name = fit(xlabel, max(frame.width * 2 // 3, 1))
    room = grid.width - (grid.measure(name) + 1 if name else 0)
    if name:
        grid.put_right(grid.width, bottom + 1, name, look.quiet)
    taken = -1
    for value, label in zip(values, labels, strict=True):
        column = frame.left + round(frame.x.place(value) * (frame.width * 2 - 1)) // 2
        if column >= grid.width:
            continue
        size = grid.measure(label)
        start = max(column - size // 2, 0)
        if start + size > grid.width and not name:
            start = grid.width - size
        if start > taken and start + size <= room:
            grid.put(column, bottom, "┬", look.quiet)
            grid.put(start, bottom + 1, label, look.quiet)
            taken = start + size
