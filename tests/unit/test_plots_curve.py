"""Curves that grow: few points are kept, and nothing that can be seen is lost."""

from __future__ import annotations

import math
from array import array

import pytest

from tutor.plots.curve import MOST, Curve, smoothed


def grown(values) -> Curve:
    curve = Curve()
    for at, value in enumerate(values):
        curve.add(float(at), value)
    return curve


def test_a_million_points_take_little_room_and_a_spike_of_one_stays():
    curve = grown(1000.0 if at == 271_828 else -1000.0 if at == 654_321 else math.sin(at / 1e5) for at in range(10**6))
    assert len(curve) <= MOST and curve.count == 10**6
    assert max(curve.y) == 1000.0 and min(curve.y) == -1000.0
    assert curve.x[curve.y.index(1000.0)] == 271_828.0
    assert list(curve.x) == sorted(curve.x)
    assert curve.highest == (271_828.0, 1000.0) and curve.lowest == (654_321.0, -1000.0)


def test_a_gap_stays_a_gap():
    curve = grown(math.nan if 300_000 <= at < 320_000 else 1.0 for at in range(10**6))
    assert any(math.isnan(value) for value in curve.y)
    assert curve.missing == 300_000.0
    assert all(300_000 <= x < 320_000 for x, value in zip(curve.x, curve.y, strict=True) if math.isnan(value))


def test_first_and_last_are_what_they_were():
    curve = grown(float(at % 7) for at in range(100_000))
    assert curve.first == (0.0, 0.0) and curve.last == (99_999.0, float(99_999 % 7))


def test_infinity_is_missing_and_never_the_highest():
    curve = grown([1.0, math.inf, 2.0])
    assert curve.highest == (2.0, 2.0) and curve.missing == 1.0


def test_values_between_points_lie_on_the_line_and_outside_at_its_ends():
    curve = grown([0.0, 10.0])
    assert (curve.at(0.25), curve.at(-3), curve.at(9)) == (2.5, 0.0, 10.0)
    assert math.isnan(Curve().at(1.0))


def test_smoothing_keeps_a_level_curve_level_and_starts_where_it_starts():
    assert smoothed(array("d", [3.0] * 5), 0.9) == pytest.approx([3.0] * 5)
    assert smoothed(array("d", [4.0, 0.0]), 0.5)[0] == pytest.approx(4.0)
    calmer = smoothed(array("d", [0.0, 1.0] * 50), 0.9)
    assert max(calmer[20:]) - min(calmer[20:]) < 0.2


def test_smoothing_goes_on_behind_a_gap():
    after = smoothed(array("d", [1.0, math.nan, 1.0]), 0.6)
    assert math.isnan(after[1]) and after[2] == pytest.approx(1.0)
