"""A training as lines: one for each epoch (or for some thirty of many), and one that changes on a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tutor.following.fit_state import FitState
from tutor.messages.training import EpochEnded, FitEnded, FitStarted
from tutor.plots.scene import Chart, Scene, Series
from tutor.words import counted, duration, number

LINES = 30
"""About as many epochs are printed of a long training."""
_BAR = 20
_HOW = {"done": "trained", "stopped": "stopped after", "early": "ended early, after", "error": "broke off after"}


def has_line(epoch: int, total: int) -> bool:
    """Whether this epoch (from 1) has its own line: all of a short training, some of a long one. total: 0 where it is
    not known."""
    if total:
        return epoch in (1, total) or epoch % math.ceil(total / LINES) == 0
    return epoch % int(10 ** int(math.log10(max(1, epoch)))) == 0


def head(start: FitStarted) -> str:
    """What is trained."""
    words = [f"training {start.model}" if start.model else "training"]
    if start.parameters:
        words.append(counted(start.parameters, "parameter"))
    if start.samples:
        words.append(counted(start.samples, "sample"))
    if start.epochs:
        words.append(counted(start.epochs - start.first, "epoch"))
    return ", ".join(words)


def epoch_line(event: EpochEnded, total: int, number: int) -> str:
    """One epoch: "epoch  7/100  loss 0.0512  val_loss 0.0887". number: from 1, over all fits of this model."""
    of = str(total or "")
    epoch = f"{number:>{len(of)}}" + (f"/{of}" if of else "")
    return f"epoch {epoch}  {values_in_line(event.values)}"


def bar(fit: FitState, ascii: bool) -> str:
    """The line that changes."""
    total = fit.started.epochs
    now = fit.epochs_done + 1
    words = [f"epoch {min(now, total)} of {total}" if total else f"epoch {now}"]
    if total:
        full = round(fit.done * _BAR)
        words.append("#" * full + "-" * (_BAR - full) if ascii else "━" * full + "─" * (_BAR - full))
        if fit.seconds_left is not None:
            words.append(f"{duration(fit.seconds_left)} left")
    return "  ".join([*words, values_in_line(fit.values)])


def loss_scene(fit: FitState) -> Scene | None:
    """The loss by epoch, and that of the validation set where there is one; None where it would be a point."""
    if "loss" not in fit.curves or len(fit.curves["loss"]) < 2:
        return None
    names = [name for name in ("loss", "val_loss") if name in fit.curves]
    series = []
    for dash, name in enumerate(names):
        label = "val" if name == "val_loss" else "train"
        series.append(Series(*fit.curves[name].points(), label=label if len(names) > 1 else "", dash=dash))
    return Scene((Chart(tuple(series), xlabel="epoch", ylabel="loss"),), height=10)


def end(fit: FitState, event: FitEnded) -> str:
    """What came of it."""
    last = values_in_line({name: curve.last[1] for name, curve in fit.curves.items() if curve.last is not None})
    words = f"{_HOW[event.reason]} {counted(event.epochs, 'epoch')} in {duration(event.seconds)}"
    if fit.cut and event.reason == "stopped":
        words = f"stopped in epoch {fit.epochs_done}, after {duration(event.seconds)}"
    words += f": {last}" if last else ""
    return f"{words}. {event.note}" if event.note else words


def values_in_line(values: Mapping[str, float]) -> str:
    """ "loss 0.0512  val_loss 0.0887"."""
    return "  ".join(f"{name} {number(value, zeros=True)}" for name, value in values.items())
