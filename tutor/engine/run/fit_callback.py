"""The callback that tells of one fit: its losses, its pace, on request its gradients, and what was changed by hand."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from typing import Any

import keras

from tutor.engine.run import fit_memory, run_side
from tutor.engine.run.code_errors import OutOfTime
from tutor.engine.run.layer_pulses import LayerPulses
from tutor.engine.run.learning_rate import early_stopping, learning_rate, ruler, set_rate, waited
from tutor.messages.training import BatchEnded, Changed, EpochEnded, FitEnded, FitStarted, LayerPulse

BATCH_EVERY = 0.1
"""Seconds between two batches that are told."""
PULSE_SHARE, PULSE_FREE = 0.015, 0.015
"""Of the time of a fit, and seconds besides, that gradients and layers may take while they are watched: where that is
used up, an epoch goes without."""
POLL_EVERY = 0.02
"""Seconds between two looks at what the window asks."""


class FitCallback(keras.callbacks.Callback):
    """Tells the host of one fit. All hooks but those of begin and end take microseconds."""

    def __init__(self, side: run_side.RunSide, arguments: dict[str, str], samples: int, first: int = 0) -> None:
        super().__init__()
        self.theirs: list[Any] = []
        self._side = side
        self._fit = side.fits
        side.fits += 1
        self._arguments = arguments
        self._samples = samples
        self._began = time.perf_counter()
        self._paused = side.paused
        self._overhead = 0.0
        self._sent_batch = 0.0
        self._polled = 0.0
        self._epoch = 0
        self._planned = 0
        self._first = first
        self._ended_epochs = first
        self._batches = 0
        self._started = False
        self._note = ""
        self._cut_validation = False
        self._pulse: LayerPulses | None = None
        self._pulse_cost = 0.0
        self._pulse_now = False

    # -------------------------------------------------------------- the whole fit

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """Around the fit: its end is told however it comes."""
        self._side.training += 1
        try:
            yield
        except BaseException as error:
            if isinstance(error, OutOfTime):
                self._note = self._note or "The time was up."
            self._end("stopped" if isinstance(error, (KeyboardInterrupt, OutOfTime)) else "error")
            raise
        else:
            stopped = self._ended_epochs < self._planned
            self._end("stopped" if self._side.cancelled else "early" if stopped else "done")
        finally:
            self._side.training -= 1

    def _end(self, reason: Any) -> None:
        if self._started:
            self._side.send(
                FitEnded(
                    self._side.run, self._fit, reason, self._ended_epochs - self._first, self._seconds(), self._note,
                    self._overhead,
                )
            )

    def _seconds(self) -> float:
        return time.perf_counter() - self._began - (self._side.paused - self._paused)

    # -------------------------------------------------------------- hooks of keras

    def on_train_begin(self, logs: Any = None) -> None:
        began = time.perf_counter()
        model, params = self.model, self.params or {}
        epochs = int(params.get("epochs") or 0)
        self._planned = epochs
        self._started = True
        self._pulse = LayerPulses(model)
        before = fit_memory.begin(model, self._fit)
        self._side.fit = self._fit
        monitor, mode, patience = early_stopping(self.theirs)
        self._side.send(
            FitStarted(
                self._side.run,
                self._fit,
                "keras",
                model.name,
                epochs,
                batches=int(params.get("steps") or 0),
                samples=self._samples,
                parameters=int(model.count_params()) if model.built else 0,
                metrics=metric_names(model),
                arguments=self._arguments,
                monitor=monitor,
                mode=mode,
                patience=patience,
                steered=ruler(model, self.theirs),
                first=self._first,
                after=before,
            )
        )
        self._overhead += time.perf_counter() - began
        self._look()  # what was asked for before holds from the first batch on

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch, self._batches = epoch, 0
        self._pulse_now = self._pulse_cost <= PULSE_FREE + PULSE_SHARE * self._seconds()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        if not self._side.watched.layers or self._pulse is None or not self._pulse_now:
            return
        began = time.perf_counter()
        steps = int((self.params or {}).get("steps") or 0)
        if not steps or batch >= steps - 1:  # of the last step of an epoch it is told what it changed
            self._pulse.before_step()
        self._pulse_cost += time.perf_counter() - began
        self._overhead += time.perf_counter() - began

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        began = time.perf_counter()
        self._batches = batch + 1
        if began - self._polled >= POLL_EVERY:
            self._polled = began
            self._look()
            began += time.perf_counter() - began if self._side.paused > self._paused else 0.0
        if began - self._sent_batch >= BATCH_EVERY:
            self._sent_batch = began
            values = numbers(logs)
            self._side.send(BatchEnded(self._side.run, self._fit, self._epoch, batch, values, self._seconds()))
        self._overhead += time.perf_counter() - began

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        if self._side.cancelled:
            self._cut_validation = True
            self.model.stop_evaluating = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        began = time.perf_counter()
        values = numbers(logs)
        if self._cut_validation:
            values = {name: value for name, value in values.items() if not name.startswith("val_")}
        self._ended_epochs = epoch + 1
        rate = values.pop("learning_rate", float("nan"))
        if math.isnan(rate):
            rate = learning_rate(self.model)
        gradient, layers = self._look_at_layers()
        fit_memory.epoch(self.model, epoch, layers)
        seconds = self._seconds()
        waits = waited(self.theirs)
        self._side.send(
            EpochEnded(
                self._side.run, self._fit, epoch, values, seconds, rate, gradient, layers, waits, self._share()
            )
        )  # fmt: skip
        self._say_if_not_finite(epoch, values)
        self._overhead += time.perf_counter() - began
        self._look()
        self._side.serve()

    def _share(self) -> float:
        """Of the batches of the epoch that ends, those that were trained on, where a hand has stopped it."""
        steps = int((self.params or {}).get("steps") or 0)
        return min(1.0, self._batches / steps) if self._side.cancelled and steps else 1.0

    def _look_at_layers(self) -> tuple[float, tuple[LayerPulse, ...]]:
        """Norm of the gradient and a pulse of each layer, where they are watched: in no more epochs than may be."""
        watched, pulse, began = self._side.watched, self._pulse, time.perf_counter()
        if pulse is None or not self._pulse_now or not (watched.gradients or watched.layers):
            return math.nan, ()
        gradient = pulse.gradient() if watched.gradients else math.nan
        layers = pulse.layers() if watched.layers else ()
        self._pulse_cost += time.perf_counter() - began
        return gradient, layers

    # -------------------------------------------------------------- what the window asks

    def _look(self) -> None:
        self._side.poll()
        if self._side.cancelled:
            self.model.stop_training = True
        if self._side.rate is not None:
            rate, self._side.rate = self._side.rate, None
            before = learning_rate(self.model)
            done, sentence = set_rate(self.model, rate, self.theirs)
            if done:
                told = Changed(self._side.run, self._fit, self._ended_epochs, "learning rate", before, rate)
                self._side.send(told)
            self._side.note(sentence)

    def _say_if_not_finite(self, epoch: int, values: dict[str, float]) -> None:
        wrong = next((name for name, value in values.items() if not math.isfinite(value)), None)
        if wrong is None or self._note:
            return
        self._note = (
            f"{wrong} became {values[wrong]} in epoch {epoch + 1}. Usual causes: a learning rate that is too large, so "
            "that each step makes it worse; inputs that are not scaled; nan in the data; a log or a division by 0."
        )
        self._side.note(self._note)


# ------------------------------------------------------------------ small things about models


def numbers(logs: Any) -> dict[str, float]:
    """The logs as plain numbers; what is none is left out."""
    values = {}
    for name, value in (logs or {}).items():
        try:
            values[str(name)] = float(value)
        except (TypeError, ValueError, RuntimeError):
            continue
    return values


def metric_names(model: Any) -> tuple[str, ...]:
    """The loss and the compiled metrics by name."""
    given = compiled(model).get("metrics")
    if isinstance(given, (str, type(None))) or callable(given):
        given = [given] if given else []
    names = [each if isinstance(each, str) else getattr(each, "name", "") for each in given]
    return ("loss", *(name for name in names if name))


def compiled(model: Any) -> dict[str, Any]:
    """What the model was compiled with, as given."""
    found = getattr(model, "_compile_config", None)
    config = getattr(found, "config", None)
    return config if isinstance(config, dict) else {}
