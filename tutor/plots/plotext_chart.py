"""Plain charts by plotext: one solid curve, or one cloud of points, turned into braille.

Most plots a learner makes are of this kind, and plotext 5.3.2 rasterises them well, with gaps at missing values.
Whatever is richer is drawn by our own raster (`dots.py`), because plotext cannot do it: dashes, so that series
differ without colour; cells in which two curves cross (plotext shows the later one only); marks with labels
beside them; guides; lines without braille. And because of what a frame costs: the same curve on 64x14 cells takes
plotext 5.5 ms and our raster 0.4 ms, on 140x40 cells 18 ms and 1.1 ms, too much for a chart that is drawn anew
ten times a second (`PlotLook.live`, `chart.MAX_CELLS`). Axes and ticks are always ours (`axes.py`): plotext raises
on inf and on the log of 0, and builds a figure with a log axis once only, so it is given finite numbers on linear
axes.

plotext keeps one figure for the whole process: it is cleared before each use, and used under a lock.
"""

from __future__ import annotations

import math
import re
from threading import Lock

import plotext

from tutor.plots.dots import BRAILLE, Point

_LOCK = Lock()
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def curve(points: list[Point | None], width: int, height: int, *, joined: bool) -> list[tuple[int, int, int]]:
    """One series as braille cells (column, row, bits).

    points: in dots of a width·2 x height·4 raster, (0, 0) on top; None is a gap. They must lie inside, for
    plotext stretches what it clips. joined: a line, else single dots.
    """
    x = [math.nan if p is None else p[0] for p in points]
    y = [math.nan if p is None else height * 4 - 1 - p[1] for p in points]
    if not any(map(math.isfinite, x)):
        return []
    with _LOCK:
        text = _build(x, y, width, height, joined)
    cells = []
    for row, line in enumerate(_ESCAPE.sub("", text).split("\n")[:height]):
        for column, char in enumerate(line[:width]):
            if char > "\u2800" and char <= "\u28ff":
                cells.append((column, row, ord(char) - BRAILLE))
    return cells


def _build(x: list[float], y: list[float], width: int, height: int, joined: bool) -> str:
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.frame(False)
    plotext.xaxes(False, False)
    plotext.yaxes(False, False)
    plotext.xticks([])
    plotext.yticks([])
    plotext.xlim(0, width * 2 - 1)
    plotext.ylim(0, height * 4 - 1)
    draw = plotext.plot if joined else plotext.scatter
    draw(x, y, marker="braille")
    return str(plotext.build())
