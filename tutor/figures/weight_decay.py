"""Two clouds of points and a network with an L2 penalty (Krogh and Hertz, 1991): losses, and the weights or the border.

The training is that of lesson 5.2: 2-64-64-1 with relu and a sigmoid, all 60 points in a step, Adam at 0.01. Both
losses are shown without the penalty, so that those of different λ compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.held_back import Parts, Trainings, clouds
from tutor.figures.shared.multilayer import MLP, Adam, Array
from tutor.plots.scene import Chart, Histogram, Mark, Panel, Pick, Raster, Scene, Series, Slider, Stepper, TextPanel
from tutor.words import short

EPOCHS = 100
STRENGTHS = (0.0, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)
CONTROLS = (
    Stepper("epochs", "epochs", EPOCHS, EPOCHS, help="how far it has trained"),
    Slider("lambda", "λ", 0.0, 0.0, 1.0, stops=STRENGTHS, help="strength of the penalty"),
    Pick("view", "view", "weights", ("weights", "border"), help="how the weights lie, or what the network says"),
    Slider("points", "points", 0, 0, 9, 1, whole=True, help="which 60 points it trains on"),
)
_NEARLY = 0.01
"""A weight is counted as nearly 0 below this."""
_EDGES = np.linspace(-0.6, 0.6, 25)
_REACH, _PIXELS = 3.5, 36


class DecayEpoch(NamedTuple):
    """After an epoch: the losses without the penalty, and a copy of `MLP.parameters`."""

    loss: float
    val_loss: float
    parameters: list[Array]


class State(NamedTuple):
    """loss, val_loss: without the penalty, the untrained network first. net: as it is after the last epoch."""

    loss: list[float]
    val_loss: list[float]
    net: MLP


_trainings: Trainings[DecayEpoch] = Trainings(most=3)


def draw(s: ControlValues) -> Iterator[Scene]:
    """One scene after another."""
    strength, points = s["lambda"], int(s["points"])
    rows = clouds(points)
    runs = _trainings.follow((strength, points), int(s["epochs"]) + 1, lambda: training(rows, strength, points))
    for run in runs:
        yield scene(state_of(run), rows, strength, s.word("view"))


def training(rows: Parts, strength: float, seed: int) -> Iterator[DecayEpoch]:
    """From the untrained network on, epoch by epoch."""
    net = network(seed, strength)

    def measured() -> DecayEpoch:
        price = net.penalty()
        loss, val_loss = net.scores(rows.x, rows.y)[0] - price, net.scores(rows.x_val, rows.y_val)[0] - price
        return DecayEpoch(loss, val_loss, [values.copy() for values in net.parameters])

    yield measured()
    for _ in net.fit(rows.x, rows.y, EPOCHS, Adam(0.01), batch=len(rows.x)):
        yield measured()


def network(seed: int, strength: float) -> MLP:
    """Untrained."""
    return MLP((2, 64, 64, 1), output="sigmoid", seed=seed, l2=strength)


def state_of(run: list[DecayEpoch]) -> State:
    """Where the training stands at the end of these records."""
    net = network(0, 0.0)
    for values, kept in zip(net.parameters, run[-1].parameters, strict=True):
        values[...] = kept
    return State([record.loss for record in run], [record.val_loss for record in run], net)


def scene(state: State, rows: Parts, strength: float, view: str) -> Scene:
    """The losses, and the view."""
    weights = all_weights(state.net)
    right: Panel = histogram(weights) if view == "weights" else border(state.net, rows)
    return Scene(
        panels=(losses(state), right, figures(state, weights, strength)),
        words=in_words(state, weights, strength),
        shares=(27, 27, 17),
        height=15,
    )


def all_weights(net: MLP) -> npt.NDArray[np.float64]:
    """Of all layers, in one row, without biases."""
    return np.concatenate([w.ravel() for w in net.weights]).astype(np.float64)


def losses(state: State) -> Chart:
    """Without the penalty, over the epochs."""
    epochs = tuple(float(at) for at in range(len(state.loss)))
    return Chart(
        series=(
            Series(epochs, tuple(state.loss), "training", colour=0),
            Series(epochs, tuple(state.val_loss), "new", colour=1, dash=1),
        ),
        xlabel="epoch", ylabel="loss", xlimits=(0.0, float(EPOCHS)),
        ylimits=(0.0, max(1.0, *state.loss, *state.val_loss)), whole_x=True,
    )  # fmt: skip


def histogram(weights: npt.NDArray[np.float64]) -> Histogram:
    """How many weights lie where; those beyond the ends are counted in the outermost bars."""
    inside = np.clip(weights, _EDGES[0], _EDGES[-1])
    counts, _ = np.histogram(inside, _EDGES)
    return Histogram(tuple(_EDGES.tolist()), tuple(counts.astype(float).tolist()), title="weights", xlabel="w")


def border(net: MLP, rows: Parts) -> Raster:
    """What it says in the plane, from −1 (surely 0) to 1 (surely 1), and the points it trains on."""
    centres = -_REACH + (np.arange(_PIXELS) + 0.5) * 2 * _REACH / _PIXELS
    plane = np.stack(np.meshgrid(centres, centres[::-1]), axis=-1).reshape(-1, 2)
    said = 2 * net.predict(plane).reshape(_PIXELS, _PIXELS).astype(float) - 1
    marks = tuple(
        Mark(_pixel(a), _PIXELS - 1 - _pixel(b), "x" if y else "o") for (a, b), y in zip(rows.x, rows.y, strict=True)
    )
    return Raster(
        tuple(map(tuple, said.tolist())), title="class 0: o   class 1: x", low=-1.0, high=1.0, signed=True,
        legend=False, xlabel="x₁", ylabel="x₂", marks=marks,
    )  # fmt: skip


def _pixel(value: float) -> float:
    return float(np.clip((value + _REACH) / (2 * _REACH) * _PIXELS - 0.5, 0, _PIXELS - 1))


def figures(state: State, weights: npt.NDArray[np.float64], strength: float) -> TextPanel:
    """The numbers."""
    squares = float((weights**2).sum())
    rows = [
        ("epoch", str(len(state.loss) - 1)), ("training", short(state.loss[-1], 3)),
        ("new", short(state.val_loss[-1], 3)), None, ("λ", short(strength)), ("sum w²", short(squares, 3)),
        ("penalty", short(strength * squares, 3)), ("max |w|", short(float(np.abs(weights).max()), 2)),
        ("nearly 0", f"{100 * (np.abs(weights) < _NEARLY).mean():.0f} %"),
    ]  # fmt: skip
    return TextPanel(tuple("" if row is None else f"{row[0]:<9}{row[1]:>7}" for row in rows))


def in_words(state: State, weights: npt.NDArray[np.float64], strength: float) -> str:
    """What the losses do, how large the weights are, and what to call it."""
    epoch = len(state.loss) - 1
    loss, val_loss = short(state.loss[-1], 3), short(state.val_loss[-1], 3)
    text = f"With λ = {short(strength)}, after {epoch} epoch{'s' * (epoch != 1)}: loss {loss} on the 60 points, "
    text += f"{val_loss} on 1,000 new ones. The squared weights add up to {short(float((weights**2).sum()), 3)}."
    if epoch < EPOCHS:
        return text
    best = int(np.argmin(state.val_loss))
    if np.abs(weights).max() < _NEARLY:
        return text + " All weights are next to 0, so it says the same to every point: underfitting."
    if state.val_loss[-1] > 1.25 * state.val_loss[best]:
        lowest = short(state.val_loss[best], 3)
        return text + f" On new ones it was lower after {best} epochs, {lowest}: overfitting."
    if state.val_loss[-1] > 0.31 and state.loss[-1] > 0.31:
        return text + " Both could be lower: the penalty is too strong, and it underfits."
    return text + " On new points it is about as low as it has been: no overfitting to speak of."
