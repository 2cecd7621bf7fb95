"""Keras models as the checks see them: rebuilt here from configuration and weights, so that nothing the learner's
process patches or overrides is believed; else asked through that process, which may only answer with plain values.

Structure is judged by what a model does (shapes, numbers of parameters, activations by value), so that every right
spelling is one: `Dense(3, activation="relu")`, `Dense(3)` with an `Activation` or a `ReLU` behind it, a functional
model, one model inside another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.grading import rebuilding, wire
from tutor.grading.compare import as_numbers, what
from tutor.grading.peer import Peer
from tutor.grading.tester import Failed, raised_text
from tutor.messages.verdicts import CodeError


@dataclass(frozen=True)
class Layer:
    """A layer that has weights. shape: of what it gives, without the batch. activation: its values at `PROBE`, what
    stands behind the layer included."""

    name: str
    kind: str
    shape: tuple[int | None, ...]
    params: int
    activation: np.ndarray

    @property
    def units(self) -> int | None:
        return self.shape[-1] if self.shape else None


@dataclass(frozen=True)
class Penalty:
    """value: sum of all penalties at the weights as they are. layers: (name, {"kernel": (l1, l2), "bias": …}).
    dropout: the rates, in order."""

    value: float
    layers: tuple[tuple[str, dict[str, tuple[float, float]]], ...]
    dropout: tuple[float, ...]


class Model:
    """A model of the learner's."""

    def __init__(self, ref: wire.Ref, peer: Peer) -> None:
        self.ref = ref
        self._peer = peer
        self._recipe: dict[str, Any] | None = None
        self._twin: Any = None
        self._facts: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<the learner's {self.ref.type_name}>"

    # -------------------------------------------------------------- what it is

    @property
    def params(self) -> int:
        """Number of parameters."""
        return int(self.facts["params"])

    @property
    def trainable(self) -> int:
        """Number of parameters that training changes."""
        return int(self.facts["trainable"])

    @property
    def inputs(self) -> tuple[tuple[int | None, ...], ...]:
        """Shape of each input, without the batch."""
        return tuple(tuple(shape) for shape in self.facts["inputs"])

    @property
    def outputs(self) -> tuple[tuple[int | None, ...], ...]:
        """Shape of each output, without the batch."""
        return tuple(tuple(shape) for shape in self.facts["outputs"])

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that have weights, in order."""
        return tuple(
            Layer(each["name"], each["kind"], tuple(each["shape"]), each["params"], np.asarray(each["activation"]))
            for each in self.facts["layers"]
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        """Class names of all its layers, in order: "Dense", "Dropout", "Flatten"."""
        return tuple(self.facts["kinds"])

    @property
    def weights(self) -> list[np.ndarray]:
        """Its weights, in Keras's own order."""
        return [np.asarray(weight) for weight in self.recipe["weights"]]

    @property
    def facts(self) -> dict[str, Any]:
        """See `keras_side.facts_of`."""
        if self._facts is None:
            if self.twin is not None:
                from tutor.grading import keras_side

                self._facts = keras_side.facts_of(self.twin)
            else:
                self._facts = _of_form(self._asked("facts", "its structure"), _FACTS)
        return self._facts

    @property
    def recipe(self) -> dict[str, Any]:
        """Configuration and weights as the learner's process gave them."""
        if self._recipe is None:
            recipe = _of_form(self._asked("recipe", "its configuration"), _RECIPE)
            if not recipe["built"]:
                raise Failed(
                    "The model does not know yet what comes in, so it has no weights: "
                    "begin it with keras.Input(shape=…)."
                )
            self._recipe = recipe
        return self._recipe

    @property
    def twin(self) -> Any:
        """The model built again here; None where that cannot be done."""
        if self._twin is None:
            self._twin = rebuilding.rebuilt(self.recipe) or False
        return self._twin or None

    # -------------------------------------------------------------- what it does

    def predict(self, inputs: Any) -> np.ndarray:
        """What it says to `inputs`, shape (rows, …)."""
        if self.twin is not None:
            from tutor.grading import keras_side

            return self._tried("predict", keras_side.predict, self.twin, inputs)
        answer = as_numbers(self._asked("predict", "predict", inputs))
        if answer is None:
            raise Failed("predict of your model gives no array of numbers.")
        return answer

    def untrained(self, seed: int = 0) -> Untrained:
        """The same model with weights as they are before any training."""
        import keras

        keras.utils.set_random_seed(seed)
        twin = rebuilding.built(self.recipe["text"])
        if twin is None:
            raise Failed("This model cannot be built again: it has layers of its own making.")
        return Untrained(twin)

    def loss_of(self, targets: Any, predictions: Any) -> float:
        """The loss with which it was compiled, of these targets and predictions."""
        config = self.compiled()
        loss = rebuilding.known_loss(config.get("loss"))
        if loss is None:
            return self._one_number(self._asked("loss", "its loss", np.asarray(targets), np.asarray(predictions)))
        return self._tried("its loss", rebuilding.loss_value, loss, targets, predictions)

    def compiled(self) -> dict[str, Any]:
        """optimizer (class name), learning_rate, loss and metrics, as Keras writes them down, and the whole
        "settings" of the optimizer. Raises Failed where it was not compiled."""
        text = self.recipe["compiled"]
        if not text:
            raise Failed("The model was not compiled: call model.compile(optimizer=…, loss=…).")
        config = rebuilding.description(text)
        optimizer = config.get("optimizer")
        given = optimizer if isinstance(optimizer, dict) else {"class_name": optimizer}
        settings = given.get("config")
        settings = settings if isinstance(settings, dict) else {}
        return {
            "optimizer": str(given.get("class_name")),
            "learning_rate": settings.get("learning_rate"),
            "settings": settings,
            "loss": config.get("loss"),
            "metrics": config.get("metrics"),
        }

    def penalty(self) -> Penalty:
        """See `Penalty`."""
        if self.twin is not None:
            from tutor.grading import keras_side

            told = keras_side.penalty_of(self.twin)
        else:
            told = _of_form(self._asked("penalty", "its penalties"), _PENALTY)
        layers = tuple((name, dict(strengths)) for name, strengths in told["layers"])
        return Penalty(float(told["value"]), layers, tuple(told["dropout"]))

    def fitted(self) -> dict[str, Any]:
        """The arguments of its last `fit`, defaults filled in; see `Tester.train_call`."""
        status, told = self._peer.ask("model", "fitted", self.ref)
        if status == "value" and told is None:
            raise Failed("The model was never fitted: call model.fit(x, y, …).")
        return _of_form(self._value(status, told, "its fit"), _FITTED)

    # -------------------------------------------------------------- asking

    def _asked(self, verb: str, label: str, *rest: Any) -> Any:
        return self._value(*self._peer.ask("model", verb, self.ref, *rest), label)

    def _value(self, status: str, payload: Any, label: str) -> Any:
        if isinstance(payload, CodeError):
            raise Failed(raised_text(f"{label} of your model raised", payload), payload)
        if status != "value":
            raise Failed(f"{label} of your model: {payload}")
        return payload

    def _tried(self, label: str, function: Any, *args: Any) -> Any:
        """A computation with the model's twin: what it raises is said of the model."""
        try:
            return function(*args)
        except Exception as error:
            raise Failed(f"{label} of your model raised {type(error).__name__}: {_told(error)}") from error

    def _one_number(self, value: Any) -> float:
        numbers = as_numbers(value)
        if numbers is None or numbers.size != 1:
            raise Failed(f"the loss of your model gives {what(value)}, expected: one number")
        return float(numbers.item())


def _told(error: Exception) -> str:
    """The one line of Keras's message that says what is wrong: it likes to say first where it was."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("Exception encountered when calling")]
    return (telling or lines or [""])[0][:300]


@dataclass(frozen=True)
class Untrained:
    """A model as it is before training."""

    twin: Any

    def predict(self, inputs: Any) -> np.ndarray:
        from tutor.grading import keras_side

        return keras_side.predict(self.twin, inputs)


def as_model(value: Any) -> Model:
    """Raises Failed where the value is no model."""
    if isinstance(value, Model):
        return value
    raise Failed(f"yours is {what(value)}, expected: a Keras model")


# ------------------------------------------------------------------ plain values of the form they should have

_RECIPE = {"text": str, "weights": list, "built": bool, "compiled": str}
_FACTS = {
    "inputs": list, "outputs": list, "params": int, "trainable": int, "layers": list, "kinds": list, "dropout": list,
}  # fmt: skip
_PENALTY = {"value": float, "layers": list, "dropout": list}
_FITTED = {"epochs": int, "callbacks": list, "history": dict}


def _of_form(value: Any, form: dict[str, type]) -> dict[str, Any]:
    """The value, if it has these entries of these types. Raises Failed where it answers something else."""
    if isinstance(value, dict) and all(isinstance(value.get(key), kind) for key, kind in form.items()):
        return value
    raise Failed("Your process told something odd about the model: is a part of Keras replaced by something else?")
