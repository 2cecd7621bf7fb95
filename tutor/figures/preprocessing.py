"""Two trainings of the same network on Iris, side by side: on the columns as they are, and on standardised ones.

    z = (x − μ) / σ      μ, σ: mean and standard deviation of each column over the training rows

Same start, same order of the rows, same steps; only the scales of the columns differ. Centred columns of one size give
a loss whose slopes are alike in all directions (LeCun et al., Efficient BackProp, 1998, section 4.3).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tutor import data
from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.multilayer import MLP, SGD, Adam, Epoch
from tutor.figures.shared.training_pace import paced
from tutor.plots.scene import Chart, Pick, Scene, Series, Slider, TextPanel
from tutor.words import short

Floats = npt.NDArray[np.float64]
Histories = tuple[list[Epoch], list[Epoch]]

EPOCHS, TRAINING_ROWS, HIDDEN = 100, 105, (256, 256, 256)
UNITS = {"cm": 1.0, "mm": 10.0, "m": 0.01}
COLUMNS = ("sepal_length", "sepal_width", "petal_length", "petal_width")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
CONTROLS = (
    Slider("rate", "ρ", 0.1, RATES[0], RATES[-1], stops=RATES, log=True, help="learning rate"),
    Pick("unit", "petal length in", "cm", tuple(UNITS), help="unit in which one of the four columns is given"),
    Pick("optimizer", "optimizer", "sgd", ("sgd", "adam"), help="how the steps are taken"),
    Slider("draw", "draw", 1, 1, 5, 1, whole=True, help="another split of the rows, another start"),
)
_NAMES = ("raw", "standardised")


def draw(s: ControlValues) -> Iterator[Scene]:
    """The two loss curves as they grow, epoch by epoch."""
    training = train(s["rate"], UNITS[s.word("unit")], s.word("optimizer"), int(s["draw"]))
    for histories in paced(training):
        yield scene(histories, s.word("unit"))


def train(rate: float, unit: float, optimizer: str, seed: int) -> Iterator[Histories]:
    """The histories of both trainings, after each epoch."""
    rows, held, y, held_y = split(unit, seed)
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    runs = []
    for shift, scale in ((0.0, 1.0), (mean, spread)):
        network = MLP((len(COLUMNS), *HIDDEN, 3), seed=seed)
        steps = SGD(rate) if optimizer == "sgd" else Adam(rate)
        checked = ((held - shift) / scale, held_y)
        runs.append(network.fit((rows - shift) / scale, y, EPOCHS, steps, batch=32, validation=checked))
    histories: Histories = ([], [])
    for _ in range(EPOCHS):
        with np.errstate(all="ignore"):  # a training that diverges ends in numbers too large, and the picture says so
            for history, run in zip(histories, runs, strict=True):
                history.append(next(run))
        yield histories


def split(unit: float, seed: int) -> tuple[Floats, Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Training rows, rows kept aside, and the species of both; petal lengths times `unit`."""
    iris = data.load("iris")
    x = iris[list(COLUMNS)] * np.where(np.array(COLUMNS) == "petal_length", unit, 1.0)
    y = iris["species"].astype(np.int64)
    order = np.random.default_rng(seed).permutation(len(x))
    train_rows, others = order[:TRAINING_ROWS], order[TRAINING_ROWS:]
    return x[train_rows], x[others], y[train_rows], y[others]


def scene(histories: Histories, unit: str) -> Scene:
    """The curves so far, the latest numbers, and once all epochs are over what came of it."""
    return Scene(
        panels=(curves(histories), numbers(histories)), words=in_words(histories, unit), shares=(50, 24), height=13
    )


def curves(histories: Histories) -> Chart:
    """Mean loss of each epoch. The axes stand still, so that nothing jumps while it grows; what is above is cut."""
    series = []
    for k, (name, history) in enumerate(zip(_NAMES, histories, strict=True)):
        epochs = tuple(float(e.epoch + 1) for e in history)
        losses = tuple(min(e.loss, 1.5) if math.isfinite(e.loss) else math.nan for e in history)
        series.append(Series(epochs, losses, name, colour=k, dash=1 - k))
    return Chart(
        tuple(series),
        title="training loss",
        xlabel="epoch",
        xlimits=(1.0, float(EPOCHS)),
        ylimits=(0.0, 1.5),
        whole_x=True,
    )


def numbers(histories: Histories) -> TextPanel:
    """The latest loss of each, and how many of the rows kept aside it gets right."""
    lines = [f"{'':<9}{'raw':>5}  {'stand.':>6}"]
    last = [history[-1] for history in histories]
    for name, values in (("loss", [e.loss for e in last]), ("held out", [e.val_accuracy for e in last])):
        shown = [f"{v:.2f}" if math.isfinite(v) and v < 100 else "-" for v in values]
        lines.append(f"{name:<9}{shown[0]:>5}  {shown[1]:>6}")
    lines += ["", "held out: share of", "the 45 rows kept", "aside that are right"]
    return TextPanel(tuple(lines), title=f"After epoch {len(histories[0])}")


def settled(history: list[Epoch]) -> float:
    """The mean loss of the last ten epochs."""
    return float(np.mean([e.loss for e in history[-10:]]))


def rises(history: list[Epoch]) -> int:
    """In how many epochs the loss was higher than in the one before, by more than a hundredth."""
    losses = np.array([e.loss for e in history])
    return int(np.sum(np.diff(losses) > 0.01))


def in_words(histories: Histories, unit: str) -> str:
    """How the two compare; every claim from the curves."""
    raw, standard = histories
    count = len(raw)
    if count < EPOCHS:
        return f"Training: epoch {count} of {EPOCHS}."
    told = [
        _course(name, history)
        for name, history in zip(("On the raw columns", "on standardised ones"), histories, strict=True)
    ]
    text = f"{told[0]}; {told[1]}. (Means of the last ten epochs.)"
    a, b = settled(raw), settled(standard)
    if not math.isfinite(a) or not math.isfinite(b):
        return text
    if b < 0.8 * a:
        text += " Standardising pays here."
    elif a < 0.8 * b:
        text += (
            " At this rate the raw columns are ahead: larger inputs make larger steps. See which rates each can stand."
        )
    else:
        text += " Neither is far ahead."
    return text + ("" if unit == "cm" else f" In {unit} as in cm, the standardised columns are the same.")


def _course(name: str, history: list[Epoch]) -> str:
    end = settled(history)
    if not math.isfinite(end):
        return f"{name} the training broke down: its numbers grew too large"
    if end > 0.9 * math.log(3):
        return f"{name} the loss stays near {short(end, 2)}, which is no better than guessing"
    up = rises(history)
    how = "falling steadily" if up < 5 else f"going up again in {up} of {EPOCHS} epochs"
    return f"{name} the loss comes to {short(end, 2)}, {how}"
