"""Rooms against prices, and a line through the origin that one turns by its weight: ŷ = wx."""

from __future__ import annotations

import numpy as np

from tutor.figures.shared.boston import rooms_and_prices, scatter
from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Pick, Scene, Slider, TextPanel
from tutor.words import short

CONTROLS = (
    Slider("w", "w", 3.0, -2.0, 10.0, 0.1, help="price for each room, in 1000 dollars"),
    Pick("show", "show", "line", ("line", "errors"), help="the line alone, or also how wrong it is"),
)


def draw(s: ControlValues) -> Scene:
    """The districts with the line; with `errors` also the sum of squared errors and its parts."""
    line, w = rooms_and_prices(), s["w"]
    error = w * line.x - line.y
    above, n = int(np.sum(line.y > w * line.x)), len(line.x)
    lines = [f"w          {short(w):>8}", "", "price the line gives"]
    lines += [f"  {rooms} rooms  {short(w * rooms, 3):>8}" for rooms in (4, 6, 8)]
    lines += ["", f"above it   {above:>8}", f"below it   {n - above:>8}"]
    lie = "lies" if above == 1 else "lie"
    words = (
        f"A line with {short(w)} thousand dollars for each room. Of {n} districts, {above} {lie} above it "
        f"and {n - above} below."
    )
    if s.word("show") == "errors":
        total, mean = float(error @ error), float(np.abs(error).mean())
        lines += ["", f"∑(wx − y)² {short(total, 5):>8}", f"mean miss  {short(mean, 3):>8}"]
        words += f" The sum of its squared errors is {short(total, 5)}; on average it misses by {short(mean, 3)}."
    return Scene(
        panels=(scatter((("ŷ = wx", w),)), TextPanel(tuple(lines), title="The line")),
        words=words,
        shares=(50, 20),
        height=14,
    )
