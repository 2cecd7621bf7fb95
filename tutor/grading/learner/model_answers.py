"""What the learner's process tells of its Keras models, as plain values. Runs beside the learner's code.

Importing this imports keras. Exceptions are the learner's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import keras
import numpy as np

from tutor.grading.both_sides.keras_types import KerasModel, LastFit, Recipe
from tutor.grading.both_sides.model_facts import facts_of, number_of, penalty_of, predict
from tutor.grading.both_sides.plain_values import Answer, Array


def answer(verb: str, model: object, rest: tuple[object, ...], last_fit: LastFit) -> Answer:
    """The answer to one question about a model."""
    if not isinstance(model, keras.Model):
        raise TypeError(f"{type(model).__name__} is no Keras model")
    if verb == "fitted":
        return "value", _fitted(model, last_fit(model))
    return "value", _ANSWERS[verb](model, *rest)


def _recipe(model: KerasModel) -> Recipe:
    try:
        text = model.to_json()
    except Exception:  # noqa: BLE001 - the learner's own classes may have any get_config
        text = ""
    compiled = _compile_config(model)
    return {
        "text": text,
        "weights": [np.asarray(weight) for weight in model.get_weights()] if model.built else [],
        "built": bool(model.built),
        "compiled": json.dumps(compiled, default=str) if compiled else "",
    }


def _compile_config(model: KerasModel) -> dict[str, object] | None:
    """What the model was compiled with, as Keras writes it down; None where it was not compiled."""
    if not getattr(model, "compiled", False):
        return None
    config = model.get_compile_config()
    return config if isinstance(config, dict) else {}


def _fitted(model: KerasModel, arguments: Mapping[str, object] | None) -> dict[str, object] | None:
    """The arguments of the last `fit`, in plain values; callbacks as (class name, settings), and `history`, the
    curves. None where it was never fitted."""
    if arguments is None:
        return None
    history = getattr(getattr(model, "history", None), "history", None) or {}
    return {
        **{name: _plain(value) for name, value in arguments.items() if name != "callbacks"},
        "callbacks": [(type(each).__name__, _settings(each)) for each in _listed(arguments.get("callbacks"))],
        "history": {str(name): [float(value) for value in values] for name, values in history.items()},
    }


def _listed(callbacks: object) -> list[object]:
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    return list(callbacks) if isinstance(callbacks, (list, tuple)) else [] if callbacks is None else [callbacks]


def _settings(thing: object) -> dict[str, object]:
    """The plain public attributes of an object."""
    plain = (bool, int, float, str, type(None))
    return {name: value for name, value in vars(thing).items() if not name.startswith("_") and type(value) in plain}


def _plain(value: object) -> object:
    """A setting as it is; the shape of an array; the kind of anything else."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    shape = getattr(value, "shape", None)
    return type(value).__name__ if shape is None else tuple(int(size) for size in shape)


def _loss_of(model: KerasModel, targets: Array, predictions: Array) -> float:
    """The compiled loss of the model's own process, without penalties."""
    import torch

    with torch.no_grad():
        value = model.compute_loss(y=torch.as_tensor(targets), y_pred=torch.as_tensor(predictions))
        penalties = sum((number_of(each) for each in model.losses), 0.0)
    return number_of(value) - penalties


_ANSWERS: dict[str, Callable[..., object]] = {
    "recipe": _recipe,
    "facts": facts_of,
    "predict": predict,
    "loss": _loss_of,
    "penalty": penalty_of,
}
