"""Keras's models, layers and tensors as grading uses them, and what is told of a model in plain values.

Keras itself has no types; importing this module imports neither keras nor torch. Both processes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, TypedDict

from tutor.grading.both_sides.plain_values import Array

Shape: TypeAlias = tuple[int | None, ...]
"""Without the batch; None for a size that is open."""


class KerasTensor(Protocol):
    """A tensor, a variable, or the symbol of one."""

    @property
    def shape(self) -> Sequence[int | None]: ...


class KerasVariable(Protocol):
    @property
    def shape(self) -> tuple[int, ...]: ...


class KerasLayer(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def output(self) -> KerasTensor: ...
    def count_params(self) -> int: ...


class KerasDropout(Protocol):
    """A layer that drops a share of what comes in, of whichever kind."""

    @property
    def rate(self) -> float: ...


class KerasModel(Protocol):
    @property
    def built(self) -> bool: ...
    @property
    def layers(self) -> Sequence[object]: ...
    @property
    def losses(self) -> Sequence[KerasTensor]: ...
    @property
    def trainable_weights(self) -> Sequence[KerasVariable]: ...
    def count_params(self) -> int: ...
    def get_weights(self) -> list[Array]: ...
    def set_weights(self, weights: list[Array]) -> None: ...
    def to_json(self) -> str: ...
    def get_compile_config(self) -> object: ...
    def compute_loss(self, *, y: KerasTensor, y_pred: KerasTensor) -> KerasTensor: ...
    def predict(self, x: object, *, batch_size: int, verbose: int) -> Array: ...


class KerasFunction(Protocol):
    """An activation, a regularizer: one tensor in, one out."""

    def __call__(self, tensor: object, /) -> KerasTensor: ...


class KerasLoss(Protocol):
    def __call__(self, targets: Array, predictions: Array, /) -> KerasTensor: ...


LastFit: TypeAlias = Callable[[object], Mapping[str, object] | None]
"""Model -> the arguments of its last `fit` but the data, defaults filled in; None where it was never fitted. The engine
keeps them, as it wraps `fit`, and hands this to both sides."""


# ------------------------------------------------------------------ what is told of a model


class Recipe(TypedDict):
    """What it takes to build a model again. text: Keras's description, "" where it has none. compiled: as JSON."""

    text: str
    weights: list[Array]
    built: bool
    compiled: str


class LayerFacts(TypedDict):
    """A layer that has weights. activation: its values at `model_facts.PROBE`, what stands behind it included."""

    name: str
    kind: str
    shape: Shape
    params: int
    activation: Array


class ModelFacts(TypedDict):
    """inputs, outputs: shapes, () for what is not known. kinds: class names of all its layers, in order."""

    inputs: list[Shape]
    outputs: list[Shape]
    params: int
    trainable: int
    layers: list[LayerFacts]
    kinds: list[str]
    dropout: list[float]


class PenaltyFacts(TypedDict):
    """value: all penalties at the weights as they are. layers: (name, {"kernel": (l1, l2), "bias": (l1, l2)})."""

    value: float
    layers: list[tuple[str, dict[str, tuple[float, float]]]]
    dropout: list[float]
