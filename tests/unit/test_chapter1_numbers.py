"""Every figure that the text of chapter 1 states, computed here and then looked for in the text."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.lesson_text import says, source, tasks
from tutor import data, paths

FOLDER = paths.lessons_dir() / "01-introduction"
BOSTON = data.load("boston")
X, Y = BOSTON["RM"], BOSTON["PRICE"]
SXX, SXY = X @ X, X @ Y
BEST = SXY / SXX


@pytest.fixture(scope="module")
def perceptron():
    return source(FOLDER / "01-perceptron.md")


@pytest.fixture(scope="module")
def descent():
    return source(FOLDER / "02-gradient-descent.md")


@pytest.fixture(scope="module")
def wrap_up():
    return source(FOLDER / "03-introduction-wrap-up.md")


def loss(w):
    return ((w * X - Y) ** 2).sum()


def slope(w):
    return 2 * ((w * X - Y) * X).sum()


def path(rho, w=0.0, steps=10):
    walked = [w]
    for _ in range(steps):
        walked.append(walked[-1] - rho * slope(walked[-1]))
    return walked


# ------------------------------------------------------------------ 1.1


def test_price_by_hand(perceptron):
    rooms, nitrogen = X[0], BOSTON["NOX"][0]
    says(perceptron, f"{rooms:.3f}", f"{nitrogen:.3f}", f"{8 * rooms - 20 * nitrogen - 17:.2f}", f"was {Y[0]:.1f}")


def test_the_table_has_six_inputs(perceptron):
    assert len(BOSTON.columns) - 1 == 6
    says(perceptron, ", ".join(BOSTON.columns[:-1]), f"{len(BOSTON)} rows and {len(BOSTON.columns)} columns")


def test_one_neuron_cannot_do_xor_but_and_and_or():
    corners = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
    grid = np.linspace(-3, 3, 25)
    weights = np.stack(np.meshgrid(grid, grid, grid), axis=-1).reshape(-1, 3)
    tables = {tuple(row) for row in (weights[:, :2] @ corners.T + weights[:, 2:] > 0).astype(int).tolist()}
    assert (0, 0, 0, 1) in tables and (0, 1, 1, 1) in tables
    assert (0, 1, 1, 0) not in tables and (1, 0, 0, 1) not in tables


# ------------------------------------------------------------------ 1.2


def test_three_districts(descent):
    for rooms, price in zip(X[:3], Y[:3], strict=True):
        error = 3 * rooms - price
        says(descent, f"{rooms:.3f}", f"{price:.1f}", f"{3 * rooms:.3f}", f"{error:.3f}", f"{error**2:.3f}")


def test_prices_are_capped(descent):
    assert (Y == 50).sum() > 10 and Y.max() == 50
    says(descent, "above 50")


def test_best_weight(descent):
    says(descent, f"{BEST:.3f}", f"{loss(BEST):,.0f}", f"{SXX:,.1f}")
    assert round(BEST, 5) == 3.65335


def test_ten_steps(descent):
    says(descent, f"{path(1e-5)[-1]:.4f}", f"{path(1e-5)[-1]:.3f}", f"{path(1e-6)[-1]:.3f}", f"{path(5e-5)[1]:.2f}")
    assert path(5e-5)[-1] == pytest.approx(-0.9534, abs=1e-4)
    says(descent, f"{slope(0):,.0f}", f"{path(1e-6)[1]:.3f} long")


def test_factors_of_a_step(descent):
    says(descent, f"it is {1 - 2e-5 * SXX:.3f}")
    taken, overshot = 2 * 1e-6 * SXX, 2 * 5e-5 * SXX - 1
    assert taken == pytest.approx(0.04, abs=5e-3)  # "takes away only 4 %"
    assert overshot == pytest.approx(1.02, abs=5e-3)  # "2 % more than it corrects"
    assert 0.3 < path(1e-6)[-1] / BEST < 0.37  # "about a third of the way"


def test_largest_rate(descent):
    says(descent, f"{SXX:.3f}", f"{SXX:.1f}", f"{1 / SXX:.2e}".replace("e-0", "e-"))
    below, above = path(0.99 / SXX, steps=500), path(1.01 / SXX, steps=500)
    assert abs(below[-1] - BEST) < 1e-3 < 1e3 < abs(above[-1] - BEST)
    assert path(0.5 / SXX)[1] == pytest.approx(BEST)  # one step at half of it


def test_diverging_descent_takes_fifteen_thousand_steps_to_overflow(descent):
    distance = abs(1 - 2 * 5e-5 * SXX)
    steps = np.log(np.finfo(float).max) / np.log(distance) / 2  # the loss is the square
    assert 1.45e4 < steps < 1.55e4
    says(descent, "some fifteen thousand steps", "−0.953", "−150,000")
    assert 10 * np.log(abs(1 - 2 * 1e-5 * SXX)) < 10 * 10 * np.log(abs(1 - 2 * 1e-6 * SXX))  # "more than ten times"


def test_grid_takes_three_years(descent):
    years = 100**7 / 1e6 / (365 * 24 * 3600)
    assert years == pytest.approx(3, abs=0.3)
    says(descent, "10 ** 14", "three years")


def test_condition_numbers(descent):
    raw = np.stack([X, np.ones_like(X)], axis=1)
    centred = np.stack([X - X.mean(), np.ones_like(X)], axis=1)
    says(descent, f"{np.linalg.cond(raw.T @ raw):,.0f}", f"{X.mean():.3f}")
    assert np.linalg.cond(centred.T @ centred) == pytest.approx(2, abs=0.05)
    # the rates of "with and without centring": about half of what each can stand
    for table, rho in ((raw, 2.4e-5), (centred, 1e-3)):
        largest = 1 / np.linalg.eigvalsh(table.T @ table).max()
        assert 0.45 < rho / largest < 0.55


def test_slope_and_intercept(descent):
    (w, b), (residual,), *_ = np.linalg.lstsq(np.stack([X, np.ones_like(X)], axis=1), Y, rcond=None)
    says(descent, f"{w:.2f}", f"{b:.2f}", f"{Y.mean():.2f}", f"{residual:,.0f}")
    says(descent, f"{Y.mean():.3f} - {w:.3f} \\cdot {X.mean():.3f} = {b:.2f}")
    assert round(round(Y.mean(), 3) - round(w, 3) * round(X.mean(), 3), 2) == round(b, 2)
    says(descent, f"{w:.5f}", f"{Y.mean():.5f}")


def test_raw_rooms_creep_and_centred_ones_arrive(descent, capsys):
    question = tasks(FOLDER / "02-gradient-descent.md")["centred-or-not"]
    exec(compile(question.code.code, "centred-or-not", "exec"), {})
    raw, centred = capsys.readouterr().out.splitlines()
    assert raw.startswith("raw") and 25_000 < number_at_end(raw) < 30_000
    assert number_at_end(centred) == 22_062


def number_at_end(line: str) -> float:
    return float(line.split()[-1].replace(",", ""))


# ------------------------------------------------------------------ 1.3


def test_steps_by_default(wrap_up):
    assert -(-506 // 32) == 16 and 506 - 15 * 32 == 26
    says(wrap_up, f"{506 / 32:.1f}", "26", "160")


def test_best_mean_squared_error(wrap_up):
    says(wrap_up, f"{loss(BEST) / len(X):.2f}", f"{506 * 1e-5:.5f}")


def test_keras_walks_the_same_way(wrap_up, tmp_path):
    """The weights that the text gives for Keras: 2.07 after ten epochs at 1e-3, 3.633 at 506e-5."""
    run = tasks(FOLDER / "03-introduction-wrap-up.md")["train-in-keras"]
    code = run.code.code
    assert "1e-3" in code
    told = keras_says(tmp_path, code, code.replace("1e-3", "506 * 1e-5"))
    says(wrap_up, f"{told[0]:.2f}", f"{path(1e-5)[-1]:.3f}")
    assert told[0] == pytest.approx(2.066, abs=1e-3)
    assert told[1] == pytest.approx(path(1e-5)[-1], rel=1e-5)


def keras_says(folder, *programs: str) -> list[float]:
    """The number with which each program's output ends; all in one process, as importing Keras takes seconds."""
    script = folder / "programs.py"
    script.write_text("\n".join(f"exec({program!r}, {{}})" for program in programs), encoding="utf-8")
    env = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    return [number_at_end(line) for line in done.stdout.splitlines() if line.startswith("w after")]
