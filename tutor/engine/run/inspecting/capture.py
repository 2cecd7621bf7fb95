"""What every layer was given and gave, for one batch: taken while the model runs, whatever kind of model it is.

A layer's `call` is replaced by one that keeps what goes through it, for the time of one run without gradients and
without training; functional, sequential and subclassed models, nested and shared layers are all the same to it. Torch
modules have hooks for this.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.run.fit_memory import operations_of
from tutor.engine.run.inspecting.subject import Subject, parts_of, resting


@dataclass
class Taken:
    """One call of a layer, or of what a functional model computes between layers. name: its own, with #2 for the second
    call of a shared one. given, gave: arrays, None where it is no tensor."""

    name: str
    layer: Any
    given: np.ndarray | None
    gave: np.ndarray | None


def capture(subject: Subject, inputs: list[np.ndarray]) -> list[Taken]:
    """All calls of layers, in order."""
    taken: list[Taken] = []
    with _recording(subject, taken):
        subject.outputs(inputs)
    counts: dict[str, int] = {}
    for one in taken:
        counts[one.name] = counts.get(one.name, 0) + 1
    seen: dict[str, int] = {}
    for one in taken:
        seen[one.name] = seen.get(one.name, 0) + 1
        if counts[one.name] > 1:
            one.name = f"{one.name}#{seen[one.name]}"
    return taken


@contextmanager
def _recording(subject: Subject, taken: list[Taken]) -> Iterator[None]:
    if not subject.is_keras:
        hooks = [
            module.register_forward_hook(_hook(name, taken))
            for name, module in parts_of(subject.model, subject.name).items()
        ]
        try:
            with resting(subject.model):
                yield
        finally:
            for hook in hooks:
                hook.remove()
        return
    replaced = []
    try:
        for layer in operations_of(subject.model):
            object.__setattr__(layer, "call", _recorder(layer, taken))
            replaced.append(layer)
        yield
    finally:
        for layer in replaced:
            object.__delattr__(layer, "call")


def _recorder(layer: Any, taken: list[Taken]) -> Any:
    call = layer.call

    def recording(*args: Any, **kwargs: Any) -> Any:
        gave = call(*args, **kwargs)
        given = args[0] if args else next(iter(kwargs.values()), None)
        taken.append(Taken(layer.name, layer, as_array(given), as_array(gave)))
        return gave

    return recording


def _hook(name: str, taken: list[Taken]) -> Any:
    def hook(module: Any, args: Any, gave: Any) -> None:
        taken.append(Taken(name, module, as_array(args[0] if args else None), as_array(gave)))

    return hook


def as_array(value: Any) -> np.ndarray | None:
    """A tensor as an array; of several the first; None for anything else."""
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return np.asarray(value.detach().cpu().numpy(), dtype=float)
    return np.asarray(value, dtype=float) if isinstance(value, np.ndarray) else None
