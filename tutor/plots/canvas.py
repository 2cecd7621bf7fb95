"""What stands on the canvas of a chart: guides, lines, the shapes of points, and marks with their labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.plots.axes import Axis
from tutor.plots.dots import PLAIN, Dots, Point
from tutor.plots.grid import Grid
from tutor.plots.look import PlotLook
from tutor.plots.scene import Chart, Series

LINE_SAMPLES = ("──", "╌╌", "··")
GLYPHS = ("●", "○", "◆", "◇", "×", "+")
BEACONS = ("○", "×", "◇", "+", "◆")
"""Signs that lines carry where no colour tells them apart."""
BETWEEN = 9.0
"""Cells of a line's way from one of its signs to the next."""
FEW = 60
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


def glyph(number: int, look: PlotLook) -> str:
    return PLAIN[number % len(PLAIN)] if look.ascii else GLYPHS[number % len(GLYPHS)]


def sample(series: Series, number: int, look: PlotLook, *, signs: bool = False) -> str:
    """Two characters (one for points) that stand for a series in a legend. signs: whether its line carries some."""
    if series.kind == "points":
        return glyph(number, look)
    if not look.braille:
        return PLAIN[number % len(PLAIN)] * 2
    if series.kind == "path":
        return "●─"
    if signs:
        return LINE_SAMPLES[series.dash % 3][0] + BEACONS[number % len(BEACONS)]
    return LINE_SAMPLES[series.dash % 3]


def guides(grid: Grid, frame: Frame, chart: Chart, look: PlotLook) -> None:
    for guide in chart.guides:
        if guide.axis == "y":
            cell = frame.cell(frame.x.low, guide.at)
            if cell:
                grid.put(frame.left, cell[1], "┄" * frame.width, look.quiet)
        else:
            cell = frame.cell(guide.at, frame.y.low)
            if cell:
                for row in range(frame.top, frame.top + frame.height):
                    grid.put(cell[0], row, "┆", look.quiet)
                grid.put_middle(cell[0], frame.top, guide.label, look.quiet, frame.left)


def guide_labels(grid: Grid, frame: Frame, chart: Chart, look: PlotLook) -> None:
    """The labels of level guides: at the right end, else above or below it, else at the left; where no curve runs."""
    for guide in chart.guides:
        cell = frame.cell(frame.x.low, guide.at) if guide.axis == "y" and guide.label else None
        if cell is None:
            continue
        text = f" {guide.label}"
        right, left = grid.width - grid.measure(text), frame.left + 1
        places = [(column, cell[1] + by) for column in (right, left) for by in (0, -1, 1)]
        inside = [(x, y) for x, y in places if frame.top <= y < frame.top + frame.height]
        column, row = next((place for place in inside if _empty(grid, *place, grid.measure(text))), (right, cell[1]))
        grid.put(column, row, text, look.quiet)


def _empty(grid: Grid, column: int, row: int, size: int) -> bool:
    """Whether nothing but a guide is there."""
    return column >= 0 and set(grid.chars[row][column : column + size]) <= {" ", "┄", "-"}


def lines(grid: Grid, frame: Frame, series: list[Series], look: PlotLook) -> None:
    dots = Dots(frame.width, frame.height, braille=look.braille)
    for i, one in enumerate(series):
        _series_dots(dots, frame, one, i)
    dots.onto(grid, frame.left, frame.top, [look.colour(s.colour) for s in series])


def beacons_wanted(series: list[Series], look: PlotLook) -> bool:
    """Whether lines carry signs: where several cross, solid and dashed alone are not to be told apart in dots."""
    return look.colours == "none" and look.braille and sum(s.kind in ("line", "step") for s in series) > 1


def beacons(grid: Grid, frame: Frame, series: list[Series], look: PlotLook) -> None:
    """A sign on each line every few cells of its way, never two lines' at the same distance from the start."""
    if not beacons_wanted(series, look):
        return
    dots = Dots(frame.width, frame.height)
    for i, one in enumerate(series):
        if one.kind not in ("line", "step"):
            continue
        points = _points(dots, frame, one)
        left = BETWEEN * (i + 0.5) / len(series)
        for x, y in _along(_stairs(points) if one.kind == "step" else points, left):
            if 0 <= x < frame.width and 0 <= y < frame.height:
                grid.put(frame.left + int(x), frame.top + int(y), BEACONS[i % len(BEACONS)], look.ink)


def _along(points: list[Point | None], left: float) -> Iterator[Point]:
    """Places on a line in cells, BETWEEN apart. left: how far it is to the first."""
    before: Point | None = None
    for point in points:
        here = (point[0] / 2, point[1] / 4) if point is not None else None
        if before is not None and here is not None:
            length = max(abs(here[0] - before[0]), abs(here[1] - before[1]))
            while left <= length:
                share = left / length if length else 0.0
                yield before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])
                left += BETWEEN
            left -= length
        before = here


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
        if len(series.x) > FEW:
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


def shapes(grid: Grid, frame: Frame, series: Series, number: int, look: PlotLook) -> None:
    """The shapes of points, where they are few enough to be told apart."""
    few = len(series.x) <= FEW
    if series.kind not in ("points", "path", "stem") or not few:
        return
    char = glyph(number, look) if series.kind == "points" else ("*" if look.ascii else "•")
    for x, y in zip(series.x, series.y, strict=False):
        cell = frame.cell(x, y)
        if cell:
            grid.put(*cell, char, look.colour(series.colour))


def marks(grid: Grid, frame: Frame, chart: Chart, look: PlotLook) -> None:
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
