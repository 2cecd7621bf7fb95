"""What a Keras model is, by what it does: shapes, numbers of parameters, activations and penalties by value.

Runs in both processes: in the judge on a model that it rebuilt itself, beside the learner's code on one that cannot be
rebuilt (a class of the learner's own). Importing this imports keras.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeGuard

import keras
import numpy as np

from tutor.grading.both_sides.keras_types import (
    KerasDropout,
    KerasFunction,
    KerasLayer,
    KerasModel,
    KerasTensor,
    LayerFacts,
    ModelFacts,
    PenaltyFacts,
    Shape,
)
from tutor.grading.both_sides.plain_values import Array

PROBE = np.linspace(-3.0, 3.0, 13)
"""Where activations are looked at."""
PREDICT_ROWS = 256
_ACTIVATION_ROOMS = ("keras.src.layers.activations", "keras.src.ops.nn")
_ACTIVATION_OPS = ("Tanh",)


def predict(model: KerasModel, inputs: object) -> Array:
    """What the model says to `inputs`, as (rows, …); a single array, or the list of them that the model has."""
    return model.predict(inputs, batch_size=PREDICT_ROWS, verbose=0)


def facts_of(model: KerasModel) -> ModelFacts:
    """Its structure. An activation that is a layer of its own counts to the layer in front."""
    parts = list(parts_of(model))
    return {
        "inputs": _shapes(model, "inputs"),
        "outputs": _shapes(model, "outputs"),
        "params": int(model.count_params()),
        "trainable": int(sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)),
        "layers": _weighted(parts),
        "kinds": [type(part).__name__ for part in parts],
        "dropout": [float(part.rate) for part in parts if _is_dropout(part)],
    }


def parts_of(model: KerasModel) -> Iterator[object]:
    """Layers and operations in order, those of models within models too."""
    for part in _own_parts(model):
        if isinstance(part, keras.Model):
            yield from parts_of(part)
        elif type(part).__name__ != "InputLayer":
            yield part


def _own_parts(model: KerasModel) -> Sequence[object]:
    operations: Sequence[object] | None = getattr(model, "operations", None)
    return model.layers if isinstance(model, keras.Sequential) or not operations else operations


def _shapes(model: KerasModel, side: str) -> list[Shape]:
    """Of each input or output."""
    try:
        tensors = getattr(model, side, None)
    except (AttributeError, ValueError):
        return []
    return [tuple(tensor.shape[1:]) for tensor in tensors or []]


def _weighted(parts: list[object]) -> list[LayerFacts]:
    found: list[LayerFacts] = []
    for part in parts:
        if _has_weights(part):
            own = getattr(part, "activation", None)
            found.append(
                {
                    "name": part.name,
                    "kind": type(part).__name__,
                    "shape": _output_shape(part),
                    "params": int(part.count_params()),
                    "activation": values_of(own, PROBE) if callable(own) else PROBE,
                }
            )
        elif found and callable(part) and _is_activation(part):
            found[-1]["activation"] = values_of(part, found[-1]["activation"])
    return found


def _has_weights(part: object) -> TypeGuard[KerasLayer]:
    return isinstance(part, keras.layers.Layer) and bool(part.count_params())


def _output_shape(layer: KerasLayer) -> Shape:
    """Its units alone where the layer does not know the shape of what it gives."""
    try:
        return tuple(layer.output.shape[1:])
    except (AttributeError, ValueError):
        units = getattr(layer, "units", None) or getattr(layer, "filters", None)
        return (int(units),) if units else ()


def _is_activation(part: object) -> bool:
    kind = type(part)
    return kind.__module__.startswith(_ACTIVATION_ROOMS) or kind.__name__ in _ACTIVATION_OPS


def values_of(activation: KerasFunction, values: Array) -> Array:
    """What an activation makes of a row of values; nan where it will not take them."""
    try:
        given = keras.ops.convert_to_tensor(values[None].astype("float32"))
        return np.asarray(keras.ops.convert_to_numpy(activation(given)), dtype=float).reshape(values.shape)
    except (ValueError, TypeError, RuntimeError):
        return np.full(values.shape, np.nan)


def _is_dropout(part: object) -> TypeGuard[KerasDropout]:
    return "Dropout" in type(part).__name__ and hasattr(part, "rate")


def penalty_of(model: KerasModel) -> PenaltyFacts:
    """What regularizes it, at the weights as they are."""
    layers = [part for part in parts_of(model) if _has_weights(part)]
    return {
        "value": float(sum(number_of(each) for each in model.losses)),
        "layers": [
            (part.name, {side: _strengths(getattr(part, f"{side}_regularizer", None)) for side in ("kernel", "bias")})
            for part in layers
        ],
        "dropout": [float(part.rate) for part in parts_of(model) if _is_dropout(part)],
    }


def number_of(tensor: KerasTensor) -> float:
    """A tensor of one number, as that number."""
    return float(keras.ops.convert_to_numpy(tensor))


def _strengths(regularizer: KerasFunction | None) -> tuple[float, float]:
    """l1 and l2 by value: what one weight of 1 costs, and one of 2. nan where it is neither nor their sum."""
    if regularizer is None:
        return 0.0, 0.0
    one, two, three = (number_of(regularizer(np.full(1, at, "float32"))) for at in (1, 2, 3))
    l1, l2 = (4 * one - two) / 2, (two - 2 * one) / 2
    fits = abs(3 * l1 + 9 * l2 - three) <= 1e-4 * abs(three)
    return (_clean(l1, one), _clean(l2, one)) if fits else (float("nan"), float("nan"))


def _clean(value: float, size: float) -> float:
    """Without the crumbs that float32 leaves."""
    return 0.0 if abs(value) < 1e-5 * abs(size) else float(f"{value:.6g}")
