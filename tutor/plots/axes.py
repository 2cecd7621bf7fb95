"""One axis of a chart: from values to dots, its limits fitted to the data, its ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.plots.scene import Scale
from tutor.plots.ticks import log_ticks, tick_labels, ticks

_LEAST, _MOST = 1e-250, 1e250


@dataclass(frozen=True)
class Axis:
    """low … high in the data's units (both positive where log)."""

    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float:
        """Where value stands between low (0.0) and high (1.0), in the middle where these are one; NaN where it cannot
        be shown."""
        if not math.isfinite(value) or (self.log and value <= 0):
            return math.nan
        low, high = self.low, self.high
        if self.log:
            value, low, high = math.log(value), math.log(low), math.log(high)
        return (value - low) / (high - low) if high != low else 0.5

    def ticks(self, count: int) -> tuple[list[float], list[str]]:
        """Tick values and their texts, about `count` of them."""
        values = log_ticks(self.low, self.high, count) if self.log else ticks(self.low, self.high, count)
        return values, tick_labels(values, self.log)


def fitted(values: Iterable[float], limits: tuple[float, float] | None, scale: Scale, *, margin: float = 0.0) -> Axis:
    """The axis that shows all values that can be shown, or the given limits.

    margin: room on both sides, as a share of the span (none at 0 for values that start there).
    """
    log = scale == "log"
    if limits is not None and limits[0] < limits[1] and (limits[0] > 0 or not log):
        return Axis(float(limits[0]), float(limits[1]), log)
    good = [v for v in values if math.isfinite(v) and (v > 0 or not log)]
    if not good:
        return Axis(1.0, 10.0, True) if log else Axis(0.0, 1.0)
    low, high = min(good), max(good)
    if log:
        return _fitted_log(low, high)
    if low == high:
        room = abs(low) * 0.1 or 1.0
        return Axis(low - room, high + room)
    span = high - low
    if not math.isfinite(span):
        return Axis(-1e307, 1e307)
    bottom, top = low - margin * span, high + margin * span
    if margin and 0 <= low <= 0.3 * high:
        bottom = 0.0
    elif margin and 0.3 * low <= high <= 0:
        top = 0.0
    return Axis(bottom, top)


def _fitted_log(low: float, high: float) -> Axis:
    """Within what has a logarithm and a third of it left; what is beyond lies outside of the picture."""
    low, high = min(max(low, _LEAST), _MOST), min(max(high, _LEAST), _MOST)
    if low == high:
        return Axis(low / 3, high * 3, True)
    room = math.exp(0.03 * (math.log(high) - math.log(low)))
    return Axis(low / room, high * room, True)
