"""Scenes and panels as lines of Rich text, at any size and for any terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from rich.text import Text

from tutor.plots.bars import draw_bars, draw_histogram
from tutor.plots.chart import draw_chart
from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.network import draw_network
from tutor.plots.panels import draw_table, draw_text
from tutor.plots.raster import draw_picture, draw_raster
from tutor.plots.scene import (
    Bars,
    Chart,
    Histogram,
    Network,
    Panel,
    Picture,
    Raster,
    Scene,
    TablePanel,
    TextPanel,
    Tiles,
)
from tutor.plots.tiles import draw_tiles

Pen: TypeAlias = Callable[[Any, int, int, PlotLook], Grid]
"""Draws a panel of one kind on a grid of so many columns and rows."""

_PENS: dict[type, Pen] = {
    Chart: draw_chart,
    Bars: draw_bars,
    Histogram: draw_histogram,
    Raster: draw_raster,
    Tiles: draw_tiles,
    Picture: draw_picture,
    Network: draw_network,
    TextPanel: draw_text,
    TablePanel: draw_table,
}
GAP = 3
"""Columns between panels that stand beside each other."""
FEWEST_ROWS = 6
"""With fewer rows a chart has no room for its axes: then pictures further down are left out."""
LEAST_ROWS = 8
"""Below this many rows a picture is not worth looking at."""


def render(what: Scene | Panel, width: int, height: int, look: PlotLook | None = None) -> list[Text]:
    """Exactly `height` lines of exactly `width` cells.

    The words and the controls of a Scene are not drawn: who shows it places them. Panels that do not fit beside
    each other stand below each other; `natural_height` says how many rows that takes.
    """
    return draw(what, width, height, look or PlotLook()).lines()


def draw(
    what: Scene | Panel, width: int, height: int, look: PlotLook, pens: Mapping[type, Pen] | None = None
) -> Grid:
    """The same as a grid of cells. pens: what draws panels of some kinds in place of our own."""
    pens = pens or {}
    if not isinstance(what, Scene):
        return (pens.get(type(what)) or _PENS[type(what)])(what, max(width, 0), max(height, 0), look)
    grid = Grid(width, height, ascii=look.ascii)
    top = 0
    if what.title:
        grid.put(0, 0, fit(what.title, width), look.heading)
        top = 1
    bands = _seen(what, _bands(what, width), height - top)
    for band, high in zip(bands, _heights(what, bands, height - top), strict=True):
        column = 0
        for i, wide in zip(band, _widths(what, band, width), strict=True):
            grid.blit(draw(what.panels[i], wide, min(high, height - top), look, pens), column, top)
            column += wide + GAP
        top += high + 1
    return grid


def natural_height(what: Scene | Panel, width: int) -> int:
    """The rows in which it looks as its maker meant: `scene.height`, more where panels stand below each other."""
    if not isinstance(what, Scene):
        return _natural(what, 14)
    bands = _bands(what, width)
    return bool(what.title) + sum(_band_height(what, band) for band in bands) + max(len(bands) - 1, 0)


def is_cut(scene: Scene, width: int, height: int) -> bool:
    """Whether something would be missing at this size: lines of text, or a whole picture further down."""
    bands = _bands(scene, width)
    if len(_seen(scene, bands, height - bool(scene.title))) < len(bands):
        return True
    rows = _heights(scene, bands, height - bool(scene.title))
    return any(
        _is_text(scene.panels[i]) and _natural(scene.panels[i], 0) > high
        for band, high in zip(bands, rows, strict=True)
        for i in band
    )


def least_width(panel: Panel) -> int:
    """Below this many columns a panel is not worth reading."""
    if isinstance(panel, TextPanel):
        return max((len(t) for t in (*panel.lines, panel.title)), default=0)
    if isinstance(panel, TablePanel):
        rows = (panel.header, *panel.rows)
        count = max((len(r) for r in rows), default=0)
        return sum(max((len(r[j]) for r in rows if j < len(r)), default=0) for j in range(count)) + 2 * (count - 1)
    if isinstance(panel, Network):
        return 26
    if isinstance(panel, Raster):
        return 14 if not panel.numbers else 6 * len(panel.values[0] if panel.values else ())
    return 26


def _is_text(panel: Panel) -> bool:
    return isinstance(panel, (TextPanel, TablePanel))


def _natural(panel: Panel, height: int) -> int:
    if isinstance(panel, TextPanel):
        return len(panel.lines) + bool(panel.title)
    if isinstance(panel, TablePanel):
        return len(panel.rows) + 2 * bool(panel.header) + bool(panel.title)
    return height


def _bands(scene: Scene, width: int) -> list[list[int]]:
    """Which panels (by number) stand beside each other: as many as are wide enough to be read, then the next."""
    bands: list[list[int]] = []
    used = 0
    for i, panel in enumerate(scene.panels):
        least = least_width(panel)
        if bands and used + GAP + least <= width:
            bands[-1].append(i)
            used += GAP + least
        else:
            bands.append([i])
            used = least
    return bands


def _seen(scene: Scene, bands: list[list[int]], height: int) -> list[list[int]]:
    """The first bands: as many as leave a picture rows enough to be one."""
    while len(bands) > 1:
        rows = _heights(scene, bands, height)
        pictures = [not all(_is_text(scene.panels[i]) for i in band) for band in bands]
        if all(high >= FEWEST_ROWS for high, drawn in zip(rows, pictures, strict=True) if drawn):
            break
        bands = bands[:-1]
    return bands


def _band_height(scene: Scene, band: list[int]) -> int:
    panels = [scene.panels[i] for i in band]
    return max(_natural(p, scene.height) for p in panels)


def _widths(scene: Scene, band: list[int], width: int) -> list[int]:
    """Widths of the panels of a band: by their shares, but none below what it needs."""
    given = scene.shares if len(scene.shares) == len(scene.panels) else (1,) * len(scene.panels)
    shares = [max(given[i], 1) for i in band]
    room = width - GAP * (len(band) - 1)
    widths = [room * s // sum(shares) for s in shares]
    widths[-1] += room - sum(widths)
    least = [min(least_width(scene.panels[i]), room) for i in band]
    for _ in range(2 * len(band)):
        short = max(range(len(band)), key=lambda i: least[i] - widths[i])
        rich = max(range(len(band)), key=lambda i: widths[i] - least[i])
        missing = min(least[short] - widths[short], widths[rich] - least[rich])
        if missing <= 0:
            break
        widths[short] += missing
        widths[rich] -= missing
    return widths


def _heights(scene: Scene, bands: list[list[int]], height: int) -> list[int]:
    """Rows of each band: text takes its lines, pictures share what is left evenly, text gives way to pictures
    that would be too small."""
    only_text = [all(_is_text(scene.panels[i]) for i in band) for band in bands]
    drawn = only_text.count(False)
    room = max(height - (len(bands) - 1), 0)
    for_text = max(room - LEAST_ROWS * drawn, 0)
    heights = []
    for band, text in zip(bands, only_text, strict=True):
        heights.append(min(_band_height(scene, band), for_text) if text else 0)
        for_text -= heights[-1]
    each, spare = divmod(room - sum(heights), max(drawn, 1))
    for k, text in enumerate(only_text):
        if not text:
            heights[k] = each + (spare > 0)
            spare -= spare > 0
    return heights
