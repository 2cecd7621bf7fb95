"""The figures' recurrent networks and the attention of lesson 8.1, held to Keras and torch."""

from __future__ import annotations

import functools
import json
import subprocess
import sys

import pytest

from tutor import paths
from tutor.course import loader
from tutor.course.model import Exercise

KINDS = ("rnn", "lstm", "gru")
SCRIPT = """
import json, sys
import keras
import numpy as np
import torch
from tutor import data
from tutor.figures.shared.recurrent import Recurrent

said = {}
rng = np.random.default_rng(0)
cells = {
    "rnn": keras.layers.SimpleRNN(6),
    "lstm": keras.layers.LSTM(6),
    "gru": keras.layers.GRU(6, reset_after=False),
}
for kind, cell in cells.items():
    net = Recurrent(kind, 4, 6, 3, gate_bias=1.5, seed=3)
    for p in net.parameters:
        p += rng.normal(0, 0.1, p.shape).astype(np.float32)
    model = keras.Sequential([keras.Input((9, 4)), cell, keras.layers.Dense(3, activation="softmax")])
    model.set_weights(net.parameters)
    x = rng.normal(size=(5, 9, 4)).astype(np.float32)
    said[kind] = float(np.abs(net.forward(x).probabilities - model.predict(x, verbose=0)).max())

q, k, v = rng.normal(size=(5, 8)), rng.normal(size=(7, 8)), rng.normal(size=(7, 3))
mask = rng.random((5, 7)) < 0.6
mask[:, 2] = True
for number, code in enumerate(json.loads(sys.argv[1])):
    names = {"np": np}
    exec(code, names)
    for seen in (None, mask):
        ours = names["attention"](q, k, v, seen)
        given = None if seen is None else torch.as_tensor(seen)
        theirs = torch.nn.functional.scaled_dot_product_attention(*map(torch.as_tensor, (q, k, v)), attn_mask=given)
        scores = keras.ops.matmul(q, k.T) / np.sqrt(8)
        scores = scores if seen is None else keras.ops.where(seen, scores, -1e30)
        by_keras = keras.ops.convert_to_numpy(keras.ops.matmul(keras.ops.softmax(scores, axis=-1), v))
        which = f"attention {number} {'plain' if seen is None else 'masked'}"
        said[which] = [float(np.abs(ours - theirs.numpy()).max()), float(np.abs(ours - by_keras).max())]

layer = keras.layers.MultiHeadAttention(num_heads=1, key_dim=8)
steps = keras.Input((12, 16))
layer(steps[:, -1:], steps)
said["parameters"] = layer.count_params()

digits = data.load("mnist5k")
rows = np.random.default_rng(0).permutation(5000)
x, y = digits["images"][rows] / 255, digits["labels"][rows].astype(int)
shares = []
for seed in range(3):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    model.fit(x[:1000], y[:1000], epochs=10, batch_size=50, verbose=0)
    shares.append(float((model.predict(x[4000:], verbose=0).argmax(axis=1) == y[4000:]).mean()))
said["digits"] = float(np.mean(shares))
print(json.dumps(said))
"""


def solutions(name: str) -> list[str]:
    course = loader.load_course(paths.lessons_dir(), None)
    entry, _ = loader.find_task(course, name)
    task = loader.task_of(loader.load_lesson(course, entry.id), name)
    assert isinstance(task, Exercise)
    return [source.code for source in task.solutions]


@functools.cache
def said() -> dict:
    command = [sys.executable, "-c", SCRIPT, json.dumps(solutions("attention"))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_forward_pass_is_that_of_keras(kind):
    assert said()[kind] < 1e-5


@pytest.mark.parametrize("seen", ["plain", "masked"])
@pytest.mark.parametrize("number", [0, 1])
def test_attention_is_that_of_torch_and_of_keras(number, seen):
    assert max(said()[f"attention {number} {seen}"]) < 1e-6


def test_an_attention_layer_has_552_parameters():
    assert said()["parameters"] == 552


def test_the_linear_model_on_digits_reaches_87_percent():
    assert said()["digits"] == pytest.approx(0.87, abs=0.006)
