"""A race of gradient descent, SGD, momentum and Adam over a surface, step by step.

    GD, SGD    θ ← θ − ρ g                          g: the gradient over all samples, or over a batch
    momentum   m ← βm + (1 − β)g      θ ← θ − ρ m
    Adam       m, s: running means of g and of g², each divided by 1 − β^(t+1);  θ ← θ − ρ m̂ / (√ŝ + ε)

All but GD see the same batches. Adam as Kingma and Ba (2015) give it, with β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.surfaces import BATCH_SIZES, NAMES, SAMPLES, Array, Surface, batches, contours, surface
from tutor.plots.scene import Chart, Mark, Pick, Scene, Series, Slider, Stepper
from tutor.words import short

LAST = 200
RACERS = {
    "gd": ("GD",),
    "sgd": ("SGD",),
    "gd-sgd": ("GD", "SGD"),
    "sgd-momentum": ("SGD", "momentum"),
    "all": ("SGD", "momentum", "Adam"),
}
CONTROLS = (
    Pick("surface", "surface", "gutter", NAMES, help="points: the loss of a line on 20 points"),
    Pick("racers", "racers", "all", tuple(RACERS), help="who runs"),
    Pick("count", "count", "updates", ("updates", "samples"), help="same updates for all, or same samples looked at"),
    Slider("rho", "ρ", 0.05, 0.001, 0.5, log=True, help="learning rate of GD and SGD"),
    Slider("rho_m", "ρ mom.", 0.3, 0.001, 3.0, log=True, help="learning rate of momentum"),
    Slider("rho_a", "ρ Adam", 0.3, 0.001, 3.0, log=True, help="learning rate of Adam"),
    Pick("beta", "β", "0.9", ("0", "0.5", "0.8", "0.9", "0.95", "0.99"), help="memory of momentum"),
    Pick("batch", "batch", "20", BATCH_SIZES, help="samples a step; 20 are all"),
    Slider("order", "order", 1, 1, 9, 1, whole=True, help="another shuffling of the samples"),
    Stepper("steps", "steps", 40, LAST, help="how many updates"),
)
_FAR = 1e6
_COLOURS = {"GD": 1, "SGD": 0, "momentum": 2, "Adam": 3}
_DASHES = {"GD": 1, "SGD": 0, "momentum": 1, "Adam": 2}
Rule = Callable[[int, Array], Array]
"""(number of the update from 0, gradient) -> what is subtracted from θ."""


class Racer(NamedTuple):
    """Where a racer was: path of shape (updates + 1, 2), and the loss at each place."""

    name: str
    path: Array
    losses: Array

    @property
    def updates(self) -> int:
        return len(self.path) - 1

    @property
    def away(self) -> bool:
        """Worse off than at the start, or without a number: it diverges."""
        return not self.losses[-1] <= 2 * self.losses[0]


def idle(s: ControlValues) -> tuple[str, ...]:
    """What belongs to those who do not run; chance, where every step sees all samples."""
    names = RACERS[s.word("racers")]
    unused: tuple[str, ...] = () if "momentum" in names else ("rho_m", "beta")
    unused += () if "Adam" in names else ("rho_a",)
    if set(names) == {"GD"}:
        return (*unused, "order") if s.word("count") == "samples" else (*unused, "order", "batch")
    return (*unused, "order") if int(s.word("batch")) == SAMPLES else unused


def draw(s: ControlValues) -> Scene:
    """The paths on the contours, and the losses beside them."""
    one = surface(s.word("surface"))
    runs = race(s, one)
    return Scene(
        panels=(map_of(s.word("surface"), one, runs), loss_curves(s, one, runs)),
        words=in_words(s, one, runs),
        shares=(40, 32),
        height=15,
    )


def race(s: ControlValues, one: Surface) -> list[Racer]:
    """Everybody's way so far."""
    steps, size = int(s["steps"]), int(s.word("batch"))
    rows = batches(size, steps, int(s["order"]))
    everything = [np.arange(SAMPLES)] * (steps * size // SAMPLES if s.word("count") == "samples" else steps)
    runs = []
    for name in RACERS[s.word("racers")]:
        path = walk(one, everything if name == "GD" else rows, rule_of(name, s))
        with np.errstate(all="ignore"):
            runs.append(Racer(name, path, one.value(path[:, 0], path[:, 1])))
    return runs


def walk(one: Surface, rows: Sequence[npt.NDArray[np.int_]], rule: Rule) -> Array:
    """The path over these batches; one that is too far off stays where it is."""
    path = [np.array(one.start)]
    for t, some in enumerate(rows):
        at = path[-1]
        lost = float(np.abs(at).max()) > _FAR
        path.append(at if lost else at - rule(t, one.slope(at, some)))
    return np.array(path)


def rule_of(name: str, s: ControlValues) -> Rule:
    if name == "momentum":
        return momentum(s["rho_m"], float(s.word("beta")))
    if name == "Adam":
        return adam(s["rho_a"])
    rho = s["rho"]
    return lambda _, g: rho * g


def momentum(rho: float, beta: float) -> Rule:
    """The running mean of the gradients, times ρ."""
    m = np.zeros(2)

    def rule(_: int, g: Array) -> Array:
        nonlocal m
        m = beta * m + (1 - beta) * g
        return rho * m

    return rule


def adam(rho: float, beta_1: float = 0.9, beta_2: float = 0.999, eps: float = 1e-8) -> Rule:
    """The running mean over the root of that of the squares, both corrected."""
    m, s = np.zeros(2), np.zeros(2)

    def rule(t: int, g: Array) -> Array:
        nonlocal m, s
        m = beta_1 * m + (1 - beta_1) * g
        s = beta_2 * s + (1 - beta_2) * g**2
        step: Array = rho * (m / (1 - beta_1 ** (t + 1))) / (np.sqrt(s / (1 - beta_2 ** (t + 1))) + eps)
        return step

    return rule


# ------------------------------------------------------------------ the pictures


def map_of(name: str, one: Surface, runs: list[Racer]) -> Chart:
    """The paths over the lines of equal loss."""
    u, v = contours(name)
    series = [Series(u, v, kind="points", colour=6)]
    for run in runs:
        x, y = _until_outside(one, run.path)
        series.append(Series(x, y, run.name, colour=_COLOURS[run.name], dash=_DASHES[run.name]))
    marks = [Mark(*one.start, "start", colour=4)]
    marks += [Mark(float(run.path[-1, 0]), float(run.path[-1, 1]), colour=_COLOURS[run.name]) for run in runs]
    marks += [Mark(*bottom, "min", colour=6) for bottom in one.bottoms]
    xlimits, ylimits = one.window
    return Chart(
        tuple(series), ylabel=one.axes[1], xlabel=one.axes[0], xlimits=xlimits, ylimits=ylimits, marks=tuple(marks)
    )


def _until_outside(one: Surface, path: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The path up to the first place far outside the window."""
    ends = np.array(one.window)
    span = ends[:, 1] - ends[:, 0]
    outside = ((path < ends[:, 0] - span) | (path > ends[:, 1] + span)).any(axis=1)
    stop = int(outside.argmax()) + 1 if outside.any() else len(path)
    return tuple(path[:stop, 0].tolist()), tuple(path[:stop, 1].tolist())


def loss_curves(s: ControlValues, one: Surface, runs: list[Racer]) -> Chart:
    """How far each loss is above the least, over the updates or over the samples looked at."""
    by_samples = s.word("count") == "samples"
    first = float(runs[0].losses[0]) - one.least
    floor, roof = first * 1e-6, first * 10
    series = []
    for run in runs:
        each = (SAMPLES if run.name == "GD" else int(s.word("batch"))) if by_samples else 1
        above = np.clip(run.losses - one.least, floor, roof)
        x = np.arange(len(above)) * each
        label = run.name if len(runs) < 2 else ""  # more names leave the title no room; the map has them
        series.append(_curve(run.name, label, x, above))
    if all(run.updates == 0 for run in runs):
        series = [Series((0.0, 1.0), (first, first), run.name, colour=_COLOURS[run.name]) for run in runs[:1]]
    lowest = min(min(one_of.y) for one_of in series)
    return Chart(
        tuple(series), ylabel="loss − least", xlabel="samples" if by_samples else "updates", yscale="log", whole_x=True,
        ylimits=(min(lowest / 2, first / 30), max(max(max(one_of.y) for one_of in series), first) * 1.5),
    )  # fmt: skip


def _curve(name: str, label: str, x: npt.NDArray[np.int_], y: Array) -> Series:
    return Series(tuple(map(float, x)), tuple(map(float, y)), label, colour=_COLOURS[name], dash=_DASHES[name])


# ------------------------------------------------------------------ the words


def in_words(s: ControlValues, one: Surface, runs: list[Racer]) -> str:
    """Who is lowest after how many updates, and what is to be seen on the way."""
    start = float(runs[0].losses[0])
    if int(s["steps"]) == 0:
        return f"At the start the loss is {short(start)}; the least possible is {short(one.least)}. Nobody has moved."
    parts = [_place(run) for run in sorted(runs, key=_rank)]
    text = f"The loss was {short(start)} at the start and is {short(one.least)} at best. Now: {', '.join(parts)}."
    if s.word("count") == "samples":
        text += f" So far, {int(s['steps']) * int(s.word('batch')):,} samples have been looked at."
    return text + _zigzag(one, runs)


def _rank(run: Racer) -> float:
    loss = float(run.losses[-1])
    return loss if loss == loss else float("inf")


def _place(run: Racer) -> str:
    count = f"{run.updates} update{'s' * (run.updates != 1)}"
    return f"{run.name} {'diverges' if run.away else short(float(run.losses[-1]))} ({count})"


def _zigzag(one: Surface, runs: list[Racer]) -> str:
    """Names those whose last few steps go back and forth across the valley."""
    swinging = []
    for run in runs:
        steps = np.diff(run.path[-9:], axis=0)
        if len(steps) >= 6 and not run.away:
            turns = (steps[1:] * steps[:-1] < 0).mean(axis=0)
            # at rest, rounding alone changes the sign
            if ((turns > 0.8) & (np.abs(steps).max(axis=0) > 1e-3)).any():
                swinging.append(run.name)
    if not swinging:
        return ""
    return f" {' and '.join(swinging)} {'go' if len(swinging) > 1 else 'goes'} back and forth at nearly every step."
