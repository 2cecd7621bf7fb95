"""A Scene as lines for a terminal: as wide as it is, and as high as leaves the words beside it on the screen."""

from __future__ import annotations

from rich.text import Text

from tutor.commands.pen.bars_drawn import bars, histogram
from tutor.commands.pen.curves_drawn import chart
from tutor.plots.drawing import Pen, draw, is_cut, natural_height
from tutor.plots.look import PlotLook
from tutor.plots.scene import Bars, Chart, Histogram, Scene

WIDEST = 160
"""Columns: a curve that is stretched further is no easier to read."""
_OTHER_LINES = 4
"""Rows of the screen that are left for the words and the prompt."""
_PENS: dict[type, Pen] = {Chart: chart, Bars: bars, Histogram: histogram}


def picture(scene: Scene, columns: int, rows: int, look: PlotLook) -> list[Text]:
    """The lines of the Scene on a terminal of so many columns and rows, without blank ones at the end."""
    width = max(20, min(columns, WIDEST))
    lines = draw(scene, width, height_of(scene, width, rows), look, _PENS).lines()
    while lines and not lines[-1].plain.strip():
        lines.pop()
    return lines


def height_of(scene: Scene, width: int, rows: int) -> int:
    """What the Scene asks for. Where its panels stand beside each other: half of a tall screen, and less on a low one
    as long as nothing gets lost; panels below each other scroll by."""
    asked = natural_height(scene, width)
    beside = asked <= scene.height + bool(scene.title)
    if not beside or not any(type(panel) in _PENS for panel in scene.panels):
        return asked
    height = min(max(asked, rows // 2), max(rows - _OTHER_LINES, 10))
    return asked if is_cut(scene, width, height) else height
