"""Activation functions: the curve, a point that moves on it, the tangent there, and the slope as a curve of its own.

Slopes are exact, not differences. Where a curve has a corner (relu and leaky relu at 0) the slope is that of the left
side, as Keras takes it. The slope of leaky relu below 0 is 0.2, which is what Keras's "leaky_relu" has.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Chart, Mark, Pick, Scene, Series, Slider, TextPanel
from tutor.words import short

Curve = Callable[[np.ndarray], np.ndarray]
LEAK = 0.2


class Activation(NamedTuple):
    """value and slope as functions of o; formula: as text; low, high: the window its values are shown in."""

    value: Curve
    slope: Curve
    formula: str
    low: float
    high: float


def sigmoid(o: np.ndarray) -> np.ndarray:
    """1 / (1 + e^−o)."""
    share: np.ndarray = 1 / (1 + np.exp(-o))
    return share


def bell(o: np.ndarray) -> np.ndarray:
    """The density of the normal distribution."""
    density: np.ndarray = np.exp(-(o**2) / 2) / math.sqrt(2 * math.pi)
    return density


def below(o: np.ndarray) -> np.ndarray:
    """The share of the normal distribution below o."""
    return np.asarray(np.vectorize(lambda v: (1 + math.erf(v / math.sqrt(2))) / 2, otypes=[float])(o))


ACTIVATIONS = {
    "identity": Activation(lambda o: o * 1.0, np.ones_like, "o", -5, 5),
    "sigmoid": Activation(sigmoid, lambda o: sigmoid(o) * (1 - sigmoid(o)), "1 / (1 + e⁻ᵒ)", -0.2, 1.2),
    "tanh": Activation(np.tanh, lambda o: 1 - np.tanh(o) ** 2, "2σ(2o) − 1", -1.2, 1.2),
    "relu": Activation(lambda o: np.maximum(o, 0.0), lambda o: np.where(o > 0, 1.0, 0.0), "max(o, 0)", -1.5, 5),
    "leaky-relu": Activation(
        lambda o: np.where(o > 0, o, LEAK * o), lambda o: np.where(o > 0, 1.0, LEAK), "o or 0.2 o", -1.5, 5
    ),
    "elu": Activation(
        lambda o: np.where(o > 0, o, np.expm1(np.minimum(o, 0.0))),
        lambda o: np.where(o > 0, 1.0, np.exp(np.minimum(o, 0.0))),
        "o or eᵒ − 1", -1.5, 5,
    ),
    "gelu": Activation(lambda o: o * below(o), lambda o: below(o) + o * bell(o), "o · Φ(o)", -1.5, 5),
    "swish": Activation(
        lambda o: o * sigmoid(o), lambda o: sigmoid(o) * (1 + o * (1 - sigmoid(o))), "o · σ(o)", -1.5, 5
    ),
}  # fmt: skip
CONTROLS = (
    Pick("phi", "φ", "sigmoid", tuple(ACTIVATIONS), help="activation"),
    Slider("o", "o", 1.0, -5.0, 5.0, 0.25, help="where the point stands"),
    Pick("show", "show", "curve", ("curve", "slope", "both"), help="the curve, its slope, or both"),
    Pick("beside", "beside", "none", ("none", *ACTIVATIONS), help="a second activation to compare with"),
)
_REACH = 5.0
_GRID = np.linspace(-_REACH, _REACH, 401)
_FLAT = 0.05
_STEEP = 0.95


def draw(s: ControlValues) -> Scene:
    """The chosen curve or its slope, or both, with the point at o, and the figures."""
    names = [s.word("phi")]
    if s.word("beside") not in ("none", names[0]):
        names.append(s.word("beside"))
    o, show = s["o"], s.word("show")
    if show == "both":
        return Scene((values_chart(names, o, ""), slopes_chart(names, o)), words=in_words(names, o), height=14)
    label = "tangent" if len(names) == 1 else ""
    chart = values_chart(names, o, label) if show == "curve" else slopes_chart(names, o)
    return Scene((chart, figures(names, o)), words=in_words(names, o), shares=(30, 13), height=14)


def at(curve: Curve, o: float) -> float:
    """The curve at one o."""
    return float(curve(np.array(o)))


def values_chart(names: list[str], o: float, label: str) -> Chart:
    """φ over o, with the tangent at the point. label: of the tangent, where there is room for one."""
    first = ACTIVATIONS[names[0]]
    value, slope = at(first.value, o), at(first.slope, o)
    reach = 1.5 / math.hypot(1.0, slope)
    ends = (o - reach, o + reach)
    tangent = Series(ends, tuple(value + slope * (x - o) for x in ends), label, colour=3)
    chosen = [ACTIVATIONS[name] for name in names]
    return Chart(
        series=(*curves(names, "value"), tangent), xlabel="o", ylabel="φ(o)", xlimits=(-_REACH, _REACH),
        ylimits=(min(a.low for a in chosen), max(a.high for a in chosen)), marks=(Mark(o, value),),
    )  # fmt: skip


def slopes_chart(names: list[str], o: float) -> Chart:
    """The slope of φ over o."""
    slope = at(ACTIVATIONS[names[0]].slope, o)
    return Chart(
        series=curves(names, "slope"), xlabel="o", ylabel="slope of φ", xlimits=(-_REACH, _REACH),
        ylimits=(-0.2, 1.2), marks=(Mark(o, slope),),
    )  # fmt: skip


def curves(names: list[str], kind: str) -> tuple[Series, ...]:
    """One line for each activation. Where a slope jumps, the line goes straight up."""
    lines = []
    for i, name in enumerate(names):
        y = getattr(ACTIVATIONS[name], kind)(_GRID)
        lines.append(Series(tuple(_GRID.tolist()), tuple(y.tolist()), name, colour=2 * i, dash=i))
    return tuple(lines)


def figures(names: list[str], o: float) -> TextPanel:
    """The numbers beside the picture."""
    lines: list[str] = []
    for name in names:
        phi = ACTIVATIONS[name]
        rows = (("o", o), ("φ(o)", at(phi.value, o)), ("slope", at(phi.slope, o)))
        lines += [name, f"= {phi.formula}", *(f"{label:<6}{short(value, 4):>9}" for label, value in rows), ""]
    return TextPanel(tuple(lines[:-1]))


def in_words(names: list[str], o: float) -> str:
    """What comes out at o, how much of a small change gets through; of one alone, where its slope is largest."""
    said = [told(name, o) for name in names]
    if len(names) == 1:
        said.append(steepest(names[0]))
    return " ".join(said)


def told(name: str, o: float) -> str:
    """The value and the slope at o, and what the slope means."""
    phi = ACTIVATIONS[name]
    slope = at(phi.slope, o)
    text = f"At o = {short(o)}, {name} gives {short(at(phi.value, o), 4)}, and its slope is {short(slope, 4)}: "
    if slope == 0:
        return text + "a small change of o changes nothing at all."
    if abs(slope) < _FLAT:
        return text + "nearly flat, a small change of o is all but lost."
    if slope < 0:
        return text + "here it even falls a little."
    if slope < _STEEP:
        return text + f"a small change of o comes out {short(1 / slope, 2)} times smaller."
    if slope <= 2 - _STEEP:
        return text + "a small change of o comes out as it went in."
    return text + "a small change of o comes out a little larger."


def steepest(name: str) -> str:
    """Where the slope is largest, and how large."""
    slopes = ACTIVATIONS[name].slope(_GRID)
    top = float(slopes.max())
    places = _GRID[slopes >= top - 1e-12]
    opening = name[0].upper() + name[1:]
    if len(places) == 1:
        return f"{opening} is steepest at o = {short(float(places[0]), 2)}, with slope {short(top, 3)}."
    where = "everywhere" if len(places) == len(_GRID) else "wherever o is above 0"
    return f"{opening} has slope {short(top, 3)} {where}."
