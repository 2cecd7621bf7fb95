"""From values to colours and to characters of a density, for grids of values.

The signed scale runs from orange over grey to blue, which people with any colour vision tell apart; the heat
scale rises evenly in lightness (its anchors follow "viridis" by van der Walt and Smith, 2015).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.plots.cube import nearest256
from tutor.plots.look import PlotLook
from tutor.plots.scene import Raster, Tiles

RGB = tuple[int, int, int]

_MISSING = (150, 20, 60)
ASCII_RAMP = " .:-=+*#%@"
BLOCK_RAMP = " ░▒▓█"
_GREY = ((0, 0, 0), (255, 255, 255))
_HEAT = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
_SIGNED_DARK = ((240, 140, 30), (150, 92, 30), (48, 48, 48), (38, 96, 150), (80, 175, 240))
_GREY_256 = (16, *range(232, 256), 231)
_HEAT_256 = (53, 54, 60, 24, 30, 36, 71, 113, 185, 227)
_SIGNED_DARK_256 = (172, 130, 94, 58, 236, 23, 24, 25, 32)
_SIGNED_LIGHT_256 = (166, 173, 216, 223, 255, 153, 110, 68, 25)
_SIGNED_LIGHT = ((190, 95, 0), (236, 178, 110), (238, 238, 238), (120, 178, 224), (0, 90, 160))


@dataclass(frozen=True)
class Shades:
    """A scale of values: low and high ends, and how a value looks on this terminal.

    anchors: colours to blend between; steps: the same scale in numbers of the 256 colours, chosen by hand, for the
    nearest ones of a blend jump in hue.
    """

    low: float
    high: float
    signed: bool
    anchors: tuple[RGB, ...]
    steps: tuple[int, ...]
    look: PlotLook

    def level(self, value: float) -> float:
        """value between 0.0 (low) and 1.0 (high), clipped; NaN stays."""
        if math.isnan(value):
            return value
        if value >= self.high:
            return 1.0
        if value <= self.low:
            return 0.0
        return (value - self.low) / (self.high - self.low)

    def colour(self, value: float) -> str:
        """A colour for Rich. Missing values have a red that no scale has."""
        level = self.level(value)
        if math.isnan(level):
            return rich_colour(_MISSING, self.look)
        if self.look.colours == "256":
            return f"color({self.steps[min(int(level * len(self.steps)), len(self.steps) - 1)]})"
        return rich_colour(blend(self.anchors, level), self.look)

    def text_on(self, value: float) -> str:
        """Black or white, whichever is readable on the colour of value."""
        level = self.level(value)
        r, g, b = _MISSING if math.isnan(level) else blend(self.anchors, level)
        return rich_colour((0, 0, 0) if 0.3 * r + 0.59 * g + 0.11 * b > 115 else (255, 255, 255), self.look)

    def character(self, value: float) -> tuple[str, str]:
        """(character, style) where there are no colours for fills. Signed: "-" and "+" tell the sides apart."""
        level = self.level(value)
        if math.isnan(level):
            return "?", self.look.quiet
        if self.signed:
            strength = abs(2 * level - 1)
            style = self.look.colour(0 if level >= 0.5 else 1)
            if self.look.colours == "none" or self.look.ascii:
                ramp = " .+*#" if level >= 0.5 else " ,-=%"
            else:
                ramp = BLOCK_RAMP
            return ramp[min(int(strength * len(ramp)), len(ramp) - 1)], style
        ramp = ASCII_RAMP if self.look.ascii else BLOCK_RAMP
        return ramp[min(int(level * len(ramp)), len(ramp) - 1)], self.look.ink


def shades_of(raster: Raster | Tiles, look: PlotLook) -> Shades:
    """The scale of a raster, or of all tiles: its own ends, else those of its values."""
    rows = raster.values if isinstance(raster, Raster) else (row for picture in raster.pictures for row in picture)
    finite = [v for row in rows for v in row if math.isfinite(v)]
    low = raster.low if raster.low is not None else min(finite, default=0.0)
    high = raster.high if raster.high is not None else max(finite, default=1.0)
    if raster.signed:
        high = max(abs(low), abs(high)) or 1.0
        low = -high
        if look.dark:
            return Shades(low, high, True, _SIGNED_DARK, _SIGNED_DARK_256, look)
        return Shades(low, high, True, _SIGNED_LIGHT, _SIGNED_LIGHT_256, look)
    if low == high:
        low, high = low - 0.5, high + 0.5
    if raster.tint == "heat":
        return Shades(low, high, False, _HEAT, _HEAT_256, look)
    return Shades(low, high, False, _GREY, _GREY_256, look)


def blend(anchors: Sequence[RGB], level: float) -> RGB:
    """The colour at level 0.0 … 1.0 along the anchors."""
    at = level * (len(anchors) - 1)
    i = min(int(at), len(anchors) - 2)
    part = at - i
    red, green, blue = (round(p + (q - p) * part) for p, q in zip(anchors[i], anchors[i + 1], strict=True))
    return red, green, blue


def rich_colour(rgb: RGB, look: PlotLook) -> str:
    """An RGB colour as Rich writes it, in the nearest of the 256 where the terminal has no more."""
    if look.colours == "truecolor":
        return "#{:02x}{:02x}{:02x}".format(*rgb)
    return f"color({nearest256(rgb)})"


def brightness(rgb: RGB) -> float:
    """How light a colour looks, 0.0 … 1.0."""
    return (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 255
