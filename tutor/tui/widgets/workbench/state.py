"""What is known of a run, gathered event by event. No widget in here: widgets draw what stands here."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import msgspec

from tutor.engine import protocol as p
from tutor.plots.scene import Chart, Guide, Scene, Series, TextPanel

MAX_OUTPUT = 200_000
"""Characters of output that are kept for the screen; the engine ends a run long before that is a worry."""

KERAS_WAIT, LIGHT_WAIT = "starting Keras, about 3 s once", "starting the engine"
KERAS_USUAL, LIGHT_USUAL = 10.0, 3.0
"""Seconds after which such a start takes longer than it usually does."""


@dataclass
class FitState:
    """One training. curves: metric -> values by epoch, from epoch 0."""

    started: p.FitStarted
    curves: dict[str, dict[int, float]] = field(default_factory=dict)
    batch_curve: list[tuple[float, float]] = field(default_factory=list)
    epoch: int = 0
    batch: int = 0
    epochs_done: int = 0
    seconds: float = 0.0
    rate: float = math.nan
    ended: p.FitEnded | None = None
    broken: str = ""
    """Why its run ended before it did, "" while it did not."""

    def epoch_ended(self, event: p.EpochEnded) -> None:
        self.epoch, self.batch = event.epoch, 0
        self.epochs_done = event.epoch + 1
        self.seconds, self.rate = event.seconds, event.rate
        for name, value in event.values.items():
            self.curves.setdefault(name, {})[event.epoch] = value

    def batch_ended(self, event: p.BatchEnded) -> None:
        self.epoch, self.batch, self.seconds = event.epoch, event.batch, event.seconds
        if "loss" in event.values and self.started.batches:
            self.batch_curve.append((event.epoch + (event.batch + 1) / self.started.batches, event.values["loss"]))

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
        """The metric that is watched (validation loss where there is one), its best epoch (from 0) and value."""
        name = "val_loss" if "val_loss" in self.curves else "loss"
        known = {k: v for k, v in self.curves.get(name, {}).items() if math.isfinite(v)}
        if not known:
            return None
        epoch = min(known, key=lambda k: known[k])
        return name, epoch, known[epoch]

    # ------------------------------------------------------------------ as a picture

    def scene(self, *, log: bool = False) -> Scene:
        """Loss curves with the figures beside them; epochs count from 1, as people do."""
        names = [n for n in ("loss", "val_loss") if n in self.curves]
        series = [
            Series(
                x=tuple(float(e + 1) for e in self.curves[name]),
                y=tuple(self.curves[name].values()),
                label="validation" if name == "val_loss" else "train",
                colour=index,
                dash=index,
            )
            for index, name in enumerate(names)
        ]
        if not series and self.batch_curve:
            xs, ys = zip(*self.batch_curve, strict=True)
            series = [Series(x=tuple(xs), y=tuple(ys), label="train, by batch", colour=0)]
        best = self.best()
        guides = (Guide("x", best[1] + 1, ""),) if best and best[0] == "val_loss" else ()
        chart = Chart(
            series=tuple(series), ylabel="loss", xlabel="epoch", yscale="log" if log else "linear", guides=guides,
            xlimits=(1.0, float(max(2, min(self.started.epochs or 2, max(2, self.epochs_done * 2))))), whole_x=True,
        )  # fmt: skip
        return Scene(panels=(chart, TextPanel(lines=self.figures())), shares=(5, 2), words=self.words())

    def figures(self) -> tuple[str, ...]:
        """The numbers beside the curve, a line each."""
        lines = [f"{name:<10.10} {number(self._last(name))}" for name in self.curves]
        best = self.best()
        if best:
            lines += [f"best epoch {best[1] + 1}", f"  {best[0]} {number(best[2])}"]
        if math.isfinite(self.rate):
            lines.append(f"rate       {number(self.rate)}")
        if self.started.parameters:
            lines.append(f"parameters {self.started.parameters:,}")
        return tuple(lines)

    def _last(self, name: str) -> float:
        values = self.curves[name]
        return values[max(values)]

    def words(self) -> str:
        """What the curve shows, computed from it."""
        loss = list(self.curves.get("loss", {}).values())
        if not loss:
            return "Training has begun; the first epoch is not over yet."
        if not math.isfinite(loss[-1]):
            first = next(i for i, v in enumerate(loss) if not math.isfinite(v)) + 1
            return (
                f"The loss is no longer a number since epoch {first}: most often the learning rate is too large."
            )
        if len(loss) == 1:
            return f"After one epoch the loss is {number(loss[0])}."
        if loss[-1] == loss[0]:
            return f"The loss is {number(loss[0])} after {len(loss)} epochs, as after the first."
        sense = "fell" if loss[-1] < loss[0] else "rose"
        return f"The loss {sense} from {number(loss[0])} to {number(loss[-1])} in {len(loss)} epochs."


@dataclass
class RunState:
    """One run of one block, as far as its events have come."""

    run: str
    block: str
    graded: bool
    asked_at: float = field(default_factory=time.monotonic)
    started_at: float = 0.0
    phase: str = "waiting"
    waiting_for: str = ""
    ahead: int = 0
    seed: int = 0
    output: list[tuple[str, str]] = field(default_factory=list)
    output_size: int = 0
    plots: dict[int, Scene] = field(default_factory=dict)
    fits: list[FitState] = field(default_factory=list)
    checks: list[p.CheckResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verdict: p.Verdict | None = None
    ended: p.Ended | None = None

    def apply(self, event: p.RunEvent) -> None:
        """Take one event in."""
        match event:
            case p.Queued():
                self.ahead = event.ahead
                self.waiting_for = f"{event.ahead} other run{'s' if event.ahead > 1 else ''} of yours first"
            case p.Started():
                self.phase, self.seed, self.waiting_for = "running", event.seed, ""
                self.started_at = time.monotonic()
            case p.Output():
                self._printed(event)
            case p.Plotted():
                self.plots[event.index] = event.scene
            case p.FitStarted():
                self.fits.append(FitState(event))
            case p.BatchEnded():
                self._fit(event.fit).batch_ended(event)
            case p.EpochEnded():
                self._fit(event.fit).epoch_ended(event)
            case p.FitEnded():
                self._fit(event.fit).ended = event
            case p.Note():
                self.notes.append(event.text)
            case p.Checked():
                self.checks.append(event.result)
            case p.Judged():
                self.verdict = event.verdict
            case p.Ended():
                self._end(event)

    def _end(self, event: p.Ended) -> None:
        """An engine that is gone cannot say how long the run took, nor that its training is over."""
        if event.reason == "lost" and not event.seconds and self.started_at:
            event = msgspec.structs.replace(event, seconds=time.monotonic() - self.started_at)
        for fit in self.fits:
            if fit.ended is None:
                fit.broken = event.reason
        self.ended, self.phase = event, "ended"

    @property
    def silent(self) -> bool:
        """Whether it ran through and there is nothing to show for it."""
        if self.ended is None or self.ended.reason != "ok" or self.verdict is not None:
            return False
        return not (self.output or self.plots or self.fits or self.notes or self.ended.note)

    def waiting(self, seconds: float) -> str:
        """What is waited for, for how long, and whether that is longer than usual. seconds: since it was asked for."""
        if not self.waiting_for:
            return ""
        if self.ahead:
            return f"waiting for {self.waiting_for} · {seconds:.0f} s"
        usual = KERAS_USUAL if self.waiting_for == KERAS_WAIT else LIGHT_USUAL
        if seconds > usual:
            return f"{self.waiting_for.split(',')[0]} takes longer than usual · {seconds:.0f} s · ctrl+c stops"
        return f"{self.waiting_for} · {seconds:.0f} s"

    def _fit(self, index: int) -> FitState:
        return self.fits[index]

    def _printed(self, event: p.Output) -> None:
        room = MAX_OUTPUT - self.output_size
        if room > 0:
            text = event.text[:room]
            self.output_size += len(text)
            if self.output and self.output[-1][0] == event.stream:
                self.output[-1] = (event.stream, self.output[-1][1] + text)
            else:
                self.output.append((event.stream, text))

    @property
    def going(self) -> bool:
        return self.ended is None

    @property
    def fit(self) -> FitState | None:
        return self.fits[-1] if self.fits else None

    @property
    def error(self) -> p.CodeError | None:
        """The error in the learner's code, from the verdict or from the run."""
        if self.verdict is not None and self.verdict.error is not None:
            return self.verdict.error
        return self.ended.error if self.ended is not None else None


def number(value: float) -> str:
    """A figure as people read it: four digits that count, thousands set apart."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size and (size < 1e-3 or size >= 1e7):
        return f"{value:.3g}"
    if size >= 1000:
        return f"{value:,.1f}"
    return f"{value:.4g}"
