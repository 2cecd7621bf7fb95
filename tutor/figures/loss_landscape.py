"""A slice through the loss of a small network, and where descent along it ends.

The network is 1-3-1 with tanh, 10 parameters, and its loss the mean squared error on 20 points of a sine curve. The
slice is the straight line through two of its trained states: θ(p) = A + p·d with d = (B − A) / |B − A|. Along it

    dℒ/dp = mean of 2(ŷ − y) · dŷ/dp

so descent on p is gradient descent with the network held to this line (Goodfellow, Vinyals and Saxe, Qualitatively
characterizing neural network optimization problems, 2015, draw losses along such lines).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.surfaces import BATCH_SIZES, SAMPLES, Array, batches
from tutor.plots.scene import Chart, Mark, Pick, Scene, Series, Slider, Stepper
from tutor.words import short

# Two states that training found, from different random starts: weights, biases, output weights, output bias.
_A = np.array([-0.4, 3.49, -4.9, -4.47, 5.05, -0.74, -0.44, -0.82, -0.69, 0.07])
_B = np.array([-2.51, -0.56, 1.38, -3.54, 0.89, -0.13, 0.95, 3.83, 2.45, -1.47])
HIDDEN = 3
WINDOW = (-2.0, 12.0)
CONTROLS = (
    Slider("start", "start", 3.0, *WINDOW, 0.25, help="where descent starts on the slice"),
    Slider("rho", "ρ", 0.1, 0.003, 3.0, log=True, help="learning rate"),
    Pick("batch", "batch", "20", BATCH_SIZES, help="samples a step; 20 are all"),
    Slider("order", "order", 1, 1, 9, 1, whole=True, help="another shuffling of the samples"),
    Stepper("steps", "steps", 60, 200, help="how many updates"),
    Pick("show", "show", "slice", ("slice", "start"), help="the whole slice, or only what one sees from the start"),
)
_FAR = 1e4
_HIGH = 2.2


class Slice(NamedTuple):
    """p on a fine grid and the loss there; the valleys and the tops between them, as values of p."""

    p: Array
    loss: Array
    valleys: tuple[float, ...]
    tops: tuple[float, ...]


def loss_and_slope(p: npt.ArrayLike, rows: npt.NDArray[np.int_] | None = None) -> tuple[Array, Array]:
    """ℒ and dℒ/dp at each p, over all samples or over some."""
    x, y = _samples()
    if rows is not None:
        x, y = x[rows], y[rows]
    way = (_B - _A) / np.linalg.norm(_B - _A)
    theta = _A + np.asarray(p, dtype=float)[..., None] * way
    w, b, v, c = _parts(theta)
    dw, db, dv, dc = _parts(way)
    hidden = np.tanh(w[..., None, :] * x[:, None] + b[..., None, :])
    error = (hidden * v[..., None, :]).sum(axis=-1) + c[..., None] - y
    inner = dw * x[:, None] + db
    turn = (hidden * dv + v[..., None, :] * (1 - hidden**2) * inner).sum(axis=-1) + dc
    return (error**2).mean(axis=-1), (2 * error * turn).mean(axis=-1)


def _parts(theta: Array) -> tuple[Array, Array, Array, Array]:
    h = HIDDEN
    return theta[..., :h], theta[..., h : 2 * h], theta[..., 2 * h : 3 * h], theta[..., -1]


@cache
def _samples() -> tuple[Array, Array]:
    x = np.linspace(-2, 2, SAMPLES)
    return x, np.sin(2 * x) + 0.1 * np.random.default_rng(4).normal(size=SAMPLES)


@cache
def the_slice() -> Slice:
    p = np.linspace(*WINDOW, 1401)
    loss, _ = loss_and_slope(p)
    inner, left, right = loss[1:-1], loss[:-2], loss[2:]
    valleys = p[1:-1][(inner < left) & (inner <= right)]
    tops = p[1:-1][(inner > left) & (inner >= right)]
    return Slice(p, loss, tuple(valleys.tolist()), tuple(tops.tolist()))


def descend(start: float, rho: float, size: int, order: int, steps: int) -> Array:
    """The places on the slice, shape (steps + 1,); one that is too far off stays there."""
    path = [start]
    for rows in batches(size, steps, order):
        at = path[-1]
        if abs(at) < _FAR:
            at -= rho * float(loss_and_slope(at, None if size == SAMPLES else rows)[1])
        path.append(at)
    return np.array(path)


def idle(s: ControlValues) -> tuple[str, ...]:
    """All that belongs to steps where none are shown; the order of the samples where each step sees them all."""
    if s.word("show") == "start":
        return ("rho", "batch", "order", "steps")
    return ("order",) if int(s.word("batch")) == SAMPLES else ()


def draw(s: ControlValues) -> Scene:
    """The slice with the path on it, and the words."""
    one = the_slice()
    path = descend(s["start"], s["rho"], int(s.word("batch")), int(s["order"]), int(s["steps"]))
    height, _ = loss_and_slope(path)
    low, high = WINDOW
    curve = Series(tuple(one.p.tolist()), tuple(one.loss.tolist()), "loss over all samples", colour=0)
    series, marks = [curve], [Mark(float(path[0]), float(height[0]), "start")]
    if s.word("show") == "start":
        near = np.abs(one.p - path[0]) < 0.5
        series = [Series(tuple(one.p[near].tolist()), tuple(one.loss[near].tolist()), "loss nearby", colour=0)]
    elif len(path) > 1:
        series.append(Series(tuple(path.tolist()), tuple(height.tolist()), "steps", kind="path", colour=1))
        marks.append(Mark(float(path[-1]), float(height[-1]), "end"))
    chart = Chart(
        tuple(series), ylabel="loss", xlabel="place p", xlimits=(low, high), ylimits=(0.0, _HIGH),
        marks=tuple(marks),
    )  # fmt: skip
    words = _from_the_start(path[0]) if s.word("show") == "start" else in_words(one, path, int(s.word("batch")))
    return Scene(panels=(chart,), words=words, height=14)


# ------------------------------------------------------------------ the words


def _from_the_start(p: float) -> str:
    """What is felt at the start: the loss, and which way is down."""
    loss, slope = (float(value) for value in loss_and_slope(p))
    if abs(slope) < 1e-2:
        way = "nearly level"
    else:
        way = "down to the left" if slope > 0 else "down to the right"
    return f"At p = {short(p)} the loss is {short(loss, 3)}, and the ground is {way}. More is not to be seen from here."


def in_words(one: Slice, path: Array, size: int) -> str:
    """From where to where, into which valley, and which is the deepest."""
    depths = [float(loss_and_slope(p)[0]) for p in one.valleys]
    names = [f"{short(loss, 2)} at p = {short(p, 3)}" for p, loss in zip(one.valleys, depths, strict=True)]
    text = f"The valleys are {', '.join(names[:-1])} and {names[-1]}. "
    count = len(path) - 1
    if count == 0:
        return text + f"Descent will start at p = {short(path[0])}."
    end = float(path[-1])
    height, slope = (float(value) for value in loss_and_slope(end))
    led = "1 step leads" if count == 1 else f"{count} steps lead"
    text += f"From p = {short(path[0])}, {led} to {short(end, 3)}"
    if not WINDOW[0] <= end <= WINDOW[1]:
        return text + ", outside the picture: the steps are too long for these slopes."
    text += f", loss {short(height, 3)}. "
    first, last = _valley(one, path[0]), _valley(one, end)
    if abs(slope) > 0.05 and size == SAMPLES:
        text += "It is still moving"
    elif height > depths[last] + 0.05:
        text += "It is not at the bottom of a valley"
    else:
        text += "That is in the deepest valley" if last == int(np.argmin(depths)) else "A deeper valley lies elsewhere"
    if last != first:
        return text + ", and it has jumped over a top on the way."
    return text + ("." if size == SAMPLES else ", and the batches keep it moving.")


def _valley(one: Slice, p: float) -> int:
    """The number of the valley in which p lies, between two tops."""
    return int(np.searchsorted(one.tops, p))
