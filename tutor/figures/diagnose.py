"""Six trainings that go wrong, each for a reason of its own, and what becomes of them when it is put right.

The words say what the curve does and never why, as that is what the page asks; `cured` tells it. All are trained here:
a small network on Iris, and for the last one a single neuron on Boston's rooms and prices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from tutor import data
from tutor.figures.boston import rooms_and_prices
from tutor.figures.live import paced
from tutor.figures.mlp import MLP, SGD, Adam, Optimizer
from tutor.figures.settings import Settings
from tutor.plots.numbers import short
from tutor.plots.scene import Chart, Guide, Pick, Scene, Series, TextPanel

NOTHING = math.log(3)
"""What knowing nothing costs with three classes."""


class Point(NamedTuple):
    """After an epoch. accuracy: NaN where numbers are guessed."""

    loss: float
    accuracy: float


Training = Iterator[Point]


class Case(NamedTuple):
    """A training in trouble and the same one cured. cure: what was changed; top: of the axis."""

    trouble: Callable[[], Training]
    cured: Callable[[], Training]
    epochs: int
    top: float
    cure: str


def flowers(
    optimizer: Callable[[], Optimizer], *, epochs: int = 40, batch: int = 32, mixed: bool = False
) -> Callable[[], Training]:
    """A network of 4, 16 and 3 units on Iris. mixed: the targets are in another order than the rows."""

    def train() -> Training:
        iris = data.load("iris")
        x = np.stack([iris[name] for name in iris.columns[:4]], axis=1)
        y = iris["species"].astype(int)
        if mixed:
            y = np.random.default_rng(1).permutation(y)
        for epoch in MLP((4, 16, 3), seed=3).fit(x, y, epochs, optimizer(), batch=batch):
            yield Point(epoch.loss, epoch.accuracy)

    return train


def one_neuron(w: float, rate: float, *, relu: bool = False, epochs: int = 40) -> Callable[[], Training]:
    """ŷ = wx, or relu(wx), for rooms and prices, by gradient descent on the mean squared error from this w."""

    def train() -> Training:
        line, at = rooms_and_prices(), w
        for _ in range(epochs):
            alive = (at * line.x > 0) if relu else np.ones(line.x.shape, bool)
            errors = at * line.x * alive - line.y
            yield Point(float((errors**2).mean()), math.nan)
            at -= rate * float((2 * errors * alive * line.x).mean())

    return train


_GOOD = flowers(lambda: Adam(0.02))
CASES = {
    "a": Case(flowers(lambda: Adam(3e-5)), _GOOD, 40, 1.5, "the learning rate is 0.02 and no longer 0.00003"),
    "b": Case(one_neuron(0.0, 0.0256), one_neuron(0.0, 0.005), 40, 25e3, "the learning rate is 0.005 and no longer 0.0256"),
    "c": Case(flowers(lambda: Adam(0.03), batch=2), flowers(lambda: Adam(0.03)), 40, 1.5,
              "a batch has 32 rows and no longer 2"),
    "d": Case(flowers(lambda: Adam(0.02), mixed=True), _GOOD, 40, 1.5, "the targets are in the order of their rows"),
    "e": Case(flowers(lambda: Adam(0.01), epochs=8), flowers(lambda: Adam(0.01), epochs=60), 60, 1.5,
              "it goes on for 60 epochs in place of 8"),
    "f": Case(one_neuron(-0.5, 1e-3, relu=True), one_neuron(0.5, 1e-3, relu=True), 40, 700.0,
              "the neuron starts at w = 0.5 and no longer at −0.5"),
}  # fmt: skip
CONTROLS = (
    Pick("curve", "curve", "a", tuple(CASES), help="which training"),
    Pick("show", "show", "trouble", ("trouble", "cured"), help="the training as it was, or also with its cause put right"),
)


def draw(s: Settings) -> Iterator[Scene]:
    """The curve as it is trained; with `cured` a second one beside it."""
    name = s.word("curve")
    case, both = CASES[name], s.word("show") == "cured"
    for told in paced(epochs(case, both)):
        yield scene(name, case, both, *told)


def epochs(case: Case, both: bool) -> Iterator[tuple[list[Point], list[Point]]]:
    """What both trainings have come to, an epoch at a time; the cured one empty unless it is asked for."""
    ill, well = case.trouble(), case.cured() if both else iter(())
    before: list[Point] = []
    after: list[Point] = []
    while True:
        new = [(kept, point) for kept, run in ((before, ill), (after, well)) if (point := next(run, None))]
        if not new:
            return
        for kept, point in new:
            kept.append(point)
        yield before, after


def scene(name: str, case: Case, both: bool, before: list[Point], after: list[Point]) -> Scene:
    """One picture of a training under way."""
    series = [_line(before, "trouble" if both else "", 0)]
    if both:
        series.append(_line(after, "cured", 2, dash=1))
    boston = math.isnan(before[-1].accuracy)
    chart = Chart(
        series=tuple(series), title=f"Curve {name}", xlabel="epoch", ylabel="loss", whole_x=True,
        xlimits=(0.0, float(case.epochs if both else max(40, len(before)))), ylimits=(0.0, case.top),
        guides=() if boston else (Guide("y", NOTHING, "log 3"),),
    )  # fmt: skip
    return Scene(
        panels=(chart, figures(after if both else before)),
        words=in_words(case, both, before, after), shares=(46, 24), height=14,
    )  # fmt: skip


def _line(points: list[Point], label: str, colour: int, dash: int = 0) -> Series:
    x = tuple(float(i) for i in range(1, len(points) + 1))
    return Series(x, tuple(point.loss for point in points), label, kind="path", colour=colour, dash=dash)


def figures(points: list[Point]) -> TextPanel:
    """The numbers beside the curve."""
    losses = [point.loss for point in points]
    rows = [("first", short(losses[0], 5)), ("lowest", short(min(losses), 5)), ("now", short(losses[-1], 5))]
    lines = [f"{label:<10}{value:>10}" for label, value in rows]
    if not math.isnan(points[-1].accuracy):
        lines += ["", f"{'accuracy':<10}{short(points[-1].accuracy, 3):>10}"]
    return TextPanel(tuple(lines), title=f"Loss, {len(points)} epoch{'s' * (len(points) > 1)}")


def in_words(case: Case, both: bool, before: list[Point], after: list[Point]) -> str:
    """What the curve does; and, once it is cured, what had been wrong."""
    if both:
        return f"Put right: {case.cure}. The loss, {short(before[-1].loss)} before, is now {short(after[-1].loss)}."
    losses = [point.loss for point in before]
    text = f"In {len(losses)} epoch{'s' * (len(losses) > 1)} the loss went from {short(losses[0])} to {short(losses[-1])}"
    if math.isnan(before[-1].accuracy):
        return text + "."
    rises = sum(b > a for a, b in zip(losses, losses[1:], strict=False))
    return text + f"; it rose {rises} times on the way. {short(100 * before[-1].accuracy, 3)} % of the rows are right."
