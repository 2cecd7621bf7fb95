"""Models off the beaten track: inputs by name, columns, embeddings, models that raise, layers counted differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tests.engine.inspectkit import ask, keras, layers, panel, rng, seen, table, told, torch
from tutor.engine.run.inspecting.subject import Subject
from tutor.plots.scene import Tiles


class ByName(keras.Model):
    """Takes a dict of two inputs, and tells them apart."""

    def __init__(self) -> None:
        super().__init__()
        self.out = layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self.out(inputs["left"] - 2 * inputs["right"])


def functional_by_name() -> Any:
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    return keras.Model({"right": right, "left": left}, layers.Dense(1)(layers.Subtract()([left, right])))


def listed_with_names() -> Any:
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    return keras.Model([right, left], layers.Dense(1)(layers.Subtract()([left, right])))


@pytest.mark.parametrize("make", [ByName, functional_by_name, listed_with_names])
def test_inputs_by_name_go_where_they_belong(make):
    x = {name: rng.normal(size=(20, 3)).astype("float32") for name in ("right", "left")}
    model = make()
    model.compile("sgd", "mse")
    told(model, x, x["left"].sum(1))
    found = Subject("model", model, {})
    wanted = model.predict(x, verbose=0)
    assert found.outputs(found.data[0]) == pytest.approx(wanted, abs=1e-5)
    for view in ("structure", "activations", "gradients", "predictions"):
        assert seen({"model": model}, view).words


def test_one_number_for_each_sample_is_a_column_as_in_fit():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.arange(12.0)
    assert "off by" in seen({"model": told(model, x, 2 * x)}, "predictions").words


def test_a_model_that_raises_is_still_a_table_and_says_why_in_a_line():
    class Broken(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs: Any) -> Any:
            raise ValueError("not today")

    names = {"model": Broken(), "x": np.ones((4, 3)), "y": np.ones(4)}
    scene = seen(names, "structure")
    assert table(scene)[0]["layer"].startswith("dense") and "not today" in scene.words
    problem = ask(names, "activations").problem
    assert "not today" in problem and "\n" not in problem and "\x1b" not in problem


def test_a_torch_module_with_an_embedding_takes_whole_numbers_and_has_no_map():
    net = torch.nn.Sequential(torch.nn.Embedding(9, 4), torch.nn.Flatten(), torch.nn.Linear(12, 1))
    bare = seen({"net": net}, "structure")
    assert [row["layer"] for row in table(bare)] == ["0", "1", "2"]
    names = {"net": net, "x": torch.randint(0, 9, (20, 3)), "y": torch.zeros(20)}
    assert table(seen(names, "structure"))[0]["output shape"] == "(3, 4)"
    assert "decision" not in ask(names, "structure").names
    assert "embedding" in ask(names, "decision").problem


@pytest.mark.parametrize(
    ("layer", "adds"),
    [
        (layers.GRU(5), 9 * 3 * (3 * 5 + 5 * 5)),
        (layers.Bidirectional(layers.LSTM(5)), 2 * 9 * 4 * (3 * 5 + 5 * 5)),
        (layers.Conv1DTranspose(4, 2, strides=2), 9 * 2 * 3 * 4),
    ],
)
def test_multiply_adds_count_no_bias_and_every_place_once(layer, adds):
    model = keras.Sequential([keras.Input((9, 3)), layer])
    assert table(seen({"model": model}, "structure"))[0]["mult-adds"] == f"{adds:,}"


def test_a_model_that_has_diverged_is_said_in_every_view():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(5), layers.Dense(1)])
    model.compile("sgd", "mse")
    told(model, rng.normal(size=(30, 4)), rng.integers(0, 2, 30))
    model.set_weights([np.full_like(each, np.nan) for each in model.get_weights()])
    for view in ("weights", "activations", "predictions", "confusion", "mistakes"):
        assert "nan or inf" in seen({"model": model}, view).words
    assert "exploded" in seen({"model": model}, "gradients").words


def test_a_bare_torch_layer_has_its_parameters():
    scene = seen({"model": torch.nn.Linear(1, 1), "x": torch.ones(3, 1)}, "structure")
    assert table(scene)[0]["parameters"] == "2" and scene.words.startswith("1 layer with 2 parameters.")


class WithAParameter(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner, self.scale = torch.nn.Linear(2, 3), torch.nn.Parameter(torch.ones(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x) * self.scale


def test_parameters_of_a_module_that_has_parts_count_too():
    scene = seen({"model": WithAParameter(), "x": torch.ones(3, 2)}, "structure")
    assert {row["layer"]: row["parameters"] for row in table(scene)} == {"inner": "9", "model": "3"}


def test_what_trained_is_looked_at_first_not_the_loss():
    net = torch.nn.Linear(2, 1)
    net(torch.ones(1, 2)).sum().backward()
    names = {"model": net, "other": torch.nn.Linear(2, 1), "loss_fn": torch.nn.CrossEntropyLoss()}
    names["x"] = torch.ones(3, 2)
    assert seen(names, "structure").title == "Structure of model"


def test_a_model_is_found_in_an_object_a_list_and_a_dict():
    class Trainer:
        def __init__(self) -> None:
            self.model = torch.nn.Linear(2, 1)

    for holder, name in ((Trainer(), "it.model"), ([Trainer().model], "it[0]"), ({"a": Trainer().model}, "it['a']")):
        assert seen({"it": holder, "x": torch.ones(3, 2)}, "structure").title == f"Structure of {name}"


def test_weights_of_torch_have_torchs_shape():
    names = {"m": torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5)), "x": torch.ones(1, 1, 9, 9)}
    tiles = seen(names, "weights").panels[0]
    assert tiles.title.startswith("weight, shape (6, 1, 5, 5)") and len(tiles.pictures) == 6
    kernel = names["m"][0].weight.detach().numpy()[2, 0]
    assert np.array(tiles.pictures[2]) == pytest.approx(kernel, abs=1e-3)
    dense = seen({"m": torch.nn.Linear(4, 3), "x": torch.ones(1, 4)}, "weights").panels[0]
    assert (dense.title, len(dense.values), len(dense.values[0])) == ("weight, shape (3, 4)", 3, 4)


def test_what_skips_a_layer_has_a_row_of_its_own():
    given = keras.Input((8, 8, 3))
    kept = x = layers.Conv2D(4, 3, padding="same", activation="relu")(given)
    x = layers.Conv2D(4, 3, padding="same")(x)
    x += kept
    x = layers.ReLU()(x) * 2.0
    model = keras.Model(given, layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(x)))
    model.compile("sgd", "sparse_categorical_crossentropy")
    told(model, rng.normal(size=(20, 8, 8, 3)).astype("float32"), rng.integers(0, 2, 20))
    rows = table(seen({"m": model}, "structure"))
    assert [(row["kind"], row["output shape"], row["parameters"], row["mult-adds"]) for row in rows] == [
        ("Conv2D", "(8, 8, 4)", "112", "6,912"), ("Conv2D", "(8, 8, 4)", "148", "9,216"), ("Add", "(8, 8, 4)", "0", ""),
        ("ReLU", "(8, 8, 4)", "0", ""), ("Multiply", "(8, 8, 4)", "0", ""),
        ("GlobalAveragePooling2D", "(4,)", "0", ""), ("Dense", "(2,)", "10", "8"),
    ]  # fmt: skip
    assert seen({"m": model}, "structure").words.startswith("5 layers with 270 parameters.")
    added = next(row["layer"] for row in rows if row["kind"] == "Add")
    assert seen({"m": model}, "activations", layer=added).words.startswith(f"{added} gives values from")


class Skips(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(4, 4), torch.nn.Linear(4, 1)

    def forward(self, x):
        return self.second(x + torch.relu(self.first(x)))


def test_of_a_torch_module_it_is_said_that_only_layers_have_rows():
    names = {"net": Skips(), "x": torch.zeros(10, 4), "y": torch.zeros(10, 1)}
    assert "What forward computes between layers, if anything, has no row." in seen(names, "structure").words
    plain = {"net": torch.nn.Sequential(torch.nn.Linear(4, 1)), "x": torch.zeros(10, 4), "y": torch.zeros(10, 1)}
    assert "has no row" not in seen(plain, "structure").words


@pytest.mark.parametrize("kind", [layers.LSTM, layers.GRU, layers.SimpleRNN])
@pytest.mark.parametrize("all_steps", [False, True])
def test_both_halves_of_a_bidirectional_layer_go_through_their_steps(kind, all_steps):
    both = layers.Bidirectional(kind(3, return_sequences=all_steps))
    model = keras.Sequential([keras.Input((5, 2)), both, layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = rng.normal(size=(20, 5, 2)).astype("float32")
    told(model, x, rng.normal(size=(20, 1)).astype("float32"))
    forward, backward = seen({"m": model}, "states"), seen({"m": model}, "states", layer=f"{both.name} backward")
    assert forward.title == f"{both.name} forward over time" and "reads from the end" in backward.words
    gave = np.asarray(both(x[:1]).detach())[0]
    last = gave if not all_steps else np.concatenate([gave[-1, :3], gave[0, 3:]])
    for scene, expected in ((forward, last[:3]), (backward, last[3:])):
        state = panel(scene, Tiles).pictures[0]
        assert np.allclose(np.asarray(state)[:, -1], expected, atol=1e-4)


@dataclass(slots=True)
class Slotted:
    net: Any


@dataclass
class Ensemble:
    nets: Any


def test_a_model_is_found_in_a_list_of_an_object_and_in_slots_too():
    net = torch.nn.Linear(2, 1)
    for holder, name in ((Slotted(net), "it.net"), (Ensemble([net]), "it.nets[0]"), ({"a": [net]}, "it['a'][0]"),
                         ([Ensemble(net)], "it[0].nets")):  # fmt: skip
        names = {"it": holder, "loss": torch.nn.MSELoss(), "x": torch.ones(3, 2)}
        assert seen(names, "structure").title == f"Structure of {name}"
    nearer = {"net": torch.nn.Linear(2, 1), "it": Ensemble([net]), "x": torch.ones(3, 2)}
    assert seen(nearer, "structure").title == "Structure of net"


@pytest.mark.parametrize(
    ("part", "size", "weight"),
    [
        (torch.nn.Conv1d(2, 3, 4), (2, 9), "weight, shape (3, 2, 4)"),
        (torch.nn.Conv3d(1, 2, 3), (1, 6, 5, 4), "weight, shape (2, 1, 3, 3, 3)"),
        (torch.nn.ConvTranspose2d(2, 3, 4), (2, 5, 5), "weight, shape (2, 3, 4, 4), for input 0"),
        (torch.nn.LSTM(3, 4, batch_first=True), (6, 3), "weight_ih_l0, shape (16, 3)"),
        (torch.nn.BatchNorm2d(4), (4, 3, 3), "weight, shape (4,)"),
    ],
)
def test_torchs_layers_of_every_kind_have_torchs_shapes_in_torchs_order(part, size, weight):
    names = {"m": part, "x": torch.zeros(5, *size)}
    total = sum(each.numel() for each in part.parameters())
    assert seen(names, "weights").panels[0].title == weight
    assert [row["parameters"] for row in table(seen(names, "structure"))] == [str(total)]
    assert seen(names, "activations").words.startswith("m gives values from")


class Doubles(torch.utils.data.Dataset):
    """Gives its samples one by one, and draws something at random for each."""

    def __len__(self):
        return 20

    def __getitem__(self, at):
        torch.rand(1), np.random.rand()
        return torch.full((3,), float(at)), torch.tensor(float(2 * at))


def test_the_data_of_a_loader_are_those_of_its_data_set_and_no_dice_are_thrown():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    told(model, torch.utils.data.DataLoader(Doubles(), batch_size=5, shuffle=True))
    before = torch.random.get_rng_state(), np.random.get_state()[1].copy()
    x, y = Subject("model", model, {}).data
    assert x[0][7].tolist() == [7.0, 7.0, 7.0] and y is not None and y[7] == 14.0 and len(y) == 20
    assert torch.equal(torch.random.get_rng_state(), before[0]) and (np.random.get_state()[1] == before[1]).all()
