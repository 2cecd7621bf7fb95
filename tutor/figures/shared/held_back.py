"""What the figures of chapter 5 share: rows to train on and rows held back, how early stopping counts, and trainings
that one can go back and forth in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from tutor import data
from tutor.figures.shared.training_pace import paced

T = TypeVar("T")
FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
TRAINING = 105
"""Of the 150 rows of Iris."""
CENTRE = 0.9
"""Of the cloud of class 1, in both directions; that of class 0 lies across from it."""


class Parts(NamedTuple):
    """x: shape (n, d), standardised for Iris. y: classes, shape (n,)."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.int64]
    x_val: npt.NDArray[np.float64]
    y_val: npt.NDArray[np.int64]


@cache
def iris(split: int) -> Parts:
    """Shuffled by the seed `split`; 105 rows to train on, 45 held back, standardised with the figures of the 105."""
    table = data.load("iris")
    order = np.random.default_rng(split).permutation(len(table))
    x, y = table[FEATURES][order], table["species"][order].astype(np.int64)
    x = (x - x[:TRAINING].mean(axis=0)) / x[:TRAINING].std(axis=0)
    return Parts(x[:TRAINING], y[:TRAINING], x[TRAINING:], y[TRAINING:])


@cache
def clouds(seed: int) -> Parts:
    """Two clouds in the plane that overlap: 60 points to train on, by the seed, and 1,000 held back."""
    return Parts(*_cloud(60, seed), *_cloud(1_000, 10_001 + seed))


def _cloud(n: int, seed: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    y = np.arange(n, dtype=np.int64) % 2
    return np.random.default_rng(seed).normal(size=(n, 2)) + np.where(y[:, None] == 1, CENTRE, -CENTRE), y


class Wait(NamedTuple):
    """best: place of the lowest loss so far. counter: epochs since. over: whether the counter has reached the patience
    by the last of them, `last`."""

    best: int
    last: int
    counter: int
    over: bool


def waited(losses: Sequence[float], patience: int) -> Wait:
    """Early stopping on these losses, one after another: where it stands at the end or where it stops."""
    best = last = 0
    for last, loss in enumerate(losses):
        if loss < losses[best]:
            best = last
        if last - best >= patience:
            return Wait(best, last, last - best, True)
    return Wait(best, last, last - best, False)


class Trainings(Generic[T]):
    """The trainings of late, each a list with one record for each epoch, so that a figure that goes in steps need not
    train anew for each of them. most: how many are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, list[T]] = {}

    def follow(self, key: Hashable, epochs: int, start: Callable[[], Iterator[T]]) -> Iterator[list[T]]:
        """The first `epochs` records: at once where they are kept; else growing, as they come, from those that were
        kept on. start: begins the training that belongs to the key; the same each time."""
        known = self._kept.get(key, [])
        if len(known) >= epochs:
            yield known[:epochs]
            return
        records: list[T] = []
        for _ in paced(_gathered(records, islice(start(), epochs))):
            if len(records) > len(known):
                yield records
        self._kept.pop(key, None)
        self._kept[key] = records
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]


def _gathered(records: list[T], training: Iterator[T]) -> Iterator[list[T]]:
    for record in training:
        records.append(record)
        yield records
