"""Scenes in words: what a picture shows and what to see in it, computed from its data.

For a screen reader, a pipe, and anyone who wants to know whether they read the curve rightly.
"""

from __future__ import annotations

import math

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
    Tiles,
)
from tutor.plots.trend import at, correlation, trend
from tutor.words import short, to_ascii


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
    if isinstance(panel, Tiles):
        return _tiles(panel)
    if isinstance(panel, Picture):
        return f"{_named(panel.title, 'A picture')}, {panel.width} x {panel.height} pixels."
    if isinstance(panel, Network):
        return _network(panel)
    if isinstance(panel, TextPanel):
        return " ".join(filter(None, (t.strip() for t in (panel.title, *panel.lines))))
    if isinstance(panel, TablePanel):
        return f"{_named(panel.title, 'A table')}: {_count(len(panel.rows), 'row')} with {', '.join(panel.header)}."
    raise TypeError(f"no words for {type(panel).__name__}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


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
        sentence = f"{_capital(name)} {trend(good, x_name, log=chart.yscale == 'log')}."
    return sentence + _missing(pairs, good, x_name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _missing(pairs: list[tuple[float, float]], good: list[tuple[float, float]], x_name: str) -> str:
    """How many values are missing, and from where: all from there on, or here and there."""
    count = len(pairs) - len(good)
    if not count:
        return ""
    first = next(i for i, (a, b) in enumerate(pairs) if not (math.isfinite(a) and math.isfinite(b)))
    verb = "value is" if count == 1 else "values are"
    where = at(x_name, pairs[first][0])
    if count > 1 and first + count == len(pairs):
        return f" {count} {verb} missing, from {where} on."
    return f" {count} {verb} missing, the first at {where}."


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


def _gap(chart: Chart) -> str:
    """The distance between a training curve and its validation curve, and since when it grows."""
    train = next((s for s in chart.series if _is(s.label, "train")), None)
    valid = next((s for s in chart.series if _is(s.label, "val")), None)
    if train is None or valid is None:
        return ""
    of_train = dict(zip(train.x, train.y, strict=False))
    gaps = [
        (x, v - of_train[x])
        for x, v in zip(valid.x, valid.y, strict=False)
        if x in of_train and math.isfinite(v - of_train[x])
    ]
    if len(gaps) < 2:
        return ""
    size = [abs(g) for _, g in gaps]
    lower = "validation" if gaps[-1][1] < 0 else "training"
    text = f"The gap between training and validation ends at {short(size[-1], 3)}"
    text += f" ({lower} is lower)" if size[-1] else ""
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
    edges, most = histogram.edges, histogram.counts[i]
    bin_ = f"between {short(edges[i])} and {short(edges[i + 1])} ({short(most, 6)})"
    if 2 * most > total:
        where = f"most lie {bin_}"
    elif min(histogram.counts) == most:
        where = f"each of the {len(histogram.counts)} bins holds {short(most, 6)}"
    else:
        where = f"the fullest bin is {bin_}"
    return f"{_capital(name)}: {short(total, 6)} values from {short(edges[0])} to {short(edges[-1])}; {where}."


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


def _tiles(tiles: Tiles) -> str:
    """How many there are, which is strongest and where, and how many show nothing."""
    text = f"{_named(tiles.title, 'Grids of values')}: {_count(len(tiles.pictures), 'picture')}"
    if tiles.pictures and tiles.pictures[0]:
        text += f" of {len(tiles.pictures[0])} x {len(tiles.pictures[0][0])}"
    cells = [
        (value, number, row, column)
        for number, picture in enumerate(tiles.pictures)
        for row, line in enumerate(picture)
        for column, value in enumerate(line)
        if math.isfinite(value)
    ]
    if not cells:
        return f"{text}."
    value, number, row, column = max(cells)
    where = tiles.labels[number] if number < len(tiles.labels) else str(number)
    text += f", values from {short(min(cells)[0])} to {short(value)}; "
    text += f"the largest is in {where}, row {row}, column {column}."
    alive = {number for value, number, _, _ in cells if value != 0}
    dead = len(tiles.pictures) - len(alive)
    return f"{text} Nothing but zeros: {dead} of {len(tiles.pictures)}." if dead else text


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
