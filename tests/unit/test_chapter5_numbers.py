"""Every figure that the text of chapter 5 states, computed here and then looked for in the text."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from tests.lesson_text import says, tasks
from tutor import data, paths

FOLDER = paths.lessons_dir() / "05-regularization"


def file(number: str):
    (found,) = FOLDER.glob(f"{number}-*.md")
    return found


def ran(folder, number: str, name: str) -> str:
    """What a run block or a prediction prints."""
    task = tasks(file(number))[name]
    code = f"{task.setup.code if task.setup else ''}\n{task.code.code}"
    script = folder / "program.py"
    script.write_text(code, encoding="utf-8")
    env = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def after(text: str, label: str) -> float:
    """The number that follows a label in what a program printed."""
    found = re.findall(re.escape(label) + r"\s*([-\d.]+)", text)
    assert found, f"{label!r} is not in {text!r}"
    return float(found[-1].rstrip("."))


# ------------------------------------------------------------------ 5.1


def test_three_polynomials():
    rng = np.random.default_rng(1)

    def measure(n):
        x = np.sort(rng.uniform(-1, 1, n))
        return x, np.sin(3 * x) + rng.normal(0, 0.3, n)

    (x, y), (x_new, y_new) = measure(12), measure(1000)
    fits = [np.polynomial.Polynomial.fit(x, y, degree) for degree in (1, 3, 9)]
    known = [f"{((f(x) - y) ** 2).mean():.3f}" for f in fits]
    fresh = [f"{((f(x_new) - y_new) ** 2).mean():.3f}" for f in fits]
    says(file("01"), f"{known[0]}, {known[1]}, {known[2]}.", f"{fresh[0]}, {fresh[1]} and {fresh[2]}")
    assert len(fits[2].coef) == 10
    exact = np.polynomial.Polynomial.fit(x, y, 11)
    assert ((exact(x) - y) ** 2).mean() < 5e-4  # "up to 11, where the error on the 12 points is 0"


def test_the_last_rows_of_iris_are_all_of_one_species():
    species = data.load("iris")["species"]
    trained, held = species[:105], species[105:]
    assert set(held) == {2} and len(held) == 45 and (trained == 2).sum() == 5
    says(file("01"), "105 − 100 = 5", "45 rows held back are all of")


def test_trained_on_the_first_rows_it_fails_on_the_last(tmp_path):
    printed = ran(tmp_path, "01", "last-rows")
    assert after(printed, "training") == pytest.approx(1.00, abs=0.01)
    assert 0.4 < after(printed, "validation") < 0.75
    says(file("01"), "0.56 in this run", "reaches 1.00")


def test_two_curves(tmp_path):
    printed = ran(tmp_path, "01", "two-curves")
    assert 8 <= after(printed, "in epoch") <= 18  # "for about a dozen epochs"
    assert after(printed, "end: loss") < 0.02 and after(printed, "val_loss") > 0.25
    assert (4 + 1) * 64 + (64 + 1) * 64 + (64 + 1) * 3 == 4675
    says(file("01"), "4,675 parameters")


# ------------------------------------------------------------------ 5.2


def test_parameters_of_the_cloud_network():
    assert (2 + 1) * 64 + (64 + 1) * 64 + (64 + 1) == 4417
    says(file("02"), "4,417 parameters")


def test_penalty_by_hand():
    w1, w2 = np.array([[1, -2], [0, 3]]), np.array([[2], [-1]])
    assert (w1**2).sum() == 14 and (w2**2).sum() == 5
    assert 14 + 5 + 3**2 + 4**2 + 0 == 44 and np.abs(w1).sum() + np.abs(w2).sum() == 9
    assert w1.sum() + w2.sum() == 3
    says(file("02"), "1 + 4 + 0 + 9 = 14", "0.19")


def test_decay_of_a_weight():
    left = 3 * (1 - 2 * 0.1 * 0.05) ** 100
    assert round(left, 3) == 1.098
    says(file("02"), "0.99 ** 100 = 1.098")


def clouds(n, seed):
    y = np.arange(n) % 2
    return np.random.default_rng(seed).normal(size=(n, 2)) + np.where(y[:, None] == 1, 0.9, -0.9), y


def test_nobody_does_better_than_the_straight_line():
    x, y = clouds(1000, 1)
    p = 1 / (1 + np.exp(-2 * 0.9 * x.sum(axis=1)))  # the probability of class 1, from the two densities
    loss = -np.log(np.where(y == 1, p, 1 - p)).mean()
    assert ((p > 0.5) == y).mean() == pytest.approx(0.9, abs=0.005)
    says(file("02"), f"{loss:.3f}", "nine times in ten")


def test_with_and_without_a_penalty(tmp_path):
    printed = ran(tmp_path, "02", "without-penalty")
    rows = [line for line in printed.splitlines() if line.startswith("lambda")]
    losses, squares = zip(*((after(row, "new loss"), after(row, "squares")) for row in rows), strict=True)
    assert losses[0] == pytest.approx(0.65, abs=0.1) and losses[1] == pytest.approx(0.26, abs=0.01)
    assert squares[0] > 200 and squares[1] == pytest.approx(7, abs=1)
    says(file("02"), "over 200 to about 7", "about 0.65 to 0.26")


def test_the_first_loss_has_the_penalty_in_it():
    """Glorot's uniform weights have variance 2 / (inputs + units): their squares add up to about 70."""
    squares = sum(a * b * 2 / (a + b) for a, b in ((2, 64), (64, 64), (64, 1)))
    assert squares == pytest.approx(70, abs=2)
    assert np.log(2) + 0.01 * squares == pytest.approx(1.4, abs=0.05)
    says(file("02"), "about 1.4", "0.693")


# ------------------------------------------------------------------ 5.3


def test_the_validation_loss_is_the_lower_one(tmp_path):
    printed = ran(tmp_path, "03", "which-loss-is-lower")
    assert after(printed, "lower than loss in") >= 40
    assert after(printed, "without masks:") < after(printed, "epoch: loss")


def test_masks():
    says(file("03"), f"2 ** 20 = {2**20:,}", "3 / 0.8 = 3.75")
    assert tasks(file("03"))["kept-and-scaled"].answer == "3 / 0.8"
