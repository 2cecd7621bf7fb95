"""A neuron: two inputs, two weights, a bias, an activation; and how it divides the plane of its inputs.

    o = x₁·w₁ + x₂·w₂ + b        ŷ = φ(o)

Every activation here rises or stays level (it is monotone), so the inputs with o > 0 are exactly those on one
side of the straight line x₁·w₁ + x₂·w₂ + b = 0. That is why one neuron does `and` and `or`, but never `xor`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Edge, Mark, Network, Node, Pick, Raster, Scene, Slider, TextPanel
from tutor.words import minus, short

PHI: dict[str, Callable[[float], float]] = {
    "step": lambda o: 1.0 if o > 0 else 0.0,
    "sigmoid": lambda o: 1 / (1 + math.exp(-o)),
    "tanh": math.tanh,
    "relu": lambda o: max(o, 0.0),
    "identity": lambda o: o,
}
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "xor": (0, 1, 1, 0),
}
CONTROLS = (
    Slider("x1", "x₁", 1.0, -1.0, 2.0, 0.25, help="first input"),
    Slider("x2", "x₂", 1.0, -1.0, 2.0, 0.25, help="second input"),
    Slider("w1", "w₁", 1.0, -5.0, 5.0, 0.25, help="weight of the first input"),
    Slider("w2", "w₂", 1.0, -5.0, 5.0, 0.25, help="weight of the second input"),
    Slider("b", "b", -1.5, -5.0, 5.0, 0.25, help="bias"),
    Pick("activation", "φ", "step", tuple(PHI), help="activation"),
    Pick("gate", "gate", "none", ("none", *GATES), help="the targets at the four corners"),
)
_LOW, _HIGH, _PIXELS = -0.25, 1.25, 40


def draw(s: ControlValues) -> Scene:
    """The neuron at these weights: drawn, worked out, and as a picture over the unit square."""
    x1, x2, w1, w2, b = (s[name] for name in ("x1", "x2", "w1", "w2", "b"))
    o = x1 * w1 + x2 * w2 + b
    phi = s.word("activation")
    output = PHI[phi](o)
    right = gate_right(w1, w2, b, s.word("gate"))
    return Scene(
        panels=(
            drawn(x1, x2, w1, w2, b, phi, output),
            plane(w1, w2, b, phi, x1, x2, s.word("gate"), right),
            worked_sum(x1, x2, w1, w2, b, phi, o, output, s.word("gate"), right),
        ),
        words=in_words(phi, o, output, s.word("gate"), right),
        shares=(28, 22, 24),
        height=14,
    )


def gate_right(w1: float, w2: float, b: float, gate: str) -> tuple[bool, ...]:
    """For each of the four corners, whether "o > 0" agrees with the gate. Empty without a gate."""
    targets = GATES.get(gate, ())
    return tuple((c1 * w1 + c2 * w2 + b > 0) == bool(t) for (c1, c2), t in zip(CORNERS, targets, strict=bool(targets)))


def drawn(x1: float, x2: float, w1: float, w2: float, b: float, phi: str, output: float) -> Network:
    """The neuron with its inputs; the bias is the weight of an input that is always 1."""
    nodes = (
        Node(0, 0, "x₁", short(x1, 3)),
        Node(0, 1, "x₂", short(x2, 3)),
        Node(0, 2, "", "1"),
        Node(1, 0, "ŷ", short(output, 3), level=output),
    )
    weights = (("w₁", w1), ("w₂", w2), ("b", b))
    edges = tuple(Edge(i, 3, f"{name} {short(w, 3)}", w) for i, (name, w) in enumerate(weights))
    return Network(nodes, edges, title=f"A neuron, φ = {phi}")


def plane(w1: float, w2: float, b: float, phi: str, x1: float, x2: float, gate: str, right: tuple[bool, ...]) -> Raster:
    """ŷ over −0.25 … 1.25 in both inputs, x₂ upward; above 0 where o > 0, so that the sides are told apart."""
    centres = _LOW + (np.arange(_PIXELS) + 0.5) * (_HIGH - _LOW) / _PIXELS
    o = centres[None, :] * w1 + centres[::-1, None] * w2 + b
    values = _sided(o, phi)
    if gate == "none":
        marks = _sides(w1, w2, b)
        if min(x1, x2) > _LOW and max(x1, x2) < _HIGH:
            marks = (Mark(_pixel(x1), _PIXELS - 1 - _pixel(x2), "×"), *marks)
    else:
        marks = tuple(
            Mark(_pixel(c1), _PIXELS - 1 - _pixel(c2), f"{target}{'✓' if ok else '✗'}")
            for (c1, c2), target, ok in zip(CORNERS, GATES[gate], right, strict=True)
        )
    return Raster(
        tuple(map(tuple, values.tolist())),
        title="ŷ for all x₁, x₂" if gate == "none" else f"{gate}: four corners",
        low=-1.0, high=1.0, signed=True, legend=False, rows=("1", "", "0"), columns=("0", "", "1"),
        xlabel="x₁", ylabel="x₂", marks=marks,
    )  # fmt: skip


def _sides(w1: float, w2: float, b: float) -> tuple[Mark, ...]:
    """Which side is which, written into the corners where o is largest and where it is smallest."""
    far = 0.06
    column, row = (1 - far if w1 >= 0 else far), (far if w2 >= 0 else 1 - far)
    sums = [[c1 * w1 + c2 * w2 + b for c1 in (_LOW, _HIGH)] for c2 in (_LOW, _HIGH)]
    marks = []
    if max(map(max, sums)) > 0:
        marks.append(Mark(column * (_PIXELS - 1), row * (_PIXELS - 1), "o > 0"))
    if min(map(min, sums)) <= 0:
        marks.append(Mark((1 - column) * (_PIXELS - 1), (1 - row) * (_PIXELS - 1), "o ≤ 0"))
    return tuple(marks)


def _pixel(x: float) -> float:
    return (x - _LOW) / (_HIGH - _LOW) * _PIXELS - 0.5


def _sided(o: np.ndarray, phi: str) -> np.ndarray:
    """φ(o) on a scale from −1 to 1 whose sign is that of o."""
    if phi == "step":
        return np.where(o > 0, 0.5, -0.5)
    if phi == "sigmoid":
        return np.asarray(np.tanh(o / 2))  # 2σ(o) − 1
    if phi == "tanh":
        return np.asarray(np.tanh(o))
    size = max(float(np.abs(o).max()), 1e-12)
    return np.where(o > 0, o / size, -0.25) if phi == "relu" else o / size


def worked_sum(
    x1: float, x2: float, w1: float, w2: float, b: float, phi: str, o: float, output: float, gate: str,
    right: tuple[bool, ...],
) -> TextPanel:  # fmt: skip
    """The sum as one writes it by hand, and the truth table where a gate is asked for."""
    terms = (x1 * w1, x2 * w2, b, o)
    places = max((_places(v) for v in (*terms, output)), default=0)

    def row(name: str, factors: str, value: float) -> str:
        return f"{name:<6}{factors:<10}{minus(f'{value:.{places}f}'):>7}"

    lines = [
        row("x₁·w₁", f"{short(x1, 3)}·{_factor(w1)}", terms[0]),
        row("x₂·w₂", f"{short(x2, 3)}·{_factor(w2)}", terms[1]),
        row("b", "", b),
        "─" * 23,
        row("o", "", o),
        row("ŷ", f"{phi}(o)", output),
    ]
    if gate != "none":
        lines += [f"x₁ x₂  {gate:>3}       o"]
        for (c1, c2), target, ok in zip(CORNERS, GATES[gate], right, strict=True):
            total = short(c1 * w1 + c2 * w2 + b, 3)
            lines.append(f"{c1:>2} {c2:>2} {target:>4} {total:>7}  {'✓' if ok else '✗'}")
    return TextPanel(tuple(lines), title="The sum")


def _places(value: float) -> int:
    """How many decimals show value, at most 3."""
    return next((k for k in range(3) if abs(value - round(value, k)) < 1e-9), 3)


def _factor(value: float) -> str:
    return f"({short(value, 3)})" if value < 0 else short(value, 3)


def in_words(phi: str, o: float, output: float, gate: str, right: tuple[bool, ...]) -> str:
    """What the output is, and which of the four corners are right."""
    text = f"The sum is o = {short(o)}, and the {phi} makes {short(output)} of it."
    if phi == "step":
        text = f"The sum is o = {short(o)}: the neuron is {'on, it says 1' if o > 0 else 'off, it says 0'}."
    if gate == "none":
        return text
    wrong = [f"({c1}, {c2})" for (c1, c2), ok in zip(CORNERS, right, strict=True) if not ok]
    if not wrong:
        return f'{text} All four corners of "{gate}" are right, counting o > 0 as 1.'
    verb = "is" if len(wrong) == 3 else "are"
    text += (
        f' Counting o > 0 as 1, {4 - len(wrong)} of 4 corners of "{gate}" {verb} right; wrong at {", ".join(wrong)}.'
    )
    if gate == "xor":
        text += " The corners with 1 lie across from each other: no straight line has them alone on one side."
    return text
