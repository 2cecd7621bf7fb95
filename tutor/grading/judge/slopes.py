"""Is a claimed slope the slope, and if not, where: the words of `t.slope`. Judge's process."""

from __future__ import annotations

from collections.abc import Callable
from typing import SupportsFloat, TypeAlias

import numpy as np
import numpy.typing as npt

from tutor.grading.both_sides.plain_values import Floats
from tutor.grading.judge.comparing import RTOL, numbers_differ
from tutor.grading.judge.value_words import as_numbers, index_text, number, two_numbers, what

Slope: TypeAlias = Floats | tuple[Floats, ...]
Scalar: TypeAlias = Callable[..., SupportsFloat]
"""A function that gives one number."""

SLOPE_RTOL = 1e-4
_EPS = float(np.finfo(np.float64).eps)
_STEP = float(np.cbrt(_EPS))


def central_slope(f: Scalar, at: npt.ArrayLike) -> Slope:
    """∂f/∂at by central differences in float64, parameter by parameter; f gives one number.

    at: a number, an array, or a tuple of them (then f takes as many arguments, and so many slopes come back).
    """
    if isinstance(at, tuple):
        return tuple(_slope_in(f, at, index) for index in range(len(at)))
    return _slope_in(f, (at,), 0)


def slope_noise(f: Scalar, at: npt.ArrayLike) -> float:
    """How much of a measured slope is rounding: the float64 steps of f over the step in `at`."""
    if isinstance(at, tuple):
        value = f(*at)
    else:
        value = f(np.asarray(at, dtype=np.float64)[()] if np.shape(at) == () else at)
    return 100 * _EPS * abs(float(value)) / _STEP


def _slope_in(f: Scalar, at: tuple[npt.ArrayLike, ...], index: int) -> Floats:
    point = np.array(at[index], dtype=np.float64)
    slope = np.zeros_like(point)
    for place in np.ndindex(point.shape):
        step = _STEP * max(1.0, abs(float(point[place])))
        above, below = (_moved(f, at, index, point, place, sign * step) for sign in (1, -1))
        slope[place] = (above - below) / (2 * step)
    return slope


def _moved(
    f: Scalar, at: tuple[npt.ArrayLike, ...], index: int, point: Floats, place: tuple[int, ...], step: float
) -> float:
    moved = point.copy()
    moved[place] += step
    value = moved if moved.shape else float(moved)
    return float(f(*at[:index], value, *at[index + 1 :]))


def wrong_slope(claimed: object, slope: Slope, at: npt.ArrayLike, rtol: float = SLOPE_RTOL, noise: float = 0.0) -> str:
    """ "" where the claimed slope is the measured one, up to rtol of the largest and `noise`; else where it is not."""
    if isinstance(slope, tuple):
        assert isinstance(at, tuple)
        if not isinstance(claimed, (list, tuple)) or len(claimed) != len(slope):
            return f"yours is {what(claimed)}, expected are {len(slope)} slopes"
        largest = max((float(np.abs(part).max(initial=0.0)) for part in slope), default=0.0)
        for index, (mine, theirs, point) in enumerate(zip(claimed, slope, at, strict=True)):
            if told := _slope_differs(mine, theirs, point, rtol * largest + noise):
                return f"in item {index}: {told}"
        return ""
    return _slope_differs(claimed, slope, at, rtol * float(np.abs(slope).max(initial=0.0)) + noise)


def _slope_differs(claimed: object, slope: Floats, at: npt.ArrayLike, allowed: float) -> str:
    mine = as_numbers(claimed)
    if mine is None or mine.shape != slope.shape:
        return numbers_differ(claimed, slope, RTOL, None)
    with np.errstate(all="ignore"):
        good = np.abs(mine.astype(np.float64) - slope) <= max(allowed, 1e-9)
    if good.all():
        return ""
    place = tuple(int(i) for i in np.argwhere(~good)[0])
    yours, theirs = two_numbers(mine[place], slope[place])
    where = f"at {number(np.asarray(at)[()])}" if slope.shape == () else f"at {index_text(place)}"
    return f"{where}: yours {yours}, the slope is {theirs}"
