"""Keras models in checks: rebuilt by the judge from config and weights, or asked through the learner's process.

A config is the learner's word: it is rebuilt only where every object that it names is one of Keras's own layers,
initializers, regularizers, constraints or plain settings. Nothing in it can run code here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tutor.engine.protocol import CodeError
from tutor.grading import compare, keras_side
from tutor.grading.compare import what
from tutor.grading.peer import Peer
from tutor.grading.tester import Failed, Misuse, raised_text
from tutor.grading.wire import Ref

_MODULES = ("layers", "initializers", "regularizers", "constraints", "models")
_NOT_REBUILT = frozenset(
    {"Lambda", "TorchModuleWrapper", "TFSMLayer", "FlaxLayer", "JaxLayer", "Layer", "Wrapper", "RNN", "Pipeline"}
)
_MOST_PARAMETERS = 50_000_000


class Regularized(NamedTuple):
    """A layer with penalties: l1 and l2 of its kernel and of its bias."""

    name: str
    kernel: tuple[float, float]
    bias: tuple[float, float]


class Penalty(NamedTuple):
    """value: the sum of all penalties as the weights stand. dropout: the rates, in order."""

    value: float
    layers: tuple[Regularized, ...]
    dropout: tuple[float, ...]


class Model:
    """A model of the learner's. params, inputs, outputs, predict(x), weights; `keras` is the judge's copy, or None."""

    def __init__(self, ref: Ref, peer: Peer) -> None:
        self.ref = ref
        self._peer = peer
        card = self._asked("model")
        self.keras, self.why = _rebuilt(card)
        self.facts: dict[str, Any] = keras_side.facts(self.keras) if self.keras else self._asked("model facts")
        if not isinstance(self.facts, dict):
            raise Failed("the model says nothing about itself")

    def _asked(self, verb: str, *rest: Any) -> Any:
        status, payload = self._peer.ask(verb, self.ref, *rest)
        if status != "value":
            error = payload if isinstance(payload, CodeError) else None
            text = raised_text("the model raised", error) if error else f"the model gave {payload}"
            raise Failed(text, error)
        return payload

    @property
    def params(self) -> int:
        """The number of its parameters."""
        return int(self.facts["params"])

    @property
    def trainable(self) -> int:
        """The number of parameters that training changes."""
        return int(self.facts["trainable"])

    @property
    def inputs(self) -> Any:
        """Shape of an input, without the batch."""
        return self.facts["inputs"]

    @property
    def outputs(self) -> Any:
        """Shape of an output, without the batch."""
        return self.facts["outputs"]

    @property
    def layers(self) -> list[dict[str, Any]]:
        """Name, class, params, shape and activation (values on a grid) of every layer."""
        return list(self.facts["layers"])

    @property
    def weights(self) -> list[np.ndarray]:
        """The arrays of its weights, of the judge's copy."""
        if self.keras is None:
            raise Failed(f"the weights of this model cannot be read ({self.why})")
        return list(self.keras.get_weights())

    def predict(self, x: Any) -> np.ndarray:
        """Predictions for the rows of x."""
        if self.keras is not None:
            return keras_side.predictions(self.keras, np.asarray(x))
        value = compare.as_numbers(self._asked("model predict", np.asarray(x)))
        if value is None:
            raise Failed("what the model predicts are no numbers")
        return value

    def loss_of(self, y: Any, p: Any) -> float:
        """The loss with which it was compiled, for targets y and predictions p."""
        value = self._asked("model loss", y, p)
        if not isinstance(value, (int, float)):
            raise Failed("the model was not compiled with a loss: call `compile` first.")
        return float(value)

    def fitted(self) -> dict[str, Any]:
        """The arguments of its last fit."""
        value = self._asked("model fit")
        if not isinstance(value, dict):
            raise Failed("the model was never trained: call its `fit`.")
        return value

    def penalty(self) -> Penalty:
        """What regularizes it."""
        layers = [
            Regularized(layer["name"], tuple(layer["kernel"]), tuple(layer["bias"]))
            for layer in self.layers
            if any(layer["kernel"]) or any(layer["bias"])
        ]
        rates = tuple(layer["rate"] for layer in self.layers if layer["rate"] is not None)
        return Penalty(float(self.facts["penalty"]), tuple(layers), rates)


def as_model(value: Any) -> Model:
    """The value, if it is a model. Raises Failed."""
    if not isinstance(value, Model):
        raise Failed(f"yours is {what(value)}, expected: a Keras model")
    return value


# ------------------------------------------------------------------ rebuilding


def _rebuilt(card: Any) -> tuple[Any, str]:
    """The judge's own copy, or None and why there is none."""
    if not isinstance(card, dict) or not isinstance(card.get("config"), str) or not card["config"]:
        return None, str(card.get("why", "no config"))[:200] if isinstance(card, dict) else "no config"
    import keras

    try:
        content = json.loads(card["config"])
        name, config = content["class_name"], content["config"]
        if name not in ("Sequential", "Functional", "Model") or not _harmless(config):
            return None, "it holds parts that are not Keras's own"
        kind = keras.Sequential if name == "Sequential" else keras.Model
        model = kind.from_config(config)
        weights = [np.asarray(weight) for weight in card["weights"]]
        if sum(weight.size for weight in weights) > _MOST_PARAMETERS:
            return None, "it is too large"
        model.set_weights(weights)
    except Exception as error:  # noqa: BLE001 - a config of whatever form: then the model is asked where it is
        return None, f"{type(error).__name__}: {error}"[:200]
    return model, ""


def _harmless(config: Any, depth: int = 0) -> bool:
    """Whether everything named in a config is one of Keras's own plain parts."""
    if depth > 60:
        return False
    if isinstance(config, list):
        return all(_harmless(item, depth + 1) for item in config)
    if not isinstance(config, dict):
        return True
    if "class_name" in config and not _own_part(config):
        return False
    return all(_harmless(item, depth + 1) for item in config.values())


def _own_part(config: dict[str, Any]) -> bool:
    import keras

    name, module = config["class_name"], config.get("module")
    if not isinstance(name, str) or name in _NOT_REBUILT:
        return False
    if name == "__keras_tensor__":
        return True
    if name in ("Functional", "Sequential", "DTypePolicy"):
        return module in (None, "keras", "keras.models", "keras.src.models.functional", "keras.dtype_policies")
    if config.get("registered_name") not in (None, name):
        return False
    return any(module == f"keras.{part}" and hasattr(getattr(keras, part), name) for part in _MODULES)


# ------------------------------------------------------------------ structure


def wrong_structure(
    model: Model, *, inputs: Any = None, outputs: Any = None, params: int | None = None,
    layers: Sequence[Any] | None = None,
) -> str:  # fmt: skip
    """ "" where the model has this structure, else where it has not."""
    if not model.facts["built"]:
        return "the model does not know its input yet: begin it with `keras.Input(shape=...)`"
    for name, mine, wanted in (("input", model.inputs, inputs), ("output", model.outputs, outputs)):
        if wanted is not None and mine != _as_shape(wanted):
            text = compare.shape_text(mine) if isinstance(mine, tuple) else str(mine)
            return f"the shape of an {name} is {text}, expected {compare.shape_text(_as_shape(wanted))}"
    if layers is not None and (told := _wrong_layers(_with_weights(model), layers)):
        return told
    if params is not None and model.params != params:
        return f"your model has {model.params:,} parameters, expected {params:,}"
    return ""


def _as_shape(wanted: Any) -> tuple[Any, ...]:
    return tuple(wanted) if isinstance(wanted, (tuple, list)) else (wanted,)


def _with_weights(model: Model) -> list[tuple[dict[str, Any], list[float] | None]]:
    """Layers that have weights, each with its activation, whether that is its own or a layer that follows."""
    found: list[tuple[dict[str, Any], list[float] | None]] = []
    for layer in model.layers:
        if layer["params"]:
            found.append((layer, layer["activation"]))
        elif layer["activation"] is not None and found:
            before, own = found[-1]
            if own is None or np.allclose(own, keras_side.GRID):
                found[-1] = before, layer["activation"]
    return found


def _wrong_layers(mine: list[tuple[dict[str, Any], list[float] | None]], wanted: Sequence[Any]) -> str:
    if len(mine) != len(wanted):
        return f"your model has {len(mine)} layers with weights, expected {len(wanted)}"
    for number, ((layer, activation), want) in enumerate(zip(mine, wanted, strict=True), start=1):
        size, name = want if isinstance(want, tuple) and len(want) == 2 and _is_activation(want[1]) else (want, "")
        shape = tuple(layer["shape"] or ())
        if shape != _as_shape(size) and shape[-1:] != _as_shape(size):
            return f"layer {number} ({layer['name']}) gives {compare.shape_text(shape)}, expected {size}"
        if name != "" and not _same_activation(activation, name):
            return f"the activation of layer {number} ({layer['name']}) is not {_activation_name(name)}"
    return ""


def _is_activation(value: Any) -> bool:
    return value is None or isinstance(value, str) or callable(value)


def _activation_name(name: Any) -> str:
    return "linear (none)" if name is None else name if isinstance(name, str) else getattr(name, "__name__", "right")


def _same_activation(activation: list[float] | None, name: Any) -> bool:
    import keras

    try:
        wanted = keras_side.on_grid(keras.activations.get(name))
    except ValueError as error:
        raise Misuse(f"no activation is called {name}") from error
    return bool(np.allclose(activation if activation is not None else keras_side.GRID, wanted, rtol=1e-4, atol=1e-5))
