"""Looking into models of every kind: every view answers, what is missing is said, and looking changes nothing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tests.engine.inspectkit import (
    MODELS,
    VIEWS,
    ask,
    dense,
    keras,
    layers,
    lenet,
    panel,
    recurrent,
    rng,
    seen,
    table,
    told,
    torch,
    two_inputs,
)
from tutor.engine.run import fit_memory, inspecting
from tutor.engine.run.inspecting.array_panels import pooled
from tutor.engine.run.inspecting.capture import capture
from tutor.engine.run.inspecting.subject import Subject
from tutor.engine.run.inspecting.views.structure_view import arithmetic, count, multiply_adds
from tutor.messages.frames import pack
from tutor.plots.scene import Network, Pick, Raster, Scene, Slider, TablePanel, TextPanel, Tiles


@pytest.fixture(scope="module", params=list(MODELS))
def names(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = MODELS[request.param]()
    return found


# ------------------------------------------------------------------ every model


def test_every_view_that_is_offered_has_an_answer_and_words(names):
    offered = ask(names, "structure").names
    assert {"structure", "weights", "activations", "gradients", "predictions"} <= set(offered)
    for view in offered:
        scene = seen(names, view)
        assert scene.panels and scene.words, view


def test_no_answer_is_larger_than_a_message_may_be(names):
    for view in VIEWS:
        assert len(pack(ask(names, view))) <= inspecting.MOST_BYTES, view


def test_what_cannot_be_sent_is_said(names, monkeypatch):
    view = inspecting.view_files()["structure"]
    odd = Scene((TextPanel(("x",)),), shares=(np.float64(1.0),))
    monkeypatch.setattr(view, "show", lambda namespace, wish: odd)
    assert "numpy" in ask(names, "structure").problem


def test_every_control_leads_on(names):
    for view in ask(names, "structure").names:
        for control in seen(names, view).controls:
            for value in control.options if isinstance(control, Pick) else (control.high, "nonsense", "-3", "nan"):
                answer = ask(names, view, **{control.name: value})
                assert answer.scene is not None, (view, control.name, value)


def test_looking_changes_nothing(names):
    before = state(names)
    for view in VIEWS:
        ask(names, view)
    for one, other in zip(before, state(names), strict=True):
        assert np.array_equal(one, other, equal_nan=True)
    for view in ask(names, "structure").names:
        assert ask(names, view) == ask(names, view), view


def state(names: dict[str, Any]) -> list[Any]:
    """All that a training would go on from."""
    model = next(iter(names.values()))
    if isinstance(model, torch.nn.Module) and not isinstance(model, keras.Model):
        found = [each.detach().numpy().copy() for each in model.parameters()]
        return [
            *found,
            *(each.grad.numpy().copy() for each in model.parameters()),
            [m.training for m in model.modules()],
        ]
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    found = [keras.ops.convert_to_numpy(each.value).copy() for each in variables]
    grads = [each.value.grad.cpu().numpy().copy() for each in model.trainable_variables if each.value.grad is not None]
    return [*found, *grads, torch.get_rng_state().numpy().copy()]


# ------------------------------------------------------------------ structure


PICTURE, SERIES, ROW = (12, 12, 3), (9, 3), (7,)
EVERY_LAYER = [
    (keras.Input(shape), layer)
    for shape, made in (
        (PICTURE, [layers.Conv2D(5, 3), layers.DepthwiseConv2D(3), layers.SeparableConv2D(4, 3)]),
        (SERIES, [layers.LSTM(4), layers.GRU(4), layers.GRU(4, reset_after=False), layers.SimpleRNN(4)]),
        (SERIES, [layers.Conv1D(4, 2, use_bias=False), layers.Bidirectional(layers.LSTM(4))]),
        (SERIES, [layers.MultiHeadAttention(2, 4)]),
        (ROW, [layers.Dense(3), layers.BatchNormalization(), layers.Embedding(10, 3)]),
    )
    for layer in made
]


@pytest.mark.parametrize(("given", "layer"), EVERY_LAYER, ids=lambda each: getattr(each, "name", ""))
def test_the_arithmetic_gives_the_parameters(given, layer):
    layer(*((given, given) if isinstance(layer, layers.MultiHeadAttention) else (given,)))
    sum_of_products = arithmetic(layer).replace("·", "*")
    assert re.fullmatch(r"[\d*+ ]+", sum_of_products)
    assert eval(sum_of_products) == count(layer) == layer.count_params()


def test_gru_of_the_notes_and_of_keras():
    assert [count(layer) for given, layer in EVERY_LAYER if isinstance(layer, layers.GRU)] == [108, 96]


def test_lenet_adds_up():
    model = lenet()
    scene = seen({"net": model}, "structure", rows=30)
    rows = table(scene)
    assert sum(int(row["parameters"].replace(",", "")) for row in rows) == model.count_params() == 61_706
    assert [row["output shape"] for row in rows[:2]] == ["(28, 28, 6)", "(14, 14, 6)"]
    dense_products = 400 * 120 + 120 * 84 + 84 * 10
    assert f"{28 * 28 * 25 * 6 + 10 * 10 * 25 * 6 * 16 + dense_products:,} multiply-adds" in scene.words
    assert "61,706" in panel(scene, TablePanel).title


def test_multiply_adds_of_a_recurrent_layer_are_those_of_every_step():
    found = Subject("m", recurrent(layers.LSTM(5)), {})
    one = next(each for each in capture(found, found.inputs(0, 1)) if each.layer.name.startswith("lstm"))
    assert multiply_adds(one) == 9 * 4 * (3 * 5 + 5 * 5)


def test_small_dense_networks_are_drawn_with_their_weights():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3), layers.Activation("tanh"), layers.Dense(1)])
    network = panel(seen({"m": model}, "structure"), Network)
    assert len(network.nodes) == 6 and len(network.edges) == 9
    assert network.edges[0].weight == pytest.approx(model.get_weights()[0][0, 0])
    large = keras.Sequential([keras.Input((2,)), layers.Dense(30)])
    assert not any(isinstance(each, Network) for each in seen({"m": large}, "structure").panels)


def test_shared_layers_are_told_apart_by_call():
    scene = seen({"m": two_inputs()}, "activations", rows=40)
    options = next(each.options for each in scene.controls if each.name == "layer")
    assert {"shared#1", "shared#2"} <= set(options)


def test_layers_of_a_model_within_a_model_have_their_own_rows():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="deep")], name="inner")
    model = keras.Sequential([keras.Input((4,)), inner, layers.Dense(1)])
    assert "deep" in [row["layer"] for row in table(seen({"m": model}, "structure"))]


def test_a_layer_without_tensor_is_named_and_skipped():
    class Odd(layers.Layer):
        def call(self, x: Any) -> Any:
            return {"a": x, "b": x}

    class Uses(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.odd, self.end = Odd(name="odd"), layers.Dense(1)

        def call(self, x: Any) -> Any:
            return self.end(self.odd(x)["a"])

    names = {"m": Uses(), "x": np.ones((5, 2), "float32")}
    names["m"](names["x"])
    assert "odd" in seen(names, "structure").words
    scene = seen(names, "activations")
    assert "odd" in scene.words and "no tensor" in scene.words
    assert "odd" not in next(iter(row["layer"] for row in table(scene)))


# ------------------------------------------------------------------ weights


def test_weights_before_training_and_what_has_changed():
    x = rng.normal(size=(64, 3)).astype("float32")
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, name="d")])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    start = model.get_weights()[0].copy()
    told(model, x, x @ np.array([1.0, 2.0, 3.0]), epochs=2)
    told(model, x, x @ np.array([1.0, 2.0, 3.0]), epochs=2)
    names = {"m": model}
    shown = [panel(seen(names, "weights", show=show), Raster).values for show in ("now", "before training", "change")]
    now, before, change = (np.array(values) for values in shown)
    assert before == pytest.approx(start, rel=1e-3)
    assert now == pytest.approx(model.get_weights()[0], rel=1e-3)
    assert change == pytest.approx(model.get_weights()[0] - start, rel=1e-3, abs=1e-3)
    assert "Training has moved them by" in seen(names, "weights").words


def test_kernels_of_a_convolution_are_tiles():
    model = lenet()
    tiles = panel(seen({"m": model}, "weights", layer=model.layers[2].name, input_channel=3), Tiles)
    assert len(tiles.pictures) == 16
    assert np.array(tiles.pictures[5]) == pytest.approx(model.layers[2].get_weights()[0][:, :, 3, 5], rel=1e-3)


def test_weights_that_are_nan_are_said():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.layers[0].set_weights([np.full((3, 2), np.nan), np.zeros(2)])
    assert "diverged" in seen({"m": model}, "weights").words


# ------------------------------------------------------------------ what is at hand


def test_no_model_no_data_and_no_weights_are_said_with_what_to_do():
    assert "has left no model" in ask({"x": 1}, "structure").problem
    empty = keras.Sequential([layers.Dense(3)])
    assert "no weights yet" in ask({"m": empty}, "weights").problem
    wanted = ask({"m": keras.Sequential([keras.Input((4,)), layers.Dense(3)])}, "activations").problem
    assert "(n, 4)" in wanted and "x = ..." in wanted
    assert "There is no view" in ask({"m": empty}, "colours").problem


def test_several_models_are_chosen_by_name():
    names = {"a": dense(), "b": lenet()}
    scene = seen(names, "structure")
    assert next(each for each in scene.controls if each.name == "model").options == ("a", "b")
    assert "61,706" in scene.words and "61,706" not in seen(names, "structure", model="a").words


def test_a_model_without_a_name_is_the_one_that_was_trained_last(monkeypatch):
    from tutor.engine.run import fit_wrapping

    model = dense()
    monkeypatch.setattr(fit_wrapping, "last_model", lambda: model)
    assert model.name in panel(seen({}, "structure"), TablePanel).title


def test_data_of_loaders_and_sequences_are_found():
    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 3

        def __getitem__(self, at: int) -> Any:
            return np.full((8, 4), at, "float32"), np.zeros(8)

    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    fit_memory.remember(model, {"x": Batches()})
    assert next(each for each in seen({"m": model}, "activations").controls if each.name == "sample").high == 7
    whole = torch.utils.data.TensorDataset(torch.ones(20, 4), torch.zeros(20))
    fit_memory.remember(model, {"x": torch.utils.data.DataLoader(whole, batch_size=5)})
    assert next(each for each in seen({"m": model}, "activations").controls if isinstance(each, Slider)).high == 19
    fit_memory.remember(model, {"x": iter([])})
    assert "no data at hand" in ask({"m": model}, "activations").problem


def test_large_layers_are_reduced():
    model = keras.Sequential(
        [keras.Input((64, 64, 3)), layers.Conv2D(200, 7, padding="same"), layers.Flatten(), layers.Dense(30)]
    )
    names = {"m": model, "x": rng.normal(size=(4, 64, 64, 3))}
    for view in ("structure", "weights", "activations", "maps", "pixel"):
        for layer in ("", *(each.name for each in model.layers)):
            answer = ask(names, view, layer=layer)
            assert len(pack(answer)) <= inspecting.MOST_BYTES and not answer.problem, (view, layer)


@pytest.mark.parametrize("shape", [(28, 28), (5, 4000), (4000, 5), (1, 9000), (9000, 1), (300, 200)])
def test_what_is_pooled_keeps_its_values_and_its_bound(shape):
    ramp = np.add.outer(np.arange(shape[0], dtype=float), np.arange(shape[1], dtype=float))
    for most in (100, 208, 4000):
        small = pooled(ramp, most)
        assert small.size <= most and small.min() >= ramp.min() and small.max() <= ramp.max()
        assert (np.diff(small, axis=0) > 0).all() and (np.diff(small, axis=1) > 0).all()
        assert pooled(np.full(shape, 3.0), most) == pytest.approx(3.0)
