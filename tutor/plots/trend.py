"""How a curve runs: the trend of its values, in one word and in a sentence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.words import short

FEWEST_FLAT = 3
"""Points that a stretch must have to be called flat."""


@dataclass(frozen=True)
class Trend:
    """first, last: values at the ends. low, high: (x, y) of the smallest and largest. kind: one word.

    since: the x from which on it is flat, or grows without bounds (else NaN).
    """

    kind: str
    first: float
    last: float
    low: tuple[float, float]
    high: tuple[float, float]
    since: float = math.nan


def find_trend(points: Sequence[tuple[float, float]], *, log: bool = False) -> Trend:
    """How a curve runs: flat, falling, rising, diverging, swinging, falls-then-rises, rises-then-falls, mixed.

    flat: the whole span is below a thousandth of its size. falling, rising: at least four fifths of the way
    goes in one direction. diverging: it ends in a stretch where its size only grows, at least tenfold in
    the second half of that stretch. swinging: it changes direction at more than half of its points. log: it is drawn
    on a logarithmic axis, where a curve that still falls tenfold is not flat.
    """
    y = [b for _, b in points]
    low, high = min(points, key=lambda p: p[1]), max(points, key=lambda p: p[1])
    span = high[1] - low[1]
    ends = (y[0], y[-1], low, high)
    if len(y) < 2 or span <= 1e-3 * max(abs(low[1]), abs(high[1])):
        return Trend("flat", *ends)
    steps = [b - a for a, b in itertools.pairwise(y)]
    start = _diverging_from(y)
    if start is not None:
        return Trend("diverging", *ends, since=points[start][0])
    up, down = sum(s for s in steps if s > 0), -sum(s for s in steps if s < 0)
    turns = sum(1 for a, b in itertools.pairwise(steps) if a * b < 0)
    if down >= 4 * up:
        return Trend("falling", *ends, since=_flat_from(_as_drawn(points, log)))
    if up >= 4 * down:
        return Trend("rising", *ends, since=_flat_from(_as_drawn(points, log)))
    if len(steps) > 3 and turns > 0.5 * len(steps):
        return Trend("swinging", *ends)
    inner = points[0][0] < low[0] < points[-1][0]
    if inner and low[1] + 0.1 * span < min(y[0], y[-1]):
        return Trend("falls-then-rises", *ends)
    if points[0][0] < high[0] < points[-1][0] and high[1] - 0.1 * span > max(y[0], y[-1]):
        return Trend("rises-then-falls", *ends)
    return Trend("mixed", *ends)


def _diverging_from(y: list[float]) -> int | None:
    """The index from which the size of the values only grows, tenfold in its second half and beyond all before."""
    size = [abs(v) for v in y]
    if len(size) < 4 or size[-1] < max(size):
        return None
    start = len(size) - 1
    while start > 0 and size[start - 1] < size[start]:
        start -= 1
    grown = size[start:]
    base = max(*size[: start + 1], grown[len(grown) // 2])
    if len(grown) < 4 or size[-1] < 10 * base:
        return None
    return start


def _as_drawn(points: Sequence[tuple[float, float]], log: bool) -> Sequence[tuple[float, float]]:
    """On a logarithmic axis the powers of ten, of those that have one."""
    return [(x, math.log10(y)) for x, y in points if y > 0] if log else points


def _flat_from(points: Sequence[tuple[float, float]]) -> float:
    """The x from which on the curve stays within a fiftieth of its span of its end, if for a third of it or more and
    for three points at least: one point alone is not flat, it is the end."""
    if len(points) < FEWEST_FLAT:
        return math.nan
    last = points[-1][1]
    span = max(y for _, y in points) - min(y for _, y in points)
    i = len(points) - 1
    while i > 0 and abs(points[i - 1][1] - last) <= 0.02 * span:
        i -= 1
    enough = len(points) - i >= FEWEST_FLAT and i <= len(points) * 2 // 3
    return points[i][0] if i > 0 and enough else math.nan


def trend(points: Sequence[tuple[float, float]], x_name: str = "x", *, log: bool = False) -> str:
    """The rest of a sentence about a curve: "falls from 1.2 to 0.05, flat from epoch = 40 on"."""
    t = find_trend(points, log=log)
    lowest = f"lowest {short(t.low[1])} at {at(x_name, t.low[0])}"
    highest = f"highest {short(t.high[1])} at {at(x_name, t.high[0])}"
    flat = f", flat from {at(x_name, t.since)} on" if t.since == t.since else ""
    if len(points) == 1:
        return f"has one value, {short(t.first)} at {at(x_name, points[0][0])}"
    if t.kind == "flat":
        return f"is flat at {short(t.last)}"
    if t.kind == "diverging":
        return f"diverges from {at(x_name, t.since)} on, to {short(t.last)}"
    if t.kind == "falling":
        extra = f" ({lowest})" if t.low[0] != points[-1][0] else ""
        return f"falls from {short(t.first)} to {short(t.last)}{extra}{flat}"
    if t.kind == "rising":
        extra = f" ({highest})" if t.high[0] != points[-1][0] else ""
        return f"rises from {short(t.first)} to {short(t.last)}{extra}{flat}"
    if t.kind == "swinging":
        return f"swings between {short(t.low[1])} and {short(t.high[1])}"
    if t.kind == "falls-then-rises":
        return f"falls from {short(t.first)}, is {lowest}, and rises to {short(t.last)}"
    if t.kind == "rises-then-falls":
        return f"rises from {short(t.first)}, is {highest}, and falls to {short(t.last)}"
    return f"goes from {short(t.first)} to {short(t.last)}; {lowest}, {highest}"


def at(x_name: str, x: float) -> str:
    """epoch 41, but w = 3.65."""
    return f"{x_name} {short(x)}" if len(x_name) > 2 and x_name.isalpha() else f"{x_name} = {short(x)}"


def correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Pearson's correlation, NaN where one of them does not vary."""
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    sxx, syy = sum((a - mx) ** 2 for a in x), sum((b - my) ** 2 for b in y)
    if sxx <= 0 or syy <= 0:
        return math.nan
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / math.sqrt(sxx * syy)
