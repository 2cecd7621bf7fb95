"""What is left of the gradient, layer by layer, on its way back through a deep network.

    forward   o_l = h_{l−1} W_l         h_l = φ(o_l)        or, with a residual connection, h_l = h_{l−1} + φ(o_l)
    backward  g_{l−1} = (g_l ⊙ φ′(o_l)) W_lᵀ                                              (… + g_l)

At the last layer g has size 1. Each layer multiplies it by weights and by slopes of the activation, so that its size
falls or grows geometrically: Hochreiter, 1991; Glorot and Bengio, 2010, for the initialisation; He et al., 2015, for
relu and, 2016, for residual connections.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Chart, Guide, Pick, Scene, Series, Slider, TextPanel
from tutor.words import short

Array = npt.NDArray[np.float64]

WIDTH, ROWS = 64, 16
PHI: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "sigmoid": (lambda o: 0.5 * (1 + np.tanh(0.5 * o)), lambda o: 0.25 * (1 - np.tanh(0.5 * o) ** 2)),
    "tanh": (np.tanh, lambda o: 1 - np.tanh(o) ** 2),
    "relu": (lambda o: np.maximum(o, 0), lambda o: (o > 0).astype(float)),
}
SCALES = {"small": 0.5, "glorot": 1.0, "he": 2**0.5, "large": 2.5}
"""The weights of a neuron with n inputs have the spread (standard deviation) scale / √n."""
CONTROLS = (
    Slider("depth", "depth", 10, 2, 50, 1, whole=True, help="how many hidden layers"),
    Pick("activation", "φ", "sigmoid", tuple(PHI), help="activation of all hidden layers"),
    Pick("start", "weights", "glorot", tuple(SCALES), help="how large the weights are to begin with"),
    Pick("residual", "residual", "no", ("no", "yes"), help="whether each layer adds its input to its output"),
)
_SMALLEST = 1e-60
"""Sizes below it count as 0: no learning rate brings such a slope back."""


class Way(NamedTuple):
    """sizes: of the gradient at the outputs of layers 1 to L, shape (L,), the last one 1. kept: what is left of it at
    the first layer. factor: what one layer multiplies it by, on average."""

    sizes: Array
    kept: float
    factor: float


def draw(s: ControlValues) -> Scene:
    """The size of the gradient at every layer, on a logarithmic axis."""
    depth, phi = int(s["depth"]), s.word("activation")
    way = back(depth, phi, SCALES[s.word("start")], s.word("residual") == "yes", s.seed)
    return Scene(
        panels=(chart(way), numbers(way, phi, s.word("start"))),
        words=in_words(way, phi, depth),
        shares=(50, 24),
        height=13,
    )


def back(depth: int, phi: str, scale: float, residual: bool, seed: int = 0) -> Way:
    """A random network, forward and backward, in float64."""
    rng = np.random.default_rng(seed)
    value, slope = PHI[phi]
    weights = rng.normal(0, scale / np.sqrt(WIDTH), (depth, WIDTH, WIDTH))
    h, sums = rng.normal(size=(ROWS, WIDTH)), []
    for w in weights:
        sums.append(h @ w)
        h = value(sums[-1]) + (h if residual else 0)
    g = rng.normal(size=(ROWS, WIDTH))
    sizes = [np.linalg.norm(g)]
    for w, o in zip(weights[:0:-1], sums[:0:-1], strict=True):
        g = (g * slope(o)) @ w.T + (g if residual else 0)
        sizes.append(np.linalg.norm(g))
    relative = np.array(sizes[::-1]) / sizes[0]
    relative[relative < _SMALLEST] = 0.0
    return Way(relative, float(relative[0]), float(relative[0] ** (1 / (depth - 1))))


def chart(way: Way) -> Chart:
    """Layer by layer; where nothing is left, the line ends."""
    depth = len(way.sizes)
    shown = np.where(way.sizes > 0, way.sizes, np.nan)
    low, high = np.nanmin(shown), np.nanmax(shown)
    limits = (float(min(low / 3, 1e-4)), float(max(high * 3, 1e2)))
    return Chart(
        series=(
            Series(tuple(range(1, depth + 1)), tuple(shown.tolist()), kind="path", colour=0),
        ),
        title="size of the gradient (the loss is on the right)", xlabel="layer", yscale="log",
        xlimits=(1.0, float(depth)), ylimits=limits, guides=(Guide("y", 1.0),), whole_x=True,
    )  # fmt: skip


def numbers(way: Way, phi: str, start: str) -> TextPanel:
    """The figures beside the picture."""
    depth = len(way.sizes)
    steepest = {"sigmoid": "1/4", "tanh": "1", "relu": "1"}[phi]
    rows = (
        ("at the last layer", "1"),
        ("at the first", short(way.kept, 2)),
        ("", ""),
        ("layers to cross", str(depth - 1)),
        ("factor of each", short(way.factor, 2)),
        ("", ""),
        ("steepest φ", steepest),
        ("spread × √n", short(SCALES[start], 3)),
    )
    return TextPanel(tuple(f"{name:<17}{value:>7}" if name else "" for name, value in rows), title="Gradient")


def in_words(way: Way, phi: str, depth: int) -> str:
    """Whether the gradient vanishes, fades, lasts, grows or explodes, and by which factor a layer changes it."""
    crossed = "one layer" if depth == 2 else f"{depth - 1} layers"
    if way.kept == 0:
        return f"Behind {crossed}, next to nothing is left of the gradient: the first layers do not learn at all."
    text = f"Going back through {crossed}, a gradient of size 1 becomes {short(way.kept, 2)}"
    if depth > 2:
        text += f": each layer multiplies it by about {short(way.factor, 2)}"
    if way.kept < 1e-9:
        return f"{text}. It vanishes: the first layers do not learn at all."
    if way.kept < 1e-1:
        what, slower = "vanishes" if way.kept < 1e-2 else "fades", float(f"{1 / way.kept:.1g}")
        return f"{text}. It {what}: the first layer learns about {short(slower)} times more slowly than the last."
    if way.kept > 1e2:
        return f"{text}. It explodes: a step that suits the last layer throws the first one far away."
    if way.kept > 1e1:
        return f"{text}. It grows: the first layer takes steps about {short(way.kept, 1)} times as long as the last."
    return f"{text}. It lasts: all layers learn at a similar pace."
