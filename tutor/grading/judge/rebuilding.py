"""Keras models and losses built again from Keras's own description of them, which is the learner's word.

Only a description that names nothing but Keras's own layers, initializers, regularizers, activations and the like is
followed: reading it then imports and runs nothing else. Runs in the judge's process.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tutor.grading.both_sides.keras_types import KerasLoss, KerasModel, Recipe

_TRUSTED = (
    "keras.layers", "keras.src.layers", "keras.models", "keras.src.models", "keras.src.ops", "keras.ops",
    "keras.initializers", "keras.regularizers", "keras.constraints", "keras.activations", "keras.src.activations",
    "keras.losses", "keras.dtype_policies",
)  # fmt: skip
_TRUSTED_WHOLE = ("keras",)
_TRUSTED_IN_KERAS = ("Sequential", "Functional", "Model", "DTypePolicy")
_FUNCTION_ROOMS = ("keras.activations", "keras.src.activations", "keras.src.ops.nn", "keras.ops")
_REFUSED = ("Lambda", "__lambda__", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer")
_MOST_PARAMETERS = 50_000_000


def rebuilt(recipe: Recipe) -> KerasModel | None:
    """The model with its weights, or None."""
    if sum(np.size(weight) for weight in recipe["weights"]) > _MOST_PARAMETERS:
        return None
    twin = built(recipe["text"])
    if twin is None:
        return None
    try:
        twin.set_weights([np.asarray(weight) for weight in recipe["weights"]])
    except (ValueError, TypeError):
        return None
    return twin


def built(text: str) -> KerasModel | None:
    """The model that Keras's own description gives, with weights of its own; None where it is not plain Keras."""
    config = description(text)
    config.pop("compile_config", None)
    if config.get("class_name") not in ("Sequential", "Functional", "Model") or not only_keras(config):
        return None
    import keras

    try:
        model = keras.saving.deserialize_keras_object(config, safe_mode=True)
    except Exception:  # noqa: BLE001 - a description that Keras cannot read: the model is asked instead
        return None
    return model if isinstance(model, keras.Model) and model.built else None


def description(text: object) -> dict[str, object]:
    """The JSON object in a text; an empty one where there is none."""
    try:
        config = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


def only_keras(config: object) -> bool:
    """Whether every class and function named in a description is one of Keras's own harmless ones: reading it then
    imports and runs nothing else."""
    try:
        return all(_harmless(each) for each in _dicts(config))
    except RecursionError:
        return False


def _dicts(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _dicts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _dicts(item)


def _harmless(described: dict[str, object]) -> bool:
    name, module = described.get("class_name"), described.get("module")
    if name is None:
        return module is None
    if name == "__keras_tensor__":
        return module is None
    if not isinstance(module, str) or not isinstance(name, str) or name in _REFUSED:
        return False
    if name == "function":
        return _within(module, _FUNCTION_ROOMS)
    return (module in _TRUSTED_WHOLE and name in _TRUSTED_IN_KERAS) or _within(module, _TRUSTED)


def _within(module: str, rooms: Sequence[str]) -> bool:
    return any(module == room or module.startswith(room + ".") for room in rooms)


def known_loss(described: object) -> KerasLoss | None:
    """A loss of Keras's own, from its name or description; None for any other."""
    import keras

    if isinstance(described, str) or (isinstance(described, dict) and only_keras(described)):
        try:
            loss: KerasLoss | None = keras.losses.get(described)
            return loss
        except (ValueError, TypeError):
            return None
    return None


def loss_value(loss: KerasLoss, targets: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """The loss as one number: where it gives one for each row, their mean."""
    import keras

    y, p = np.asarray(targets), np.asarray(predictions)
    value = loss(y if y.dtype.kind in "iu" else y.astype("float32"), p.astype("float32"))
    return float(np.mean(keras.ops.convert_to_numpy(value)))
