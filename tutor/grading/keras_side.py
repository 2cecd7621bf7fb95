"""What the learner's process tells of its Keras models, as plain values; and what any model is, by what it does.

`answer` runs beside the learner's code, `facts_of` on both sides: in the judge on a model that it rebuilt itself, in
the learner's process on one that cannot be rebuilt (a class of the learner's own).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

PROBE = np.linspace(-3.0, 3.0, 13)
"""Where activations are looked at."""
PREDICT_ROWS = 256
_ACTIVATION_ROOMS = ("keras.src.layers.activations", "keras.src.ops.nn")
_ACTIVATION_OPS = ("Tanh",)

Answer = tuple[str, Any]


def answer(verb: str, model: Any, *rest: Any) -> Answer:
    """The answer to one question about a model: see `_ANSWERS`. Exceptions are the learner's."""
    return "value", _ANSWERS[verb](model, *rest)


def _recipe(model: Any) -> dict[str, Any]:
    """What it takes to build the model again. text: "" where Keras has none."""
    try:
        text = model.to_json()
    except Exception:  # noqa: BLE001 - the learner's own classes may have any get_config
        text = ""
    compiled = compile_config(model)
    return {
        "text": text,
        "weights": [np.asarray(weight) for weight in model.get_weights()] if model.built else [],
        "built": bool(model.built),
        "compiled": json.dumps(compiled, default=str) if compiled else "",
    }


def compile_config(model: Any) -> dict[str, Any] | None:
    """What the model was compiled with, as Keras writes it down; None where it was not compiled."""
    if not getattr(model, "compiled", False):
        return None
    config = model.get_compile_config()
    return config if isinstance(config, dict) else {}


def predict(model: Any, inputs: Any) -> np.ndarray:
    """What the model says to `inputs`, as (rows, …); a single array, or the list of them that the model has."""
    return model.predict(inputs, batch_size=PREDICT_ROWS, verbose=0)


def _fitted(model: Any) -> dict[str, Any] | None:
    """The arguments of the last `fit` (all but the data), defaults filled in, in plain values; callbacks as (class
    name, settings), and `history`, the curves. None where it was never fitted."""
    from tutor.engine.run import fit_wrapping

    arguments = fit_wrapping.last_fits.get(model)
    if arguments is None:
        return None
    history = getattr(getattr(model, "history", None), "history", None) or {}
    return {
        **{name: _plain(value) for name, value in arguments.items() if name != "callbacks"},
        "callbacks": [(type(each).__name__, _settings(each)) for each in _listed(arguments.get("callbacks"))],
        "history": {str(name): [float(value) for value in values] for name, values in history.items()},
    }


def _listed(callbacks: Any) -> list[Any]:
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    given = callbacks if isinstance(callbacks, (list, tuple)) else [] if callbacks is None else [callbacks]
    return [each for each in given if type(each).__module__ != "tutor.engine.run.fit_wrapping"]


def _settings(thing: Any) -> dict[str, Any]:
    """The plain public attributes of an object."""
    plain = (bool, int, float, str, type(None))
    return {name: value for name, value in vars(thing).items() if not name.startswith("_") and type(value) in plain}


def _plain(value: Any) -> Any:
    """A setting as it is; the shape of an array; the kind of anything else."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    shape = getattr(value, "shape", None)
    return type(value).__name__ if shape is None else tuple(int(size) for size in shape)


def loss_of(model: Any, targets: Any, predictions: Any) -> float:
    """The compiled loss of the model's own process, without penalties."""
    import torch

    with torch.no_grad():
        value = model.compute_loss(y=torch.as_tensor(targets), y_pred=torch.as_tensor(predictions))
        penalties = sum((float(keras.ops.convert_to_numpy(each)) for each in model.losses), 0.0)
    return float(keras.ops.convert_to_numpy(value)) - penalties


# ------------------------------------------------------------------ what a model is, by what it does


def facts_of(model: Any) -> dict[str, Any]:
    """inputs, outputs: shapes without the batch, () for what is not known. layers: those that have weights, each with
    name, kind, shape, params and `activation`, its values at `PROBE` (what stands behind the layer included)."""
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


def parts_of(model: Any) -> Iterator[Any]:
    """Layers and operations in order, those of models within models too."""
    inner = getattr(model, "layers", []) if isinstance(model, keras.Sequential) else None
    for part in inner if inner is not None else getattr(model, "operations", None) or model.layers:
        if isinstance(part, keras.Model):
            yield from parts_of(part)
        elif type(part).__name__ != "InputLayer":
            yield part


def _shapes(model: Any, side: str) -> list[tuple[int | None, ...]]:
    """Of each input or output, without the batch."""
    try:
        tensors = getattr(model, side, None)
    except (AttributeError, ValueError):
        return []
    return [tuple(tensor.shape[1:]) for tensor in tensors or []]


def _weighted(parts: list[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for part in parts:
        if isinstance(part, keras.layers.Layer) and part.count_params():
            own = getattr(part, "activation", None)
            found.append(
                {
                    "name": part.name,
                    "kind": type(part).__name__,
                    "shape": _output_shape(part),
                    "params": int(part.count_params()),
                    "activation": _applied(own, PROBE) if callable(own) else PROBE,
                }
            )
        elif found and _is_activation(part):
            found[-1]["activation"] = _applied(part, found[-1]["activation"])
    return found


def _output_shape(layer: Any) -> tuple[int | None, ...]:
    """Without the batch; its units alone where the layer does not know the shape of what it gives."""
    try:
        return tuple(layer.output.shape[1:])
    except (AttributeError, ValueError):
        units = getattr(layer, "units", None) or getattr(layer, "filters", None)
        return (int(units),) if units else ()


def _is_activation(part: Any) -> bool:
    kind = type(part)
    return kind.__module__.startswith(_ACTIVATION_ROOMS) or kind.__name__ in _ACTIVATION_OPS


def _applied(function: Any, values: np.ndarray) -> np.ndarray:
    """What an activation makes of a row of values; nan where it will not take them."""
    try:
        given = keras.ops.convert_to_tensor(values[None].astype("float32"))
        return np.asarray(keras.ops.convert_to_numpy(function(given)), dtype=float).reshape(values.shape)
    except (ValueError, TypeError, RuntimeError):
        return np.full(values.shape, np.nan)


def _is_dropout(part: Any) -> bool:
    return "Dropout" in type(part).__name__ and hasattr(part, "rate")


def penalty_of(model: Any) -> dict[str, Any]:
    """value: all penalties at the weights as they are. layers: (name, {"kernel": (l1, l2), "bias": (l1, l2)})."""
    parts = [part for part in parts_of(model) if isinstance(part, keras.layers.Layer) and part.count_params()]
    return {
        "value": float(sum(float(keras.ops.convert_to_numpy(each)) for each in model.losses)),
        "layers": [
            (part.name, {side: _strengths(getattr(part, f"{side}_regularizer", None)) for side in ("kernel", "bias")})
            for part in parts
        ],
        "dropout": [float(part.rate) for part in parts_of(model) if _is_dropout(part)],
    }


def _strengths(regularizer: Any) -> tuple[float, float]:
    """l1 and l2 by value: what one weight of 1 costs, and one of 2. nan where it is neither nor their sum."""
    if regularizer is None:
        return 0.0, 0.0
    one, two, three = (float(keras.ops.convert_to_numpy(regularizer(np.full(1, at, "float32")))) for at in (1, 2, 3))
    l1, l2 = (4 * one - two) / 2, (two - 2 * one) / 2
    fits = abs(3 * l1 + 9 * l2 - three) <= 1e-4 * abs(three)
    return (_clean(l1, one), _clean(l2, one)) if fits else (float("nan"), float("nan"))


def _clean(value: float, size: float) -> float:
    """Without the crumbs that float32 leaves."""
    return 0.0 if abs(value) < 1e-5 * abs(size) else float(f"{value:.6g}")


_ANSWERS: dict[str, Callable[..., Any]] = {
    "recipe": _recipe,
    "facts": facts_of,
    "predict": predict,
    "loss": loss_of,
    "penalty": penalty_of,
    "fitted": _fitted,
}
