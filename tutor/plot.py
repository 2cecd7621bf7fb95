"""Plots for the learner's code: `from tutor import plot; plot.line(losses)`. Close to what pyplot users know.

    plot.line(y)                                   plot.scatter(x, y, title="Boston", xlabel="rooms")
    plot.line(x, y, label="train")                 plot.bar(["cat", "dog"], [0.2, 0.8])
    plot.line(history.history)                     plot.hist(weights, bins=30)
    plot.image(digit)                              plot.heatmap(confusion, numbers=True)

`line` and `scatter` go on the current chart, so that two calls are two curves. A new one begins after `show()` or
`figure()`, and with a call whose title, xlabel or ylabel is another. Nothing needs a `show()` at the end. The rest
(`title`, `xlabel`, `ylabel`, `xlim`, `ylim`, `xscale`, `yscale`) is about the current chart, said before or
after.

Values may be lists, numpy arrays, torch or Keras tensors. NaN and inf are gaps. What goes to the window is data,
thinned to what a terminal can show (spikes stay); outside of the tutor a plot is printed as text.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from shutil import get_terminal_size
from typing import Literal, TypedDict, Unpack

import msgspec
import numpy as np

from tutor.plotdata import Floats, PlotError, as_array, pair, pooled, rows_of
from tutor.plots.reduce import reduce_minmax
from tutor.plots.scene import (
    MAX_POINTS,
    Bars,
    Chart,
    Guide,
    Histogram,
    Mark,
    Panel,
    Picture,
    Raster,
    Scale,
    Scene,
    Series,
)

__all__ = [
    "axhline", "axvline", "bar", "barh", "figure", "heatmap", "hist", "image", "legend", "line", "mark", "scatter",
    "show", "title", "xlabel", "xlim", "xscale", "ylabel", "ylim", "yscale",
]  # fmt: skip

MAX_SERIES = 60
_MAX_TOTAL = 5 * MAX_POINTS
_COLOURS = ("blue", "orange", "green", "pink", "yellow", "red", "grey")
_SCALES: dict[str, Scale] = {"linear": "linear", "log": "log"}
_DASHES = {"-": 0, "solid": 0, "--": 1, "dashed": 1, ":": 2, "dotted": 2, "-.": 1}


class About(TypedDict, total=False):
    """What is said about a chart, apart from its curves."""

    title: str
    xlabel: str
    ylabel: str
    xlimits: tuple[float, float]
    ylimits: tuple[float, float]
    xscale: Scale
    yscale: Scale
    marks: tuple[Mark, ...]
    guides: tuple[Guide, ...]


_TITLES: tuple[Literal["title", "xlabel", "ylabel"], ...] = ("title", "xlabel", "ylabel")


@dataclass
class _Figure:
    """The current plot. index: its number in this run. done: no line or scatter goes on it any more."""

    index: int
    panel: Panel | None = None
    about: About = field(default_factory=About)
    raw: list[tuple[Series, Floats, Floats]] = field(default_factory=list)
    done: bool = False
    printed: bool = True


_current = _Figure(0)


# ------------------------------------------------------------------ what is drawn


def line(
    x: object, y: object = None, /, *, label: str = "", title: str = "", xlabel: str = "", ylabel: str = "",
    color: str | int = "", linestyle: str = "", marker: str = "",
) -> None:  # fmt: skip
    """Add a curve through the points (x, y), or (0, y₀), (1, y₁) … where only y is given.

    y: shape (n,), or (n, k) for k curves; x: shape (n,). A dict of name -> values (a Keras history) makes a
    curve of each. linestyle: "-", "--" or ":". marker: anything shows the points too. Raises PlotError.
    """
    about = About(title=title, xlabel=xlabel, ylabel=ylabel)
    history = getattr(x, "history", x)
    if y is None and isinstance(history, dict):
        for name, values in history.items():
            line(values, label=str(name), title=title, xlabel=xlabel, ylabel=ylabel)
        return
    if linestyle and linestyle not in _DASHES:
        raise PlotError(f'linestyle "{linestyle}" is not known.', 'Known: "-", "--" and ":".')
    points_x, points_y = pair(x, y, "line")
    kind: Literal["line", "path"] = "path" if marker else "line"
    for k in range(points_y.shape[1]):
        name = f"{label} {k}".strip() if points_y.shape[1] > 1 else label
        series = Series((), (), name, kind, _colour(color), _DASHES.get(linestyle, 0))
        _add(series, points_x, points_y[:, k], about)


def scatter(
    x: object, y: object, /, *, label: str = "", title: str = "", xlabel: str = "", ylabel: str = "",
    color: str | int = "",
) -> None:  # fmt: skip
    """Add the points (x, y), both of shape (n,), without a line. Raises PlotError."""
    points_x, points_y = pair(x, y, "scatter")
    if points_y.shape[1] != 1:
        raise PlotError(f"y has shape {np.shape(as_array(y, 'y'))}: scatter needs one y for each x.")
    series = Series((), (), label, "points", _colour(color))
    _add(series, points_x, points_y[:, 0], About(title=title, xlabel=xlabel, ylabel=ylabel))


def bar(
    labels: Iterable[object], heights: object, /, *, title: str = "", xlabel: str = "", ylabel: str = "",
    horizontal: bool = False,
) -> None:
    """Bars: one height for each label. heights: shape (n,), or a dict of group name -> heights."""
    names = tuple(str(v) for v in labels)
    groups = heights if isinstance(heights, dict) else {"": heights}
    values = []
    for name, group in groups.items():
        row = as_array(group, name or "heights").ravel()
        if len(row) != len(names):
            raise PlotError(f"There are {len(names)} labels and {len(row)} heights.", "Give one height for each label.")
        values.append(tuple(row.tolist()))
    shown = tuple(str(g) for g in groups) if isinstance(heights, dict) else ()
    _whole(Bars(names, tuple(values), shown, title, xlabel, ylabel, horizontal))


def barh(labels: Iterable[object], heights: object, /, *, title: str = "", xlabel: str = "", ylabel: str = "") -> None:
    """Lying bars: `bar` with horizontal=True."""
    bar(labels, heights, title=title, xlabel=xlabel, ylabel=ylabel, horizontal=True)


def hist(
    values: object, bins: int | Sequence[float] = 20, *, title: str = "", xlabel: str = "", ylabel: str = "count"
) -> None:
    """How many values fall into each of `bins` equal parts (or between given edges). Missing ones are left out."""
    flat = as_array(values, "values").ravel()
    flat = flat[np.isfinite(flat)]
    if not len(flat):
        raise PlotError("values has no numbers to count.")
    if isinstance(bins, int) and not 1 <= bins <= 500:
        raise PlotError(f"bins is {bins}.", "Give a number from 1 to 500.")
    counts, edges = np.histogram(flat, bins)
    _whole(Histogram(tuple(edges.tolist()), tuple(counts.astype(float).tolist()), title, xlabel, ylabel))


def image(pixels: object, /, *, title: str = "") -> None:
    """A picture: shape (rows, columns) or (rows, columns, 1) in greys from its smallest to its largest value, or
    (rows, columns, 3) in colours, as whole numbers 0 … 255 or as floats 0 … 1."""
    array = np.squeeze(as_array(pixels, "pixels"))
    if array.ndim == 2:
        _whole(Raster(rows_of(pooled(array)), title=title, legend=False))
        return
    if array.ndim != 3 or array.shape[2] not in (3, 4):
        raise PlotError(f"An image has shape (rows, columns) or (rows, columns, 3), and this is {array.shape}.")
    colours = pooled(np.nan_to_num(array[:, :, :3]))
    if array.max() <= 1.0:
        colours = colours * 255
    rows, columns, _ = colours.shape
    _whole(Picture(columns, rows, np.clip(np.rint(colours), 0, 255).astype(np.uint8).tobytes(), title))


def heatmap(
    values: object, /, *, rows: Sequence[object] = (), columns: Sequence[object] = (), title: str = "",
    xlabel: str = "", ylabel: str = "", numbers: bool | None = None, low: float | None = None,
    high: float | None = None, signed: bool = False,
) -> None:  # fmt: skip
    """A matrix as colours, shape (rows, columns). numbers: also as figures (by itself where there are few).

    low, high: what the ends of the scale stand for. signed: two colours that part at 0. Raises PlotError.
    """
    array = as_array(values, "values")
    if array.ndim != 2:
        raise PlotError(f"A heatmap needs a matrix, shape (rows, columns), and this is {array.shape}.")
    for names, size, what in ((rows, array.shape[0], "rows"), (columns, array.shape[1], "columns")):
        if len(names) not in (0, size):
            raise PlotError(f"There are {size} {what} and {len(names)} names for them.")
    few = array.shape[0] <= 12 and array.shape[1] <= 12
    _whole(
        Raster(
            rows_of(pooled(array)), title, low, high, signed, numbers=few if numbers is None else numbers,
            rows=tuple(map(str, rows)), columns=tuple(map(str, columns)), xlabel=xlabel, ylabel=ylabel, tint="heat",
        )
    )  # fmt: skip


def mark(x: float, y: float, label: str = "") -> None:
    """Mark one point of the current chart, with its label beside it."""
    _update_chart(marks=(*_chart().marks, Mark(float(x), float(y), str(label))))


def axhline(y: float, label: str = "") -> None:
    """A level line across the current chart, at y."""
    _update_chart(guides=(*_chart().guides, Guide("y", float(y), str(label))))


def axvline(x: float, label: str = "") -> None:
    """An upright line across the current chart, at x."""
    _update_chart(guides=(*_chart().guides, Guide("x", float(x), str(label))))


# ------------------------------------------------------------------ about the current plot


def figure() -> None:
    """Begin a new plot."""
    global _current
    if _current.panel is not None or _current.about:
        _print_if_outside()
        _current = _Figure(_current.index + (_current.panel is not None))


def show() -> None:
    """The current plot is finished; the next call begins a new one."""
    figure()


def title(text: str) -> None:
    _set(title=str(text))


def xlabel(text: str) -> None:
    _set(xlabel=str(text))


def ylabel(text: str) -> None:
    _set(ylabel=str(text))


def xlim(low: float, high: float) -> None:
    """What the x axis shows: low < high."""
    _set(xlimits=_limits(low, high))


def ylim(low: float, high: float) -> None:
    """What the y axis shows: low < high."""
    _set(ylimits=_limits(low, high))


def xscale(scale: str) -> None:
    """ "linear" or "log"; on a log axis what is not above 0 is a gap."""
    _set(xscale=_scale(scale))


def yscale(scale: str) -> None:
    """ "linear" or "log"; on a log axis what is not above 0 is a gap."""
    _set(yscale=_scale(scale))


def legend() -> None:
    """Curves with a `label` always have a legend: nothing is to be done."""


# ------------------------------------------------------------------ inside


def _add(series: Series, x: Floats, y: Floats, about: About) -> None:
    """One more series on the current chart, or on a new one."""
    global _current
    said = About()
    for name in _TITLES:
        if text := about.get(name):
            said[name] = text
    other = any(_current.about.get(name, said[name]) != said[name] for name in _TITLES if name in said)
    if _current.done or (other and _current.panel is not None):
        figure()
    if len(_current.raw) >= MAX_SERIES:
        raise PlotError(f"There are {MAX_SERIES} curves on this chart already.", "Begin a new one with plot.figure().")
    _current.raw.append((series, x, y))
    _current.about.update(said)
    _send_chart()


def _send_chart() -> None:
    limit = max(min(MAX_POINTS, _MAX_TOTAL // max(len(_current.raw), 1)), 100)
    log = _current.about.get("xscale") == "log"
    series = tuple(_thinned(s, x, y, limit, log) for s, x, y in _current.raw)
    _current.panel = Chart(series, **_current.about)
    _send()


def _thinned(series: Series, x: Floats, y: Floats, limit: int, log: bool) -> Series:
    """The series with at most about `limit` points that look the same."""
    if len(x) > limit:
        if series.kind == "line":
            few_x, few_y = reduce_minmax(x.tolist(), y.tolist(), limit // 4, log=log)
            x, y = np.array(few_x), np.array(few_y)
        if len(x) > limit:
            keep = set(np.linspace(0, len(x) - 1, limit - 4).astype(int).tolist())
            for values in (x, y):
                if np.isfinite(values).any():
                    keep |= {int(np.nanargmin(values)), int(np.nanargmax(values))}
            chosen = sorted(keep)
            x, y = x[chosen], y[chosen]
    return msgspec.structs.replace(series, x=tuple(x.tolist()), y=tuple(y.tolist()))


def _whole(panel: Panel) -> None:
    """A plot that stands alone."""
    global _current
    if _current.panel is not None:
        figure()
    _current.panel = _about_it(panel, _current.about)
    _current.done = True
    _send()


def _about_it(panel: Panel, about: About) -> Panel:
    """The panel with what is said about it, as far as a panel of its kind has that."""
    known = panel.__struct_fields__
    return msgspec.structs.replace(panel, **{name: one for name, one in about.items() if name in known})


def _set(**about: Unpack[About]) -> None:
    _current.about.update(about)
    if _current.raw:
        _send_chart()
    elif _current.panel is not None:
        _current.panel = _about_it(_current.panel, about)
        _send()


def _chart() -> Chart:
    if not isinstance(_current.panel, Chart):
        raise PlotError("There is no chart to mark yet.", "Call plot.line or plot.scatter first.")
    return _current.panel


def _update_chart(**about: Unpack[About]) -> None:
    _chart()
    _set(**about)


def _send() -> None:
    from tutor.engine.run.run_side import send_plot

    assert _current.panel is not None
    if not send_plot(_current.index, Scene((_current.panel,))):
        if _current.printed:
            atexit.unregister(_print_if_outside)
            atexit.register(_print_if_outside)
        _current.printed = False


def _print_if_outside() -> None:
    """Print the current plot as text where there is no window to show it."""
    if _current.printed or _current.panel is None:
        return
    from tutor.plots import PlotLook, render

    _current.printed = True
    width = min(get_terminal_size((80, 24)).columns, 100)
    for row in render(_current.panel, width, 16, PlotLook(colours="none").plain()):
        print(row.plain.rstrip())


def _colour(color: str | int) -> int:
    """The number of a series colour: 0, "C0", or the nearest name; -1 takes the next one."""
    if color == "":
        return -1
    if isinstance(color, int):
        return color
    if color[:1] == "C" and color[1:].isdigit():
        return int(color[1:])
    if color in _COLOURS:
        return _COLOURS.index(color)
    raise PlotError(f'color "{color}" is not known.', f"Known: {', '.join(_COLOURS)}, and C0, C1 …")


def _limits(low: float, high: float) -> tuple[float, float]:
    if not float(low) < float(high):
        raise PlotError(f"The limits are {low} and {high}.", "The first must be the smaller one.")
    return float(low), float(high)


def _scale(scale: str) -> Scale:
    if scale not in _SCALES:
        raise PlotError(f'scale "{scale}" is not known.', 'Known: "linear" and "log".')
    return _SCALES[scale]
