"""A network for the Iris table, untrained: four inputs and three outputs stand in the data, the rest is to choose."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np

from tutor import data
from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.layered import Array, DenseLayer, drawn, forward, subscripts
from tutor.plots.scene import Pick, Scene, Slider, TextPanel
from tutor.words import short

FEATURES = ("sepal_length", "sepal_width", "petal_length", "petal_width")
SPECIES = ("setosa", "versicolor", "virginica")
CONTROLS = (
    Slider("row", "row", 0, 0, 149, 1, whole=True, help="which flower of the table goes in"),
    Pick("hidden", "hidden layers", "1", ("1", "2", "3"), help="how many hidden layers"),
    Slider("neurons", "neurons", 5, 1, 8, 1, whole=True, help="neurons in each hidden layer"),
    Slider("draw", "draw", 1, 1, 40, 1, whole=True, help="other weights, drawn by chance"),
)


def draw(s: ControlValues) -> Scene:
    """The network with one flower going through it."""
    row, depth, width = int(s["row"]), int(s.word("hidden")), int(s["neurons"])
    sizes = (len(FEATURES), *(width,) * depth, len(SPECIES))
    layers = network(sizes, int(s["draw"]) + 1000 * s.seed)
    measured, species = flowers()
    given = forward(measured[row], layers)
    letters = "hgf"[:depth][::-1]
    names = [
        ("sepal l", "sepal w", "petal l", "petal w"), *(subscripts(letter, width) for letter in letters),
        tuple(f"class {k}" for k in range(len(SPECIES))),
    ]  # fmt: skip
    panel = TextPanel(
        (f"rows     {len(measured):>5}", "", *(f"{name:<9}{size:>5}" for name, size in named(sizes))), title="Sizes"
    )
    return Scene(
        panels=(drawn(given, layers, names, f"Flower {row} goes in: {SPECIES[species[row]]}"), panel),
        words=in_words(sizes, row, given[-1]),
        shares=(60, 15),
        height=14,
    )


@cache
def flowers() -> tuple[Array, tuple[int, ...]]:
    """The measurements, shape (150, 4), and the species of each."""
    iris = data.load("iris")
    return np.asarray(iris[list(FEATURES)], float), tuple(int(k) for k in iris["species"])


def network(sizes: tuple[int, ...], number: int) -> list[DenseLayer]:
    """relu layers with weights drawn by chance, small enough that values stay readable; the last without activation."""
    chance = np.random.default_rng(number)
    layers = []
    for place, (inputs, neurons) in enumerate(pairwise(sizes)):
        w = chance.normal(size=(inputs, neurons)) / np.sqrt(inputs)
        layers.append(DenseLayer(w, np.zeros(neurons), "relu" if place < len(sizes) - 2 else "identity"))
    return layers


def named(sizes: tuple[int, ...]) -> list[tuple[str, int]]:
    hidden = [("hidden", size) for size in sizes[1:-1]]
    return [("inputs", sizes[0]), *hidden, ("outputs", sizes[-1])]


def in_words(sizes: tuple[int, ...], row: int, outputs: Array) -> str:
    """The sizes, where they come from, and that nothing is learned yet."""
    hidden = ", ".join(str(size) for size in sizes[1:-1])
    layers = "hidden layer" if len(sizes) == 3 else "hidden layers"
    values = ", ".join(short(v, 2) for v in outputs.tolist())
    return (
        f"Sizes {', '.join(map(str, sizes))}: four inputs for four features and three outputs for three classes come "
        f"from the table, the {layers} ({hidden}) from you. Flower {row} gives ({values}): chance, as nothing is "
        "learned yet."
    )
