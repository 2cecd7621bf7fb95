"""Views: the names that a run has left, and its models, as tables."""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType
from typing import Any

from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.plots.scene import Scene, TablePanel

_MOST_ROWS = 200
_WIDTH = 60


def names(namespace: dict[str, Any], wish: Wish) -> Scene:
    """The names the run left, with kind, shape and value."""
    rows = [
        (name, type(value).__name__, _shape(value), _value(value))
        for name, value in namespace.items()
        if not name.startswith("_") and not isinstance(value, (ModuleType, FunctionType, type))
    ]
    return Scene(
        (TablePanel(("name", "kind", "shape", "value"), tuple(rows[:_MOST_ROWS]), title="Names of this run"),),
        title="Names",
    )


def models(namespace: dict[str, Any], wish: Wish) -> Scene:
    """The Keras models the run left, with their layers, output shapes and parameters."""
    found = [(name, value) for name, value in namespace.items() if _is_model(value)]
    if not found:
        raise EngineError("This run has left no model.")
    return Scene(tuple(_layers(name, model) for name, model in found), title="Models")


def _is_model(value: object) -> bool:
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def _layers(name: str, model: Any) -> TablePanel:
    rows = [
        (
            layer.name,
            type(layer).__name__,
            _output_shape(layer),
            f"{count:,}",
        )
        for layer in model.layers
        for count in [layer.count_params() if layer.built else 0]
    ]
    total = model.count_params() if model.built else 0
    return TablePanel(
        ("layer", "kind", "output shape", "parameters"), tuple(rows), f"{name}: {total:,} parameters", right=(3,)
    )


def _output_shape(layer: Any) -> str:
    output = getattr(layer, "output", None)  # None where it was never called
    return _shape(output) if output is not None else ""


def _shape(value: object) -> str:
    shape = getattr(value, "shape", None)
    if shape is not None:
        return str(tuple(shape))
    return str(len(value)) if isinstance(value, (list, tuple, dict, set, str)) else ""


def _value(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
