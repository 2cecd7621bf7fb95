"""What the text of chapter 3 states in figures, computed here and then looked for in the text; its figures' words."""

import numpy as np
import pytest

from tests.lesson_text import answer, says, source
from tutor import data, figures, paths
from tutor.figures import outlier
from tutor.plots import words

FOLDER = paths.lessons_dir() / "03-losses"
BOSTON = data.load("boston")
X, Y = BOSTON["RM"], BOSTON["PRICE"]


@pytest.fixture(scope="module")
def squares():
    return source(FOLDER / "01-mean-squared-error.md")


@pytest.fixture(scope="module")
def logistic():
    return source(FOLDER / "02-logistic-loss.md")


# ------------------------------------------------------------------ 3.1


def test_three_districts(squares):
    errors = 3 * X[:3] - Y[:3]
    for error in errors:
        says(squares, f"{error:.3f}", f"{error**2:.3f}", f"{abs(error):.3f}")
    mse, mae = (errors**2).mean(), np.abs(errors).mean()
    says(squares, f"*mean* | {mse:.3f} | {mae:.3f} |", f"{mae * 1000:,.0f} dollars", f"{np.sqrt(mse):.3f}")
    says(squares, f"{np.sqrt(mse) * 1000:,.0f} dollars", f"{100 * errors[2] ** 2 / (errors**2).sum():.0f} % of the sum")
    assert round(errors[2] / errors[0]) == 3 and round((errors[2] / errors[0]) ** 2) == 9


def test_rmse_of_the_best_line(squares):
    best = X @ Y / (X @ X)
    rmse = np.sqrt(((best * X - Y) ** 2).mean())
    says(squares, f"{rmse:.3f} thousand dollars")
    assert answer(FOLDER / "01-mean-squared-error.md", "rmse-in-dollars") == pytest.approx(1000 * rmse, rel=1e-3)


def test_two_throws(squares):
    errors = np.array([[5.0, 1.0], [2.0, 2.0]]) - np.array([[3.0, 1.0], [2.0, 5.0]])
    assert answer(FOLDER / "01-mean-squared-error.md", "mse-of-vectors") == (errors**2).mean() == 3.25
    assert (errors**2).sum(axis=1).mean() == 6.5
    says(squares, "(4 + 0 + 0 + 9) / 4 = 3.25", "6.5")


@pytest.mark.parametrize(("fifth", "squared", "absolute"), [(24, 22, 22), (84, 34, 22)])
def test_the_best_guess_for_five_homes(squares, fifth, squared, absolute):
    prices = np.array([*outlier.FOUR, fifth])
    guesses = np.arange(10, 100, 0.5)
    errors = guesses[:, None] - prices
    assert guesses[(errors**2).mean(axis=1).argmin()] == squared
    assert guesses[np.abs(errors).mean(axis=1).argmin()] == absolute
    said = words(figures.compute("outlier", {"fifth": str(fifth)}))
    assert f"their mean, {squared}," in said and f"their median, {absolute}." in said
    says(squares, "19, 21, 22, 24, 24", "(19 + 21 + 22 + 24 + 84) / 5 = 34")


# ------------------------------------------------------------------ 3.2


def test_three_forecasts(logistic):
    for p in (0.9, 0.5, 0.01):
        says(logistic, f"| {p} | {(1 - p) ** 2:.3f} | {-np.log(p):.3f} |")
    says(logistic, f"{0.9 * 0.5 * 0.8:.2f}", f"{-np.log(0.9 * 0.5 * 0.8):.3f}")


def test_three_rows_of_two_classes(logistic):
    losses = [-np.log(given) for given in (0.9, 1 - 0.2, 0.3)]
    says(logistic, *(f"{loss:.3f}" for loss in losses), f"{np.mean(losses):.3f}", f"{np.mean(losses):.4f}")
    assert answer(FOLDER / "02-logistic-loss.md", "sure-and-wrong") == pytest.approx(4.605, abs=1e-3)


def test_a_sigmoid_of_17_is_1_with_32_bits():
    sigmoid = [np.float32(1) / (np.float32(1) + np.exp(np.float32(-o))) for o in (16, 17)]
    assert sigmoid[0] < 1 == sigmoid[1]
    assert -np.log(1e-7) == pytest.approx(16.1, abs=0.05)


def test_two_flowers_and_no_idea(logistic):
    losses = -np.log([0.7, 0.3])
    says(logistic, f"{losses[0]:.3f}", f"{losses[1]:.3f}", f"{losses.mean():.4f}")
    assert answer(FOLDER / "02-logistic-loss.md", "untrained-loss") == pytest.approx(np.log(10))
    says(logistic, f"{np.log(10):.3f}", f"{np.log(3):.3f} for Iris", f"{np.log(2):.3f} for two classes")


def test_slopes_at_the_logit(logistic):
    for o in (0, -3, -6):
        p = 1 / (1 + np.exp(-o))
        slopes = p - 1, 2 * (p - 1) * p * (1 - p)
        row = f"| {o} | {p:.{4 if o else 1}f} | {slopes[0]:.{3 if o else 1}f} | {slopes[1]:.{3 if o else 2}f} |"
        says(logistic, row)


def test_the_floor_under_two_softmaxes(logistic):
    most = np.e / (np.e + 2)
    says(logistic, f"{most:.3f}", f"{-np.log(most):.3f}")


# ------------------------------------------------------------------ the figure of both


@pytest.mark.parametrize(("e", "costs"), [(2, "that costs 4, absolute 2."), (-0.5, "that costs 0.25, ")])
def test_losses_of_a_number(e, costs):
    scene = figures.compute("losses", {"view": "number", "e": str(e)})
    assert costs in words(scene) and ("too high" if e > 0 else "too low") in words(scene)
    assert [(mark.x, mark.y) for mark in scene.panels[0].marks] == [(e, e * e), (e, abs(e))]


@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.9])
def test_losses_of_a_probability(p):
    scene = figures.compute("losses", {"view": "probability", "p": str(p)})
    upper, lower = scene.panels[0].marks
    assert (upper.y, lower.y) == pytest.approx((-np.log(p), (1 - p) ** 2))
    assert ("unlikely" in words(scene) or "sure that it would not" in words(scene)) == (p < 0.5)
