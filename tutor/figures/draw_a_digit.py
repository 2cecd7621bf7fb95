"""A digit drawn by hand, what a trained LeNet takes it for, and the feature maps: see `lenet`."""

from __future__ import annotations

import numpy as np

from tutor.figures.shared import lenet
from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.lenet import LAYERS, SIDE, Array
from tutor.figures.shared.lenet_shown import opinion, said, tiles
from tutor.plots.scene import Drawing, Pick, Raster, Scene, pixels_of, value_of

THREE = (
    "..........########..........", "........############........", ".......####......####.......",
    ".......##..........###......", "...................###......", "..................###.......",
    "............########........", "............########........", "..................###.......",
    "...................###......", "...................###......", ".......##..........###......",
    ".......####......####.......", "........############........", "..........########..........",
)  # fmt: skip
"""A three to begin with, in the middle rows."""


def _start() -> str:
    above = (SIDE - len(THREE)) // 2
    rows = [[False] * SIDE for _ in range(SIDE)]
    for at, text in enumerate(THREE):
        rows[above + at] = [character == "#" for character in text]
    return value_of(rows)


CONTROLS = (
    Drawing("drawing", "draw", _start(), SIDE, SIDE, pen=2, panel=0, help="28 by 28 pixels"),
    Pick("layer", "layer", "conv1", LAYERS, help="whose feature maps are shown"),
)
DOUBT = 0.6
"""A probability below this is no firm opinion."""


def draw(s: ControlValues) -> Scene:
    """What the network gets, what it says, and the maps of a layer."""
    control = next(c for c in s.controls if isinstance(c, Drawing))
    pixels = np.array(pixels_of(control), np.float32)
    seen = lenet.look(prepared(pixels))
    return Scene(
        panels=(
            Raster(tuple(map(tuple, seen.image.tolist())), title="it gets", low=0.0, high=1.0, legend=False),
            opinion(seen),
            tiles(seen, s.word("layer")),
        ),
        words=in_words(seen, int(pixels.sum())),
        shares=(20, 17, 36),
        height=14,
    )


def prepared(pixels: Array) -> Array:
    """The drawing with its middle (that of its mass) in the middle, as all digits of the training set have it, or as
    near to it as it can come without losing a pixel."""
    return lenet.moved(pixels, _way(pixels.sum(axis=1)), _way(pixels.sum(axis=0))) if pixels.any() else pixels


def _way(mass: Array) -> int:
    """By how much to move along one axis, on which the pixels lie like this."""
    places = np.flatnonzero(mass)
    way = (SIDE - 1) / 2 - float((mass * np.arange(SIDE)).sum() / mass.sum())
    return int(np.clip(round(way), -places[0], SIDE - 1 - places[-1]))


def in_words(seen: lenet.LenetOutputs, drawn: int) -> str:
    """What it takes the drawing for, and how sure it is."""
    if not drawn:
        return f"Nothing is drawn yet. To an empty picture the network says {said(seen)}: it has no way not to answer."
    sure = float(seen.says.max())
    if sure < DOUBT:
        return f"The network is in doubt: {said(seen)}."
    return f"The network takes this for a {said(seen)}."
