"""A model's description is the learner's word: only what names Keras's own harmless parts is followed."""

from __future__ import annotations

import json

import pytest

from tutor.grading.judge import rebuilding


def described(*layers: dict, **more: object) -> dict:
    config = {"name": "s", "layers": list(layers)}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None, **more}


def layer(name: str = "Dense", module: object = "keras.layers", **config: object) -> dict:
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


HARMLESS = {
    "dense": layer(units=3, activation="relu", kernel_initializer=layer("Zeros", "keras.initializers")),
    "operation": layer("Relu", "keras.src.ops.nn"),
    "regularized": layer(kernel_regularizer=layer("L2", "keras.regularizers", l2=0.1)),
    "model in a model": described(layer()),
    "function of keras": layer(activation={"module": "keras.ops", "class_name": "function", "config": "relu"}),
}
HARMFUL = {
    "another module": layer("system", "os"),
    "a module that only begins alike": layer("Dense", "keras.layersx"),
    "code in it": layer("Lambda"),
    "code in an argument": layer(activation={"module": "builtins", "class_name": "__lambda__", "config": "4wEAAA=="}),
    "a function that loads": layer(activation={"module": "keras.utils", "class_name": "function", "config": "save"}),
    "saving": layer("load_model", "keras.saving"),
    "a file of torch": layer("TorchModuleWrapper"),
    "no module": layer("Own", None),
    "no text": layer("Dense", 3),
    "a class that is none": {"module": "os", "config": {}},
}


@pytest.mark.parametrize("name", HARMLESS)
def test_keras_own_parts_are_followed(name: str) -> None:
    assert rebuilding.only_keras(described(HARMLESS[name]))


@pytest.mark.parametrize("name", HARMFUL)
def test_anything_else_is_not(name: str) -> None:
    assert not rebuilding.only_keras(described(HARMFUL[name]))
    assert rebuilding.built(json.dumps(described(HARMFUL[name]))) is None


@pytest.mark.parametrize("text", ["", "no json", "[1]", "{}", '{"class_name": "Own"}', "[" * 100_000])
def test_what_is_no_description_builds_nothing(text: str) -> None:
    assert rebuilding.built(text) is None
