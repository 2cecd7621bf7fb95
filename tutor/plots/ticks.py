"""Where the ticks of an axis stand, and what is written at them."""

from __future__ import annotations

import math
from itertools import pairwise

from tutor.words import minus, power_of_ten, short

_UNITS = ((1e9, "G"), (1e6, "M"), (1e4, "k"))


def nice_step(span: float, count: int) -> float:
    """A step of 1, 2 or 5 times a power of ten, so that about `count` of them make up span."""
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    for factor in (1, 2, 5, 10):
        if power * factor >= rough * 0.999:
            return power * factor
    return power * 10


def ticks(low: float, high: float, count: int) -> list[float]:
    """Round values within low … high, at most about `count`."""
    if not (high > low) or not math.isfinite(high - low):
        return [low]
    step = nice_step(high - low, count)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)][:200]


def log_ticks(low: float, high: float, count: int) -> list[float]:
    """Powers of ten within low … high (both positive), fewer where there are many, with 2 and 5 where few; none where
    there is no such range."""
    if not 0 < low <= high < math.inf:
        return []
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    decades = last - first + 1
    if decades > count:
        every = math.ceil(decades / max(count, 1))
        return [10.0**i for i in range(first, last + 1) if i % every == 0]
    if decades >= 3 or count < 3:
        return [10.0**i for i in range(first, last + 1)]
    fine = [m * 10.0**i for i in range(first - 1, last + 1) for m in (1, 2, 5)]
    inside = [v for v in fine if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)]
    return inside if len(inside) >= 2 else ticks(low, high, count)


def tick_labels(values: list[float], log: bool = False) -> list[str]:
    """Texts for ticks, all in one unit and with as many decimals as tell them apart."""
    if not values:
        return []
    largest = max(abs(v) for v in values)
    if log:
        return [short(v, 2) if 1e-3 <= v < 1e4 else _power_or_unit(v) for v in values]
    step = min((b - a for a, b in pairwise(values)), default=largest or 1.0)
    if (largest < 1e-3 and largest > 0) or largest >= 1e13:
        digits = max(1, math.floor(math.log10(largest)) - math.floor(math.log10(step)) + 1) if step > 0 else 3
        return ["0" if v == 0 else power_of_ten(v, digits) for v in values]
    for unit, name in _UNITS:
        if largest >= unit:
            scale = 1e3 if name == "k" else unit
            return [_fixed(v / scale, step / scale) + (name if abs(v) > 0 else "") for v in values]
    return [_fixed(v, step) for v in values]


def _power_or_unit(value: float) -> str:
    for unit, name in ((1e6, "M"), (1e3, "k")):
        if unit <= value < unit * 1e3:
            return f"{value / unit:g}{name}"
    return power_of_ten(value, 2)


def _fixed(value: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 2
    if abs(value) < step * 1e-9:
        return "0"
    return minus(f"{value:.{min(decimals, 10)}f}")
