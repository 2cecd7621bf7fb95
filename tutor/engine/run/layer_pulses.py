"""What a training does to its layers, taken at epoch ends and only while somebody watches.

Keras on torch leaves the gradients of a batch in the variables until the next one begins, so that they can be read
once the epoch is over; what the last step changed is seen by a copy from before it.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from tutor.engine.run.fit_memory import layers_of
from tutor.messages.training import LayerPulse

MOST_COPIED = 500_000
"""Weights of which a copy is kept from the fit's begin on; of more only from when they are watched."""

Weights = dict[str, list[Any]]


class LayerPulses:
    """Of one fit of `model` (a Keras model on torch, built)."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._start: Weights | None = None
        self._before: Weights = {}
        self._sizes: dict[str, float] = {}
        if model.built and model.count_params() <= MOST_COPIED:
            self._begin(self._copies())

    def _begin(self, weights: Weights) -> None:
        self._start = weights
        self._sizes = {name: norm(values) for name, values in weights.items()}

    def before_step(self) -> None:
        """The weights as they are, to see what the step changes."""
        self._before = self._copies()
        if self._start is None:
            self._begin(self._before)

    def gradient(self) -> float:
        """Norm of the whole gradient of the last batch, NaN where there is none."""
        return norm(each for layer in self._trainable().values() for each in gradients(layer))

    def layers(self) -> tuple[LayerPulse, ...]:
        """One for each layer that learns. Torch only, without a gradient of its own."""
        return tuple(self._layer(name, variables) for name, variables in self._trainable().items())

    def _layer(self, name: str, variables: list[Any]) -> LayerPulse:
        now = [variable.value.detach() for variable in variables]
        weight = norm(now)
        before, start = self._before.get(name), (self._start or {}).get(name)
        update = ratio(difference(now, before), weight) if before else math.nan
        change = ratio(difference(now, start), self._sizes[name]) if start else math.nan
        return LayerPulse(name, norm(gradients(variables)), weight, update, change)

    def _trainable(self) -> dict[str, list[Any]]:
        return {layer.name: layer.trainable_variables for layer in layers_of(self._model) if layer.trainable_variables}

    def _copies(self) -> Weights:
        return {name: [each.value.detach().clone() for each in found] for name, found in self._trainable().items()}


def gradients(variables: list[Any]) -> list[Any]:
    """Those gradients that there are."""
    found = (variable.value.grad for variable in variables)
    return [gradient.detach() for gradient in found if gradient is not None]


def norm(tensors: Any) -> float:
    """The Euclidean norm of all of them together; NaN where there are none."""
    norms = [_norm(tensor) for tensor in tensors]
    return math.hypot(*norms) if norms else math.nan


def _norm(tensor: Any) -> float:
    found = float(torch.linalg.vector_norm(tensor))
    if found in (0.0, math.inf):  # the squares may be out of float32's range, though the norm is not
        found = float(torch.linalg.vector_norm(tensor, dtype=torch.float64))
    return found


def difference(now: list[Any], before: list[Any] | None) -> float:
    """The norm of what changed."""
    return norm([a - b for a, b in zip(now, before, strict=True)]) if before else math.nan


def ratio(part: float, whole: float) -> float:
    """part of whole; from zero weights, as biases begin, any change is infinitely much."""
    return part / whole if whole else (math.inf if part else 0.0)
