"""Keras models as the checks see them, in the judge's process: rebuilt there from configuration and weights, so that
nothing the learner's process patches or overrides is believed; else asked through that process, which may only answer
with plain values.

Structure is judged by what a model does (shapes, numbers of parameters, activations by value), so that every right
spelling is one: `Dense(3, activation="relu")`, `Dense(3)` with an `Activation` or a `ReLU` behind it, a functional
model, one model inside another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast, get_origin, get_type_hints

import numpy as np
import numpy.typing as npt

from tutor.grading.both_sides.keras_types import KerasModel, ModelFacts, PenaltyFacts, Recipe, Shape
from tutor.grading.both_sides.plain_values import Array, Ref
from tutor.grading.judge import rebuilding
from tutor.grading.judge.failures import Failed, raised_text
from tutor.grading.judge.peer import Peer
from tutor.grading.judge.value_words import as_numbers, what
from tutor.messages.verdicts import CodeError

T = TypeVar("T")


@dataclass(frozen=True)
class WeightedLayer:
    """A layer that has weights. shape: of what it gives, without the batch. activation: its values at `PROBE`, what
    stands behind the layer included."""

    name: str
    kind: str
    shape: Shape
    params: int
    activation: Array

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


class LearnerModel:
    """A model of the learner's."""

    def __init__(self, ref: Ref, peer: Peer) -> None:
        self.ref = ref
        self._peer = peer

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
    def inputs(self) -> tuple[Shape, ...]:
        """Shape of each input, without the batch."""
        return tuple(tuple(shape) for shape in self.facts["inputs"])

    @property
    def outputs(self) -> tuple[Shape, ...]:
        """Shape of each output, without the batch."""
        return tuple(tuple(shape) for shape in self.facts["outputs"])

    @property
    def layers(self) -> tuple[WeightedLayer, ...]:
        """The layers that have weights, in order."""
        return tuple(
            WeightedLayer(
                each["name"], each["kind"], tuple(each["shape"]), each["params"], np.asarray(each["activation"])
            )
            for each in self.facts["layers"]
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        """Class names of all its layers, in order: "Dense", "Dropout", "Flatten"."""
        return tuple(self.facts["kinds"])

    @property
    def weights(self) -> list[Array]:
        """Its weights, in Keras's own order."""
        return [np.asarray(weight) for weight in self.recipe["weights"]]

    @cached_property
    def facts(self) -> ModelFacts:
        """Its structure."""
        if self.twin is not None:
            from tutor.grading.both_sides import model_facts

            return model_facts.facts_of(self.twin)
        return told(self._asked("facts", "its structure"), ModelFacts)

    @cached_property
    def recipe(self) -> Recipe:
        """Configuration and weights as the learner's process gave them."""
        recipe = told(self._asked("recipe", "its configuration"), Recipe)
        if not recipe["built"]:
            raise Failed(
                "The model does not know yet what comes in, so it has no weights: begin it with keras.Input(shape=…)."
            )
        return recipe

    @cached_property
    def twin(self) -> KerasModel | None:
        """The model built again here; None where that cannot be done."""
        return rebuilding.rebuilt(self.recipe)

    # -------------------------------------------------------------- what it does

    def predict(self, inputs: object) -> Array:
        """What it says to `inputs`, shape (rows, …)."""
        if self.twin is not None:
            from tutor.grading.both_sides import model_facts

            return self._tried("predict", model_facts.predict, self.twin, inputs)
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

    def loss_of(self, targets: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
        """The loss with which it was compiled, of these targets and predictions."""
        config = self.compiled()
        loss = rebuilding.known_loss(config.get("loss"))
        if loss is None:
            return self._one_number(self._asked("loss", "its loss", np.asarray(targets), np.asarray(predictions)))
        return self._tried("its loss", rebuilding.loss_value, loss, targets, predictions)

    def compiled(self) -> dict[str, object]:
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
            from tutor.grading.both_sides import model_facts

            facts = model_facts.penalty_of(self.twin)
        else:
            facts = told(self._asked("penalty", "its penalties"), PenaltyFacts)
        layers = tuple((name, dict(strengths)) for name, strengths in facts["layers"])
        return Penalty(float(facts["value"]), layers, tuple(facts["dropout"]))

    def fitted(self) -> dict[str, object]:
        """The arguments of its last `fit`, defaults filled in; see `Tester.train_call`."""
        status, payload = self._peer.ask("model", "fitted", self.ref)
        if status == "value" and payload is None:
            raise Failed("The model was never fitted: call model.fit(x, y, …).")
        return of_form(self._value(status, payload, "its fit"), {"epochs": int, "callbacks": list, "history": dict})

    # -------------------------------------------------------------- asking

    def _asked(self, verb: str, label: str, *rest: object) -> object:
        return self._value(*self._peer.ask("model", verb, self.ref, *rest), label)

    def _value(self, status: str, payload: object, label: str) -> object:
        if isinstance(payload, CodeError):
            raise Failed(raised_text(f"{label} of your model raised", payload), payload)
        if status != "value":
            raise Failed(f"{label} of your model: {payload}")
        return payload

    def _tried(self, label: str, function: Callable[..., T], *args: object) -> T:
        """A computation with the model's twin: what it raises is said of the model."""
        try:
            return function(*args)
        except Exception as error:
            raise Failed(f"{label} of your model raised {type(error).__name__}: {_telling_line(error)}") from error

    def _one_number(self, value: object) -> float:
        numbers = as_numbers(value)
        if numbers is None or numbers.size != 1:
            raise Failed(f"the loss of your model gives {what(value)}, expected: one number")
        return float(numbers.item())


def _telling_line(error: Exception) -> str:
    """The one line of Keras's message that says what is wrong: it likes to say first where it was."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("Exception encountered when calling")]
    return (telling or lines or [""])[0][:300]


@dataclass(frozen=True)
class Untrained:
    """A model as it is before training."""

    twin: KerasModel

    def predict(self, inputs: object) -> Array:
        from tutor.grading.both_sides import model_facts

        return model_facts.predict(self.twin, inputs)


def as_model(value: object) -> LearnerModel:
    """Raises Failed where the value is no model."""
    if isinstance(value, LearnerModel):
        return value
    raise Failed(f"yours is {what(value)}, expected: a Keras model")


# ------------------------------------------------------------------ plain values of the form they should have


def of_form(value: object, form: Mapping[str, type]) -> dict[str, object]:
    """The value, if it has these entries of these types. Raises Failed where it answers something else."""
    if isinstance(value, dict) and all(isinstance(value.get(key), kind) for key, kind in form.items()):
        return value
    raise Failed("Your process told something odd about the model: is a part of Keras replaced by something else?")


def told(value: object, form: type[T]) -> T:
    """The value, if its entries are as this TypedDict says; what is inside a list is looked at where it is used."""
    kinds = {key: get_origin(hint) or hint for key, hint in get_type_hints(form).items()}
    return cast(T, of_form(value, kinds))
