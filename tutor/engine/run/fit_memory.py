"""What is kept of a model's trainings for looking into it: its data, its weights of before, the pulse of its layers."""

from __future__ import annotations

import contextlib
import random
import sys
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tutor.messages.training import LayerPulse

MOST_KEPT = 500_000
"""Weights of which those of before the first training are kept."""
MOST_ROWS = 256
"""Samples that are asked of a data set which gives them one by one."""
MOST_EPOCHS = 500
"""Epochs whose pulse is kept; of more, every second one, and so on."""


@dataclass
class FitMemory:
    """Of one model. data: x, y, validation_data and validation_split of its last fit, as given. first: for each layer
    its arrays by name, as they were before its first fit. pulses: epoch (from 0, counted over its fits) and layers.
    fit: which of the run's was its last, -1 before there is one."""

    data: dict[str, Any] = field(default_factory=dict)
    first: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    pulses: list[tuple[int, tuple[LayerPulse, ...]]] = field(default_factory=list)
    epochs: int = 0
    every: int = 1
    fit: int = -1


_models: weakref.WeakKeyDictionary[Any, FitMemory] = weakref.WeakKeyDictionary()


def of(model: Any) -> FitMemory:
    """What is kept of this model; nothing where it was never trained."""
    return _models.get(model) or FitMemory()


def remember(model: Any, arguments: dict[str, Any]) -> None:
    """The data of a fit that begins."""
    kept = _models.setdefault(model, FitMemory())
    kept.data = {name: arguments.get(name) for name in ("x", "y", "validation_data", "validation_split")}


def begin(model: Any, fit: int = -1) -> int:
    """The weights of before, once, where the model is built and not large. Returns the fit of this run that the model
    had before this one, -1 for none."""
    kept = _models.setdefault(model, FitMemory())
    before, kept.fit = kept.fit, fit
    if not kept.first and model.built and model.count_params() <= MOST_KEPT:
        kept.first = {layer.name: arrays_of(layer) for layer in layers_of(model)}
    return before


def epoch(model: Any, number: int, layers: tuple[LayerPulse, ...]) -> None:
    """An epoch has ended."""
    kept = _models.setdefault(model, FitMemory())
    if layers and kept.epochs % kept.every == 0:
        kept.pulses.append((kept.epochs, layers))
        if len(kept.pulses) > MOST_EPOCHS:
            kept.pulses = kept.pulses[::2]
            kept.every *= 2
    kept.epochs += 1


def data_of(model: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, inputs and targets: of the training, and of its validation."""
    data = of(model).data
    x, y = _pair(data.get("x"), data.get("y"))
    split = data.get("validation_split") or 0.0
    if x is not None and split:
        count = len(_first(x))
        start = int(count * (1 - split))  # as Keras splits: the last samples validate
        yield "training data", _rows(x, 0, start), _rows(y, 0, start)
        yield "validation data", _rows(x, start, count), _rows(y, start, count)
    elif x is not None:
        yield "training data", x, y
    validation = data.get("validation_data")
    if validation is not None:
        given, target = (
            _pair(validation[0], validation[1]) if isinstance(validation, (tuple, list)) else _pair(validation, None)
        )
        yield "validation data", given, target


def _pair(x: Any, y: Any) -> tuple[Any, Any]:
    """Arrays; of a data set that is not one, its first batch or what it was made of."""
    if x is None or hasattr(x, "shape") or isinstance(x, (list, tuple, dict)):
        return x, y
    whole = getattr(getattr(x, "dataset", None), "tensors", None)  # of a torch DataLoader
    if whole is not None:
        return whole[0], whole[1] if len(whole) > 1 else None
    if hasattr(x, "__getitem__") and hasattr(x, "num_batches"):  # a PyDataset of Keras
        batch = x[0]
        return (batch[0], batch[1]) if isinstance(batch, (tuple, list)) and len(batch) > 1 else (batch, None)
    if hasattr(x, "collate_fn"):  # a DataLoader of another data set
        return _asked(x)
    return None, None  # a generator: what it has given is gone


def _asked(loader: Any) -> tuple[Any, Any]:
    """The first samples of a DataLoader's own data set, put together as it does; none where it gives them only in
    turn."""
    try:
        with _dice_as_before():
            count = min(len(loader.dataset), MOST_ROWS)
            batch = loader.collate_fn([loader.dataset[at] for at in range(count)])
    except Exception:  # noqa: BLE001 - a data set of the learner's own may raise anything
        return None, None
    return (batch[0], batch[1]) if isinstance(batch, (tuple, list)) and len(batch) > 1 else (batch, None)


@contextlib.contextmanager
def _dice_as_before() -> Iterator[None]:
    """What is drawn within changes nothing of what a training draws next."""
    torch = sys.modules["torch"]
    states = random.getstate(), np.random.get_state(), torch.random.get_rng_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.random.set_rng_state(states[2])


def _first(x: Any) -> Any:
    if isinstance(x, dict):
        return next(iter(x.values()))
    return x[0] if isinstance(x, (list, tuple)) else x


def _rows(x: Any, start: int, end: int) -> Any:
    if isinstance(x, dict):
        return {name: each[start:end] for name, each in x.items()}
    if isinstance(x, (list, tuple)) and x and hasattr(x[0], "shape"):
        return [each[start:end] for each in x]
    return x[start:end] if x is not None else None


def layers_of(model: Any) -> list[Any]:
    """The layers of a Keras model, those of models in it in their place; no input layers."""
    found: list[Any] = []
    for layer in model.layers:
        if hasattr(layer, "layers") and not hasattr(layer, "cell"):
            found += [each for each in layers_of(layer) if each not in found]
        elif type(layer).__name__ != "InputLayer" and layer not in found:
            found.append(layer)
    return found


def operations_of(model: Any) -> list[Any]:
    """Its layers, and what a functional model computes between them (an addition that skips a layer, a product), in
    the order in which they are computed."""
    found: list[Any] = []
    for one in getattr(model, "operations", model.layers):
        if hasattr(one, "layers") and not hasattr(one, "cell"):
            found += [each for each in operations_of(one) if each not in found]
        elif type(one).__name__ != "InputLayer" and one not in found:
            found.append(one)
    return found


def arrays_of(layer: Any) -> dict[str, np.ndarray]:
    """The weights of a layer by name, copied; no state of random generators."""
    named: dict[str, np.ndarray] = {}
    for variable in layer.weights:
        value = np.array(
            variable.value.detach().cpu().numpy() if hasattr(variable.value, "detach") else variable.numpy()
        )
        if value.dtype.kind != "f":
            continue
        name = variable.name
        while name in named:
            name += "'"
        named[name] = value
    return named
