"""Many small grids of one scale beside each other: feature maps, kernels, pictures. As many as are worth looking at."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.raster import draw_scale, fill_pixels, pixel_size, shrink
from tutor.plots.scene import Tiles
from tutor.plots.shades import Shades, shades_of

LEAST_PIXELS = 7
"""Below this many pixels along its longer side a tile is only shrunk to it where it is that small itself."""
GAP = 1
Picture = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """columns x rows of tiles, each wide x high cells without its label, of `count` in all from number `first` on."""

    columns: int
    rows: int
    wide: int
    high: int
    first: int
    count: int


def draw_tiles(tiles: Tiles, width: int, height: int, look: PlotLook) -> Grid:
    """Tiles as large as the room allows; where not all can be seen, those around the chosen one."""
    grid = Grid(width, height, ascii=look.ascii)
    top = 0
    if not tiles.pictures or not tiles.pictures[0]:
        grid.put(0, 0, fit(tiles.title or "nothing to show", width), look.heading)
        return grid
    layout = layout_of(tiles, width, height - bool(tiles.title) - tiles.legend, look)
    if tiles.title:
        ends = (_label(tiles, layout.first), _label(tiles, layout.first + layout.count - 1))
        shown = f", {ends[0]} to {ends[1]}" if layout.count < len(tiles.pictures) else ""
        grid.put(0, 0, fit(f"{tiles.title}{shown}", width), look.heading)
        top = 1
    shades = shades_of(tiles, look)
    for at in range(layout.count):
        number = layout.first + at
        left = (at % layout.columns) * (layout.wide + GAP)
        row = top + (at // layout.columns) * (layout.high + 1)
        label = _label(tiles, number)
        if number == tiles.chosen:
            grid.put(left, row, fit(f"[{label}]", layout.wide), f"{look.strong} {look.colour(0)}".strip())
        else:
            grid.put(left, row, fit(label, layout.wide), look.quiet)
        _draw_one(grid, tiles.pictures[number], left, row + 1, layout, look, shades)
    if tiles.legend:
        used = top + math.ceil(layout.count / layout.columns) * (layout.high + 1)
        draw_scale(grid, shades, min(used, height - 1))
    return grid


def _label(tiles: Tiles, number: int) -> str:
    return tiles.labels[number] if number < len(tiles.labels) else str(number)


def _draw_one(
    grid: Grid, picture: Picture, left: int, top: int, layout: Layout, look: PlotLook, shades: Shades
) -> None:
    rows, columns = len(picture), len(picture[0])
    wide, high = pixel_size(columns, rows, layout.wide, layout.high, look)
    values = shrink(picture, wide[1], high[1]) if wide[0] == 0 else picture
    k = max(wide[0], 1)
    rows, columns = len(values), len(values[0])
    across = columns * k * (1 if look.coloured else 2)
    down = math.ceil(rows * k / 2) if look.coloured else rows * k

    def value(i: int, j: int) -> float:
        return float(values[min(i // k, rows - 1)][min(j // k, columns - 1)])

    fill_pixels(grid, left, top, across, down, rows * k, value, shades)


def layout_of(tiles: Tiles, width: int, height: int, look: PlotLook) -> Layout:
    """All tiles as large as they can be; where that is too small, as many as there is room for."""
    rows, columns = len(tiles.pictures[0]), len(tiles.pictures[0][0])
    count = len(tiles.pictures)
    best = max((_share(n, count, rows, columns, width, height, look), n) for n in range(1, count + 1))
    least = min(1.0, LEAST_PIXELS / max(rows, columns))
    across = best[1]
    while best[0] < least and count > 1:
        count -= 1
        best = max((_share(n, count, rows, columns, width, height, look), n) for n in range(1, count + 1))
        across = best[1]
    share = best[0]
    pixels_wide, pixels_high = columns * share, rows * share
    wide = max(1, math.floor(pixels_wide if look.coloured else 2 * pixels_wide))
    high = max(1, math.ceil(pixels_high / 2 if look.coloured else pixels_high))
    first = min(max(tiles.chosen - count // 2, 0), len(tiles.pictures) - count)
    return Layout(across, math.ceil(count / across), wide, high, first, count)


def _share(across: int, count: int, rows: int, columns: int, width: int, height: int, look: PlotLook) -> float:
    """Pixels of the screen for one of a tile, where so many stand beside each other: a whole number, or less than 1."""
    down = math.ceil(count / across)
    wide, high = (width - GAP * (across - 1)) // across, height // down - 1
    if wide < 2 or high < 1:
        return 0.0
    share = min((wide if look.coloured else wide // 2) / columns, (high * 2 if look.coloured else high) / rows)
    return math.floor(share) if share >= 1 else share
