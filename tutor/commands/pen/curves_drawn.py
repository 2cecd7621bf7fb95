"""Charts by plotext: lines, steps, paths, points and stems over axes, with legend, marks and guides.

Lines of several series differ in their dashes where there are colours, and in the characters that they are made of
where there are none: never by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tutor.commands.pen.plotext_page import GAP, PlotextPage, Point
from tutor.plots.axes import Axis
from tutor.plots.canvas import BEACONS, FEW, glyph
from tutor.plots.chart import Entry, axes_of, draw_chart, header, styled, thinned
from tutor.plots.dots import DASHES, PLAIN
from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.scene import Chart, Series

LEAST_COLUMNS, LEAST_ROWS = 20, 5
"""Below these our own raster draws: plotext has no room for its axes."""
_SAMPLES = ("──", "╌╌", "··")


def chart(what: Chart, width: int, height: int, look: PlotLook) -> Grid:
    """The chart on a grid of width x height cells."""
    series = [thinned(one, what, 2 * width) for one in styled(what.series)]
    grid = Grid(width, height, ascii=look.ascii)
    top = header(grid, what, _entries(series, look), look)
    if width < LEAST_COLUMNS or height - top < LEAST_ROWS:
        return draw_chart(what, width, height, look)
    x, y = axes_of(what, series)
    places = [_places(one, x, y) for one in series]
    if not any(point == point and min(point) >= 0 and max(point) <= 1 for points in places for point in points):
        return draw_chart(what, width, height, look)
    page = PlotextPage(width, height - top, look)
    page.ticks(_x_ticks(what, x, width), _y_ticks(y, height - top), fit(what.xlabel, width // 2))
    for guide in what.guides:
        page.rule(guide.axis, (x if guide.axis == "x" else y).place(guide.at))
    for number, (one, points) in enumerate(zip(series, places, strict=True)):
        _draw(page, one, number, points, y)
    _labels(page, what, x, y)
    grid.blit(page.grid(), 0, top)
    return grid


def _entries(series: Sequence[Series], look: PlotLook) -> list[Entry]:
    """What the legend has to say."""
    return [(_sample(one, number, look), one.label, one.colour) for number, one in enumerate(series) if one.label]


def _sample(series: Series, number: int, look: PlotLook) -> str:
    if series.kind == "points":
        return glyph(number, look)
    marker = marker_of(number, look)
    if series.kind == "path" and marker == "braille":
        return "●─"
    return _SAMPLES[series.dash % 3] if marker == "braille" else marker * 2


def marker_of(number: int, look: PlotLook) -> str:
    """What a line is made of: dots; without colours, the second and all further ones of signs; without braille, of
    characters."""
    if not look.braille:
        return PLAIN[number % len(PLAIN)]
    return BEACONS[(number - 1) % len(BEACONS)] if look.colours == "none" and number else "braille"


# ------------------------------------------------------------------ axes


def _x_ticks(what: Chart, axis: Axis, width: int) -> list[tuple[float, str]]:
    count = max(3, width // 8)
    if what.whole_x:
        count = max(1, min(count, int(axis.high - axis.low)))
    values, texts = axis.ticks(count)
    found: list[tuple[float, str]] = []
    taken = -1.0
    for value, text in zip(values, texts, strict=True):
        start = axis.place(value) * (width - 6) - len(text) / 2
        if start > taken:
            found.append((axis.place(value), text))
            taken = start + len(text) + 1
    return found


def _y_ticks(axis: Axis, height: int) -> list[tuple[float, str]]:
    values, texts = axis.ticks(max(3, height // 3))
    return [(axis.place(value), text) for value, text in zip(values, texts, strict=True)]


# ------------------------------------------------------------------ series


def _places(series: Series, x: Axis, y: Axis) -> list[Point]:
    """The points as shares of the canvas, a gap where a value cannot be shown."""
    found = []
    for a, b in zip(series.x, series.y, strict=False):
        across, up = x.place(a), y.place(b)
        found.append((across, up) if across == across and up == up else GAP)
    return found


def _draw(page: PlotextPage, series: Series, number: int, points: list[Point], y: Axis) -> None:
    look = page.look
    marker, style = marker_of(number, look), look.colour(series.colour)
    few = len(points) <= FEW
    if series.kind == "points":
        cloud = "braille" if look.braille else glyph(number, look)
        page.dots(points, glyph(number, look) if few else cloud, style)
        return
    if series.kind == "stem":
        foot = 0.0 if y.log else min(max(y.place(0.0), 0.0), 1.0)
        points_of_lines = [end for point in points for end in ((point[0], foot), point, GAP)]
        page.line(points_of_lines, marker, style)
    else:
        line = _stairs(points) if series.kind == "step" else points
        page.line(_dashed(line, series.dash, page) if marker == "braille" else line, marker, style)
    if series.kind in ("path", "stem") and few:
        page.dots(points, "*" if look.ascii else "•", style)


def _stairs(points: list[Point]) -> list[Point]:
    """Level until the next x, then straight up or down."""
    stairs: list[Point] = []
    for point in points:
        if stairs and stairs[-1] == stairs[-1] and point[0] == point[0]:
            stairs.append((point[0], stairs[-1][1]))
        stairs.append(point)
    return stairs


def _dashed(points: list[Point], dash: int, page: PlotextPage) -> list[Point]:
    """The line with gaps, as long as those of our own raster."""
    on, off = DASHES[dash % 3]
    return list(_pieces(points, on, off, (2.0 * page.width, 4.0 * page.height))) if off else points


def _pieces(points: list[Point], on: int, off: int, dots: Point) -> Iterator[Point]:
    """dots: how many dots the canvas has across and up."""
    way = 0.0
    for start, end in pairwise(points):
        length = max(abs(end[0] - start[0]) * dots[0], abs(end[1] - start[1]) * dots[1])
        if not math.isfinite(length):
            way = 0.0
            continue
        done = 0.0
        while done < length:
            at = way % (on + off)
            drawn = at < on
            step = min((on if drawn else on + off) - at, length - done)
            if drawn:
                for share in (done / length, (done + step) / length):
                    yield start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
                yield GAP
            done, way = done + max(step, 1e-6), way + max(step, 1e-6)


# ------------------------------------------------------------------ marks and words


def _labels(page: PlotextPage, what: Chart, x: Axis, y: Axis) -> None:
    """The names of guides at their ends, and the marks with theirs, each on the side that has more room."""
    look = page.look
    for guide in what.guides:
        if guide.axis == "y":
            page.label(f" {guide.label}" if guide.label else "", (1.0, y.place(guide.at)), look.quiet, "right")
        else:
            _beside(page, "┆" if guide.label else "", guide.label, (x.place(guide.at), 1.0), look.quiet)
    for mark in what.marks:
        at = (x.place(mark.x), y.place(mark.y))
        _beside(page, "●", mark.label, at, f"{look.strong} {look.colour(mark.colour)}".strip())


def _beside(page: PlotextPage, sign: str, label: str, at: Point, style: str) -> None:
    if at[0] <= 0.5:
        page.label(f"{sign} {label}".rstrip(), at, style, "left")
    else:
        page.label(f"{label} {sign}".lstrip(), at, style, "right")
