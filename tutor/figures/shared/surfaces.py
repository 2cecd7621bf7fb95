"""Losses of two parameters for the race of the optimizers, each the mean over 20 samples.

`points` is the mean squared error of the line ŷ = wx + b on the 20 points of lesson 4.1. The others are given by a
formula; so that batches of them differ, each sample adds a slope of its own to it, and these 20 slopes add up to 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SAMPLES = 20
BATCH_SIZES = ("1", "2", "5", "10", "20")
_GRID = (52, 36)


@dataclass(frozen=True)
class Surface:
    """value(u, v): the loss over all samples. slope(at, rows): its gradient over some of them, shape (2,).

    start: shape (2,). window: (low, high) of u and of v. bottoms: where the loss is least, and `least` how low.
    """

    value: Callable[[Array, Array], Array]
    slope: Callable[[Array, npt.NDArray[np.int_]], Array]
    start: tuple[float, float]
    window: tuple[tuple[float, float], tuple[float, float]]
    bottoms: tuple[tuple[float, float], ...]
    least: float
    axes: tuple[str, str] = ("u", "v")


def twenty_points() -> tuple[Array, Array]:
    """x and y of the 20 points, as the setup of lesson 4.1 makes them."""
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 3, size=SAMPLES)
    y = 1.5 * x - 0.5 + rng.normal(scale=0.8, size=SAMPLES)
    return x, y


@cache
def surface(name: str) -> Surface:
    """One of NAMES."""
    return _MAKERS[name]()


def batches(size: int, count: int, seed: int) -> list[npt.NDArray[np.int_]]:
    """The rows of `count` batches: every sample once in each epoch, in a new order each time. size divides 20."""
    rng = np.random.default_rng(seed)
    found: list[npt.NDArray[np.int_]] = []
    while len(found) < count:
        found += np.split(rng.permutation(SAMPLES), SAMPLES // size)
    return found[:count]


@cache
def contours(name: str, levels: int = 7) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Points on lines of equal loss: where the edges of a grid over the window cross one of the levels.

    The levels are spread so that they lie closer where the loss is low (evenly in its square root).
    """
    one = surface(name)
    us, vs = (np.linspace(*ends, n) for ends, n in zip(one.window, _GRID, strict=True))
    height = np.sqrt(np.maximum(one.value(us[None, :], vs[:, None]) - one.least, 0))
    found: list[tuple[float, float]] = []
    for level in np.linspace(0, np.quantile(height, 0.97), levels + 1)[1:]:
        above = height - level
        for a, b, du, dv in ((above[:, :-1], above[:, 1:], 1, 0), (above[:-1], above[1:], 0, 1)):
            rows, columns = np.nonzero((a < 0) != (b < 0))
            share = a[rows, columns] / (a[rows, columns] - b[rows, columns])
            u = us[columns] + share * du * (us[1] - us[0])
            v = vs[rows] + share * dv * (vs[1] - vs[0])
            found += zip(u.tolist(), v.tolist(), strict=True)
    return tuple(u for u, _ in found), tuple(v for _, v in found)


# ------------------------------------------------------------------ the surfaces


def _points() -> Surface:
    x, y = twenty_points()
    table = np.stack([x, np.ones_like(x)], axis=1)
    best, *_ = np.linalg.lstsq(table, y, rcond=None)
    curve = table.T @ table / SAMPLES
    least = float(((table @ best - y) ** 2).mean())

    def value(w: Array, b: Array) -> Array:
        w, b = w - best[0], b - best[1]
        loss: Array = least + curve[0, 0] * w**2 + 2 * curve[0, 1] * w * b + curve[1, 1] * b**2
        return loss

    def slope(at: Array, rows: npt.NDArray[np.int_]) -> Array:
        error = table[rows] @ at - y[rows]
        return 2 * error @ table[rows] / len(rows)

    bottom = (float(best[0]), float(best[1]))
    return Surface(value, slope, (-0.5, 2.5), ((-1.0, 3.5), (-3.5, 3.0)), (bottom,), least, ("w", "b"))


def _formula(
    value: Callable[[Array, Array], Array], slope: Callable[[float, float], tuple[float, float]],
    start: tuple[float, float], window: tuple[tuple[float, float], tuple[float, float]],
    bottoms: tuple[tuple[float, float], ...], noise: tuple[float, float],
) -> Surface:  # fmt: skip
    own = np.random.default_rng(4).normal(size=(SAMPLES, 2))
    own = (own - own.mean(axis=0)) / own.std(axis=0) * noise

    def on_rows(at: Array, rows: npt.NDArray[np.int_]) -> Array:
        part: Array = np.asarray(slope(float(at[0]), float(at[1]))) + own[rows].mean(axis=0)
        return part

    return Surface(value, on_rows, start, window, bottoms, 0.0)


def _gutter() -> Surface:
    """A hundred times as curved across as along."""
    return _formula(
        lambda u, v: 0.1 * u**2 + 10 * v**2,
        lambda u, v: (0.2 * u, 20 * v),
        (-5.0, 0.7), ((-6.0, 2.0), (-1.0, 1.0)), ((0.0, 0.0),), (0.5, 4.0),
    )  # fmt: skip


def _banana() -> Surface:
    """Rosenbrock's valley (1960), with softer walls."""
    return _formula(
        lambda u, v: 0.1 * (1 - u) ** 2 + (v - u**2) ** 2,
        lambda u, v: (-0.2 * (1 - u) - 4 * u * (v - u**2), 2 * (v - u**2)),
        (-1.4, 0.4), ((-2.0, 2.0), (-1.0, 3.0)), ((1.0, 1.0),), (0.3, 0.3),
    )  # fmt: skip


def _saddle() -> Surface:
    """Down to a pass between two valleys; at the pass the way on is nearly level."""
    return _formula(
        lambda u, v: 2 * u**2 + 0.25 * (v**2 - 1) ** 2,
        lambda u, v: (4 * u, v**3 - v),
        (-1.7, 0.02), ((-2.0, 1.0), (-1.6, 1.6)), ((0.0, 1.0), (0.0, -1.0)), (0.5, 0.5),
    )  # fmt: skip


_MAKERS: dict[str, Callable[[], Surface]] = {
    "points": _points,
    "gutter": _gutter,
    "banana": _banana,
    "saddle": _saddle,
}
NAMES = tuple(_MAKERS)
