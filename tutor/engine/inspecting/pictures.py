"""Arrays as panels: rounded, and no larger than a message may be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.plots.scene import Histogram, Mark, Raster

MOST_VALUES = 4_000
"""Numbers in one picture: a scene with two of them is well below 64 kB."""
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


def mosaic(maps: np.ndarray, names: Sequence[str], chosen: int, columns: int, title: str) -> Raster:
    """Many pictures as one, with gaps between them and their names on them. maps: shape (count, height, width)."""
    count = len(maps)
    while maps[0].size * count > MOST_VALUES * 0.7 and min(maps.shape[1:]) > 4:
        maps = np.stack([pooled(each, each.size // 4) for each in maps])
    _, height, width = maps.shape
    rows = -(-count // columns)
    whole = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    marks = []
    for at, picture in enumerate(maps):
        top, left = (at // columns) * (height + 1), (at % columns) * (width + 1)
        whole[top : top + height, left : left + width] = picture
        marks.append(Mark(float(left), float(top), f"[{names[at]}]" if at == chosen else names[at]))
    return Raster(rounded(whole), title=title, signed=bool(np.nanmin(whole) < 0), tint="heat", marks=tuple(marks))


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
