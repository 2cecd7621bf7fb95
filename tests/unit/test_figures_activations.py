"""The figures of lesson 2.3: slopes that are slopes, probabilities that are right, words that fit the data."""

import math

import numpy as np
import pytest

from tutor import figures
from tutor.figures.activations import ACTIVATIONS, at
from tutor.plots import words
from tutor.plots.scene import Chart, TablePanel


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_the_slopes_of_the_curves(name):
    phi, h = ACTIVATIONS[name], 1e-5
    o = np.linspace(-4.9, 4.9, 60)  # not 0, where relu has a corner
    assert phi.slope(o) == pytest.approx((phi.value(o + h) - phi.value(o - h)) / (2 * h), abs=1e-8)


@pytest.mark.parametrize(("name", "value"), [("relu", 0.0), ("leaky-relu", 0.2), ("elu", 1.0)])
def test_slopes_at_the_corner_are_those_of_the_left_side(name, value):
    assert at(ACTIVATIONS[name].slope, 0.0) == value


@pytest.mark.parametrize(
    ("name", "o", "value"),
    [
        ("gelu", 1, 0.841345),
        ("swish", 1, 0.731059),
        ("elu", -1, -0.632121),
        ("leaky-relu", -2, -0.4),
        ("tanh", 1, 0.761594),
    ],
)
def test_known_values(name, o, value):
    assert at(ACTIVATIONS[name].value, o) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "o", "said"),
    [
        ("sigmoid", 0, "4 times smaller"),
        ("sigmoid", 5, "nearly flat"),
        ("relu", -1, "changes nothing at all"),
        ("relu", 1, "comes out as it went in"),
        ("swish", -3, "falls a little"),
        ("swish", 2.5, "a little larger"),
        ("tanh", 0, "steepest at o = 0, with slope 1."),
        ("relu", 2, "slope 1 wherever o is above 0."),
        ("identity", 2, "slope 1 everywhere."),
    ],
)
def test_words_say_what_becomes_of_a_small_change(name, o, said):
    assert said in words(figures.compute("activations", {"phi": name, "o": str(o)}))


def test_the_tangent_touches_the_curve_at_the_point():
    chart = figures.compute("activations", {"phi": "gelu", "o": "1"}).panels[0]
    tangent, mark = chart.series[-1], chart.marks[0]
    assert mark.y == pytest.approx(sum(tangent.y) / 2) and mark.x == pytest.approx(sum(tangent.x) / 2)
    curve = chart.series[0]
    assert mark.y == pytest.approx(np.interp(mark.x, curve.x, curve.y), abs=1e-3)


def test_curve_slope_or_both_and_a_second_one():
    for show, labels in (("curve", ["φ(o)"]), ("slope", ["slope of φ"]), ("both", ["φ(o)", "slope of φ"])):
        panels = figures.compute("activations", {"show": show, "beside": "relu"}).panels
        assert [panel.ylabel for panel in panels if isinstance(panel, Chart)] == labels
        assert [line.label for line in panels[0].series[:2]] == ["sigmoid", "relu"]
    assert len(figures.compute("activations", {"phi": "tanh", "beside": "tanh", "show": "slope"}).panels[0].series) == 1


def probabilities(**values):
    return figures.compute("softmax", {k: str(v) for k, v in values.items()}).panels[1].values[0]


def test_softmax_of_two_one_nothing():
    assert probabilities(o1=2, o2=1, o3=0) == pytest.approx([0.665241, 0.244728, 0.090031], abs=1e-6)


def test_adding_to_all_scores_changes_nothing():
    assert probabilities(add=1000) == pytest.approx(probabilities())
    assert "only differences count" in words(figures.compute("softmax", {"add": "1000"}))


def test_the_way_worked_out():
    probability, table = figures.compute("softmax", {"view": "worked"}).panels
    assert isinstance(table, TablePanel)
    assert [float(row[4]) for row in table.rows[:3]] == pytest.approx(probability.values[0], abs=5e-5)
    assert [float(row[3]) for row in table.rows[:3]] == pytest.approx(np.exp([0, -1, -2]), abs=1e-3)


def test_temperature_divides_the_scores():
    assert probabilities(o1=4, o2=2, o3=0, t=2) == pytest.approx(probabilities())
    assert "closer together" in words(figures.compute("softmax", {"t": "5"}))
    assert "takes more" in words(figures.compute("softmax", {"t": "0.2"}))


def test_words_name_the_one_ahead_and_by_how_much():
    said = words(figures.compute("softmax", {"o1": "-1", "o2": "3", "o3": "1"}))
    assert "o₂ is ahead of o₃ by 2" in said and f"{math.exp(2):.2f} times" in said
    assert "All three scores are equal" in words(figures.compute("softmax", {"o1": "0", "o2": "0", "o3": "0"}))
    assert "two largest scores are equal" in words(figures.compute("softmax", {"o1": "2", "o2": "2", "o3": "0"}))
