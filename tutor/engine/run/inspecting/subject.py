"""What is looked into: a model of the run, and data to show it.

Models are the run's own names (`keras.Model`, `torch.nn.Module`), else the one that was trained last. Data are those of
its last fit, else arrays of the run that it could take.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np

from tutor.engine.run import fit_memory
from tutor.engine.run.inspecting.taking import arrays, first_of, input_names, plainly, shaped, targets, tensor
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError

MOST_SAMPLES = 512
MOST_NUMBERS = 60_000
"""Samples that a view looks at, where it looks at many, and the numbers that they may have together."""
MOST_SETS = 5
MOST_WITHIN = 50
"""Things in an object, a list or a dict among which models are looked for."""
DEEPEST = 2
"""How far within (a list in an object); so far only where nothing nearer has parameters."""
PAIRS = (("x_test", "y_test"), ("X_test", "y_test"), ("x_val", "y_val"), ("X_val", "y_val"), ("x", "y"), ("X", "y"),
         ("x_train", "y_train"), ("X_train", "y_train"))  # fmt: skip
"""What learners call their data."""


@dataclass
class Subject:
    """A model and what it is shown."""

    name: str
    model: Any
    namespace: dict[str, Any]
    chosen: str = ""

    @property
    def is_keras(self) -> bool:
        return is_keras(self.model)

    @property
    def data(self) -> tuple[list[np.ndarray], np.ndarray | None]:
        """Inputs (one array for each) and targets (None where unknown). Raises EngineError where there are none."""
        if not self.sets:
            raise EngineError(
                self._wanted(), "Name some in the code (x = ...) and run it again, or type one in with i."
            )
        return self.sets[self.chosen if self.chosen in self.sets else next(iter(self.sets))]

    def choose(self, wish: Wish, default: str = "") -> None:
        """Ask which data are meant, where there are several."""
        if self.sets:
            self.chosen = wish.pick("data", list(self.sets), default=default)

    @cached_property
    def sets(self) -> dict[str, tuple[list[np.ndarray], np.ndarray | None]]:
        """All data that the model could take, by name."""
        found: dict[str, tuple[list[np.ndarray], np.ndarray | None]] = {}
        for name, x, y in self._candidates():
            inputs = self._columns(arrays(x, input_names(self.model) if self.is_keras else []))
            known = name in found or any(inputs and inputs[0] is each[0][0] for each in found.values())
            known = known or (self.is_keras and name in self.namespace and x is fit_memory.of(self.model).data.get("x"))
            if inputs and not known and self._fits(inputs):
                found[name] = inputs, targets(y, len(inputs[0]))
                if len(found) == MOST_SETS:
                    break
        return found

    def _candidates(self) -> Iterator[tuple[str, Any, Any]]:
        if self.is_keras:
            yield from fit_memory.data_of(self.model)
        names = self.namespace
        for a, b in PAIRS:
            if a in names:
                yield a, names[a], names.get(b)
        if not self.is_keras:  # its loop is the learner's own: any array may be what it takes
            yield from ((name, each, None) for name, each in names.items() if name[0] != "_" and hasattr(each, "shape"))

    def _columns(self, inputs: list[np.ndarray]) -> list[np.ndarray]:
        """One number for each sample as a column of numbers, as Keras takes it."""
        return [each[:, None] if self.is_keras and each.ndim == 1 else each for each in inputs]

    def _fits(self, inputs: list[np.ndarray]) -> bool:
        if not self.is_keras:
            return inputs[0].ndim >= 2 and self._torch_takes(inputs[0])
        shapes = [tuple(each.shape) for each in getattr(self.model, "inputs", None) or []]
        if not shapes:  # it was never told: what it was trained on fits, and so does what it takes
            return all(each.ndim >= 2 for each in inputs)
        if len(shapes) != len(inputs):
            return False
        return all(
            len(shape) == each.ndim
            and all(want in (None, size) for want, size in zip(shape[1:], each.shape[1:], strict=True))
            for shape, each in zip(shapes, inputs, strict=True)
        )

    def _torch_takes(self, x: np.ndarray) -> bool:
        torch = sys.modules["torch"]
        try:
            with torch.no_grad(), resting(self.model):
                self.model(tensor(self.model, x[:1]))
        except Exception:  # noqa: BLE001 - a module of the learner's own says in any way that this is nothing for it
            return False
        return True

    def _wanted(self) -> str:
        shapes = [tuple(each.shape) for each in getattr(self.model, "inputs", None) or []] if self.is_keras else []
        if not shapes:
            return f"There are no data at hand to show to {self.name}."
        wanted = " and ".join(str(("n", *shape[1:])).replace("'", "") for shape in shapes)
        return f"There are no data at hand to show to {self.name}: it takes shape {wanted}."

    def inputs(self, start: int, end: int) -> list[np.ndarray]:
        """Rows of the data, for every input."""
        return [each[start:end] for each in self.data[0]]

    def many(self) -> list[np.ndarray]:
        """As many rows as an answer has time for."""
        numbers = sum(each[0].size for each in self.data[0])
        return self.inputs(0, min(MOST_SAMPLES, max(8, MOST_NUMBERS // max(numbers, 1))))

    def sample(self, wish: Wish) -> tuple[list[np.ndarray], str]:
        """One sample, as a batch of one, and what it is called: a typed one where one was typed."""
        typed = wish.given("typed")
        if typed:
            return self._typed(typed), "the typed sample"
        self.choose(wish)
        number = wish.number("sample", self.count - 1)
        return self.inputs(number, number + 1), f"sample {number}{self.target(number)}"

    def _typed(self, text: str) -> list[np.ndarray]:
        words = text.replace(",", " ").replace(";", " ").split()
        try:
            numbers = np.array([float(word) for word in words])
        except ValueError as error:
            raise EngineError(f"A sample is numbers with spaces between them: {error}.") from None
        shapes = self._shapes()
        if any(size is None for shape in shapes for size in shape):  # as many steps as there are numbers for
            known = [int(np.prod([size for size in shape if size is not None])) for shape in shapes]
            if len(shapes) == 1 and numbers.size % known[0] == 0 and shapes[0].count(None) == 1:
                return [numbers.reshape(1, *(-1 if size is None else size for size in shapes[0]))]
            raise EngineError(f"{self.name} takes inputs of any length: one cannot be typed in here.")
        sizes = [int(np.prod(shape)) for shape in shapes]
        if numbers.size != sum(sizes):
            raise EngineError(f"{self.name} takes {sum(sizes)} numbers; {numbers.size} were typed.")
        parts = np.split(numbers, np.cumsum(sizes)[:-1])
        return [part.reshape(1, *shape) for part, shape in zip(parts, shapes, strict=True)]

    def _shapes(self) -> list[tuple[Any, ...]]:
        """Of one sample, for every input."""
        built = getattr(self.model, "inputs", None) if self.is_keras else None
        if built:
            return [tuple(each.shape[1:]) for each in built]
        return [each.shape[1:] for each in self.data[0]]

    def target(self, number: int) -> str:
        """` (a 3)`: what is known of a sample, "" where nothing is."""
        y = self.data[1]
        if y is None:
            return ""
        value = np.asarray(y[number])
        if value.size > 1:
            return f" (a {int(np.argmax(value))})" if set(np.unique(value)) <= {0, 1} and value.sum() == 1 else ""
        return f" (y = {float(value.ravel()[0]):.4g})"

    @property
    def remark(self) -> str:
        """A sentence where the model has several outputs, of which only one is looked at."""
        names = list(getattr(self.model, "output_names", None) or []) if self.is_keras else []
        return f" Of its outputs, {names[0]} is looked at." if len(names) > 1 else ""

    @property
    def count(self) -> int:
        """Samples at hand."""
        return len(self.data[0][0])

    def outputs(self, inputs: list[np.ndarray]) -> np.ndarray:
        """What the model gives for them, the first of several outputs; nothing of it is changed. Raises EngineError
        where its own code raises."""
        torch = sys.modules["torch"]
        try:
            if self.is_keras:
                with torch.no_grad():
                    given = first_of(self.model(shaped(self.model, inputs), training=False))
                return np.asarray(sys.modules["keras"].ops.convert_to_numpy(given), dtype=float)
            with torch.no_grad(), resting(self.model):
                given = first_of(self.model(tensor(self.model, inputs[0])))
                return np.asarray(given.detach().cpu(), dtype=float)
        except Exception as error:  # a model of the learner's own may raise anything
            raise EngineError(f"{self.name} cannot be called with these data: {plainly(error)}") from error


def subject(namespace: dict[str, Any], wish: Wish) -> Subject:
    """The model that is asked for. Raises EngineError where the run has left none."""
    found = models(namespace)
    if not found:
        raise EngineError("This run has left no model.", "Give one a name: model = keras.Sequential([...])")
    name = wish.pick("model", list(found), default=_likeliest(found))
    return Subject(name, found[name], namespace)


def _likeliest(found: dict[str, Any]) -> str:
    """What one wants to look into first: what Keras has trained last, else the last torch module that has gradients,
    else the last that has parameters (a loss has none), else the last of all."""
    trained = _last_trained()
    by_hand = {name: each for name, each in found.items() if is_torch(each) and _has_parameters(each)}
    ways = (
        [name for name, each in found.items() if each is trained],
        [name for name, each in by_hand.items() if any(one.grad is not None for one in each.parameters())],
        [name for name, each in found.items() if name in by_hand or is_keras(each)],
        list(found),
    )
    return next(names[-1] for names in ways if names)


def _last_trained() -> Any:
    """The Keras model that was trained last; None where there is none."""
    if "keras" not in sys.modules:
        return None
    from tutor.engine.run import fit_wrapping

    return fit_wrapping.last_model()


def parts_of(module: Any, name: str) -> dict[str, Any]:
    """Of a torch module what has parameters of its own, and what has no parts; by name, itself (where it is such a
    thing) by the name that is given."""
    return {
        each or name: part
        for each, part in module.named_modules()
        if not list(part.children()) or list(part.parameters(recurse=False))
    }


def predicts_numbers(found: Subject) -> bool:
    """Whether it predicts numbers, not classes, as far as its loss and its targets tell."""
    loss = getattr(found.model, "loss", None)
    if any(word in str(getattr(loss, "name", loss)) for word in ("mse", "mae", "squared", "absolute", "huber")):
        return True
    y = found.data[1] if found.sets else None
    return y is not None and bool(np.any(y != np.round(y)))


def kinds_of(found: Subject) -> set[str]:
    """Names of the classes of its layers."""
    parts = fit_memory.layers_of(found.model) if found.is_keras else found.model.modules()
    return {type(each).__name__ for each in parts}


def looks_up(found: Subject) -> bool:
    """Whether its inputs are numbers of rows of an embedding."""
    return any(kind.startswith("Embedding") for kind in kinds_of(found))


def models(namespace: dict[str, Any]) -> dict[str, Any]:
    """Models of the run by name, each once; the one that was trained last, where it has none."""
    found: dict[str, Any] = {}
    level = [(name, value) for name, value in namespace.items() if not name.startswith("_")]
    for deeper in range(DEEPEST + 1):
        if deeper == DEEPEST and any(map(_has_parameters, found.values())):
            break
        for name, value in level:
            _add(found, name, value)
        level = [(f"{name}{inner}", each) for name, value in level for inner, each in _within(value)]
    if not found:
        last = _last_trained()
        if last is not None:
            found[last.name] = last
    return found


def _has_parameters(model: Any) -> bool:
    return is_keras(model) or any(True for _ in model.parameters())


def _add(found: dict[str, Any], name: str, value: object) -> None:
    if (is_keras(value) or is_torch(value)) and not any(value is each for each in found.values()):
        found[name] = value


def _within(value: object) -> list[tuple[str, object]]:
    """What an object of the learner's own class, a list or a dict holds, and how it is called."""
    if isinstance(value, (list, tuple)):
        return [(f"[{at}]", each) for at, each in enumerate(value[:MOST_WITHIN])]
    if isinstance(value, dict):
        return [(f"[{key!r}]", each) for key, each in list(value.items())[:MOST_WITHIN]]
    if isinstance(value, (type, ModuleType)) or is_keras(value) or is_torch(value):
        return []
    held = getattr(value, "__dict__", None)
    if not isinstance(held, dict):
        slots = getattr(type(value), "__slots__", ())
        held = {name: getattr(value, name, None) for name in slots if name[:2] != "__"} if type(slots) is tuple else {}
    return [(f".{name}", each) for name, each in list(held.items())[:MOST_WITHIN]]


def is_keras(value: object) -> bool:
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def is_torch(value: object) -> bool:
    """A torch module that is not a part of Keras."""
    torch, keras = sys.modules.get("torch"), sys.modules.get("keras")
    if torch is None or not isinstance(value, torch.nn.Module):
        return False
    return keras is None or not isinstance(value, keras.layers.Layer)


class resting:
    """A torch module in evaluation mode, and afterwards in the modes it had."""

    def __init__(self, module: Any) -> None:
        self._modes = [(each, each.training) for each in module.modules()]
        self._module = module

    def __enter__(self) -> None:
        self._module.eval()

    def __exit__(self, *error: object) -> None:
        for each, mode in self._modes:
            each.training = mode
