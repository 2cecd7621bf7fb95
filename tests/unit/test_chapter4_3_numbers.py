"""Every figure that the texts of lessons 4.3 and 4.5 state, computed here and then looked for in the text."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.lesson_text import says, source, tasks
from tutor import data, paths
from tutor.figures import chain_rule

FOLDER = paths.lessons_dir() / "04-optimization"
BOSTON = data.load("boston")


@pytest.fixture(scope="module")
def depth():
    return source(FOLDER / "03-the-curse-of-depth.md")


@pytest.fixture(scope="module")
def preprocessing():
    return source(FOLDER / "05-preprocessing.md")


# ------------------------------------------------------------------ 4.3


def test_slopes_of_the_first_page(depth):
    slopes = chain_rule.worked_out(1.0, 0.0, (1.0, 2.0, 1.5), "sigmoid").slopes
    says(depth, f"The slopes are {slopes[0]:.3f}, {slopes[1]:.3f} and {slopes[2]:.3f}")
    assert slopes[2] / slopes[0] == pytest.approx(9, abs=0.5)  # "nine times smaller"


def test_nudges_print_these_slopes(capsys):
    exec(compile(tasks(FOLDER / "03-the-curse-of-depth.md")["nudge-a-weight"].code.code, "nudge", "exec"), {})
    printed = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()]
    exact = chain_rule.worked_out(1.0, 0.0, (1.0, 2.0, 1.5), "sigmoid").slopes
    assert printed == pytest.approx(exact, rel=1e-3)


def test_ten_sigmoids(depth):
    assert tasks(FOLDER / "03-the-curse-of-depth.md")["ten-sigmoid-layers"].answer == "0.25 ** 10"
    assert 4**10 == 1_048_576
    says(depth, "1/1,048,576", "9.5e-7")
    o = np.linspace(-10, 10, 2001)
    s = 1 / (1 + np.exp(-o))
    assert (s * (1 - s)).max() == pytest.approx(0.25) and (1 - np.tanh(o) ** 2).max() == pytest.approx(1)


def test_guessing_costs_log_two(depth):
    says(depth, f"\\approx {np.log(2):.2f}", f"log 3 = {np.log(3):.3f}")


def test_most_starts_learn_xor():
    """ "A few find none": counted for starts such as the exercise asks for."""
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([[0], [1], [1], [0.0]])
    solved = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        w1, b1, w2, b2 = rng.normal(size=(2, 4)), np.zeros(4), rng.normal(size=(4, 1)), np.zeros(1)
        for _ in range(1000):
            h = np.tanh(x @ w1 + b1)
            g2 = (1 / (1 + np.exp(-(h @ w2 + b2))) - y) / 4
            g1 = (g2 @ w2.T) * (1 - h**2)
            w1, b1 = w1 - 2 * x.T @ g1, b1 - 2 * g1.sum(axis=0)
            w2, b2 = w2 - 2 * h.T @ g2, b2 - 2 * g2.sum(axis=0)
        solved += bool(((np.tanh(x @ w1 + b1) @ w2 + b2 > 0) == (y > 0.5)).all())
    assert 26 <= solved < 30


# ------------------------------------------------------------------ 4.5


def test_sizes_of_the_columns(preprocessing):
    tax, nox = BOSTON["TAX"], BOSTON["NOX"]
    says(preprocessing, f"TAX lies around {tax.mean():.0f}", "NOX around 0.55")
    assert 700 < tax.mean() / nox.mean() < 750 and nox.mean() == pytest.approx(0.55, abs=0.006)


def test_standardised_tax(preprocessing):
    tax = BOSTON["TAX"]
    says(preprocessing, f"{tax.mean():.1f}", f"{tax.std():.1f}", f"a TAX of {tax[0]:.0f}")
    assert (tax[0] - tax.mean()) / tax.std() == pytest.approx((296 - 408.2) / 168.4, rel=2e-3)
    says(preprocessing, f"{(296 - 408.2) / 168.4:.3f}")


def test_income_against_height():
    assert 20_000 < 40_000 / 1.7 < 25_000  # "some twenty thousand times"


def test_what_keras_makes_of_it(tmp_path):
    """Boston raw and standardised, Iris with twelve hidden layers of sigmoids and of relu: as the texts say."""
    boston = tasks(FOLDER / "05-preprocessing.md")["boston-raw"]
    deep = tasks(FOLDER / "03-the-curse-of-depth.md")["deep-in-keras"].code.code
    assert "sigmoid" in deep and "glorot_uniform" in deep
    relu = deep.replace("sigmoid", "relu").replace("glorot_uniform", "he_normal")
    small_rate = boston.code.code.replace("learning_rate=0.01", "learning_rate=0.00001")
    programs = (boston.setup.code + boston.code.code, boston.setup.code + small_rate, deep, relu)
    raw, standard, still_raw, _, share, better = keras_says(tmp_path, *programs)
    assert np.isnan(raw) and np.isnan(still_raw) and standard == pytest.approx(36, abs=2)
    assert share < 0.4 and better > 0.6


def keras_says(folder, *programs):
    """The number with which each line of the programs' output ends; all in one process, as Keras is slow to import."""
    script = folder / "programs.py"
    seeded = [f"import keras; keras.utils.set_random_seed(0)\nexec({program!r}, {{}})" for program in programs]
    script.write_text("\n".join(seeded), encoding="utf-8")
    env = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.split(":")[0] in SAID]
    return [float(line.split()[-1]) for line in lines]


SAID = ("raw columns", "standardised columns", "share that is right")
