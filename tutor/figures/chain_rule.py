"""The chain rule along a chain of three neurons, and which of its terms repeat from one weight to the next.

    h₁ = φ(w₁x)    h₂ = φ(w₂h₁)    ŷ = φ(w₃h₂)    ℒ = (ŷ − y)²

The slope for a weight is a product of links, from the loss back to that weight. Going one layer further back keeps the
product as it is and adds two links: that is all there is to backpropagation (Rumelhart, Hinton and Williams, 1986).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Bars, Pick, Scene, Slider, TablePanel
from tutor.words import short

PHI: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "sigmoid": (lambda o: 1 / (1 + math.exp(-o)), lambda o: 1 / (2 + math.exp(o) + math.exp(-o))),
    "tanh": (math.tanh, lambda o: 1 - math.tanh(o) ** 2),
    "relu": (lambda o: max(o, 0.0), lambda o: 1.0 if o > 0 else 0.0),
    "identity": (lambda o: o, lambda _: 1.0),
}
TARGET = 0.0
"""y: a control of its own would only scale all three slopes alike."""
WEIGHTS = ("w₁", "w₂", "w₃")
CONTROLS = (
    Pick("weight", "slope for", "w1", ("w1", "w2", "w3"), help="the weight whose slope is wanted"),
    Pick("activation", "φ", "sigmoid", tuple(PHI), help="activation of all three neurons"),
    Slider("w1", "w₁", 1.0, -3.0, 3.0, 0.25, help="first weight"),
    Slider("w2", "w₂", 2.0, -3.0, 3.0, 0.25, help="second weight"),
    Slider("w3", "w₃", 1.5, -3.0, 3.0, 0.25, help="third weight"),
    Slider("x", "x", 1.0, -2.0, 2.0, 0.25, help="input"),
)


class Factor(NamedTuple):
    """One factor: its name, its value, and the numbers of the weights in whose slopes it stands."""

    name: str
    value: float
    stands_in: tuple[int, ...]


class Chain(NamedTuple):
    """outputs: x, h₁, h₂, ŷ. links: from the loss back to the input. slopes: ∂ℒ/∂w₁, ∂ℒ/∂w₂, ∂ℒ/∂w₃."""

    outputs: tuple[float, ...]
    loss: float
    links: tuple[Factor, ...]
    slopes: tuple[float, ...]


def draw(s: ControlValues) -> Scene:
    """The product of the chosen weight link by link, under the chain itself; beside it how large the slopes are."""
    weights = (s["w1"], s["w2"], s["w3"])
    phi, chosen = s.word("activation"), int(s.word("weight")[1])
    chain = worked_out(s["x"], TARGET, weights, phi)
    return Scene(
        panels=(product(chain, chosen), sizes(chain)),
        words=in_words(chain, phi, chosen),
        shares=(46, 28),
        height=13,
    )


def worked_out(x: float, y: float, weights: tuple[float, ...], phi: str) -> Chain:
    """Forward for the outputs, then backward for the links."""
    value, slope = PHI[phi]
    sums, outputs = [], [x]
    for w in weights:
        sums.append(w * outputs[-1])
        outputs.append(value(sums[-1]))
    names = ("x", "h₁", "h₂", "ŷ")
    links = [Factor("2(ŷ − y)", 2 * (outputs[-1] - y), (1, 2, 3))]
    slopes, so_far = [0.0, 0.0, 0.0], links[0].value
    for layer in (3, 2, 1):
        further = tuple(range(1, layer))
        links.append(Factor(f"φ′(o{'₁₂₃'[layer - 1]})", slope(sums[layer - 1]), (*further, layer)))
        links.append(Factor(names[layer - 1], outputs[layer - 1], (layer,)))
        so_far *= links[-2].value
        slopes[layer - 1] = so_far * outputs[layer - 1]
        if layer > 1:
            links.append(Factor(WEIGHTS[layer - 1], weights[layer - 1], further))
            so_far *= weights[layer - 1]
    return Chain(tuple(outputs), (outputs[-1] - y) ** 2, tuple(links), tuple(slopes))


def drawn(chosen: int) -> str:
    """The chain in one line: heavy strokes on the way from the loss back to the chosen weight."""
    parts = ["x"]
    for k, name in enumerate(("h₁", "h₂", "ŷ"), start=1):
        stroke = "━━" if k >= chosen else "──"
        parts += [f"{stroke}{WEIGHTS[k - 1]}{stroke}", name]
    return " ".join((*parts, "━━━━", "ℒ"))


def product(chain: Chain, chosen: int) -> TablePanel:
    """A row for each link, a column for each weight: ● where the link stands in the slope of the chosen weight."""
    order = (3, 2, 1)
    rows = []
    for link in chain.links:
        marks = [("●" if k == chosen else "·") if k in link.stands_in else "" for k in order]
        rows.append((link.name, short(link.value, 3), *marks))
    rows.append(("product", "", *(short(chain.slopes[k - 1], 3) for k in order)))
    lit = tuple(i for i, link in enumerate(chain.links) if chosen in link.stands_in)
    header = ("link", "value", *(f"∂ℒ/∂{WEIGHTS[k - 1]}" for k in order))
    return TablePanel(header, tuple(rows), title=drawn(chosen), right=(1,), emphasis=(*lit, len(rows) - 1))


def sizes(chain: Chain) -> Bars:
    """The sizes of the three slopes beside each other."""
    values = tuple(abs(slope) for slope in chain.slopes)
    return Bars(WEIGHTS, (values,), title="size of ∂ℒ/∂w", horizontal=True, limits=(0.0, max(*values, 1e-12)))


def in_words(chain: Chain, phi: str, chosen: int) -> str:
    """How many links the slope has, which of them stand in its neighbour's too, and what the activation does to it."""
    own = [link for link in chain.links if chosen in link.stands_in]
    name, slope = WEIGHTS[chosen - 1], chain.slopes[chosen - 1]
    text = f"∂ℒ/∂{name} is a product of {len(own)} links: {short(slope, 3)}."
    if chosen < 3:
        shared = sum(chosen + 1 in link.stands_in for link in own)
        text += f" The first {shared} of them stand in ∂ℒ/∂{WEIGHTS[chosen]} too."
    slopes = [link for link in own if link.name.startswith("φ′")]
    if slope and phi in ("sigmoid", "tanh"):
        factor = math.prod(link.value for link in slopes)
        count = "The slope" if len(slopes) == 1 else f"The {len(slopes)} slopes"
        text += f" {count} of the {phi} in it make{'s' * (len(slopes) == 1)} a factor of {short(factor, 2)}."
    if not slope:
        zeros = [link.name for link in own if link.value == 0]
        named = " and ".join(filter(None, (", ".join(zeros[:-1]), zeros[-1])))
        text += f" It is 0, because {named} {'is' if len(zeros) == 1 else 'are'}: one link of 0 is enough."
    return text
