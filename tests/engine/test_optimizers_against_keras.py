"""The steps that lesson 4.2 teaches, against the formula as stated and against Keras where the two agree."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tutor import paths
from tutor.course import model
from tutor.course.parser import parse_lesson
from tutor.course.walk import iter_tasks

FILE = paths.lessons_dir() / "04-optimization" / "02-momentum-and-adam.md"
START = [1.0, -2.0, 0.5]
SCRIPT = """
import json, sys
import keras
import numpy as np

def walk(optimizer, gradients):
    theta = keras.Variable(np.array({start}, dtype="float32"))
    for g in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(np.array(g, dtype="float32"))], [theta])
    return keras.ops.convert_to_numpy(theta).tolist()

gradients = json.loads(sys.argv[1])
adam = keras.optimizers.Adam(learning_rate=1e-3, epsilon=1e-7)
momentum = keras.optimizers.SGD(learning_rate=0.04, momentum=0.9)
plain = keras.optimizers.Adam()
defaults = [float(plain.learning_rate.numpy()), plain.beta_1, plain.beta_2, plain.epsilon]
print(json.dumps({{"adam": walk(adam, gradients), "momentum": walk(momentum, gradients), "defaults": defaults}}))
"""


def gradients(size: float = 1.0) -> list[list[float]]:
    """Twenty of them, none near 0."""
    rng = np.random.default_rng(0)
    found = rng.choice([-1, 1], size=(20, 3)) * rng.uniform(0.3, 3, size=(20, 3)) * size
    return [[float(v) for v in row] for row in found]


@functools.cache
def solutions(name: str) -> list[Any]:
    """The function of every solution of an exercise."""
    lesson = parse_lesson(FILE.read_text(encoding="utf-8"), FILE.name)
    task = next(task for task in iter_tasks(lesson) if task.id == name)
    assert isinstance(task, model.Exercise)
    found = []
    for solution in task.solutions:
        names: dict[str, Any] = {"np": np}
        exec(solution.code, names)
        found.append(names[name.replace("-", "_")])
    return found


@pytest.fixture(scope="module")
def keras_walks() -> dict[str, list[float]]:
    env = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    script = SCRIPT.format(start=START)
    command = [sys.executable, "-c", script, json.dumps(gradients())]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    walks: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return walks


def adam_as_stated(steps: list[list[float]], rho: float, beta_1: float, beta_2: float, eps: float) -> np.ndarray:
    """Adam with the means written out as the weighted sums that they are: nothing is carried from step to step."""
    theta = np.array(START)
    for t in range(len(steps)):
        g = np.array(steps[: t + 1])
        ages = np.arange(t, -1, -1)[:, None]
        mean = (beta_1**ages * g).sum(axis=0) / (beta_1**ages).sum()
        square = (beta_2**ages * g**2).sum(axis=0) / (beta_2**ages).sum()
        theta = theta - rho * mean / (np.sqrt(square) + eps)
    return theta


def adam_by(step: Any, steps: list[list[float]], *settings: float) -> np.ndarray:
    theta, m, s = np.array(START), np.zeros(3), np.zeros(3)
    for t, g in enumerate(steps):
        theta, m, s = step(theta, np.array(g), m, s, t, *settings)
    return theta


@pytest.mark.parametrize("eps", [1e-2, 1e-8])
@pytest.mark.parametrize("size", [1.0, 0.01])
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.8)])
def test_adam_is_the_formula(eps: float, size: float, betas: tuple[float, float]) -> None:
    for step in solutions("adam-step"):
        taken = adam_by(step, gradients(size), 0.1, *betas, eps)
        assert taken == pytest.approx(adam_as_stated(gradients(size), 0.1, *betas, eps), rel=1e-9)


def test_adam_is_that_of_keras_for_gradients_of_order_one(keras_walks: dict[str, list[float]]) -> None:
    for step in solutions("adam-step"):
        assert adam_by(step, gradients(), 1e-3, 0.9, 0.999, 1e-7) == pytest.approx(keras_walks["adam"], abs=1e-6)


def test_momentum_is_that_of_keras_at_a_tenth_of_the_rate(keras_walks: dict[str, list[float]]) -> None:
    for step in solutions("momentum-step"):
        theta, m = np.array(START), np.zeros(3)
        for g in gradients():
            theta, m = step(theta, np.array(g), m, 0.4, 0.9)
        assert theta == pytest.approx(keras_walks["momentum"], abs=1e-5)


def test_the_defaults_of_keras_are_those_of_the_text(keras_walks: dict[str, list[float]]) -> None:
    assert keras_walks["defaults"] == pytest.approx([1e-3, 0.9, 0.999, 1e-7])
