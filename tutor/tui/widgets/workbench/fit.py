"""One training, as far as its events have come, and the picture of it. No widget in here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tutor.messages.training import BatchEnded, Changed, EpochEnded, FitEnded, FitStarted, LayerPulse, Paused
from tutor.plots.curve import Curve
from tutor.plots.scene import Chart, Guide, Scene, Series, TextPanel
from tutor.tui.widgets.workbench.fit_words import figures, words

LONG_EPOCH = 2.0
"""Seconds from which on an epoch is long: its batches are drawn until there are epochs enough."""
FEW_EPOCHS = 3
FIGURES = 26
"""Columns for the figures beside the curve."""
SMOOTHINGS = (0.0, 0.6, 0.9)
Axis = Literal["epoch", "step", "seconds"]
Extra = Literal["none", "rate", "gradient"]
AXES: tuple[Axis, ...] = ("epoch", "step", "seconds")
EXTRAS: tuple[Extra, ...] = ("none", "rate", "gradient")
EARLIER_COLOUR = 6
TOGETHER = "__"
"""Behind it stands what tells curves apart that are drawn with each other."""


@dataclass(frozen=True)
class FitLook:
    """How the learner wants to see a training. metric: which of `FitState.metrics`, turning round at the end."""

    log: bool = False
    smoothing: float = 0.0
    axis: Axis = "epoch"
    extra: Extra = "none"
    metric: int = 0
    words: bool = False


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
    rate: float = math.nan
    waited: int | None = None
    """Epochs that early stopping has waited, by its own count; None where nothing waits."""
    ended: FitEnded | None = None
    broken: str = ""
    """Why its run ended before it did, "" while it did not."""

    # ------------------------------------------------------------------ events

    def epoch_ended(self, event: EpochEnded) -> None:
        self.epoch, self.batch = event.epoch, 0
        self.epochs_done = event.epoch + 1
        self.seconds, self.rate = event.seconds, event.rate
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
        self.epoch, self.batch, self.seconds = event.epoch, event.batch, event.seconds
        if "loss" in event.values and self.started.batches:
            at = event.epoch + (event.batch + 1) / self.started.batches
            self.batches.add(at, event.values["loss"])
            self._clock(at)

    def _clock(self, at: float) -> None:
        if self.clock.last is None or at > self.clock.last[0]:
            self.clock.add(at, self.seconds)

    def changed(self, event: Changed) -> None:
        self.changes.append(event)
        if event.what == "learning rate":
            self.rate = event.after

    def was_paused(self, event: Paused) -> None:
        self.paused = event.on
        self.rest += event.seconds

    # ------------------------------------------------------------------ how far it is

    @property
    def done(self) -> float:
        """The share of the training that is done, 0 to 1."""
        total = self.started.epochs
        if not total:
            return 0.0
        part = self.batch / self.started.batches if self.started.batches and not self.ended else 0.0
        return min(1.0, (self.epochs_done + (part if self.epoch >= self.epochs_done else 0.0)) / total)

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
        return self.started.samples * self.started.epochs * self.done / self.seconds

    def best(self) -> tuple[str, int, float] | None:
        """The metric that is watched (validation loss where there is one), its best epoch (from 1) and value."""
        name = "val_loss" if "val_loss" in self.curves else "loss"
        lowest = self.curves[name].lowest if name in self.curves else None
        return (name, round(lowest[0]), lowest[1]) if lowest is not None else None

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

    # ------------------------------------------------------------------ as a picture

    def scene(self, look: FitLook = FitLook(), earlier: Sequence[Earlier] = (), width: int = 78) -> Scene:
        """The curves with the figures beside them, in so many columns; epochs count from 1, as people do."""
        chart = self.chart(look, earlier)
        beside = self._extra(look) or TextPanel(lines=figures(self, earlier))
        shares = (3, 2) if look.extra != "none" else (max(width - FIGURES, 2 * FIGURES), FIGURES)
        return Scene(panels=(chart, beside), shares=shares, words=words(self))

    def chart(self, look: FitLook = FitLook(), earlier: Sequence[Earlier] = ()) -> Chart:
        """The chosen metric: training, validation, and the same of earlier runs, thin."""
        metric = self.metrics[look.metric % len(self.metrics)]
        series = self._series(metric, look)
        by_batch = bool(series) and series[0].label.endswith("batch")
        old = [
            Series(
                *self._placed(*one.curves[name], look), colour=EARLIER_COLOUR, dash=2,
                label=f"{one.label}{' val' if name.startswith('val_') else ''}" if one is earlier[-1] else "",
            )
            for one in earlier
            for name in [f"val_{metric}" if f"val_{metric}" in one.curves else metric]
            if name in one.curves and not by_batch
        ]  # fmt: skip
        return Chart(
            series=(*old, *series), ylabel=metric, xlabel=look.axis, yscale="log" if look.log else "linear",
            guides=self._guides(metric, look), xlimits=None if by_batch else self._limits(look, earlier),
            whole_x=look.axis != "seconds" and not by_batch,
        )  # fmt: skip

    def _series(self, metric: str, look: FitLook) -> list[Series]:
        if metric == "loss" and self._by_batch:
            x, y = self.batches.points(look.smoothing)
            return [Series(*self._placed(x, y, look), label="train, by batch", colour=0)]
        family = self.family(metric)
        if family:
            return [
                Series(*self._placed(*curve.points(look.smoothing), look), label=label, colour=index, dash=index % 3)
                for index, (label, curve) in enumerate(family.items())
            ]
        names = [name for name in (metric, f"val_{metric}") if name in self.curves]
        return [
            Series(
                *self._placed(*self.curves[name].points(look.smoothing), look),
                label="val" if name.startswith("val_") else "train", colour=index, dash=index,
            )
            for index, name in enumerate(names)
        ]  # fmt: skip

    @property
    def _by_batch(self) -> bool:
        """Whether the batches say more than the epochs do so far."""
        if len(self.batches) < 2 or self.epochs_done >= FEW_EPOCHS:
            return False
        return self.epochs_done == 0 or self.seconds / self.epochs_done > LONG_EPOCH

    def _placed(
        self, x: tuple[float, ...], y: tuple[float, ...], look: FitLook
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Epochs as what the axis shows."""
        if look.axis == "step":
            x = tuple(at * (self.started.batches or 1) for at in x)
        elif look.axis == "seconds":
            x = tuple(self.clock.at(at) for at in x)
        return x, y

    def _limits(self, look: FitLook, earlier: Sequence[Earlier]) -> tuple[float, float]:
        """Room for what is to come, but no more than has come so far again."""
        known = max([self.epochs_done, *(int(x[-1]) for one in earlier for x, _ in one.curves.values() if x)])
        last = float(max(2, min(self.started.epochs or 2, max(2, self.epochs_done * 2)), known))
        if look.axis == "epoch":
            return 1.0, last
        first = self._placed((1.0,), (0.0,), look)[0][0]
        end = self._placed((last if look.axis == "step" else float(max(known, 1)),), (0.0,), look)[0][0]
        return first, max(end, first + 1e-9)

    def _guides(self, metric: str, look: FitLook) -> tuple[Guide, ...]:
        best = self.best()
        found = []
        if best and best[0] == "val_loss" and metric == "loss":
            found.append(Guide("x", self._placed((float(best[1]),), (0.0,), look)[0][0], ""))
        for change in self.changes:
            at = self._placed((max(float(change.epoch), 1.0),), (0.0,), look)[0][0]
            found.append(Guide("x", at, f"rate {change.after:g}"))
        return tuple(found)

    def _extra(self, look: FitLook) -> Chart | TextPanel | None:
        """The learning rate or the gradient, over epochs, where it was asked for."""
        if look.extra == "none":
            return None
        curve, name = (self.rates, "learning rate") if look.extra == "rate" else (self.gradients, "gradient norm")
        if len(curve) < 1:
            soon = "Known from the next epoch on." if not self.over else "It was not watched in this training."
            return TextPanel(lines=(name, soon if look.extra == "gradient" else "Not known."))
        x, y = self._placed(*curve.points(), look)
        log = look.log and min(y) > 0
        return Chart(
            (Series(x, y, name, colour=2),), ylabel=name, xlabel=look.axis, yscale="log" if log else "linear",
            xlimits=self._limits(look, ()), whole_x=look.axis != "seconds",
        )  # fmt: skip
