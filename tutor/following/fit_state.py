"""One training, as far as its events have come: its curves, how far it is, what it was told."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import msgspec

from tutor.messages.training import BatchEnded, Changed, EpochEnded, FitEnded, FitStarted, LayerPulse, Paused
from tutor.plots.curve import Curve

TOGETHER = "__"
"""Behind it stands what tells curves apart that are drawn with each other."""


@dataclass(frozen=True)
class Earlier:
    """A training of before, drawn thin. curves: metric -> (epochs, values). differs: in one line."""

    label: str
    curves: dict[str, tuple[tuple[float, ...], tuple[float, ...]]]
    differs: str = ""


def shared(name: str) -> str:
    """What stands before the two underscores: the name under which curves are drawn with each other."""
    return name.partition(TOGETHER)[0] or name


@dataclass
class FitState:
    """curves: metric -> values over epochs, which count from 1. batches: the loss within epochs."""

    started: FitStarted
    curves: dict[str, Curve] = field(default_factory=dict)
    batches: Curve = field(default_factory=Curve)
    clock: Curve = field(default_factory=Curve)
    rates: Curve = field(default_factory=Curve)
    gradients: Curve = field(default_factory=Curve)
    gaps: Curve = field(default_factory=Curve)
    layers: tuple[LayerPulse, ...] = ()
    changes: list[Changed] = field(default_factory=list)
    paused: bool = False
    rest: float = 0.0
    epoch: int = 0
    batch: int = 0
    epochs_done: int = 0
    seconds: float = 0.0
    values: dict[str, float] = field(default_factory=dict)
    """The newest, of an epoch or of a batch."""
    rate: float = math.nan
    waited: int | None = None
    """Epochs that early stopping has waited, by its own count; None where nothing waits."""
    ended: FitEnded | None = None
    broken: str = ""
    """Why its run ended before it did, "" while it did not."""
    missed: float = 0.0
    """Of epochs that were stopped within, the parts that were not trained on."""
    cut: bool = False
    """Whether the last epoch was stopped within."""
    begun: int = 0
    """Epochs that counted as done before all this."""
    _shift: int = 0
    _seconds_before: float = 0.0

    def __post_init__(self) -> None:
        self.begun = self.epochs_done = self.started.first

    def goes_on(self, started: FitStarted) -> None:
        """Another fit of the same model: its epochs count on from those that are done."""
        self._shift = max(self.epochs_done, started.first) - started.first
        self._seconds_before = self.seconds
        self.started = msgspec.structs.replace(started, epochs=started.epochs + self._shift if started.epochs else 0)
        self.epochs_done, self.batch = started.first + self._shift, 0
        self.ended, self.waited, self.paused, self.broken = None, None, False, ""

    def epoch_ended(self, event: EpochEnded) -> None:
        self.epoch, self.batch = event.epoch + self._shift, 0
        self.epochs_done = self.epoch + 1
        self.seconds, self.rate = self._seconds_before + event.seconds, event.rate
        self.values, self.cut = event.values, event.share < 1
        self.missed += 1 - event.share
        self.waited = event.waited if event.waited >= 0 else None
        at = float(self.epochs_done)
        for name, value in event.values.items():
            self.curves.setdefault(name, Curve()).add(at, value)
        self._clock(at)
        if "loss" in event.values and "val_loss" in event.values:
            self.gaps.add(at, event.values["val_loss"] - event.values["loss"])
        if math.isfinite(event.rate):
            self.rates.add(at, event.rate)
        if math.isfinite(event.gradient):
            self.gradients.add(at, event.gradient)
        self.layers = event.layers or self.layers

    def batch_ended(self, event: BatchEnded) -> None:
        self.epoch, self.batch, self.values = event.epoch + self._shift, event.batch, event.values
        self.seconds = self._seconds_before + event.seconds
        if "loss" in event.values and self.started.batches:
            at = self.epoch + (event.batch + 1) / self.started.batches
            self.batches.add(at, event.values["loss"])
            self._clock(at)

    def _clock(self, at: float) -> None:
        if self.clock.last is None or at > self.clock.last[0]:
            self.clock.add(at, self.seconds)

    def changed(self, event: Changed) -> None:
        self.changes.append(msgspec.structs.replace(event, epoch=event.epoch + self._shift))
        if event.what == "learning rate":
            self.rate = event.after

    def was_paused(self, event: Paused) -> None:
        self.paused = event.on
        self.rest += event.seconds

    # ------------------------------------------------------------------ how far it is

    @property
    def done(self) -> float:
        """The share of the training that is done, 0 to 1."""
        total = self.started.epochs - self.begun
        return min(1.0, self.passed / total) if total > 0 else 0.0

    @property
    def passed(self) -> float:
        """Epochs that were trained, parts of them counted as parts."""
        part = self.batch / self.started.batches if self.started.batches and not self.ended else 0.0
        return self.epochs_done - self.begun - self.missed + (part if self.epoch >= self.epochs_done else 0.0)

    @property
    def over(self) -> bool:
        """Whether no more will come of it."""
        return self.ended is not None or bool(self.broken)

    @property
    def seconds_left(self) -> float | None:
        return self.seconds * (1 - self.done) / self.done if self.done > 0.02 and not self.over else None

    @property
    def samples_a_second(self) -> float | None:
        if not self.started.samples or not self.seconds:
            return None
        return self.started.samples * self.passed / self.seconds

    def best(self) -> tuple[str, int, float] | None:
        """The metric that is watched (what early stopping monitors, else the validation loss, else the loss), its best
        epoch (from 1) and value."""
        name = next((name for name in (self.started.monitor, "val_loss", "loss") if name in self.curves), "")
        if not name:
            return None
        curve = self.curves[name]
        best = curve.highest if self.upwards(name) else curve.lowest
        return (name, round(best[0]), best[1]) if best is not None else None

    def upwards(self, name: str) -> bool:
        """Whether the highest value of this metric is its best: as early stopping has it, where it monitors that."""
        return name == self.started.monitor and self.started.mode == "max"

    @property
    def metrics(self) -> list[str]:
        """What can be drawn, loss first; validation is drawn with what it validates, and curves with the same name
        before two underscores (accuracy__a, accuracy__b) with each other."""
        names = [name for name in self.curves if not name.startswith("val_") or name[4:] not in self.curves]
        return sorted(dict.fromkeys(map(shared, names)), key=lambda name: name != "loss") or ["loss"]

    def family(self, metric: str) -> dict[str, Curve]:
        """The curves that are drawn with each other under this name, by what tells them apart."""
        return {
            name.partition(TOGETHER)[2].replace("_", " "): curve
            for name, curve in self.curves.items()
            if TOGETHER in name and shared(name) == metric
        }
