"""Arrays as panels: rounded, and no larger than a message may be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.plots.scene import Histogram, Raster, Tiles

MOST_VALUES = 2_800
"""Numbers in one picture: a scene with two of them is well below 64 kB."""
MOST_TILES = 128
MOST_TILED = 3_600
"""Pictures beside each other, and the numbers in all of them."""
BINS = 24


def raster(values: np.ndarray, title: str = "", **more: object) -> Raster:
    """A grid of values, pooled by means where there are too many. values: shape (rows, columns)."""
    return Raster(rounded(pooled(np.atleast_2d(values), MOST_VALUES)), title=title, **more)  # type: ignore[arg-type]


def histogram(values: np.ndarray, title: str, xlabel: str = "value") -> Histogram:
    """Counts of all finite values, in equal bins."""
    flat = np.ravel(values)
    flat = flat[np.isfinite(flat)]
    if not flat.size:
        return Histogram((0.0, 1.0), (0.0,), title=title, xlabel=xlabel)
    counts, edges = np.histogram(flat, bins=min(BINS, max(4, int(math.sqrt(flat.size)))))
    return Histogram(tuple(map(float, edges)), tuple(map(float, counts)), title=title, xlabel=xlabel)


def tiles(maps: np.ndarray, names: Sequence[str], chosen: int, title: str, **more: object) -> Tiles:
    """Many pictures of one scale; made smaller where they would not go into a message, and the last ones left out.
    maps: shape (count, height, width)."""
    maps = maps[:MOST_TILES]
    most = max(MOST_TILED // len(maps), 16)
    small = [pooled(each, most) for each in maps]
    return Tiles(tuple(rounded(each) for each in small), tuple(names[: len(small)]), chosen, title, **more)  # type: ignore[arg-type]


def pooled(values: np.ndarray, most: int) -> np.ndarray:
    """Means of about equal blocks, so that at most `most` values stay. values: shape (rows, columns)."""
    rows, columns = values.shape
    if values.size <= most:
        return values
    factor = math.sqrt(values.size / most)
    down, across = max(int(rows / factor), 1), max(int(columns / factor), 1)
    down, across = min(down, most // across or 1), min(across, most // down or 1)
    row_starts = np.linspace(0, rows, down, endpoint=False).astype(int)
    column_starts = np.linspace(0, columns, across, endpoint=False).astype(int)
    sums = np.add.reduceat(np.add.reduceat(values.astype(float), row_starts, axis=0), column_starts, axis=1)
    sizes = np.outer(np.diff([*row_starts, rows]), np.diff([*column_starts, columns]))
    return np.asarray(sums / sizes)


def rounded(values: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """Four digits that count: what a colour or a figure can show."""
    return tuple(tuple(float(f"{value:.4g}") for value in row) for row in np.asarray(values, dtype=float))
