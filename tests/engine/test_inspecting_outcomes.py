"""Looking into what was learned: gradients, confusion, mistakes and residuals are those of the model and its data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.engine.inspectkit import ask, dense, keras, layers, lenet, panel, rng, seen, table, told, torch
from tutor.engine.run import fit_memory
from tutor.engine.run.inspecting.array_panels import pooled
from tutor.messages.training import LayerPulse
from tutor.plots.scene import Chart, Raster, Tiles

# ------------------------------------------------------------------ gradients


def test_gradients_are_those_of_the_loss():
    model = dense()
    x, y = (fit_memory.of(model).data[name][:64] for name in "xy")
    loss = keras.losses.sparse_categorical_crossentropy(y, model(x)).mean()
    parts = torch.autograd.grad(loss, [each.value for each in model.trainable_variables])
    first = math.sqrt(sum(float((each**2).sum()) for each in parts[:2]))
    rows = table(seen({"m": model}, "gradients"))
    assert float(rows[0]["gradient"]) == pytest.approx(first, rel=1e-3)


def test_regularization_is_part_of_the_gradient():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_regularizer=keras.regularizers.L2(100.0))])
    model.compile("sgd", "mse")
    names = {"m": model, "x": np.zeros((8, 2)), "y": np.zeros(8)}
    size = 200 * np.linalg.norm(model.get_weights()[0])
    assert float(table(seen(names, "gradients"))[0]["gradient"].replace(",", "")) == pytest.approx(size, rel=1e-3)


def test_gradients_that_vanish_explode_or_are_zero_are_said():
    x, y = rng.normal(size=(40, 3)), rng.integers(0, 2, 40)
    deep = keras.Sequential(
        [keras.Input((3,)), *(layers.Dense(10, activation="sigmoid") for _ in range(9)), layers.Dense(1)]
    )
    deep.compile("sgd", "mse")
    words = seen({"m": deep, "x": x, "y": y}, "gradients").words
    assert "vanishes" in words and "times smaller" in words
    steep = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    steep.compile("sgd", "mse")
    assert "explodes" in seen({"m": steep, "x": x * 1e4, "y": y}, "gradients").words
    dead = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(1, use_bias=False)])
    dead.layers[0].set_weights([np.zeros((3, 4)), -np.ones(4)])
    dead.compile("sgd", "mse")
    assert "Every gradient is 0" in seen({"m": dead, "x": x, "y": y}, "gradients").words


def test_watched_epochs_are_drawn_layer_by_layer():
    model = dense()
    name = model.layers[0].name
    for epoch in range(4):
        fit_memory.epoch(model, epoch, (LayerPulse(name, 0.5**epoch, 1.0, 0.01, 0.1 * epoch),))
    chart = panel(seen({"m": model}, "gradients"), Chart)
    assert chart.series[0].label == name and chart.series[0].y == pytest.approx([1, 0.5, 0.25, 0.125])
    assert "by 0.01 of its weights" in seen({"m": model}, "gradients").words
    assert panel(seen({"m": model}, "weights", layer=name), Chart).series[0].y == pytest.approx([0, 10, 20, 30])


# ------------------------------------------------------------------ outcomes


class Fixed(keras.Model):
    """Gives its input."""

    def call(self, x: Any) -> Any:
        return x + 0.0


def fixed(outputs: Any, y: Any, loss: Any = None) -> dict[str, Any]:
    model = Fixed()
    model.compile("sgd", loss)
    return {"m": model, "x": np.asarray(outputs, "float32"), "y": np.asarray(y)}


def counts(names: dict[str, Any]) -> list[list[float]]:
    return [list(row) for row in panel(seen(names, "confusion"), Raster).values]


def test_confusion_of_classes_in_every_form_of_targets():
    outputs = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6]]
    expected = [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    for y in ([0, 1, 1, 2], [[0], [1], [1], [2]], np.eye(3)[[0, 1, 1, 2]], np.array([0, 1, 1, 2], "float32")):
        assert counts(fixed(outputs, y)) == expected
    scene = seen(fixed(outputs, [0, 1, 1, 2]), "confusion")
    assert "3 of 4" in scene.words and "a 1 taken for a 0, once" in scene.words


def test_confusion_of_two_classes_by_probability_logit_and_sign():
    chances, logits = [[0.9], [0.4], [0.7]], [[2.0], [0.3], [-1.0]]
    assert counts(fixed(chances, [1, 1, 0], "binary_crossentropy")) == [[0, 1], [1, 1]]
    from_logits = keras.losses.BinaryCrossentropy(from_logits=True)
    assert counts(fixed(logits, [1, 1, 0], from_logits)) == [[1, 0], [0, 2]]
    assert counts(fixed(logits, [1, -1, -1], "hinge")) == [[1, 1], [0, 1]]


def test_worst_mistakes_come_first_and_are_pictures_where_inputs_are():
    outputs = [[0.9, 0.1], [0.4, 0.6], [0.01, 0.99], [0.2, 0.8]]
    rows = table(seen(fixed(outputs, [0, 0, 0, 1]), "mistakes"))
    assert [row["sample"] for row in rows] == ["2", "1"]
    model = lenet()
    scene = seen({"m": model}, "mistakes", rows=60)
    pictures, rows = np.array(panel(scene, Tiles).pictures), table(scene)
    assert len(pictures) == len(rows)
    for picture, row in zip(pictures, rows, strict=True):
        sample = fit_memory.of(model).data["x"][int(row["sample"])]
        assert picture == pytest.approx(pooled(sample[:, :, 0], picture.size), abs=2e-3)
    assert "no mistake" in ask(fixed([[0.9, 0.1]], [0]), "mistakes").problem


def test_numbers_have_residuals():
    names = fixed([[1.0], [2.0], [5.0]], [1.0, 2.5, 3.5], "mse")
    scene = seen(names, "predictions")
    scatter, left = (each for each in scene.panels if isinstance(each, Chart))
    assert scatter.series[0].x == (1.0, 2.5, 3.5) and scatter.series[0].y == (1.0, 2.0, 5.0)
    assert left.series[0].y == (0.0, -0.5, 1.5)
    assert "off by 0.6667" in scene.words
    assert seen(names, "predictions").panels == scene.panels
    assert "classes" in ask(names, "confusion").problem
    assert "diverged" in seen(fixed([[math.nan], [1.0]], [2.0, 3.5], "mse"), "predictions").words
    assert table(seen(names, "mistakes"))[0]["sample"] == "2"


def test_validation_data_are_looked_at_first_and_can_be_chosen():
    model = dense(validation_split=0.2)
    scene = seen({"m": model}, "predictions")
    assert "of 18 samples of validation data" in scene.words
    assert "of 72 samples of training data" in seen({"m": model}, "predictions", data="training data").words


def test_targets_that_fit_no_output_are_said():
    assert "targets have shape" in ask(fixed([[1.0, 2.0, 3.0]] * 4, [0.5, 1, 2, 3]), "confusion").problem
    assert "no targets" in ask({"m": Fixed(), "x": np.ones((3, 2), "float32")}, "mistakes").problem


def test_of_several_outputs_the_first_is_looked_at_and_said():
    given = keras.Input((3,))
    hidden = layers.Dense(4)(given)
    outputs = [layers.Dense(1, activation="sigmoid", name="one")(hidden), layers.Dense(1, name="two")(hidden)]
    model = keras.Model(given, outputs)
    model.compile("adam", ["binary_crossentropy", "mse"])
    x = rng.random((40, 3))
    told(model, x, [(x[:, 0] > 0.5).astype(float), x[:, 1]])
    for view in ("confusion", "gradients", "mistakes"):
        assert "Of its outputs, one is looked at." in seen({"m": model}, view).words
