"""What can be told of a Keras model, in plain values. Used in the learner's process, and by the judge on its own copy.

Nothing here imports keras unless a model is there already.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

GRID = (-2.0, -0.5, 0.0, 0.25, 1.0, 3.0, 7.0)
"""Where activations are looked at: they are told apart by their values."""
_PLAIN_SETTINGS = (bool, int, float, str)


def answer(namespace: dict[str, Any], verb: str, model: Any, *rest: Any) -> tuple[str, Any]:
    """The answer to a question about a model (see `answering`)."""
    if verb == "model":
        return "value", card(model)
    if verb == "model facts":
        return "value", facts(model)
    if verb == "model predict":
        return "value", predictions(model, rest[0])
    if verb == "model loss":
        return "value", loss_of(model, *rest)
    if verb == "model fit":
        return "value", last_fit(model)
    return "cannot cross", f"the answer to {verb}"


def card(model: Any) -> dict[str, Any]:
    """Config (JSON, "" where there is none) and weights."""
    try:
        config = json.dumps({"class_name": type(model).__name__, "config": _serialized(model)})
    except Exception as error:  # noqa: BLE001 - a model of the learner's own class may raise anything here
        return {"config": "", "why": f"{type(error).__name__}: {error}", "weights": []}
    if type(model).__module__.partition(".")[0] != "keras":
        return {"config": "", "why": f"a class of its own, {type(model).__name__}", "weights": []}
    return {"config": config, "why": "", "weights": list(model.get_weights())}


def _serialized(model: Any) -> Any:
    import keras

    return keras.saving.serialize_keras_object(model)["config"]


def predictions(model: Any, x: Any) -> Any:
    """What the model predicts for the rows of x, as an array."""
    return np.asarray(model.predict(x, verbose=0))


def loss_of(model: Any, y: Any, p: Any) -> Any:
    """The mean of the loss with which the model was compiled, for targets y and predictions p; None where it was
    not compiled."""
    import keras

    loss = getattr(model, "loss", None)
    if loss is None:
        return None
    tensors = (keras.ops.convert_to_tensor(np.asarray(v, dtype="float32")) for v in (y, p))
    return float(keras.ops.mean(keras.losses.get(loss)(*tensors)))


def last_fit(model: Any) -> dict[str, Any] | None:
    """The arguments of the last `fit`, defaults filled in, as plain values; None where there was none."""
    from tutor.engine import training

    arguments = training.last_fits.get(model)
    if arguments is None:
        return None
    plain = {name: _plain(value) for name, value in arguments.items() if name != "callbacks"}
    plain["callbacks"] = [(type(item).__name__, settings(item)) for item in _listed(arguments.get("callbacks"))]
    return plain


def _listed(callbacks: Any) -> list[Any]:
    if callbacks is None:
        return []
    return list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]


def settings(thing: Any) -> dict[str, Any]:
    """The plain public attributes of an object."""
    return {
        name: value
        for name, value in vars(thing).items()
        if not name.startswith("_") and (value is None or isinstance(value, _PLAIN_SETTINGS))
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (*_PLAIN_SETTINGS, np.ndarray)):
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(item) for item in value) if type(value) in (list, tuple) else str(type(value))
    return {str(key): _plain(item) for key, item in value.items()} if isinstance(value, dict) else type(value).__name__


def facts(model: Any) -> dict[str, Any]:
    """Shapes without the batch, numbers of parameters, layers, penalties."""
    flat = list(_flat(model))
    return {
        "built": bool(model.built),
        "inputs": _shape(getattr(model, "input_shape", None)) if model.built else None,
        "outputs": _shape(getattr(model, "output_shape", None)) if model.built else None,
        "params": int(model.count_params()) if model.built else 0,
        "trainable": int(sum(np.prod(weight.shape) for weight in model.trainable_weights)),
        "layers": [_layer(layer) for layer in flat],
        "penalty": float(sum(float(loss) for loss in model.losses)) if model.built else 0.0,
        "compiled": bool(getattr(model, "compiled", False)),
    }


def _flat(model: Any) -> Any:
    """Layers in order, those of models inside the model in their place."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _flat(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def _layer(layer: Any) -> dict[str, Any]:
    output = getattr(layer, "output", None) if getattr(layer, "_inbound_nodes", None) else None
    return {
        "name": layer.name,
        "class": type(layer).__name__,
        "params": int(layer.count_params()) if layer.built else 0,
        "shape": _shape(getattr(output, "shape", None)),
        "activation": _activation(layer),
        "rate": float(layer.rate) if type(layer).__name__.endswith("Dropout") else None,
        "kernel": _regularizer(getattr(layer, "kernel_regularizer", None)),
        "bias": _regularizer(getattr(layer, "bias_regularizer", None)),
    }


def _regularizer(regularizer: Any) -> tuple[float, float]:
    """l1 and l2."""
    return float(getattr(regularizer, "l1", 0.0) or 0.0), float(getattr(regularizer, "l2", 0.0) or 0.0)


def _activation(layer: Any) -> list[float] | None:
    """Values of the layer's activation on GRID; None where it has none of its own."""
    function = getattr(layer, "activation", None)
    if not callable(function):
        alone = ("ReLU", "LeakyReLU", "ELU", "Softmax", "PReLU")
        function = layer if type(layer).__name__ in alone[:-1] else None
    return None if function is None else on_grid(function)


def on_grid(function: Any) -> list[float]:
    """The values of an activation on GRID, as one row."""
    import keras

    row = keras.ops.convert_to_tensor(np.array([GRID], dtype="float32"))
    values = keras.ops.convert_to_numpy(function(row))
    return [float(value) for value in np.ravel(values)]


def _shape(shape: Any) -> Any:
    """Without the batch. Several inputs or outputs: a list of shapes."""
    if shape is None:
        return None
    if isinstance(shape, list):
        return [_shape(item) for item in shape]
    return tuple(None if size is None else int(size) for size in tuple(shape)[1:])
