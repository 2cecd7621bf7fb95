"""Chapter 7: the steps that its exercises ask for are those of Keras's cells, up to 1e-5, and so are the counts.

Keras runs in a process of its own, and gives weights, inputs and outputs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tutor import paths
from tutor.course import loader
from tutor.course import model as m

ATOL = 1e-5
SCRIPT = """
import json
import keras
import numpy as np

rng = np.random.default_rng(1)
made = {"rnn": [], "lstm": [], "gru": []}
layers = keras.layers
kinds = {
    "rnn": layers.SimpleRNNCell, "lstm": layers.LSTMCell, "gru": lambda units: layers.GRUCell(units, reset_after=False)
}
for name, kind in kinds.items():
    for n, d, units in ((4, 3, 5), (1, 1, 2), (6, 2, 4)):
        cell = kind(units)
        cell.build((n, d))
        cell.set_weights([rng.normal(0, 0.8, w.shape) for w in cell.get_weights()])
        x, h, c = rng.uniform(-1, 1, (n, d)), rng.uniform(-1, 1, (n, units)), rng.normal(size=(n, units))
        x, h, c = (v.astype("float32") for v in (x, h, c))
        states = [h, c] if name == "lstm" else [h]
        _, after = cell(x, states)
        after = after if isinstance(after, (list, tuple)) else [after]
        made[name].append({
            "weights": [w.tolist() for w in cell.get_weights()], "x": x.tolist(),
            "before": [s.tolist() for s in states],
            "after": [keras.ops.convert_to_numpy(s).tolist() for s in after],
        })

series = rng.normal(size=(5, 7, 3)).astype("float32")
layer = layers.SimpleRNN(4, return_sequences=True)
out = keras.ops.convert_to_numpy(layer(series)).tolist()
made["unrolled"] = {"series": series.tolist(), "weights": [w.tolist() for w in layer.get_weights()], "out": out}

counts = []
for layer in (layers.SimpleRNN(4), layers.LSTM(4), layers.GRU(4, reset_after=False), layers.GRU(4)):
    layer.build((None, 50, 3))
    counts.append(layer.count_params())
made["counts"] = counts
new = layers.LSTM(4)
new.build((None, 7, 3))
made["biases"] = new.get_weights()[2].reshape(4, 4).tolist()
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def solutions(name: str) -> list[dict[str, Any]]:
    """What each solution of an exercise defines, on top of its setup."""
    course = loader.load_course(paths.lessons_dir(), None)
    entry, _ = loader.find_task(course, name)
    task = loader.task_of(loader.load_lesson(course, entry.id), name)
    assert isinstance(task, m.Exercise)
    spaces = []
    for solution in task.solutions:
        space: dict[str, Any] = {}
        exec((task.setup.code if task.setup else "") + "\n" + solution.code, space)
        spaces.append(space)
    return spaces


def arrays(values: list[Any]) -> list[np.ndarray]:
    return [np.array(v, dtype=np.float64) for v in values]


def named(weights: list[Any], keys: str) -> list[dict[str, np.ndarray]]:
    """W, U and b, their blocks side by side, as the dictionaries that the exercises have."""
    return [dict(zip(keys, np.split(w, len(keys), axis=-1), strict=True)) for w in arrays(weights)]


def same(got: Any, expected: Any) -> bool:
    return np.allclose(got, expected, rtol=0, atol=ATOL)


def test_rnn_step(made: dict[str, Any]) -> None:
    for case in made["rnn"]:
        for space in solutions("rnn-step"):
            got = space["rnn_step"](*arrays([case["x"], case["before"][0], *case["weights"]]))
            assert same(got, case["after"][0])


def test_rnn_unroll(made: dict[str, Any]) -> None:
    case = made["unrolled"]
    for space in solutions("rnn-unroll"):
        assert same(space["rnn_unroll"](*arrays([case["series"], *case["weights"]])), case["out"])


def test_lstm_step(made: dict[str, Any]) -> None:
    for case in made["lstm"]:
        for space in solutions("lstm-step"):
            got = space["lstm_step"](*arrays([case["x"], *case["before"]]), *named(case["weights"], "ifgo"))
            assert same(got[0], case["after"][0]) and same(got[1], case["after"][1])


def test_gru_step_with_z_turned_round(made: dict[str, Any]) -> None:
    """And only with z turned round: without it, it is another state."""
    for case in made["gru"]:
        x, h = arrays([case["x"], case["before"][0]])
        as_it_is, turned = named(case["weights"], "zrg"), named(case["weights"], "zrg")
        for weights in turned:
            weights["z"] = -weights["z"]
        for space in solutions("gru-step"):
            assert same(space["gru_step"](x, h, *turned), case["after"][0])
            assert not np.allclose(space["gru_step"](x, h, *as_it_is), case["after"][0], atol=1e-2)


def test_parameters(made: dict[str, Any]) -> None:
    """d = 3, H = 4: RNN, LSTM, GRU, and GRU with reset_after."""
    assert made["counts"] == [32, 128, 96, 108]


def test_biases_of_a_new_lstm(made: dict[str, Any]) -> None:
    """i, f, g, o: only the forget gate's are 1."""
    assert made["biases"] == [[0.0] * 4, [1.0] * 4, [0.0] * 4, [0.0] * 4]
