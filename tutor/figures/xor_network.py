"""Xor from three neurons: an or-neuron and an and-neuron, and one that says "or, but not and".

    h₁ = φ(x₁ + x₂ + b₁)        h₂ = φ(x₁ + x₂ + b₂)        ŷ = φ(v₁·h₁ + v₂·h₂ + b)

With the step activation, ŷ is 1 on a strip between two parallel lines (Minsky and Papert, Perceptrons, 1969).
"""

from __future__ import annotations

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.layered import DenseLayer, drawn, forward, mark_at, picture, plane
from tutor.plots.scene import Pick, Scene, Slider, TextPanel
from tutor.words import short

CONTROLS = (
    Slider("x1", "x₁", 1.0, 0.0, 1.0, 0.5, help="first input"),
    Slider("x2", "x₂", 0.0, 0.0, 1.0, 0.5, help="second input"),
    Slider("b1", "b₁", -0.5, -2.5, 0.5, 0.25, help="bias of the first hidden neuron (or)"),
    Slider("b2", "b₂", -1.5, -2.5, 0.5, 0.25, help="bias of the second hidden neuron (and)"),
    Slider("v2", "v₂", -1.0, -2.0, 2.0, 0.25, help="weight of the second hidden neuron in the output"),
    Pick("activation", "φ", "step", ("step", "sigmoid", "tanh", "relu", "identity"), help="activation"),
)
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
XOR = (0, 1, 1, 0)
_LOW, _HIGH = -0.5, 1.5


def draw(s: ControlValues) -> Scene:
    """The network at these inputs, its output for all inputs, and its truth table."""
    phi = s.word("activation")
    layers = network(s["b1"], s["b2"], s["v2"], phi)
    given = forward((s["x1"], s["x2"]), layers)
    outputs = forward(CORNERS, layers)[-1][:, 0]
    right = [(y > 0.5) == bool(target) for y, target in zip(outputs.tolist(), XOR, strict=True)]
    _, scaled = plane(layers, _LOW, _HIGH, middle=0.5)
    marks = tuple(
        mark_at(c1, c2, _LOW, _HIGH, f"{target}{'✓' if ok else '✗'}")
        for (c1, c2), target, ok in zip(CORNERS, XOR, right, strict=True)
    )
    return Scene(
        panels=(
            drawn(given, layers, (("x₁", "x₂"), ("h₁", "h₂"), ("ŷ",)), f"φ = {phi}"),
            picture(scaled, _LOW, _HIGH, "xor: is ŷ > 0.5?", marks),
            table(layers, right),
        ),
        words=in_words(given, phi, right, float(np.ptp(outputs))),
        shares=(27, 26, 23),
        height=13,
    )


def network(b1: float, b2: float, v2: float, phi: str) -> tuple[DenseLayer, DenseLayer]:
    """The two layers; the weights into the hidden one are all 1."""
    hidden = DenseLayer(np.ones((2, 2)), np.array([b1, b2]), phi)
    return hidden, DenseLayer(np.array([[1.0], [v2]]), np.array([-0.5]), phi)


def table(layers: tuple[DenseLayer, DenseLayer], right: list[bool]) -> TextPanel:
    """What each neuron says at the four corners."""
    lines = ["x₁ x₂    h₁    h₂     ŷ"]
    for (c1, c2), ok in zip(CORNERS, right, strict=True):
        _, hidden, output = forward((c1, c2), layers)
        values = "".join(f"{short(float(v), 2):>6}" for v in (*hidden, *output))
        lines.append(f"{c1:>2} {c2:>2}{values} {'✓' if ok else '✗'}")
    return TextPanel((*lines, "", f"{sum(right)} of 4 right"), title="The corners")


def in_words(given: list[np.ndarray], phi: str, right: list[bool], spread: float) -> str:
    """What the neurons say at these inputs, and which corners are right."""
    x, h, y = ([short(v, 3) for v in values.tolist()] for values in given)
    text = f"For x = ({', '.join(x)}) the hidden neurons give ({', '.join(h)}), and the output is {y[0]}."
    count = sum(right)
    if count == 4:
        text += " Counting ŷ above 0.5 as 1, all four corners of xor are right."
        return text + (" The 1s lie on a strip between two lines." if phi == "step" else "")
    wrong = [f"({c1}, {c2})" for (c1, c2), ok in zip(CORNERS, right, strict=True) if not ok]
    verb = "is" if count == 1 else "are"
    text += f" Counting ŷ above 0.5 as 1, {count} of 4 corners {verb} right; wrong at {', '.join(wrong)}."
    if phi == "identity":
        text += " With the identity, three neurons are no more than one: there is no strip any more."
    elif spread < 1e-9:
        text += " The output is the same at all corners."
    return text
