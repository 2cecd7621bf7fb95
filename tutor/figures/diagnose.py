"""Six trainings that go wrong, each for a reason of its own, and what becomes of them when it is put right.

The words say what the curve does and never why, as that is what the page asks; `cured` tells it. All are trained here:
a small network on Iris, and for the last one a single neuron on Boston's rooms and prices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tutor import data
from tutor.figures.shared.boston import rooms_and_prices
from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.multilayer import MLP, Adam, Optimizer
from tutor.figures.shared.training_pace import paced
from tutor.plots.scene import Chart, Guide, Pick, Scene, Series, TextPanel
from tutor.words import short

NOTHING = math.log(3)
"""What knowing nothing costs with three classes."""


class Point(NamedTuple):
    """After an epoch. accuracy: NaN where numbers are guessed."""

    loss: float
    accuracy: float


Training = Iterator[Point]


class Case(NamedTuple):
    """A training in trouble and the same one cured. cure: what was changed; top: of the axis; epochs: on the axis, for
    the trouble alone and for both."""

    trouble: Callable[[], Training]
    cured: Callable[[], Training]
    top: float
    cure: str
    epochs: tuple[int, int] = (40, 40)


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
    "a": Case(flowers(lambda: Adam(3e-5)), _GOOD, 1.5, "the learning rate is 0.02 and no longer 0.00003"),
    "b": Case(one_neuron(0.0, 0.0256), one_neuron(0.0, 0.005), 25e3, "the learning rate is 0.005 and no longer 0.0256"),
    "c": Case(flowers(lambda: Adam(0.03), batch=2), flowers(lambda: Adam(0.03)), 0.8,
              "a batch has 32 rows and no longer 2"),
    "d": Case(flowers(lambda: Adam(0.02), mixed=True), _GOOD, 1.5, "the targets are in the order of their rows"),
    "e": Case(flowers(lambda: Adam(0.01), epochs=7), flowers(lambda: Adam(0.01), epochs=60), 1.5,
              "it goes on for 60 epochs in place of 7", (10, 60)),
    "f": Case(one_neuron(-0.5, 1e-3, relu=True), one_neuron(0.5, 1e-3, relu=True), 700.0,
              "the neuron starts at w = 0.5 and no longer at −0.5"),
}  # fmt: skip
CONTROLS = (
    Pick("curve", "curve", "a", tuple(CASES), help="which training"),
    Pick("show", "show", "trouble", ("trouble", "cured"), help="the training as it was, or beside it the cured one"),
)


def draw(s: ControlValues) -> Iterator[Scene]:
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
        xlimits=(0.0, float(case.epochs[both])), ylimits=(0.0, case.top),
        guides=() if boston or case.top < NOTHING else (Guide("y", NOTHING, "log 3"),),
    )  # fmt: skip
    return Scene(
        panels=(chart, figures(after if both else before)),
        words=in_words(case, both, before, after), shares=(46, 24), height=14,
    )  # fmt: skip


def _line(points: list[Point], label: str, colour: int, dash: int = 0) -> Series:
    x = tuple(float(i) for i in range(1, len(points) + 1))
    return Series(x, tuple(point.loss for point in points), label, colour=colour, dash=dash)


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
    count = "one epoch" if len(losses) == 1 else f"{len(losses)} epochs"
    text = f"In {count} the loss went from {short(losses[0])} to {short(losses[-1])}"
    rises = sum(b > a for a, b in pairwise(losses))
    if len(losses) == 1:
        text = f"After one epoch the loss is {short(losses[0])}"
    elif len(set(losses)) == 1:
        text = f"In {count} the loss stayed at {short(losses[0])}, to the last digit"
    elif rises == len(losses) - 1:
        text += ", rising all the way"
    elif rises:
        text += f"; it rose {'once' if rises == 1 else f'{rises} times'} on the way"
    else:
        text += ", without ever rising"
    if math.isnan(before[-1].accuracy):
        return text + "."
    return text + f". {short(100 * before[-1].accuracy, 3)} % of the rows are right."
