"""Models of every kind, fitted as a run does, and what to ask of them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from keras import layers

from tutor.engine.run import fit_memory, inspecting
from tutor.messages.events import Inspected
from tutor.messages.requests import Inspect
from tutor.plots.scene import Scene, TablePanel

VIEWS = list(inspecting.view_files())
rng = np.random.default_rng(0)


def ask(names: dict[str, Any], view: str, **arguments: object) -> Inspected:
    return inspecting.answer(Inspect("run", 1, view, {name: str(each) for name, each in arguments.items()}), names)


def seen(names: dict[str, Any], view: str, **arguments: object) -> Scene:
    """The scene of a view that has no problem."""
    answer = ask(names, view, **arguments)
    assert not answer.problem, answer.problem
    assert answer.scene is not None
    return answer.scene


def panel(scene: Scene, kind: type) -> Any:
    return next(each for each in scene.panels if isinstance(each, kind))


def table(scene: Scene) -> list[dict[str, str]]:
    found = panel(scene, TablePanel)
    return [dict(zip(found.header, row, strict=True)) for row in found.rows]


def told(model: Any, *data: Any, epochs: int = 1, **more: Any) -> Any:
    """Fit it as a run does: what is needed to look into it is kept."""
    model.fit(*data, epochs=epochs, verbose=0, **more, callbacks=[keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: fit_memory.begin(model))])  # fmt: skip
    fit_memory.remember(model, {"x": data[0], "y": data[1] if len(data) > 1 else None, **more})
    return model


def dense(**more: Any) -> Any:
    x = rng.normal(size=(90, 4)).astype("float32")
    y = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0.5)
    model = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return told(model, x, y, epochs=3, **more)


def lenet() -> Any:
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(6, 5, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
        layers.Dense(120, activation="relu"), layers.Dense(84, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.compile("adam", "sparse_categorical_crossentropy")
    return told(model, rng.normal(size=(40, 28, 28, 1)).astype("float32"), rng.integers(0, 10, 40))


def recurrent(layer: Any) -> Any:
    model = keras.Sequential([keras.Input((9, 3)), layer, layers.Dense(1)])
    model.compile("adam", "mse")
    x = rng.normal(size=(30, 9, 3)).astype("float32")
    return told(model, x, x.sum((1, 2)))


def two_inputs() -> Any:
    a, b, shared = keras.Input((3,)), keras.Input((2,)), layers.Dense(4, activation="tanh", name="shared")
    joined = layers.concatenate([layers.Dense(4)(a), layers.Dense(4)(b)])
    model = keras.Model(
        [a, b], layers.Dense(1, activation="sigmoid")(shared(layers.Dense(4)(shared(layers.Dense(4)(joined)))))
    )
    model.compile("sgd", "binary_crossentropy")
    first, second = rng.normal(size=(50, 3)), rng.normal(size=(50, 2))
    return told(model, [first, second], (first[:, 0] > 0).astype(int))


class Own(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.out = layers.Dense(5, activation="relu"), layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self.out(self.hidden(inputs))


def subclassed() -> Any:
    model = Own()
    model.compile("adam", "mse")
    x = rng.normal(size=(40, 2))
    return told(model, x, x[:, 0] * 3 + 1)


def module() -> dict[str, Any]:
    net = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.ReLU(), torch.nn.Linear(6, 1))
    x = torch.randn(30, 4)
    y = x[:, :1] * 2
    ((net(x) - y) ** 2).mean().backward()
    return {"net": net, "x": x, "y": y}


MODELS = {
    "dense": lambda: {"model": dense(validation_split=0.2)}, "lenet": lambda: {"model": lenet()},
    "lstm": lambda: {"model": recurrent(layers.LSTM(5))}, "two inputs": lambda: {"model": two_inputs()},
    "subclassed": lambda: {"model": subclassed()}, "torch": module,
}  # fmt: skip
