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
from dataclasses import dataclass

from msgspec.structs import replace

from tutor.plots.axes import Axis, fitted
from tutor.plots.dots import PLAIN, Dots, Point
from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.reduce import reduce_minmax
from tutor.plots.scene import Chart, Series

GLYPHS = ("●", "○", "◆", "◇", "×", "+")
LINE_SAMPLES = ("──", "╌╌", "··")
MAX_CELLS = 1_200
"""Charts with more cells than this are not left to plotext: it would take too long."""
_FEW = 60
"""Up to so many points of a series are drawn as shapes, more as dots."""


@dataclass
class Frame:
    """Where the canvas of a chart lies on its grid, and its two axes."""

    left: int
    top: int
    width: int
    height: int
    x: Axis
    y: Axis

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The grid cell of a point, or None where it cannot be shown."""
        across, up = self.x.place(x), self.y.place(y)
        if not (-1e-9 <= across <= 1 + 1e-9 and -1e-9 <= up <= 1 + 1e-9):
            return None
        column = round(across * (self.width * 2 - 1)) // 2
        row = round((1 - up) * (self.height * 4 - 1)) // 4
        return self.left + column, self.top + row


def draw_chart(chart: Chart, width: int, height: int, look: PlotLook) -> Grid:
    """The chart on a grid of width x height cells."""
    grid = Grid(width, height, ascii=look.ascii)
    series = [_thinned(s, chart, 2 * width) for s in styled(chart.series)]
    top = _header(grid, chart, series, look)
    frame = _frame(grid, chart, series, top)
    if frame is None:
        grid.put(0, min(top, height - 1), fit("no room for the chart", width), look.quiet)
        return grid
    _axes(grid, frame, chart, look)
    _guides(grid, frame, chart, look)
    _lines(grid, frame, chart, series, look)
    for i, one in enumerate(series):
        _shapes(grid, frame, one, i, look)
    _marks(grid, frame, chart, look)
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


def _thinned(series: Series, chart: Chart, buckets: int) -> Series:
    """A curve with only the points that can be seen on so many columns of dots."""
    if series.kind not in ("line", "step") or len(series.x) <= 4 * buckets:
        return series
    x, y = reduce_minmax(series.x, series.y, buckets, log=chart.xscale == "log", limits=chart.xlimits)
    return replace(series, x=tuple(x), y=tuple(y))


# ------------------------------------------------------------------ around the canvas


def _header(grid: Grid, chart: Chart, series: list[Series], look: PlotLook) -> int:
    """Title, ylabel and legend. Returns how many rows they took."""
    entries = _entries(grid, chart, series, look) if grid.height >= 6 else []
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


def _entries(grid: Grid, chart: Chart, series: list[Series], look: PlotLook) -> list[tuple[str, str, int]]:
    """What the legend says, (sample, label, colour) each: nothing where title or ylabel say it already, and only
    as many as fit, with an ellipsis for the others."""
    entries = [(sample(s, i, look), s.label, s.colour) for i, s in enumerate(series) if s.label]
    if len(entries) == 1 and entries[0][1] in (chart.ylabel, chart.title):
        return []
    room = grid.width - min(grid.measure(chart.ylabel), grid.width // 4) - 2 if chart.ylabel else grid.width
    shown: list[tuple[str, str, int]] = []
    for i, (mark, label, colour) in enumerate(entries):
        size = grid.measure(mark) + grid.measure(label) + 3
        rest = 0 if i == len(entries) - 1 else 4
        if size - 2 + rest > room:
            return [*shown, ("", "…", colour)] if shown else []
        room -= size
        shown.append((mark, label, colour))
    return shown


def sample(series: Series, number: int, look: PlotLook) -> str:
    """Two characters (one for points) that stand for a series in a legend."""
    if series.kind == "points":
        return glyph(number, look)
    if not look.braille:
        return PLAIN[number % len(PLAIN)] * 2
    if series.kind == "path":
        return "●─"
    return LINE_SAMPLES[series.dash % 3]


def glyph(number: int, look: PlotLook) -> str:
    return PLAIN[number % len(PLAIN)] if look.ascii else GLYPHS[number % len(GLYPHS)]


def _frame(grid: Grid, chart: Chart, series: list[Series], top: int) -> Frame | None:
    height = grid.height - top - 2
    if height < 1:
        return None
    x, y = _axis_values(chart, series)
    x_axis = fitted(x, chart.xlimits, chart.xscale)
    y_axis = fitted(y, chart.ylimits, chart.yscale, margin=0.04)
    if any(s.kind in ("points", "path", "stem") for s in series) and chart.xlimits is None:
        x_axis = fitted(x, None, chart.xscale, margin=0.03)
        if x_axis.low == 0 < min((v for v in x if math.isfinite(v)), default=0):
            x_axis = Axis(0.0, x_axis.high)
    _, labels = y_axis.ticks(_count(height, 3))
    left = max((grid.measure(t) for t in labels), default=1) + 2
    width = grid.width - left
    if width < 4:
        return None
    return Frame(left, top, width, height, x_axis, y_axis)


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
    _x_ticks(grid, frame, chart.xlabel, look)


def _x_ticks(grid: Grid, frame: Frame, xlabel: str, look: PlotLook) -> None:
    bottom = frame.top + frame.height
    values, labels = frame.x.ticks(_count(frame.width, 7))
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


# ------------------------------------------------------------------ on the canvas


def _guides(grid: Grid, frame: Frame, chart: Chart, look: PlotLook) -> None:
    for guide in chart.guides:
        if guide.axis == "y":
            cell = frame.cell(frame.x.low, guide.at)
            if cell:
                grid.put(frame.left, cell[1], "┄" * frame.width, look.quiet)
                grid.put_right(grid.width, cell[1], guide.label and " " + guide.label, look.quiet)
        else:
            cell = frame.cell(guide.at, frame.y.low)
            if cell:
                for row in range(frame.top, frame.top + frame.height):
                    grid.put(cell[0], row, "┆", look.quiet)
                grid.put_middle(cell[0], frame.top, guide.label, look.quiet, frame.left)


def _lines(grid: Grid, frame: Frame, chart: Chart, series: list[Series], look: PlotLook) -> None:
    dots = Dots(frame.width, frame.height, braille=look.braille)
    if not _by_plotext(dots, frame, chart, series, look):
        for i, one in enumerate(series):
            _series_dots(dots, frame, one, i)
    dots.onto(grid, frame.left, frame.top, [look.colour(s.colour) for s in series])


def _by_plotext(dots: Dots, frame: Frame, chart: Chart, series: list[Series], look: PlotLook) -> bool:
    """Whether the chart is plain enough to be drawn by plotext, and then draws it."""
    if len(series) != 1 or chart.marks or chart.guides or not look.braille or look.live:
        return False
    one = series[0]
    cloud = one.kind == "points" and len(one.x) > _FEW
    if not (cloud or (one.kind == "line" and one.dash == 0)) or frame.width * frame.height > MAX_CELLS:
        return False
    points = _points(dots, frame, one)
    if not all(p is None or (0 <= p[0] <= dots.columns - 1 and 0 <= p[1] <= dots.rows - 1) for p in points):
        return False
    from tutor.plots.plotext_chart import curve

    dots.merge(curve(points, frame.width, frame.height, joined=not cloud), 0)
    return True


def _points(dots: Dots, frame: Frame, series: Series) -> list[Point | None]:
    """The points of a series in dots, with None where a value is missing."""
    right, bottom = dots.columns - 1, dots.rows - 1
    points: list[Point | None] = []
    for a, b in zip(series.x, series.y, strict=False):
        across, up = frame.x.place(a), frame.y.place(b)
        points.append(None if across != across or up != up else (across * right, (1 - up) * bottom))
    return points


def _series_dots(dots: Dots, frame: Frame, series: Series, number: int) -> None:
    points = _points(dots, frame, series)
    if series.kind == "points":
        if len(series.x) > _FEW:
            for point in points:
                if point is not None:
                    dots.dot(round(point[0]), round(point[1]), number)
    elif series.kind == "stem":
        foot = (1 - min(max(frame.y.place(0.0), 0.0), 1.0)) * (dots.rows - 1) if not frame.y.log else dots.rows - 1
        for point in points:
            if point is not None:
                dots.line([(point[0], foot), point], number)
    else:
        dots.line(_stairs(points) if series.kind == "step" else points, number, series.dash)


def _stairs(points: list[Point | None]) -> list[Point | None]:
    """Level until the next x, then straight up or down."""
    stairs: list[Point | None] = []
    for point in points:
        if point is not None and stairs and stairs[-1] is not None:
            stairs.append((point[0], stairs[-1][1]))
        stairs.append(point)
    return stairs


def _shapes(grid: Grid, frame: Frame, series: Series, number: int, look: PlotLook) -> None:
    """The shapes of points, where they are few enough to be told apart."""
    few = len(series.x) <= _FEW
    if series.kind not in ("points", "path", "stem") or not few:
        return
    char = glyph(number, look) if series.kind == "points" else ("*" if look.ascii else "•")
    for x, y in zip(series.x, series.y, strict=False):
        cell = frame.cell(x, y)
        if cell:
            grid.put(*cell, char, look.colour(series.colour))


def _marks(grid: Grid, frame: Frame, chart: Chart, look: PlotLook) -> None:
    cells = [(m, frame.cell(m.x, m.y)) for m in chart.marks]
    taken = {cell for _, cell in cells if cell}
    for mark, cell in cells:
        if cell:
            grid.put(*cell, "●", f"{look.strong} {look.colour(mark.colour)}".strip())
    for mark, cell in cells:
        if cell and mark.label:
            place = _beside(grid, frame, cell, grid.measure(mark.label), taken)
            grid.put(*place, mark.label, f"{look.strong} {look.ink}".strip())
            taken |= {(place[0] + i, place[1]) for i in range(grid.measure(mark.label))}


def _beside(grid: Grid, frame: Frame, cell: tuple[int, int], size: int, taken: set[tuple[int, int]]) -> tuple[int, int]:
    """Where a label of `size` cells beside a mark covers least."""
    column, row = cell
    places = [
        (column + 2, row), (column - size - 1, row), (column + 1, row - 1), (column - size, row - 1),
        (column + 1, row + 1), (column - size, row + 1),
        (column - size // 2, row - 1), (column - size // 2, row + 1),
    ]  # fmt: skip

    def covered(place: tuple[int, int]) -> int:
        cost = 0
        for i in range(size):
            spot = (place[0] + i, place[1])
            outside = not (frame.left <= spot[0] < grid.width and frame.top <= spot[1] < frame.top + frame.height)
            cost += 100 * (outside or spot in taken) + (not grid.free(*spot) if not outside else 0)
        return cost

    return min(places, key=covered)
