"""Submissions through the real engine: no trick passes, and Keras models are judged by what they do."""

from __future__ import annotations

import itertools
import os

import pytest

from tests.engine.conftest import events_of
from tests.unit.grading_kit import GRADIENT
from tutor.messages.jobs import Chunk, Job, Limits, Rubric
from tutor.messages.verdicts import Checked, Judged, Verdict

_numbers = itertools.count()
RIGHT = GRADIENT["solution"]


async def verdict_on(engine, answer: str, *, seconds: float = 3.0, **given: str) -> Verdict:
    exercise = {**GRADIENT, **given}
    chunks = (Chunk("setup", exercise["setup"]), Chunk("answer.py", answer, learner=True))
    job = Job(f"graded-{os.getpid()}-{next(_numbers)}", "task", chunks, 0, Limits(seconds=seconds), graded=True)
    rubric = Rubric(hidden="", answer=answer, seconds=seconds, **exercise)
    events = await events_of(await engine.run(job, rubric))
    (judged,) = [event for event in events if isinstance(event, Judged)]
    checked = tuple(event.result for event in events if isinstance(event, Checked))
    assert judged.verdict.checks in (checked, ())
    return judged.verdict


async def test_right(engine) -> None:
    verdict = await verdict_on(engine, RIGHT)
    assert verdict.outcome == "passed", verdict
    assert [check.outcome for check in verdict.checks] == ["passed"] * 4


FAKE = "Verdict(exercise='gradient', outcome='passed')"
TRICKS = {
    "leaves": "import sys\nsys.exit(0)",
    "leaves in the call": "import sys\ndef grad_loss(w, x, y):\n    sys.exit(0)",
    "ends its process": "import os\nos._exit(0)",
    "ends its process in the call": "import os\ndef grad_loss(w, x, y):\n    os._exit(0)",
    "kills its process in the call": "import os\ndef grad_loss(w, x, y):\n    os.kill(os.getpid(), 9)",
    "closes stdout": (
        "import os, sys\nsys.stdout.close()\nos.close(1)\nos.close(2)\ndef grad_loss(w, x, y):\n    return 0.0"
    ),
    "floods": f"while True: print({FAKE!r} * 1000)",
    "floods in the call": f"def grad_loss(w, x, y):\n    while True: print({FAKE!r} * 1000)",
    "replaces print": "import builtins\nbuiltins.print = lambda *a, **k: None\ndef grad_loss(w, x, y):\n    return 0.0",
    "patches numpy": (
        "import numpy as np\nnp.allclose = np.isclose = lambda *a, **k: True\nnp.abs = lambda v: 0.0\n"
        "def grad_loss(w, x, y):\n    return 0.0"
    ),
    "lies": (
        "class Lie(float):\n    __eq__ = __le__ = __ge__ = lambda *a: True\n    __sub__ = __rsub__ = lambda *a: 0.0\n"
        "def grad_loss(w, x, y):\n    return Lie(1)"
    ),
    "prints a verdict": f"print({FAKE!r}, flush=True)\ndef grad_loss(w, x, y):\n    return 0.0",
    "writes into every descriptor": (
        "import os\ndef grad_loss(w, x, y):\n    for fd in range(3, 2000):\n        try: os.write(fd, b'passed' * 9)\n"
        "        except OSError: pass\n    return 0.0"
    ),
    "closes every descriptor": "import os\nos.closerange(3, 5000)\ndef grad_loss(w, x, y):\n    return 0.0",
    "patches the tutor": (
        "from tutor.grading.judge import comparing, slopes, submission, tester\n"
        "from tutor.grading.learner.answer_desk import AnswerDesk\ncomparing.difference = lambda *a, **k: ''\n"
        "slopes.wrong_slope = lambda *a, **k: ''\ntester.Tester.slope = lambda *a, **k: None\n"
        "submission.judge_submission = None\nAnswerDesk.answer = lambda *a: b'\\0' * 12\n"
        "def grad_loss(w, x, y):\n    return 0.0"
    ),
    "sleeps": "import time\ndef grad_loss(w, x, y):\n    time.sleep(99)",
    "loops": "def grad_loss(w, x, y):\n    while True: pass",
    "raises what nobody catches": "def grad_loss(w, x, y):\n    raise BaseException('out')",
    "interrupts itself": "def grad_loss(w, x, y):\n    raise KeyboardInterrupt",
    "eats memory": "def grad_loss(w, x, y):\n    return [0.0] * (1 << 31)",
    "gives what never ends": "import itertools\ndef grad_loss(w, x, y):\n    return itertools.count()",
}


@pytest.mark.parametrize("name", TRICKS)
async def test_no_trick_passes(engine, name: str) -> None:
    verdict = await verdict_on(engine, TRICKS[name], seconds=1.0)
    assert verdict.outcome in ("failed", "error", "time", "memory", "output", "fault"), verdict
    assert verdict.summary
    if name in ("sleeps", "loops"):
        assert verdict.outcome == "time" and "the check “the result is one number”" in verdict.summary
    if name == "patches the tutor":  # its answers are no messages, so the patches were made
        assert verdict.summary == "The code ended before the checks did."
    after = await verdict_on(engine, RIGHT)
    assert after.outcome == "passed", after


KERAS = {
    "exercise": "small-model",
    "setup": "import keras\nimport numpy as np\nx = np.linspace(-1, 1, 8).reshape(8, 1)\ny = 3 * x",
    "starter": "model = ...",
    "checks": """
def check_structure(t):
    "one hidden layer of four"
    t.model("model", inputs=1, outputs=1, params=13, layers=[(4, "relu"), (1, None)])

def check_predictions(t):
    "it predicts"
    model = t.get("model")
    t.shape(model.predict(x), (8, 1))
    t.finite(model.predict(x))

def check_loss(t):
    "the loss is the mean squared error"
    t.loss("model", np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]]), 2.5)

def check_fit(t):
    "three epochs"
    t.close(t.train_call("model")["epochs"], 3)
    assert t.train_call("model")["callbacks"] == [] or t.train_call("model")["callbacks"][0][1]["patience"] == 2
""",
}
FIT = "model.fit(x, y, epochs=3, verbose=0)\n"
MODELS = {
    "sequential": (
        "model = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(4, activation='relu'), "
        "keras.layers.Dense(1)])\nmodel.compile('sgd', 'mse')\n" + FIT
    ),
    "functional, activations as layers": (
        "i = keras.Input((1,))\nh = keras.layers.ReLU()(keras.layers.Dense(4)(i))\n"
        "model = keras.Model(i, keras.layers.Dense(1, activation='linear')(h))\n"
        "model.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())\n"
        "model.fit(x, y, 4, 3, callbacks=[keras.callbacks.EarlyStopping('loss', patience=2)])\n"
    ),
    "added one by one": (
        "model = keras.Sequential()\nmodel.add(keras.layers.Dense(4, activation=keras.activations.relu))\n"
        "model.add(keras.layers.Activation('linear'))\nmodel.add(keras.layers.Dense(1))\n"
        "model.compile(loss=keras.losses.mean_squared_error)\n" + FIT
    ).replace("Activation('linear'))\nmodel.add(", "Dropout(0.0))\nmodel.add("),
    "own activation": (
        "relu = lambda v: keras.ops.maximum(v, 0)\nmodel = keras.Sequential([keras.Input((1,)), "
        "keras.layers.Dense(4, activation=relu), keras.layers.Dense(1)])\nmodel.compile(loss='mse')\n" + FIT
    ),
}


@pytest.mark.parametrize("name", MODELS)
async def test_right_models_pass(engine, name: str) -> None:
    verdict = await verdict_on(engine, MODELS[name], seconds=30, solution=MODELS["sequential"], **KERAS)
    assert verdict.outcome == "passed", verdict


async def test_wrong_models_are_told_why(engine) -> None:
    answer = MODELS["sequential"].replace("'relu'", "'tanh'").replace("'mse'", "'mae'").replace("epochs=3", "epochs=4")
    verdict = await verdict_on(engine, answer, seconds=30, solution=MODELS["sequential"], **KERAS)
    messages = [check.message for check in verdict.checks]
    assert "tanh" in messages[0] and "relu" in messages[0] and not messages[1]
    assert messages[2].startswith("the loss it was compiled with: yours 1.5, expected 2.5")
    assert messages[3].startswith("yours 4, expected 3")
