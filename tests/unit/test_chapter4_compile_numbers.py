"""What lesson 4.4 states in figures, and the six curves that it asks about."""

import math

import numpy as np
import pytest

from tests.lesson_text import answer, source
from tutor import figures, paths
from tutor.figures import diagnose
from tutor.figures.shared.boston import rooms_and_prices
from tutor.plots import words

FILE = paths.lessons_dir() / "04-optimization" / "04-compile-and-fit.md"
TEXT = source(FILE)
NOTHING = math.log(3)


@pytest.fixture(scope="module")
def curves():
    """Of each training in trouble: the losses, and the accuracy at the end."""
    runs = {name: list(case.trouble()) for name, case in diagnose.CASES.items()}
    return {name: (np.array([p.loss for p in points]), points[-1].accuracy) for name, points in runs.items()}


def test_length_of_the_history():
    assert answer(FILE, "length-of-history") == 25
    assert "120 / 30 = 4 batches" in TEXT


def test_knowing_nothing_costs_log_3():
    assert f"{NOTHING:.2f} for three" in TEXT and f"log 3 = {NOTHING:.2f}" in TEXT


def test_curve_a_creeps(curves):
    losses, _ = curves["a"]
    steps = np.diff(losses)
    assert np.all(steps < 0) and losses[-1] > NOTHING  # "not even down to that of knowing nothing"
    assert 0.5 < steps[-5:].mean() / steps[:5].mean() < 1.5  # "no sign of levelling out"


def test_curve_b_diverges(curves):
    losses, _ = curves["b"]
    line = rooms_and_prices()
    assert np.all(np.diff(losses) > 0) and np.all(np.diff(losses, 2) > 0)  # "only rises, faster and faster"
    assert f"{losses[0]:.0f}" == "592" and (line.y**2).mean() == pytest.approx(losses[0])
    assert 1 / (line.x**2).mean() == pytest.approx(0.025, abs=2e-4)  # the limit that the text gives


def test_curve_c_is_down_soon_and_jagged(curves):
    losses, accuracy = curves["c"]
    assert losses[4] < NOTHING / 3 and accuracy > 0.9
    assert (np.diff(losses[10:]) > 0).sum() >= 10


def test_curve_d_stays_at_log_3(curves):
    losses, accuracy = curves["d"]
    assert np.all(np.abs(losses[2:] - NOTHING) < 0.07) and 1 / 3 < accuracy < 0.45


def test_curve_e_still_falls(curves):
    losses, _ = curves["e"]
    assert len(losses) == 7 and np.all(np.diff(losses) < 0) and losses[-1] < losses[0] / 2
    assert losses[-2] - losses[-1] > 0.02


def test_curve_f_does_not_move(curves):
    losses, _ = curves["f"]
    assert np.all(losses == losses[0]) and f"{losses[0]:.0f}" == "592"


@pytest.mark.parametrize(
    ("name", "said"),
    [("a", "without ever rising"), ("b", "rising all the way"), ("c", "it rose"), ("f", "stayed at 592.1")],
)
def test_words_say_how_the_curve_goes(name, said):
    assert said in words(figures.compute("diagnose", {"curve": name}))


@pytest.mark.parametrize("name", diagnose.CASES)
def test_the_cure_helps_and_only_it_names_the_cause(name):
    trouble = words(figures.compute("diagnose", {"curve": name}))
    scene = figures.compute("diagnose", {"curve": name, "show": "cured"})
    before, after = scene.panels[0].series
    assert diagnose.CASES[name].cure in words(scene) and diagnose.CASES[name].cure not in trouble
    assert after.y[-1] < 0.75 * before.y[-1]
