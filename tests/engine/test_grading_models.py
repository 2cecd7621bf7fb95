"""Keras models as checks see them: right in every spelling, wrong with words that say where."""

from __future__ import annotations

import pytest

from tests.engine.test_grading_engine import verdict_on
from tutor.engine.client.engine import Engine

SETUP = """
import keras
import numpy as np
from keras import layers
rng = np.random.default_rng(0)
x = rng.normal(size=(64, 8)).astype("float32")
y = (x[:, 0] > 0).astype("float32")
"""
CHECKS = """
def check_structure(t):
    "8 inputs, hidden layers of 6 and 4, one output"
    t.model("model", inputs=8, outputs=1, params=54 + 28 + 5, layers=[(6, "relu"), (4, "tanh"), (1, "sigmoid")])

def check_penalty(t):
    "l2 on the first kernel, dropout in front of the output"
    penalty = t.penalty("model")
    t.close(penalty.dropout, [0.5])
    strengths = [entry[1]["kernel"] for entry in penalty.layers]
    t.close(strengths, [(0.0, 0.01), (0.0, 0.0), (0.0, 0.0)])
    t.close(penalty.value, 0.01 * (t.model("model").weights[0] ** 2).sum(), rtol=1e-3)

def check_loss(t):
    "binary cross-entropy"
    t.loss("model", np.array([[1.0], [0.0]]), np.array([[0.5], [0.5]]), np.log(2))

def check_fit(t):
    "30 epochs, the best weights kept"
    call = t.train_call("model")
    t.close(call["epochs"], 30)
    name, settings = call["callbacks"][0]
    assert name == "EarlyStopping" and settings["patience"] == 40, f"callbacks: {call['callbacks']}"
    t.close(len(call["history"]["loss"]), 30)

def check_better(t):
    "training has helped"
    model = t.model("model")
    right = lambda some: ((some.predict(x)[:, 0] > 0.5) == y).mean()
    t.better(right(model), than=right(model.untrained()), by=0.1, what="the share that is right")
"""
COMPILE = "model.compile(optimizer=keras.optimizers.Adam(0.02), loss='binary_crossentropy')\n"
FIT = "model.fit(x, y, epochs=30, callbacks=[keras.callbacks.EarlyStopping(monitor='loss', patience=40)], verbose=0)\n"
SEQUENTIAL = """
model = keras.Sequential([
    keras.Input(shape=(8,)),
    layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
    layers.Dense(4, activation="tanh"),
    layers.Dropout(0.5),
    layers.Dense(1, activation="sigmoid"),
])
"""
MODELS = {
    "sequential": SEQUENTIAL + COMPILE + FIT,
    "functional, with operations": """
inputs = keras.Input((8,))
h = keras.ops.relu(layers.Dense(6, kernel_regularizer="l2")(inputs))
h = layers.Activation("tanh")(layers.Dense(4)(h))
p = keras.activations.sigmoid(layers.Dense(1)(layers.Dropout(0.5)(h)))
model = keras.Model(inputs, p)
"""
    + COMPILE.replace("'binary_crossentropy'", "keras.losses.BinaryCrossentropy()")
    + FIT,
    "one model in another, penalties as l1 and l2": """
body = keras.Sequential([keras.Input((8,)), layers.Dense(6, kernel_regularizer=keras.regularizers.L1L2(0.0, 0.01)),
                         layers.ReLU(), layers.Dense(4, "tanh")])
model = keras.Sequential([keras.Input((8,)), body, layers.Dropout(0.5), layers.Dense(1), layers.Activation("sigmoid")])
"""
    + COMPILE
    + FIT,
    "built by its fit": """
model = keras.Sequential()
model.add(layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.l2(1e-2)))
model.add(layers.Dense(units=4, activation=keras.activations.tanh))
model.add(layers.Dropout(rate=0.5))
model.add(layers.Dense(1, "sigmoid"))
"""
    + COMPILE
    + FIT,
}


async def marked(engine: Engine, answer: str):
    return await verdict_on(
        engine, answer, seconds=60, exercise="model", setup=SETUP, checks=CHECKS, starter="model = ...",
        solution=MODELS["sequential"],
    )  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
async def test_right_in_every_spelling(engine: Engine, name: str) -> None:
    verdict = await marked(engine, MODELS[name])
    assert verdict.outcome == "passed", verdict


WRONG = {
    "units": (("Dense(4", "Dense(5"), "layer 2 with weights (Dense) has 5 units, expected: 4"),
    "activation": (('"tanh"', '"relu"'), "layer 2 with weights (Dense): its activation is relu, expected: tanh"),
    "no activation": ((', activation="tanh"', ""), "its activation is missing (the identity), expected: tanh"),
    "a layer more": (("    layers.Dropout", "    layers.Dense(4),\n    layers.Dropout"), "has 4 layers with weights"),
    "inputs": (("keras.Input(shape=(8,))", "keras.Input(shape=(8, 1)), layers.Flatten()"), "has shape (8, 1)"),
    "strength": (("L2(0.01)", "L2(0.1)"), "the largest error 0.09"),
    "dropout": (("Dropout(0.5)", "Dropout(0.2)"), "yours 0.2, expected 0.5"),
    "loss": (("'binary_crossentropy'", "'mse'"), "the loss it was compiled with: yours 0.25, expected 0.6931472"),
    "never compiled": ((COMPILE + FIT, ""), "The model was not compiled"),
    "never fitted": ((FIT, ""), "The model was never fitted"),
    "no callback": (("callbacks=", "validation_split=0.1, callbacks=[keras.callbacks.History()] + "), "callbacks: "),
}


@pytest.mark.parametrize("name", WRONG)
async def test_wrong_with_words_that_say_where(engine: Engine, name: str) -> None:
    (old, new), said = WRONG[name]
    assert old in MODELS["sequential"]
    verdict = await marked(engine, MODELS["sequential"].replace(old, new))
    assert verdict.outcome == "failed", verdict
    assert any(said in check.message for check in verdict.checks), verdict.checks


async def test_a_threshold_is_told_with_both_numbers(engine: Engine) -> None:
    verdict = await marked(engine, MODELS["sequential"].replace("Adam(0.02)", "SGD(1e-9)"))
    (better,) = [check for check in verdict.checks if check.name == "check_better"]
    assert better.outcome == "failed" and better.message.startswith("the share that is right: yours 0.")
    ((score, needed),) = verdict.scores.values()
    assert score < needed
