"""Scenes and panels as lines of Rich text, at any size and for any terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
)

_DRAW: dict[type, Callable[[Any, int, int, PlotLook], Grid]] = {
    Chart: draw_chart,
    Bars: draw_bars,
    Histogram: draw_histogram,
    Raster: draw_raster,
    Picture: draw_picture,
    Network: draw_network,
    TextPanel: draw_text,
    TablePanel: draw_table,
}
GAP = 3
"""Columns between panels that stand beside each other."""


def render(what: Scene | Panel, width: int, height: int, look: PlotLook | None = None) -> list[Text]:
    """Exactly `height` lines of exactly `width` cells.

    The words and the controls of a Scene are not drawn: who shows it places them. Panels that do not fit beside
    each other stand below each other; `natural_height` says how many rows that takes.
    """
    return draw(what, width, height, look or PlotLook()).lines()


def draw(what: Scene | Panel, width: int, height: int, look: PlotLook) -> Grid:
    """The same as a grid of cells."""
    if not isinstance(what, Scene):
        return _DRAW[type(what)](what, max(width, 0), max(height, 0), look)
    grid = Grid(width, height, ascii=look.ascii)
    top = 0
    if what.title:
        grid.put(0, 0, fit(what.title, width), look.heading)
        top = 1
    widths = _beside(what, width)
    if widths:
        column = 0
        for panel, wide in zip(what.panels, widths, strict=True):
            grid.blit(draw(panel, wide, height - top, look), column, top)
            column += wide + GAP
    else:
        _below(grid, what, top, look)
    return grid


def natural_height(what: Scene | Panel, width: int) -> int:
    """The rows in which it looks as its maker meant at this width: `scene.height`, more where panels are stacked."""
    if not isinstance(what, Scene):
        return _natural(what, 14)
    if len(what.panels) <= 1 or _beside(what, width):
        tallest = max((_natural(p, what.height) for p in what.panels if _is_text(p)), default=0)
        return max(what.height, tallest) + bool(what.title)
    return bool(what.title) + sum(_natural(p, what.height) for p in what.panels) + len(what.panels) - 1


def least_width(panel: Panel) -> int:
    """Below this many columns a panel is not worth reading."""
    if isinstance(panel, TextPanel):
        return max((len(t) for t in (*panel.lines, panel.title)), default=0)
    if isinstance(panel, TablePanel):
        rows = (panel.header, *panel.rows)
        count = max((len(r) for r in rows), default=0)
        return sum(max((len(r[j]) for r in rows if j < len(r)), default=0) for j in range(count)) + 2 * (count - 1)
    if isinstance(panel, Network):
        return 30
    if isinstance(panel, Raster):
        return 14 if not panel.numbers else 6 * len(panel.values[0] if panel.values else ())
    return 28


def _is_text(panel: Panel) -> bool:
    return isinstance(panel, (TextPanel, TablePanel))


def _natural(panel: Panel, height: int) -> int:
    if isinstance(panel, TextPanel):
        return len(panel.lines) + bool(panel.title)
    if isinstance(panel, TablePanel):
        return len(panel.rows) + 2 * bool(panel.header) + bool(panel.title)
    return height


def _beside(scene: Scene, width: int) -> list[int]:
    """Widths of the panels beside each other, or nothing where one would be too narrow."""
    count = len(scene.panels)
    if count == 0:
        return []
    shares = scene.shares if len(scene.shares) == count and sum(scene.shares) > 0 else (1,) * count
    room = width - GAP * (count - 1)
    widths = [room * s // sum(shares) for s in shares]
    widths[-1] += room - sum(widths)
    least = [least_width(p) for p in scene.panels]
    if count > 1 and sum(least) > room:
        return []
    for _ in range(2 * count):
        short = max(range(count), key=lambda i: least[i] - widths[i])
        rich = max(range(count), key=lambda i: widths[i] - least[i])
        missing = min(least[short] - widths[short], widths[rich] - least[rich])
        if missing <= 0:
            break
        widths[short] += missing
        widths[rich] -= missing
    return widths


def _below(grid: Grid, scene: Scene, top: int, look: PlotLook) -> None:
    """Panels below each other: text takes its lines, the others share what is left."""
    room = grid.height - top - (len(scene.panels) - 1)
    heights = [_natural(p, 0) for p in scene.panels]
    drawn = sum(1 for p in scene.panels if not _is_text(p))
    each, spare = divmod(max(room - sum(heights), 0), max(drawn, 1))
    row = top
    for panel, own in zip(scene.panels, heights, strict=True):
        high = own
        if not _is_text(panel):
            high, spare = each + (spare > 0), spare - (spare > 0)
        grid.blit(draw(panel, grid.width, min(high, grid.height - row), look), 0, row)
        row += high + 1
