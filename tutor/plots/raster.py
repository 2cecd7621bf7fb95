"""Grids of values and colour pictures in half-blocks: two pixels above each other in a cell, so they are square.

Without colours for fills a pixel is a character of some density, two cells wide.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.scene import Picture, Raster
from tutor.plots.shades import ASCII_RAMP, BLOCK_RAMP, Shades, brightness, rich_colour, shades_of
from tutor.words import short

HALF = "▀"
_ROWS_FOR_NAMES = 11
"""Lower pictures go without the names of their axes: their pixels need the rows."""


def draw_raster(raster: Raster, width: int, height: int, look: PlotLook) -> Grid:
    """The raster as large as whole pixels allow (shrunk by averaging where it is larger than the room)."""
    grid = Grid(width, height, ascii=look.ascii)
    shades = shades_of(raster, look)
    top = 0
    if raster.title:
        grid.put(0, 0, fit(raster.title, width), look.heading)
        top = 1
    if not raster.values or not raster.values[0]:
        grid.put(0, top, "nothing to show", look.quiet)
        return grid
    if _fits_numbers(raster, width, height - top):
        bottom = _numbered(grid, raster, shades, top)
    else:
        bottom = _pixels(grid, raster, shades, top)
    if raster.legend and bottom < height:
        draw_scale(grid, shades, min(bottom, height - 1))
    return grid


# ------------------------------------------------------------------ pixels


def _pixels(grid: Grid, raster: Raster, shades: Shades, top: int) -> int:
    """Draw the values as pixels. Returns the row below."""
    rows, columns = len(raster.values), len(raster.values[0])
    left = max((grid.measure(t) for t in raster.rows), default=0) + 1 if raster.rows else 0
    left = left if left <= grid.width // 3 else 0
    named = grid.height >= _ROWS_FOR_NAMES
    if raster.ylabel and named:
        grid.put(0, top, fit(raster.ylabel, grid.width), grid_quiet(shades))
        top += 1
    under = bool(raster.columns) + bool(raster.xlabel and named)
    room = max(grid.height - top - raster.legend - under, 1)
    wide, high = pixel_size(columns, rows, grid.width - left, room, shades.look)
    values = shrink(raster.values, wide[1], high[1]) if wide[0] == 0 else raster.values
    rows, columns = len(values), len(values[0])
    k = max(wide[0], 1)
    across = columns * k * (1 if shades.look.coloured else 2)
    down = math.ceil(rows * k / 2) if shades.look.coloured else rows * k

    def value(i: int, j: int) -> float:
        return values[min(i // k, rows - 1)][min(j // k, columns - 1)]

    fill_pixels(grid, left, top, across, down, rows * k, value, shades)
    _labels(grid, raster, shades, left, top, across, down)
    for i, label in enumerate(raster.rows if left else ()):
        middle = (i + 0.5) * down / max(len(raster.rows), 1)
        grid.put_right(left - 1, top + int(middle), label, grid_quiet(shades))
    return _under(grid, raster, shades, left, top + down, across)


def _labels(grid: Grid, raster: Raster, shades: Shades, left: int, top: int, across: int, down: int) -> None:
    """The marks of a raster, each on a ground of the value it lies on. One that has no room is left out."""
    rows, columns = len(raster.values), len(raster.values[0])
    taken: set[tuple[int, int]] = set()
    border = " "
    if raster.each:
        room, widest = across // columns, max((grid.measure(mark.label) for mark in raster.marks), default=0)
        if widest > room or rows > down:
            return
        border = " " if widest + 2 <= room else ""
    for mark in raster.marks:
        j, i = (mark.x + 0.5) / columns, (mark.y + 0.5) / rows
        if not (0 <= j < 1 and 0 <= i < 1):
            continue
        value = raster.values[int(i * rows)][int(j * columns)]
        style = shades.look.strong
        if shades.look.coloured:
            style = f"{style} {shades.text_on(value)} on {shades.colour(value)}".strip()
        text, row = f"{border}{mark.label}{border}", top + int(i * down)
        start = max(left, min(left + int(j * across) - grid.measure(text) // 2, left + across - grid.measure(text)))
        cells = {(start + k, row) for k in range(grid.measure(text))}
        if not cells & taken:
            grid.put(start, row, text, style)
            taken |= cells


def _under(grid: Grid, raster: Raster, shades: Shades, left: int, row: int, across: int) -> int:
    quiet = grid_quiet(shades)
    each = across / max(len(raster.columns), 1)
    if raster.columns and max(grid.measure(t) for t in raster.columns) <= max(each - 1, 1):
        for j, label in enumerate(raster.columns):
            grid.put_middle(left + int((j + 0.5) * each), row, label, quiet, left, left + across)
        row += 1
    if raster.xlabel and row < grid.height - raster.legend and grid.height >= _ROWS_FOR_NAMES:
        grid.put_middle(left + across // 2, row, raster.xlabel, quiet)
        row += 1
    return row


def grid_quiet(shades: Shades) -> str:
    return shades.look.quiet


def pixel_size(
    columns: int, rows: int, width: int, height: int, look: PlotLook
) -> tuple[tuple[int, int], tuple[int, int]]:
    """((k, columns), (k, rows)): pixels of k x k half-cells, or k = 0 and the size to shrink to."""
    across = width if look.coloured else width // 2
    down = height * 2 if look.coloured else height
    k = min(across // columns, down // rows)
    if k >= 1:
        return (k, columns), (k, rows)
    share = min(across / columns, down / rows)
    shrunk = max(int(rows * share), 1)
    if look.coloured and shrunk > 2:
        shrunk -= shrunk % 2  # whole cells
    return (0, max(int(columns * share), 1)), (0, shrunk)


def shrink(values: tuple[tuple[float, ...], ...], columns: int, rows: int) -> tuple[tuple[float, ...], ...]:
    """Fewer pixels, each the mean of those it stands for."""
    high, wide = len(values), len(values[0])
    columns, rows = min(columns, wide), min(rows, high)
    result = []
    for i in range(rows):
        part = values[i * high // rows : max((i + 1) * high // rows, i * high // rows + 1)]
        row = []
        for j in range(columns):
            a, b = j * wide // columns, (j + 1) * wide // columns
            cells = [v for line in part for v in line[a : max(b, a + 1)] if v == v]
            row.append(sum(cells) / len(cells) if cells else math.nan)
        result.append(tuple(row))
    return tuple(result)


def fill_pixels(
    grid: Grid, left: int, top: int, across: int, down: int, rows: int,
    value: Callable[[int, int], float], shades: Shades,
) -> None:  # fmt: skip
    """Fill across x down cells. value(i, j): of half-row i, column j (without colours: row, pair)."""
    for r in range(down):
        for c in range(across):
            if shades.look.coloured:
                upper = shades.colour(value(2 * r, c))
                if 2 * r + 1 < rows:
                    grid.put(left + c, top + r, HALF, f"{upper} on {shades.colour(value(2 * r + 1, c))}")
                else:
                    grid.put(left + c, top + r, HALF, upper)
            else:
                char, style = shades.character(value(r, c // 2))
                grid.put(left + c, top + r, char, style)


# ------------------------------------------------------------------ numbers inside


def _fits_numbers(raster: Raster, width: int, height: int) -> bool:
    if not raster.numbers:
        return False
    left = max((len(t) for t in raster.rows), default=-1) + 1
    return len(raster.values[0]) * 6 + left <= width and len(raster.values) <= height - raster.legend


def _numbered(grid: Grid, raster: Raster, shades: Shades, top: int) -> int:
    """Each value as a coloured field with its number in it. Returns the row below."""
    rows, columns = len(raster.values), len(raster.values[0])
    left = max((grid.measure(t) for t in raster.rows), default=-1) + 1
    for digits in (3, 2, 1):  # as many as leave a column between two numbers
        texts = [[short(v, digits) for v in row] for row in raster.values]
        widest = max(grid.measure(t) for row in texts for t in row)
        each = min(max(widest + 2, 6), (grid.width - left) // columns)
        if widest < each:
            break
    room = grid.height - top - raster.legend - bool(raster.columns) - bool(raster.xlabel)
    tall = 3 if rows * 3 <= room and rows <= 6 else 1
    for i, row in enumerate(raster.values):
        line = top + i * tall
        if i < len(raster.rows):
            grid.put_right(left - 1, line + tall // 2, raster.rows[i], shades.look.quiet)
        for j, v in enumerate(row):
            style = f"{shades.text_on(v)} on {shades.colour(v)}" if shades.look.coloured else shades.look.ink
            for k in range(tall):
                grid.put(left + j * each, line + k, " " * each, style)
            grid.put_middle(left + j * each + each // 2, line + tall // 2, fit(texts[i][j], each), style)
    return _under(grid, raster, shades, left, top + rows * tall, each * columns)


def draw_scale(grid: Grid, shades: Shades, row: int) -> None:
    """The legend: low ▁▂▃ high."""
    low, high = short(shades.low, 3), short(shades.high, 3)
    column = grid.put(0, row, low, shades.look.quiet) + 1
    steps = max(min(16, grid.width - grid.measure(low) - grid.measure(high) - 2), 0)
    for i in range(steps):
        value = shades.low + (shades.high - shades.low) * (i + 0.5) / steps
        if shades.look.coloured:
            grid.put(column + i, row, "█", shades.colour(value))
        else:
            grid.put(column + i, row, *shades.character(value))
    grid.put(column + steps + 1, row, high, shades.look.quiet)


# ------------------------------------------------------------------ pictures


def draw_picture(picture: Picture, width: int, height: int, look: PlotLook) -> Grid:
    """The picture, scaled to fit with its proportions kept."""
    grid = Grid(width, height, ascii=look.ascii)
    top = 0
    if picture.title:
        grid.put(0, 0, fit(picture.title, width), look.heading)
        top = 1
    if picture.width < 1 or picture.height < 1 or len(picture.data) < picture.width * picture.height * 3:
        grid.put(0, top, "nothing to show", look.quiet)
        return grid
    filled = look.coloured
    across, down = (width, (height - top) * 2) if filled else (width // 2, height - top)
    share = min(across / picture.width, down / picture.height)
    wide, high = max(round(picture.width * share), 1), max(round(picture.height * share), 1)
    pixels = [[_mean(picture, j, i, wide, high) for j in range(wide)] for i in range(high)]
    if filled:
        for r in range(0, high, 2):
            for c in range(wide):
                under = f" on {rich_colour(pixels[r + 1][c], look)}" if r + 1 < high else ""
                grid.put(c, top + r // 2, HALF, rich_colour(pixels[r][c], look) + under)
        return grid
    ramp = ASCII_RAMP if look.ascii else BLOCK_RAMP
    for r, line in enumerate(pixels):
        for c, rgb in enumerate(line):
            light = brightness(rgb) if look.dark else 1 - brightness(rgb)
            grid.put(2 * c, top + r, ramp[min(int(light * len(ramp)), len(ramp) - 1)] * 2, look.ink)
    return grid


def _mean(picture: Picture, column: int, row: int, columns: int, rows: int) -> tuple[int, int, int]:
    """The mean colour of the part of the picture that one drawn pixel stands for (at most 3 x 3 samples)."""
    x0, x1 = column * picture.width // columns, max((column + 1) * picture.width // columns, 1)
    y0, y1 = row * picture.height // rows, max((row + 1) * picture.height // rows, 1)
    xs = range(x0, max(x1, x0 + 1), max((x1 - x0) // 3, 1))
    ys = range(y0, max(y1, y0 + 1), max((y1 - y0) // 3, 1))
    total = [0, 0, 0]
    for y in ys:
        for x in xs:
            at = (y * picture.width + x) * 3
            for k in range(3):
                total[k] += picture.data[at + k]
    count = len(xs) * len(ys)
    return total[0] // count, total[1] // count, total[2] // count
