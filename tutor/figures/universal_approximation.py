"""A curve followed by one hidden layer of H sigmoid neurons, whose weights are picked or learned.

Picked shows what such a network can do (see `approximation`), trained what gradient descent makes of it: full batches,
Adam, from Glorot's random start. The two together are the point: weights that exist need not be found (Cybenko,
Approximation by superpositions of a sigmoidal function, 1989, says only that they exist).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tutor.figures.shared.approximation import (
    HIGH,
    JUMP,
    LOW,
    POINTS,
    SIZES,
    TARGETS,
    Array,
    Curve,
    X,
    errors,
    found,
    sample,
)
from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.multilayer import MLP, Adam
from tutor.figures.shared.training_pace import paced
from tutor.plots.scene import Chart, Pick, Scene, Series, Slider, TextPanel
from tutor.words import short

STEPS, EVERY = 4000, 20
CONTROLS = (
    Pick("target", "target", "wave", tuple(TARGETS), help="the curve to follow"),
    Slider("h", "H", 3, 1, 50, stops=tuple(map(float, SIZES)), whole=True, help="hidden neurons"),
    Pick("fit", "fit", "picked", ("picked", "trained"), help="weights picked by a program, or learned from chance"),
    Pick("data", "data", "curve", ("curve", "points"), help="the whole curve, or 20 points of it with errors"),
    Slider("rate", "ρ", 0.03, 0.003, 0.3, log=True, help="learning rate of the training"),
    Slider("start", "start", 1, 1, 20, 1, whole=True, help="other random weights to start from, other points"),
)
_YLIMITS = (-1.5, 1.5)


def idle(s: ControlValues) -> tuple[str, ...]:
    """Picked weights have neither a rate nor, on the whole curve, a start."""
    if s.word("fit") == "trained":
        return ()
    return ("rate",) if s.word("data") == "points" else ("rate", "start")


def draw(s: ControlValues) -> Iterator[Scene]:
    """One Scene for picked weights; for trained ones a Scene now and then until the last step."""
    target, noisy, count = s.word("target"), s.word("data") == "points", int(s["h"])
    seed = int(s["start"]) + 1000 * s.seed
    if s.word("fit") == "picked":
        net = found(target, noisy, seed if noisy else 0, count)
        yield scene(target, noisy, seed, count, net, "picked", in_words(target, noisy, count, len(net.w), net))
        return
    for step, curve in paced(training(target, noisy, seed, count, s["rate"])):
        words = after_training(target, noisy, seed, count, step, curve)
        yield scene(target, noisy, seed, count, curve, f"step {step}", words)


def training(target: str, noisy: bool, seed: int, count: int, rate: float) -> Iterator[tuple[int, Curve]]:
    """(steps taken, the network then) every few steps. Only the last one may be kept: the network goes on learning."""
    x, y = sample(target, noisy, seed)
    net = MLP((1, count, 1), "sigmoid", "identity", seed=seed)
    adam = Adam(rate)

    def curve(at: Array) -> Array:
        return net.predict(at[:, None])[:, 0].astype(float)

    for step in range(STEPS + 1):
        if step % EVERY == 0:
            yield step, curve
        adam.step(net.parameters, net.gradients(x[:, None], y))


def scene(target: str, noisy: bool, seed: int, count: int, net: Curve, how: str, words: str) -> Scene:
    """The curves, and the numbers beside them."""
    series = [*aimed(target), Series(tuple(X.tolist()), tuple(np.clip(net(X), -9, 9).tolist()), "network", colour=0)]
    x, y = sample(target, noisy, seed)
    if noisy:
        series.append(Series(tuple(x.tolist()), tuple(y.tolist()), "points", kind="points", colour=1))
    mean, largest = errors(net, target)
    rows = [("H", str(count)), ("parameters", str(3 * count + 1)), ("weights", how), ("", "")]
    rows += [("off the curve", ""), ("  on average", short(mean, 3)), ("  at most", short(largest, 3))]
    if noisy:
        rows += [("off the points", ""), ("  on average", short(float(np.abs(net(x) - y).mean()), 3))]
    return Scene(
        panels=(
            Chart(tuple(series), xlabel="x", ylabel="y", xlimits=(-1.0, 1.0), ylimits=_YLIMITS),
            TextPanel(tuple(f"{name:<13}{value:>9}".rstrip() for name, value in rows), title="The network"),
        ),
        words=words,
        shares=(52, 22),
        height=14,
    )


def aimed(target: str) -> list[Series]:
    """The target as a curve, or as two where it jumps."""
    y = TARGETS[target](X)
    sides = [X < JUMP, X > JUMP] if target == "jump" else [np.isfinite(X)]
    return [
        Series(tuple(X[side].tolist()), tuple(y[side].tolist()), "" if i else "target", colour=2, dash=1)
        for i, side in enumerate(sides)
    ]


def in_words(target: str, noisy: bool, count: int, used: int, net: Curve) -> str:
    """How near picked neurons come, and to what."""
    mean, largest = errors(net, target)
    neurons = "One sigmoid neuron" if count == 1 else f"{count} sigmoid neurons"
    if noisy:
        text = f"{neurons}, fitted to {POINTS} points: off the true curve by {_size(mean)} on average"
        text += f", by {_size(largest)} at the worst place."
        if used < count:
            text += f" With {used} of them the points are met as well as this program can: the others stay unused."
        return text
    close = _closeness(mean)
    text = f"{neurons}, picked and tuned for this curve: off by {_size(mean)} on average, {close}."
    if target == "jump":
        gap = short((HIGH - LOW) / 2, 2)
        return text + f" But right at the jump it is off by at least {gap}, as any curve without a jump must be."
    return text + f" At the worst place it is {_size(largest)}."


def _size(error: float) -> str:
    return short(error, 2) if error >= 0.001 else "less than 0.001"


def _closeness(mean: float) -> str:
    """For curves between about −1 and 1, on a picture of some 50 dots in height."""
    if mean < 0.01:
        return "too little to be seen"
    if mean < 0.05:
        return "hardly to be seen"
    return "plain to see" if mean < 0.2 else "far off"


def after_training(target: str, noisy: bool, seed: int, count: int, step: int, net: Curve) -> str:
    """How far training has come; at the end also against picked weights for as many neurons."""
    mean, _ = errors(net, target)
    if step < STEPS:
        return f"Training, step {step} of {STEPS}: off the curve by {_size(mean)} on average, {_closeness(mean)}."
    text = f"After {STEPS} steps the network is off the curve by {_size(mean)} on average, {_closeness(mean)}."
    if noisy:
        return text + f" It was trained on {POINTS} points only."
    other, _ = errors(found(target, False, 0, count), target)
    if mean > 0.05 and mean > 2 * other:
        return text + f" Weights that come to {_size(other)} with as many neurons exist: training missed them."
    if mean < other:
        return text + f" That is better than the picked weights, which come to {_size(other)}."
    return text + f" Picked weights for as many neurons come to {_size(other)}."
