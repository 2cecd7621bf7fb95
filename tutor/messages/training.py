"""What a training tells while it goes on: its beginning, batches, epochs, changes by hand, its end."""

from __future__ import annotations

from typing import Literal, TypeAlias, Union

from msgspec import Struct


class FitStarted(Struct, frozen=True, tag="fitstarted"):
    """A training begins. fit: which of this run's, from 0. batches, samples: per epoch, 0 where unknown.

    arguments: those of compile and fit that were given, as text. source: "keras" or "track". monitor, mode, patience:
    of an EarlyStopping among the callbacks, patience 0 where there is none. steered: who rules the learning rate
    besides the learner, by class name ("" nobody): a schedule, or a callback. first: epochs that count as done before
    (initial_epoch). after: the last fit of this run of the same model, which this one goes on from; -1 for none.
    """

    run: str
    fit: int
    source: Literal["keras", "track"]
    model: str
    epochs: int
    batches: int = 0
    samples: int = 0
    parameters: int = 0
    metrics: tuple[str, ...] = ()
    arguments: dict[str, str] = {}
    monitor: str = ""
    mode: Literal["min", "max"] = "min"
    patience: int = 0
    steered: str = ""
    first: int = 0
    after: int = -1
    seq: int = 0


class LayerPulse(Struct, frozen=True):
    """One layer at the end of an epoch. gradient: norm of the last batch's; weight: norm of its weights; update: norm
    of the last step over that of the weights after it; change: norm of the difference from the start, over that of the
    start. NaN where unknown."""

    name: str
    gradient: float
    weight: float
    update: float
    change: float


class BatchEnded(Struct, frozen=True, tag="batch"):
    """Sent at most some ten times a second. epoch and batch from 0. seconds: since the fit began, pauses not
    counted."""

    run: str
    fit: int
    epoch: int
    batch: int
    values: dict[str, float]
    seconds: float
    seq: int = 0


class EpochEnded(Struct, frozen=True, tag="epoch"):
    """Every epoch has one. rate: the learning rate, NaN where unknown. gradient: the norm of the last batch's whole
    gradient, NaN where it is not watched; layers: only where they are watched. waited: epochs that early stopping has
    waited, as it counts them; -1 where nothing waits. share: of the epoch's batches, those that were trained on:
    less than 1 where it was stopped within."""

    run: str
    fit: int
    epoch: int
    values: dict[str, float]
    seconds: float
    rate: float = float("nan")
    gradient: float = float("nan")
    layers: tuple[LayerPulse, ...] = ()
    waited: int = -1
    share: float = 1.0
    seq: int = 0


class FitEnded(Struct, frozen=True, tag="fitended"):
    """reason: done, stopped (by hand), early (a callback), error. note: what is worth saying (nan at epoch 3).
    overhead: of these seconds, those spent in the tutor's own callback and sending."""

    run: str
    fit: int
    reason: Literal["done", "stopped", "early", "error"]
    epochs: int
    seconds: float
    note: str = ""
    overhead: float = 0.0
    seq: int = 0


class Changed(Struct, frozen=True, tag="changed"):
    """Something was changed by hand while it trained: what ("learning rate"), after `epoch` whole epochs, from
    `before` to `after`."""

    run: str
    fit: int
    epoch: int
    what: str
    before: float
    after: float
    seq: int = 0


class Paused(Struct, frozen=True, tag="paused"):
    """A training was paused (on), or goes on after `seconds` of rest, which count in no time."""

    run: str
    fit: int
    on: bool
    seconds: float = 0.0
    seq: int = 0


TrainingEvent: TypeAlias = Union[FitStarted, BatchEnded, EpochEnded, FitEnded, Changed, Paused]
