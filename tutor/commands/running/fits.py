"""A training as lines: one for each epoch (or for some thirty of many), and one that changes on a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tutor.messages.training import BatchEnded, EpochEnded, FitEnded, FitStarted
from tutor.plots.scene import Chart, Scene, Series
from tutor.words import counted, duration, number

LINES = 30
"""About as many epochs are printed of a long training."""
_BAR = 20


class Fit:
    """One training as it goes on."""

    def __init__(self, started: FitStarted) -> None:
        self.started = started
        self.curves: dict[str, list[tuple[float, float]]] = {}
        self._epoch = 0
        self._part = 0.0
        self._seconds = 0.0
        self._values: dict[str, float] = {}

    def batch(self, event: BatchEnded) -> None:
        self._epoch, self._seconds, self._values = event.epoch, event.seconds, event.values
        self._part = (event.batch + 1) / self.started.batches if self.started.batches else 0.0

    def epoch(self, event: EpochEnded) -> None:
        self._epoch, self._part, self._seconds, self._values = event.epoch + 1, 0.0, event.seconds, event.values
        for name, value in event.values.items():
            self.curves.setdefault(name, []).append((event.epoch + 1.0, value))

    def counts(self, epoch: int) -> bool:
        """Whether this epoch (from 1) has its own line: all of a short training, some of a long one."""
        total = self.started.epochs
        if total:
            return epoch in (1, total) or epoch % math.ceil(total / LINES) == 0
        return epoch % int(10 ** int(math.log10(max(1, epoch)))) == 0

    def head(self) -> str:
        """What is trained."""
        start = self.started
        words = [f"training {start.model}" if start.model else "training"]
        if start.parameters:
            words.append(counted(start.parameters, "parameter"))
        if start.samples:
            words.append(counted(start.samples, "sample"))
        if start.epochs:
            words.append(counted(start.epochs, "epoch"))
        return ", ".join(words)

    def line(self, event: EpochEnded) -> str:
        """One epoch: "epoch  7/100  loss 0.0512  val_loss 0.0887"."""
        total = str(self.started.epochs or "")
        epoch = f"{event.epoch + 1:>{len(total)}}" + (f"/{total}" if total else "")
        return f"epoch {epoch}  {figures(event.values)}"

    def bar(self, ascii: bool) -> str:
        """The line that changes."""
        total = self.started.epochs
        done = min(1.0, (self._epoch + self._part) / total) if total else 0.0
        words = [f"epoch {min(self._epoch + 1, total or self._epoch + 1)}" + (f" of {total}" if total else "")]
        if total:
            full = round(done * _BAR)
            words.append("#" * full + "-" * (_BAR - full) if ascii else "━" * full + "─" * (_BAR - full))
            if done > 0.02:
                words.append(f"{duration(self._seconds * (1 - done) / done)} left")
        return "  ".join([*words, figures(self._values)])

    def scene(self) -> Scene:
        """The loss by epoch, and that of the validation set where there is one."""
        names = [name for name in ("loss", "val_loss") if name in self.curves]
        series = []
        for dash, name in enumerate(names):
            epochs, values = zip(*self.curves[name], strict=True)
            label = "val" if name == "val_loss" else "train"
            series.append(Series(x=epochs, y=values, label=label if len(names) > 1 else "", dash=dash))
        return Scene((Chart(tuple(series), xlabel="epoch", ylabel="loss"),), height=10)

    def end(self, event: FitEnded) -> str:
        """What came of it."""
        how = {"done": "trained", "stopped": "stopped after", "early": "ended early, after", "error": "broke off after"}
        last = figures({name: points[-1][1] for name, points in self.curves.items()})
        words = f"{how[event.reason]} {counted(event.epochs, 'epoch')} in {duration(event.seconds)}" + (
            f": {last}" if last else ""
        )
        return f"{words}. {event.note}" if event.note else words


def figures(values: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {number(value, zeros=True)}" for name, value in values.items())
