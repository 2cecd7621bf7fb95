"""A multi-layer perceptron with one or two hidden layers and weights drawn by chance: its values, and its output for
all inputs.

A neuron keeps its weights when others come or go, so that one sees what one more of them does.
"""

from __future__ import annotations

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.layered import Array, DenseLayer, drawn, forward, mark_at, picture, plane, subscripts
from tutor.plots.scene import Pick, Scene, Slider
from tutor.words import short

CONTROLS = (
    Slider("x1", "x₁", 1.0, -2.0, 2.0, 0.25, help="first input"),
    Slider("x2", "x₂", -0.5, -2.0, 2.0, 0.25, help="second input"),
    Pick("hidden", "hidden layers", "1", ("1", "2"), help="how many hidden layers"),
    Slider("neurons", "neurons", 3, 1, 8, 1, whole=True, help="neurons in each hidden layer"),
    Pick("activation", "φ", "tanh", ("tanh", "sigmoid", "relu", "step", "identity"), help="hidden activation"),
    Slider("draw", "draw", 1, 1, 40, 1, whole=True, help="other weights, drawn by chance"),
)
MOST = 8
_LOW, _HIGH = -2.0, 2.0


def draw(s: ControlValues) -> Scene:
    """The network with the values for (x₁, x₂), and ŷ over the plane."""
    depth, width, phi = int(s.word("hidden")), int(s["neurons"]), s.word("activation")
    layers = network(depth, width, phi, int(s["draw"]) + 1000 * s.seed)
    given = forward((s["x1"], s["x2"]), layers)
    letters = ("h",) if depth == 1 else ("g", "h")
    names = [("x₁", "x₂"), *(subscripts(letter, width) for letter in letters), ("ŷ",)]
    y, scaled = plane(layers, _LOW, _HIGH)
    inside = mark_at(min(max(s["x1"], -1.9), 1.9), min(max(s["x2"], -1.9), 1.9), _LOW, _HIGH, "×")
    return Scene(
        panels=(
            drawn(given, layers, names, f"{'One hidden layer' if depth == 1 else 'Two hidden layers'}, φ = {phi}"),
            picture(scaled, _LOW, _HIGH, "ŷ for all x₁, x₂", (inside,)),
        ),
        words=in_words(given, y, phi, depth, width),
        shares=(50, 26),
        height=14,
    )


def network(depth: int, width: int, phi: str, number: int) -> list[DenseLayer]:
    """Layers of `width` neurons, `depth` of them, then one output neuron without activation."""
    layers, inputs = [], 2
    for place in range(depth):
        w = np.stack([_neuron(number, place, k)[:inputs] for k in range(width)], axis=1)
        b = np.array([_neuron(number, place, k)[MOST] for k in range(width)])
        layers.append(DenseLayer(w * (1.5 if place == 0 else 1.0), b, phi))
        inputs = width
    v = _neuron(number, depth, 0)
    return [*layers, DenseLayer(v[:inputs, None], 0.3 * v[MOST:], "identity")]


def _neuron(number: int, place: int, k: int) -> Array:
    """Its weights for as many inputs as there may be, then its bias."""
    return np.random.default_rng((number, place, k)).normal(size=MOST + 1)


def in_words(given: list[Array], y: Array, phi: str, depth: int, width: int) -> str:
    """The way of the values, and what kind of picture the layers make."""
    neurons = f"{width} neuron{'s' * (width != 1)}"
    stack = f"one hidden layer of {neurons}" if depth == 1 else f"two hidden layers of {neurons} each"
    x1, x2 = (short(v, 3) for v in given[0].tolist())
    text = f"Two inputs, {stack}, one output: ({x1}, {x2}) goes in, {short(float(given[-1][0]), 3)} comes out."
    if phi == "identity":
        return text + " Without an activation the layers are one: an even slope, whatever the weights."
    if phi == "step":
        flat = len(np.unique(np.round(y, 9)))
        return text + f" In the picture ŷ takes {flat} different value{'s' * (flat != 1)}, in level patches."
    if phi == "relu":
        return text + " The picture is made of even slopes that meet in straight or broken lines."
    return text + f" In the picture ŷ runs smoothly from {short(float(y.min()), 2)} to {short(float(y.max()), 2)}."
