"""Has a model the structure that a check asks for, and if not, where it differs: the words of `t.model`.

Judge's process.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tutor.grading.both_sides.keras_types import Shape
from tutor.grading.both_sides.plain_values import Array
from tutor.grading.judge.failures import Misuse
from tutor.grading.judge.learner_models import LearnerModel, WeightedLayer
from tutor.grading.judge.value_words import number, shape_text

_SAME = 1e-4


def wrong_structure(
    model: LearnerModel, *, inputs: object = None, outputs: object = None, params: int | None = None,
    layers: Sequence[object] | None = None,
) -> str:  # fmt: skip
    """ "" where the model has this structure, else where it has not. Arguments as of `Tester.model`."""
    for name, wanted, mine in (("input", inputs, model.inputs), ("output", outputs, model.outputs)):
        if wanted is not None and (told := _wrong_shapes(name, wanted, mine)):
            return told
    if layers is not None and (told := _wrong_layers(layers, model.layers)):
        return told
    if params is not None and model.params != params:
        plural = "" if model.params == 1 else "s"
        return f"your model has {model.params:,} parameter{plural}, expected: {params:,}"
    return ""


def _wrong_shapes(name: str, wanted: object, mine: tuple[Shape, ...]) -> str:
    if not mine:
        return ""
    shapes = [_shape(each) for each in wanted] if isinstance(wanted, list) else [_shape(wanted)]
    if len(shapes) != len(mine):
        return f"your model has {len(mine)} {name}s, expected: {len(shapes)}"
    for own, other in zip(mine, shapes, strict=True):
        if not _fits(own, other):
            return f"one {name} of your model has shape {shape_text(own)}, expected: {shape_text(other)}"
    return ""


def _shape(wanted: object) -> tuple[object, ...]:
    return tuple(wanted) if isinstance(wanted, tuple) else (wanted,)


def _fits(mine: Sequence[int | None], wanted: Sequence[object]) -> bool:
    return len(mine) == len(wanted) and all(b is None or a == b for a, b in zip(mine, wanted, strict=True))


def _wrong_layers(wanted: Sequence[object], mine: Sequence[WeightedLayer]) -> str:
    if len(mine) != len(wanted):
        sizes = ", ".join(f"{layer.kind} {layer.units}" for layer in mine)
        listed = f" ({sizes})" if mine else ""
        return f"your model has {len(mine)} layers with weights{listed}, expected: {len(wanted)}"
    for place, (layer, entry) in enumerate(zip(mine, wanted, strict=True), start=1):
        size, activation = _entry(entry)
        where = f"layer {place} with weights ({layer.kind})"
        if isinstance(size, tuple) and not _fits(layer.shape, size):
            return f"{where} gives shape {shape_text(layer.shape)}, expected: {shape_text(size)}"
        if isinstance(size, int) and layer.units != size:
            return f"{where} has {layer.units} units, expected: {size}"
        if activation is not None and not _acts(layer, activation):
            named = "none (the identity)" if activation == "linear" else activation
            return f"{where}: its activation is {_name_of(layer.activation)}, expected: {named}"
    return ""


def _entry(entry: object) -> tuple[object, str | None]:
    """Size and activation of one entry: 3, (28, 28, 6), (3, "relu"), ((28, 28, 6), "relu"), (None, "relu"); (3, None)
    is 3 units without an activation."""
    if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], (str, type(None))):
        return entry[0], entry[1] or "linear"
    if entry is not None and not isinstance(entry, (int, tuple)):
        raise Misuse(f"t.model: {entry!r} is no entry for a layer")
    return entry, None


def _acts(layer: WeightedLayer, name: str) -> bool:
    return np.allclose(layer.activation, _values(name), rtol=_SAME, atol=_SAME)


def _values(name: str) -> Array:
    import keras

    from tutor.grading.both_sides import model_facts

    try:
        return model_facts.values_of(keras.activations.get(name), model_facts.PROBE)
    except ValueError as error:
        raise Misuse(f"t.model: there is no activation {name!r}") from error


_NAMES = ("linear", "relu", "sigmoid", "tanh", "softmax", "softplus", "elu", "gelu", "leaky_relu", "silu", "selu")


def _name_of(values: Array) -> str:
    """The name of the activation that has these values."""
    for name in _NAMES:
        if np.allclose(values, _values(name), rtol=_SAME, atol=_SAME):
            return "missing (the identity)" if name == "linear" else name
    at_one = np.interp(1.0, np.linspace(-3, 3, len(values)), np.asarray(values, dtype=float))
    return f"something else (at 1 it gives {number(float(at_one), 3)})"
