"""Fewer points that draw the same: of what falls on one dot column, the smallest and the largest stay.

So a spike of one point among ten thousand is still seen. Missing values stay gaps.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from operator import le


def ascending(values: Sequence[float]) -> bool:
    """Whether each value is at least the one before (a NaN among them: no)."""
    return all(map(le, values, islice(values, 1, None)))


def reduce_minmax(
    x: Sequence[float],
    y: Sequence[float],
    buckets: int,
    *,
    log: bool = False,
    limits: tuple[float, float] | None = None,
) -> tuple[list[float], list[float]]:
    """At most four points for each of `buckets` equal parts of the x axis: first, smallest, largest, last.

    x must ascend, else (and where there are few points) all stay. log: equal parts of log x.
    limits: what is shown of x; of the rest only the nearest point on each side stays.
    """
    buckets = max(buckets, 1)
    if limits is not None and ascending(x):
        start, end = max(bisect_left(x, limits[0]) - 1, 0), bisect_left(x, limits[1]) + 1
        x, y = x[start:end], y[start:end]
    if len(x) <= 4 * buckets or not ascending(x) or not math.isfinite(x[-1] - x[0]):
        return list(x), list(y)
    new_x: list[float] = []
    new_y: list[float] = []
    start = 0
    for end in _ends(x, buckets, log):
        if end <= start:
            continue
        part = y[start:end]
        for i in _keep(part):
            new_x.append(x[start + i])
            new_y.append(part[i])
        start = end
    return new_x, new_y


def _ends(x: Sequence[float], buckets: int, log: bool) -> list[int]:
    low, high = x[0], x[-1]
    if log and low > 0:
        ratio = (high / low) ** (1 / buckets)
        bounds = [low * ratio**i for i in range(1, buckets)]
    else:
        width = (high - low) / buckets
        bounds = [low + width * i for i in range(1, buckets)]
    return [bisect_left(x, bound) for bound in bounds] + [len(x)]


def _keep(part: Sequence[float]) -> list[int]:
    """Indices of the first, smallest, largest and last value, in order. Not finite: they count as missing."""
    if math.isfinite(sum(part)):
        return sorted({0, part.index(min(part)), part.index(max(part)), len(part) - 1})
    finite = [i for i, v in enumerate(part) if math.isfinite(v)]
    if not finite:
        return [0]
    low, high = min(finite, key=part.__getitem__), max(finite, key=part.__getitem__)
    missing = next(i for i, v in enumerate(part) if not math.isfinite(v))
    return sorted({finite[0], low, high, finite[-1], missing})
