"""Small networks with their values written into them: what the figures with drawn layers share.

A layer is φ(h W + b), with W of shape (inputs, neurons). Biases are not drawn; they are in the values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.plots.scene import Edge, Mark, Network, Node, Raster
from tutor.words import short

Array = npt.NDArray[np.float64]
PHI: dict[str, Callable[[Array], Array]] = {
    "step": lambda o: np.where(o > 0, 1.0, 0.0),
    "sigmoid": lambda o: 0.5 * (1 + np.tanh(0.5 * o)),
    "tanh": np.tanh,
    "relu": lambda o: np.maximum(o, 0.0),
    "identity": lambda o: o,
}
PIXELS = 48
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class DenseLayer(NamedTuple):
    """w: shape (inputs, neurons), b: shape (neurons,), phi: a name of PHI."""

    w: Array
    b: Array
    phi: str


def forward(x: npt.ArrayLike, layers: Sequence[DenseLayer]) -> list[Array]:
    """The inputs, then what each layer gives. x: shape (d,) or (n, d)."""
    given = [np.asarray(x, float)]
    for layer in layers:
        given.append(PHI[layer.phi](given[-1] @ layer.w + layer.b))
    return given


def drawn(given: Sequence[Array], layers: Sequence[DenseLayer], names: Sequence[Sequence[str]], title: str) -> Network:
    """The network with the values `given` for one sample; names: of the units, layer by layer."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    before: range = range(0)
    for column, (values, labels) in enumerate(zip(given, names, strict=True)):
        here = range(len(nodes), len(nodes) + len(labels))
        for row, (value, label) in enumerate(zip(values.tolist(), labels, strict=True)):
            nodes.append(Node(column, row, label, short(value, 2), level=value))
        if column:
            w = layers[column - 1].w
            edges += [
                Edge(start, end, short(w[i, k], 2), float(w[i, k]))
                for i, start in enumerate(before) for k, end in enumerate(here)
            ]  # fmt: skip
        before = here
    return Network(tuple(nodes), tuple(edges), title=title)


def subscripts(letter: str, count: int) -> list[str]:
    """h₁, h₂, …"""
    return [f"{letter}{k}".translate(_SUBSCRIPTS) for k in range(1, count + 1)]


def plane(layers: Sequence[DenseLayer], low: float, high: float, middle: float = 0.0) -> tuple[Array, Array]:
    """(ŷ for a grid of inputs x₁, x₂, shape (PIXELS, PIXELS), x₂ upward; the same on a scale from −1 to 1 that is 0
    where ŷ is `middle`)."""
    centres = low + (np.arange(PIXELS) + 0.5) * (high - low) / PIXELS
    x1, x2 = np.meshgrid(centres, centres[::-1])
    y = forward(np.stack([x1.ravel(), x2.ravel()], axis=1), layers)[-1].reshape(PIXELS, PIXELS)
    off = y - middle
    return y, off / max(float(np.abs(off).max()), 1e-12)


def picture(scaled: Array, low: float, high: float, title: str, marks: tuple[Mark, ...]) -> Raster:
    """The plane of the inputs, with ticks at its ends."""
    return Raster(
        tuple(map(tuple, scaled.tolist())), title=title, low=-1.0, high=1.0, signed=True, legend=False,
        rows=(short(high), "", short(low)), columns=(short(low), "", short(high)), xlabel="x₁", ylabel="x₂",
        marks=marks,
    )  # fmt: skip


def mark_at(x1: float, x2: float, low: float, high: float, label: str) -> Mark:
    """A label at a place of the plane."""

    def pixel(x: float) -> float:
        return (x - low) / (high - low) * PIXELS - 0.5

    return Mark(pixel(x1), PIXELS - 1 - pixel(x2), label)
