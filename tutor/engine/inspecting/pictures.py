"""Arrays as panels: rounded, and no larger than a message may be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.plots.scene import Histogram, Raster, Tiles

MOST_VALUES = 4_000
"""Numbers in one picture: a scene with two of them is well below 64 kB."""
MOST_TILES = 128
MOST_TILED = 5_000
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
    """Means of equal blocks, so that at most `most` values stay. values: shape (rows, columns)."""
    rows, columns = values.shape
    factor = math.ceil(math.sqrt(values.size / max(most, 1))) if values.size > most else 1
    if factor == 1:
        return values
    if rows < factor or columns < factor:  # long and thin: only along the longer side
        values = values if columns >= rows else values.T
        factor = math.ceil(values.size / most)
        parts = np.array_split(values, -(-values.shape[1] // factor), axis=1)
        thin = np.stack([part.mean(axis=1) for part in parts], axis=1)
        return thin if columns >= rows else thin.T
    down = np.array_split(values, -(-rows // factor), axis=0)
    return np.array([[part.mean() for part in np.array_split(row, -(-columns // factor), axis=1)] for row in down])


def rounded(values: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """Four digits that count: what a colour or a figure can show."""
    return tuple(tuple(float(f"{value:.4g}") for value in row) for row in np.asarray(values, dtype=float))


def number(value: float) -> str:
    """A figure as people read it."""
    return f"{value:,.4g}" if abs(value) < 1e5 else f"{value:.3g}"
