"""Scenes in words: what a picture shows and what to see in it, computed from its data.

For a screen reader, a pipe, and anyone who wants to know whether they read the curve rightly.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.plots.grid import to_ascii
from tutor.plots.numbers import short
from tutor.plots.scene import (
    Bars,
    Chart,
    Histogram,
    Network,
    Panel,
    Picture,
    Raster,
    Scene,
    Series,
    TablePanel,
    TextPanel,
)


def words(what: Scene | Panel, *, ascii: bool = False) -> str:
    """Sentences about a scene: its own words where it has some, else computed from its data. ascii: in ASCII."""
    if ascii:
        return to_ascii(words(what))
    if isinstance(what, Scene):
        if what.words:
            return what.words
        return " ".join(filter(None, (_panel(p) for p in what.panels)))
    return _panel(what)


def _panel(panel: Panel) -> str:
    if isinstance(panel, Chart):
        return chart_words(panel)
    if isinstance(panel, Bars):
        return _bars(panel)
    if isinstance(panel, Histogram):
        return _histogram(panel)
    if isinstance(panel, Raster):
        return _raster(panel)
    if isinstance(panel, Picture):
        return f"{_named(panel.title, 'A picture')}, {panel.width} x {panel.height} pixels."
    if isinstance(panel, Network):
        return _network(panel)
    if isinstance(panel, TextPanel):
        return " ".join(filter(None, (t.strip() for t in (panel.title, *panel.lines))))
    if isinstance(panel, TablePanel):
        return f"{_named(panel.title, 'A table')}: {len(panel.rows)} rows with {', '.join(panel.header)}."
    raise TypeError(f"no words for {type(panel).__name__}")


def _named(title: str, otherwise: str) -> str:
    return title or otherwise


# ------------------------------------------------------------------ charts


def chart_words(chart: Chart) -> str:
    """Range and trend of each series, the gap between training and validation, marks, missing values."""
    sentences = [f"{chart.title}." if chart.title else ""]
    for i, one in enumerate(chart.series[:8]):
        sentences.append(series_words(one, chart, i))
    if len(chart.series) > 8:
        sentences.append(f"{len(chart.series) - 8} more series.")
    sentences.append(_gap(chart))
    named = [f"{m.label} at {short(m.x)}, {short(m.y)}" for m in chart.marks if m.label]
    if named:
        sentences.append(f"Marked: {'; '.join(named)}.")
    return " ".join(filter(None, sentences))


def series_words(series: Series, chart: Chart, number: int = 0) -> str:
    """One sentence (two where values are missing) about a series."""
    many = len(chart.series) > 1
    name = series.label or (f"series {number + 1}" if many else chart.ylabel or "the curve")
    x_name = chart.xlabel or "x"
    pairs = list(zip(series.x, series.y, strict=False))
    good = [(a, b) for a, b in pairs if math.isfinite(a) and math.isfinite(b)]
    if not good:
        return f"{_capital(name)} has no values."
    if series.kind == "points":
        sentence = _cloud(name, good, chart)
    else:
        sentence = f"{_capital(name)} {trend(good, x_name)}."
    return sentence + _missing(pairs, good, x_name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _missing(pairs: list[tuple[float, float]], good: list[tuple[float, float]], x_name: str) -> str:
    count = len(pairs) - len(good)
    if not count:
        return ""
    first = next(a for a, b in pairs if not (math.isfinite(a) and math.isfinite(b)))
    verb = "value is" if count == 1 else "values are"
    return (
        f" {count} {verb} missing, from {_at(x_name, first)} on."
        if pairs[-1] not in good
        else (f" {count} {verb} missing, the first at {_at(x_name, first)}.")
    )


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


def find_trend(points: Sequence[tuple[float, float]]) -> Trend:
    """How a curve runs: flat, falling, rising, diverging, swinging, falls-then-rises, rises-then-falls, mixed.

    flat: the whole span is below a thousandth of its size. falling, rising: at least four fifths of the way
    goes in one direction. diverging: it ends in a stretch where its size only grows, at least tenfold in
    the second half of that stretch. swinging: it changes direction at more than half of its points.
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
        return Trend("falling", *ends, since=_flat_from(points, span))
    if up >= 4 * down:
        return Trend("rising", *ends, since=_flat_from(points, span))
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


def _flat_from(points: Sequence[tuple[float, float]], span: float) -> float:
    """The x from which on the curve stays within a fiftieth of its span of its end, if for a third of it or more."""
    last = points[-1][1]
    i = len(points) - 1
    while i > 0 and abs(points[i - 1][1] - last) <= 0.02 * span:
        i -= 1
    return points[i][0] if 0 < i <= len(points) * 2 // 3 else math.nan


def trend(points: Sequence[tuple[float, float]], x_name: str = "x") -> str:
    """The rest of a sentence about a curve: "falls from 1.2 to 0.05, flat from epoch = 40 on"."""
    t = find_trend(points)
    lowest = f"lowest {short(t.low[1])} at {_at(x_name, t.low[0])}"
    highest = f"highest {short(t.high[1])} at {_at(x_name, t.high[0])}"
    flat = f", flat from {_at(x_name, t.since)} on" if t.since == t.since else ""
    if len(points) == 1:
        return f"has one value, {short(t.first)} at {_at(x_name, points[0][0])}"
    if t.kind == "flat":
        return f"is flat at {short(t.last)}"
    if t.kind == "diverging":
        return f"diverges from {_at(x_name, t.since)} on, to {short(t.last)}"
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


def _at(x_name: str, x: float) -> str:
    """epoch 41, but w = 3.65."""
    return f"{x_name} {short(x)}" if len(x_name) > 2 and x_name.isalpha() else f"{x_name} = {short(x)}"


def _cloud(name: str, points: list[tuple[float, float]], chart: Chart) -> str:
    x, y = [a for a, _ in points], [b for _, b in points]
    x_name, y_name = chart.xlabel or "x", chart.ylabel or "y"
    text = (
        f"{_capital(name)}: {len(points)} points, {x_name} {short(min(x))} to {short(max(x))}, "
        f"{y_name} {short(min(y))} to {short(max(y))}"
    )
    r = correlation(x, y)
    if len(points) >= 5 and r == r:
        how = "rise together" if r > 0.3 else "run against each other" if r < -0.3 else "have hardly a linear relation"
        text += f"; they {how} (correlation {short(r, 2)})"
    return text + "."


def correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Pearson's correlation, NaN where one of them does not vary."""
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    sxx, syy = sum((a - mx) ** 2 for a in x), sum((b - my) ** 2 for b in y)
    if sxx <= 0 or syy <= 0:
        return math.nan
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / math.sqrt(sxx * syy)


def _gap(chart: Chart) -> str:
    """The distance between a training curve and its validation curve, and since when it grows."""
    train = next((s for s in chart.series if _is(s.label, "train")), None)
    valid = next((s for s in chart.series if _is(s.label, "val")), None)
    if train is None or valid is None:
        return ""
    at = dict(zip(train.x, train.y, strict=False))
    gaps = [(x, v - at[x]) for x, v in zip(valid.x, valid.y, strict=False) if x in at and math.isfinite(v - at[x])]
    if len(gaps) < 2:
        return ""
    size = [abs(g) for _, g in gaps]
    text = f"The gap between training and validation ends at {short(size[-1], 3)}"
    lowest = min(zip(valid.x, valid.y, strict=False), key=lambda p: p[1] if math.isfinite(p[1]) else math.inf)
    middle = size[len(size) // 2]
    if size[-1] > 1.25 * middle > 0 and lowest[0] < gaps[-1][0]:
        return f"{text}, growing: {short(middle, 3)} half-way."
    return text + "."


def _is(label: str, what: str) -> bool:
    text = label.lower()
    if what == "train":
        return text.startswith("train") or text in ("loss", "accuracy")
    return text.startswith("val")


# ------------------------------------------------------------------ the others


def _bars(bars: Bars) -> str:
    sentences = [f"{bars.title}." if bars.title else ""]
    for i, group in enumerate(bars.values):
        pairs = [(v, t) for v, t in zip(group, bars.labels, strict=False) if math.isfinite(v)]
        if not pairs:
            continue
        name = f"{bars.groups[i]}: largest" if i < len(bars.groups) and len(bars.values) > 1 else "Largest"
        (high, at_high), (low, at_low) = max(pairs, key=lambda p: p[0]), min(pairs, key=lambda p: p[0])
        if len(pairs) <= 5 and len(bars.values) == 1:
            listed = ", ".join(f"{t} {short(v)}" for v, t in pairs)
            sentences.append(f"{listed}. Largest: {at_high}.")
        else:
            sentences.append(f"{name} is {at_high} with {short(high)}, smallest {at_low} with {short(low)}.")
    missing = sum(1 for g in bars.values for v in g if not math.isfinite(v))
    if missing:
        sentences.append(f"{missing} missing.")
    return " ".join(filter(None, sentences))


def _histogram(histogram: Histogram) -> str:
    total = sum(histogram.counts)
    name = histogram.title or histogram.xlabel or "the values"
    if not total:
        return f"{_capital(name)}: nothing to count."
    i = max(range(len(histogram.counts)), key=histogram.counts.__getitem__)
    edges = histogram.edges
    return (
        f"{_capital(name)}: {short(total, 6)} values from {short(edges[0])} to {short(edges[-1])}; most lie "
        f"between {short(edges[i])} and {short(edges[i + 1])} ({short(histogram.counts[i], 6)})."
    )


def _raster(raster: Raster) -> str:
    rows, columns = len(raster.values), len(raster.values[0]) if raster.values else 0
    name = raster.title or "A grid of values"
    cells = [(v, i, j) for i, line in enumerate(raster.values) for j, v in enumerate(line) if math.isfinite(v)]
    if not cells:
        return f"{_capital(name)}: nothing to show."
    high, low = max(cells), min(cells)

    def place(cell: tuple[float, int, int]) -> str:
        row = raster.rows[cell[1]] if cell[1] < len(raster.rows) else f"row {cell[1]}"
        column = raster.columns[cell[2]] if cell[2] < len(raster.columns) else f"column {cell[2]}"
        return f"{row}, {column}"

    text = (
        f"{_capital(name)}, {rows} x {columns}: from {short(low[0])} ({place(low)}) "
        f"to {short(high[0])} ({place(high)}), mean {short(sum(v for v, _, _ in cells) / len(cells))}."
    )
    missing = rows * columns - len(cells)
    return text + (f" {missing} missing." if missing else "")


def _network(network: Network) -> str:
    sizes: dict[int, int] = {}
    for node in network.nodes:
        sizes[node.column] = sizes.get(node.column, 0) + 1
    layers = ", ".join(str(sizes[c]) for c in sorted(sizes))
    text = f"{_named(network.title, 'A network')} with {layers} units from left to right"
    valued = [f"{n.label} = {n.value}" for n in network.nodes if n.label and n.value]
    if valued and len(valued) <= 8:
        text += f": {', '.join(valued)}"
    return text + "."
