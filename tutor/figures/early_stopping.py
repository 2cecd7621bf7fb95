"""Two loss curves on Iris while a network trains, the best epoch, and the counter of early stopping (Prechelt, 1998).

Training is that of lesson 5.1: two hidden layers with relu, all 105 rows in a step, Adam at 0.02. With dropout the
training loss is measured with masks, as Keras does.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.held_back import Trainings, Wait, iris, waited
from tutor.figures.shared.multilayer import MLP, Adam, Epoch
from tutor.plots.scene import Chart, Guide, Mark, Pick, Scene, Series, Slider, Stepper, TextPanel
from tutor.words import short

EPOCHS = 60
CONTROLS = (
    Stepper("epochs", "epochs", EPOCHS, EPOCHS, help="how far it has trained"),
    Slider("patience", "patience", 10, 1, 40, 1, whole=True, help="epochs without a new best before it stops"),
    Pick("after", "then", "go-on", ("stop", "go-on"), help="stop there, or go on to see what would have come"),
    Slider("hidden", "neurons", 64, 4, 256, stops=(4, 8, 16, 32, 64, 128, 256), help="in each of two hidden layers"),
    Slider("dropout", "dropout", 0.0, 0.0, 0.8, 0.1, help="rate on the hidden layers"),
    Slider("split", "split", 0, 0, 9, 1, whole=True, help="which flowers are held back"),
)
_BAR = 16
_trainings: Trainings[Epoch] = Trainings(most=32)


def draw(s: ControlValues) -> Iterator[Scene]:
    """One scene after another, until it stops or the epochs are over."""
    patience, epochs = int(s["patience"]), max(int(s["epochs"]), 1)
    hidden, dropout, split = int(s["hidden"]), s["dropout"], int(s["split"])
    for run in _trainings.follow((hidden, dropout, split), epochs, lambda: training(hidden, dropout, split)):
        val_loss = [epoch.val_loss for epoch in run]
        wait = waited(val_loss, patience)
        seen = wait.last + 1 if wait.over and s.word("after") == "stop" else len(run)
        yield scene([epoch.loss for epoch in run[:seen]], val_loss[:seen], patience)


def training(hidden: int, dropout: float, split: int) -> Iterator[Epoch]:
    """Epoch after epoch."""
    rows = iris(split)
    net = MLP((4, hidden, hidden, 3), seed=split, dropout=dropout)
    held = rows.x_val, rows.y_val
    return net.fit(rows.x, rows.y, EPOCHS, Adam(0.02), batch=len(rows.x), validation=held)


def scene(loss: list[float], val_loss: list[float], patience: int) -> Scene:
    """The curves, the best epoch, and the counter."""
    wait = waited(val_loss, patience)
    return Scene(
        panels=(curves(loss, val_loss, wait), counter(loss, val_loss, wait, patience)),
        words=in_words(loss, val_loss, wait, patience),
        shares=(30, 12),
        height=15,
    )


def curves(loss: list[float], val_loss: list[float], wait: Wait) -> Chart:
    """Both losses over the epochs, which count from 1. The window is that of the whole training."""
    epochs = tuple(float(at + 1) for at in range(len(loss)))
    best = wait.best + 1
    return Chart(
        series=(
            Series(epochs, tuple(loss), "training", colour=0),
            Series(epochs, tuple(val_loss), "validation", colour=1, dash=1),
        ),
        xlabel="epoch", ylabel="loss", xlimits=(1.0, float(EPOCHS)), ylimits=(0.0, max(1.2, *loss, *val_loss)),
        marks=(Mark(float(best), val_loss[wait.best], f"best: {best}"),),
        guides=(Guide("x", float(wait.last + 1), "stop"),) if wait.over else (),
        whole_x=True,
    )  # fmt: skip


def counter(loss: list[float], val_loss: list[float], wait: Wait, patience: int) -> TextPanel:
    """The figures, and how far the counter has come."""
    full = round(_BAR * wait.counter / patience)
    rows = [
        ("epoch", str(len(loss))), ("training", short(loss[-1], 3)), ("validation", short(val_loss[-1], 3)), None,
        ("lowest", short(val_loss[wait.best], 3)), ("in epoch", str(wait.best + 1)), None,
        ("counter", f"{wait.counter} of {patience}"),
    ]  # fmt: skip
    lines = ["" if row is None else f"{row[0]:<10}{row[1]:>10}" for row in rows]
    told = f"stop after {wait.last + 1}" if wait.over else ""
    return TextPanel((*lines, "█" * full + "░" * (_BAR - full), told))


def in_words(loss: list[float], val_loss: list[float], wait: Wait, patience: int) -> str:
    """Where the validation loss was lowest, what both did after that, and when early stopping ends it."""
    seen, best = len(loss), wait.best + 1
    lowest, lasting = val_loss[wait.best], val_loss[-1]
    if wait.over:
        text = (
            f"With a patience of {patience}, training stops after epoch {wait.last + 1} and goes back to epoch {best}"
        )
        text += f", with a validation loss of {short(lowest, 3)}."
        later = min(val_loss)
        if later < lowest:
            text += f" Too soon: by epoch {val_loss.index(later) + 1} it comes down to {short(later, 3)}."
    elif seen == 1:
        text = f"After the first epoch the validation loss is {short(lowest, 3)}, the lowest so far."
        text += f" The counter stands at {wait.counter} of {patience}."
    else:
        text = f"The validation loss is lowest after epoch {best}: {short(lowest, 3)}."
        if seen < EPOCHS:
            text += f" The counter stands at {wait.counter} of {patience}."
        else:
            text += f" The counter does not reach {patience} within {EPOCHS} epochs."
    if seen == EPOCHS:
        text += (
            f" After epoch {seen} the validation loss is {short(lasting, 3)}, the training loss {short(loss[-1], 3)}."
        )
        if lasting > 1.2 * min(val_loss) and lasting > 2 * loss[-1]:
            text += " That is overfitting."
    return text
