"""Who rules a training besides its code: early stopping, schedules and callbacks of the learner's, and a hand."""

from __future__ import annotations

import math
from typing import Any, Literal

import keras

_UP = ("acc", "auc", "precision", "recall", "f1", "iou", "r2")
"""What is in the name of a metric that is better the larger it is (where `mode` is left to Keras)."""


def early_stopping(callbacks: list[Any]) -> tuple[str, Literal["min", "max"], int]:
    """Monitor, mode and patience of the first EarlyStopping, ("", "min", 0) where there is none."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.EarlyStopping):
            monitor = str(callback.monitor)
            return monitor, _mode(callback, monitor), int(callback.patience)
    return "", "min", 0


def waited(callbacks: list[Any]) -> int:
    """Epochs that the first EarlyStopping has waited: its own count, which knows of `min_delta`, `baseline` and
    `start_from_epoch`. -1 where there is none, or one that waits for nothing."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.EarlyStopping):
            return int(callback.wait) if callback.patience else -1
    return -1


def _mode(callback: Any, monitor: str) -> Literal["min", "max"]:
    if callback.mode in ("min", "max"):
        return "max" if callback.mode == "max" else "min"
    return "max" if any(word in monitor.lower() for word in _UP) else "min"


def ruler(model: Any, callbacks: list[Any]) -> str:
    """Class name of what sets the learning rate, whatever a hand does; "" where nothing does."""
    schedule = getattr(model.optimizer, "_learning_rate", None)
    if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        return type(schedule).__name__
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.LearningRateScheduler):
            return type(callback).__name__
    return ""


def reacts(callbacks: list[Any]) -> str:
    """Class name of a callback that lowers the learning rate by itself, "" where there is none."""
    found = (each for each in callbacks if isinstance(each, keras.callbacks.ReduceLROnPlateau))
    return next((type(each).__name__ for each in found), "")


def learning_rate(model: Any) -> float:
    """The learning rate of the model's optimizer now, NaN where there is none."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return math.nan
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def set_rate(model: Any, rate: float, callbacks: list[Any]) -> tuple[bool, str]:
    """Set the learning rate, where that can be done. Returns whether it was, and the sentence that says so."""
    who = ruler(model, callbacks)
    if who:
        kind = "schedule" if who != "LearningRateScheduler" else "callback"
        return False, f"The learning rate is ruled by the {kind} {who}, and cannot be set by hand."
    if not (math.isfinite(rate) and rate >= 0):
        return False, f"{rate} is no learning rate."
    model.optimizer.learning_rate = rate
    lowers = reacts(callbacks)
    return True, f"Learning rate {rate:g} from here on{f'; {lowers} may lower it' if lowers else ''}."
