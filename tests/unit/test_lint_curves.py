"""Sketches of a prediction: what the format takes, and that lint finds one that shows something else."""

from __future__ import annotations

import math

import pytest

from tutor.course.model import Choice, Predict
from tutor.lint.curves import wrong_curve
from tutor.plots.curve import Curve


def predict(*curves: tuple[float, ...], right: int = 0) -> Predict:
    choices = tuple(Choice(at == right, ()) for at in range(len(curves)))
    return Predict("p", (), choices, curves=curves)


def trained(values) -> Curve:
    curve = Curve()
    for at, value in enumerate(values):
        curve.add(float(at), value)
    return curve


FALLS, STAYS, RISES = (10.0, 1.0), (10.0, 10.0), (10.0, 30.0)


@pytest.mark.parametrize(
    ("values", "right"),
    [
        ([10 - 0.09 * at for at in range(101)], 0),
        ([10.0] * 100, 1),
        ([10 + at for at in range(200)], 2),
        ([10, 1e3, 1e9, math.inf, math.nan, math.nan], 2),
    ],
)
def test_the_right_sketch_is_the_nearest(values, right):
    for claimed in range(3):
        said = wrong_curve(predict(FALLS, STAYS, RISES, right=claimed), trained(values))
        assert (said == "") == (claimed == right), (claimed, said)


def test_what_came_out_is_said_as_a_sketch_would_have_it():
    said = wrong_curve(predict(FALLS, (10.0, 5.0, 10.0), right=1), trained([10.0, 7.0, 5.0, 3.0, 0.5]))
    assert said.endswith("the right one, 2: 10 5 0.5.")


def test_code_that_does_not_train_has_no_curve():
    assert "no curve" in wrong_curve(predict(FALLS, STAYS), trained([1.0]))
