"""A curve that grows point by point and stays small: what a training tells while it goes on."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right

from tutor.plots.reduce import reduce_minmax

MOST = 8_192
"""Points that are held; where there would be more, those that draw the same stay."""
BUCKETS = 512
"""Parts of the x axis then: more than any terminal has columns of dots."""

Point = tuple[float, float]


class Curve:
    """x never falls. The smallest and largest value of every part of the axis stay, and so do gaps (nan, inf).

    count: points it was given. lowest, highest: the first of the finite points that are it, None before there is one.
    missing: x of the first value that is not finite.
    """

    __slots__ = ("count", "highest", "last", "lowest", "missing", "x", "y")

    def __init__(self) -> None:
        self.x, self.y = array("d"), array("d")
        self.count = 0
        self.lowest: Point | None = None
        self.highest: Point | None = None
        self.missing: float | None = None
        self.last: Point | None = None

    def add(self, x: float, y: float) -> None:
        """One point more."""
        self.count += 1
        self.last = (x, y)
        if not math.isfinite(y):
            self.missing = x if self.missing is None else self.missing
        else:
            if self.lowest is None or y < self.lowest[1]:
                self.lowest = (x, y)
            if self.highest is None or y > self.highest[1]:
                self.highest = (x, y)
        self.x.append(x)
        self.y.append(y)
        if len(self.x) > MOST:
            fewer_x, fewer_y = reduce_minmax(self.x, self.y, BUCKETS)
            self.x, self.y = array("d", fewer_x), array("d", fewer_y)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def first(self) -> Point | None:
        return (self.x[0], self.y[0]) if len(self.x) else None

    def at(self, x: float) -> float:
        """The value at x: between two points on the line between them, outside of all that of the nearest; nan where
        there is none."""
        if not len(self.x):
            return math.nan
        after = bisect_right(self.x, x)
        if after == 0:
            return self.y[0]
        if after == len(self.x):
            return self.y[-1]
        left, right = self.x[after - 1], self.x[after]
        share = (x - left) / (right - left)
        return self.y[after - 1] * (1 - share) + self.y[after] * share

    def points(self, smoothing: float = 0.0) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """x and y. smoothing: 0 as they are, towards 1 ever smoother."""
        return tuple(self.x), tuple(smoothed(self.y, smoothing) if smoothing else self.y)


def smoothed(values: array[float], weight: float) -> list[float]:
    """An exponential moving average, its start corrected as Adam's moments are (Kingma and Ba, 2015). Gaps stay, and
    what comes behind them goes on as if they were not."""
    mean, share, out = 0.0, 0.0, []
    for value in values:
        if not math.isfinite(value):
            out.append(value)
            continue
        mean = weight * mean + (1 - weight) * value
        share = weight * share + (1 - weight)
        out.append(mean / share)
    return out
