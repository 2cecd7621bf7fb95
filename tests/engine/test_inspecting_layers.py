"""Looking into layers: values, feature maps, pixels, states and gates are those that the layers compute."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.engine.inspectkit import ask, dense, keras, layers, lenet, panel, recurrent, rng, seen, table, torch
from tutor.engine.run import fit_memory
from tutor.engine.run.inspecting.capture import capture
from tutor.engine.run.inspecting.subject import Subject
from tutor.engine.run.inspecting.views.pixel_view import patch_of
from tutor.engine.run.inspecting.views.states_view import steps_of
from tutor.plots.scene import Raster, Tiles

# ------------------------------------------------------------------ activations, maps, one pixel


def test_values_are_those_that_the_layer_gives():
    model = dense()
    x = fit_memory.of(model).data["x"]
    shown = panel(seen({"m": model}, "activations", sample=7, layer=model.layers[0].name), Raster)
    hidden = keras.Model(model.inputs, model.layers[0].output)(x[7:8])
    assert np.array(shown.values)[0] == pytest.approx(keras.ops.convert_to_numpy(hidden)[0], abs=1e-3)


def test_dead_and_saturated_units_are_counted():
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(4, activation="relu"), layers.Dense(2, activation="tanh")]
    )
    model.layers[0].set_weights([np.zeros((2, 4)), np.array([1.0, -1, -1, 1])])
    model.layers[1].set_weights([np.full((4, 2), 9.0), np.zeros(2)])
    rows = table(seen({"m": model, "x": np.ones((10, 2))}, "activations", rows=40))
    assert [row["dead"] for row in rows] == ["50 %", ""] and [row["saturated"] for row in rows] == ["", "100 %"]


def test_a_typed_sample_goes_through():
    names = {"m": dense()}
    scene = seen(names, "activations", typed="0.5, -1; 2 3")
    assert "the typed sample" in panel(scene, Raster).title
    assert "takes 4 numbers; 2 were typed" in ask(names, "activations", typed="1 2").problem
    assert "numbers with spaces" in ask(names, "activations", typed="1 2 three 4").problem


def test_feature_maps_are_those_of_the_layer():
    model = lenet()
    x = fit_memory.of(model).data["x"]
    scene = seen({"m": model}, "maps", sample=3, channel=4)
    gave = keras.ops.convert_to_numpy(keras.Model(model.inputs, model.layers[0].output)(x[3:4]))[0]
    assert len(panel(scene, Tiles).pictures) == 6 and panel(scene, Tiles).chosen == 4
    assert np.array(panel(scene, Raster).values) == pytest.approx(gave[:, :, 4], abs=2e-3)


def test_feature_maps_of_torch_have_their_channels_first():
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 3, 3), torch.nn.ReLU())
    names = {"net": net, "x": torch.randn(4, 1, 9, 8)}
    assert len(panel(seen(names, "maps"), Tiles).pictures) == 3
    assert np.array(panel(seen(names, "maps"), Raster).values).shape == (7, 6)


@pytest.mark.parametrize(
    ("padding", "strides"), [("same", 1), ("valid", 1), ("same", 2), ("valid", (2, 3)), ("same", 3)]
)
def test_a_pixel_is_the_sum_of_its_products(padding, strides):
    layer = layers.Conv2D(3, (3, 4), strides=strides, padding=padding)
    image = rng.normal(size=(1, 10, 11, 2)).astype("float32")
    gave = keras.ops.convert_to_numpy(layer(image))[0]
    kernel, bias = layer.get_weights()
    for row, column, channel in np.ndindex(gave.shape):
        patch = patch_of(image[0], (3, 4), layer.strides, padding, row, column)
        assert (patch * kernel[..., channel]).sum() + bias[channel] == pytest.approx(
            gave[row, column, channel], abs=1e-4
        )


def test_a_pixel_is_told_in_words_and_panels():
    scene = seen({"m": lenet()}, "pixel", row=5, column=6, channel=2)
    assert "25 products add up to" in scene.words and "relu makes it" in scene.words
    assert [each.title for each in scene.panels] == ["input patch", "kernel", "products", "the pixel"]


# ------------------------------------------------------------------ recurrent layers


KINDS = [
    layers.LSTM(5), layers.GRU(5), layers.GRU(5, reset_after=False), layers.SimpleRNN(5),
    layers.LSTM(5, use_bias=False),
    layers.LSTM(5, go_backwards=True), layers.GRU(5, recurrent_activation="hard_sigmoid", activation="relu"),
]  # fmt: skip


@pytest.mark.parametrize("layer", KINDS, ids=lambda each: each.name)
def test_states_follow_the_layer_step_by_step(layer):
    whole = type(layer).from_config({**layer.get_config(), "return_sequences": True, "return_state": True})
    x = rng.normal(size=(1, 9, 3)).astype("float32")
    sequence, *ends = (keras.ops.convert_to_numpy(each) for each in whole(x))
    steps = steps_of(SimpleNamespace(name="r", layer=whole, given=x, gave=sequence))
    assert steps["state"] == pytest.approx(sequence[0], abs=1e-5)
    if "cell" in steps:
        assert steps["cell"][-1] == pytest.approx(ends[1][0], abs=1e-5)
    for gate in (name for name in steps if "gate" in name):
        assert ((steps[gate] >= 0) & (steps[gate] <= 1)).all()


def test_gates_make_the_state():
    """c' = f c + i g, h = o tanh(c'); and of a GRU, h' = (1 - z) h + z g with the z of the notes."""
    found = Subject("m", recurrent(layers.LSTM(5)), {})
    steps = steps_of(next(one for one in capture(found, found.inputs(0, 1)) if "lstm" in one.name))
    before = np.vstack([np.zeros(5), steps["cell"][:-1]])
    assert steps["forget gate"] * before + steps["input gate"] * steps["candidate"] == pytest.approx(
        steps["cell"], abs=1e-5
    )
    assert steps["output gate"] * np.tanh(steps["cell"]) == pytest.approx(steps["state"], abs=1e-5)
    found = Subject("m", recurrent(layers.GRU(5)), {})
    steps = steps_of(next(one for one in capture(found, found.inputs(0, 1)) if "gru" in one.name))
    before, z = np.vstack([np.zeros(5), steps["state"][:-1]]), steps["update gate"]
    assert (1 - z) * before + z * steps["candidate"] == pytest.approx(steps["state"], abs=1e-5)


def test_a_layer_that_does_not_follow_its_equations_is_said():
    layer = layers.LSTM(5)
    given = np.ones((1, 4, 3), "float32")
    layer(given)
    from tutor.errors import EngineError

    with pytest.raises(EngineError, match="are not shown"):
        steps_of(SimpleNamespace(name="r", layer=layer, given=given, gave=np.ones((1, 5))))


# ------------------------------------------------------------------ the map of decisions


def test_the_map_shows_what_the_model_gives_everywhere():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, activation="sigmoid")])
    model.layers[0].set_weights([np.array([[0.0], [50.0], [0.0]]), np.zeros(1)])  # the sign of x1
    model.compile("sgd", "binary_crossentropy")
    x = rng.uniform(-1, 1, size=(60, 3))
    names = {"m": model, "x": x, "y": (x[:, 1] > 0).astype(int)}
    values = np.array(panel(seen(names, "decision"), Raster).values)
    assert values[0].min() > 0.9 and values[-1].max() < 0.1  # upwards is x1
    values = np.array(panel(seen(names, "decision", to_the_right="x1", upwards="x2"), Raster).values)
    assert values[:, -1].min() > 0.9 and values[:, 0].max() < 0.1
    assert "two different features" in ask(names, "decision", to_the_right="x1").problem
    assert "decision" in ask(names, "structure").names
    assert "rows of two or more" in ask({"m": lenet()}, "decision").problem
