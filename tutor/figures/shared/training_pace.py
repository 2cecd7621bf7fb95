"""Pacing of figures that train: a picture now and then, not for each step.

    def draw(values):
        for history in paced(train(values)):
            yield scene(history)
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

EVERY = 0.05
"""Seconds of work between two pictures."""


def paced(steps: Iterable[T], every: float = EVERY) -> Iterator[T]:
    """The first of `steps`, then the newest whenever `every` seconds of work have passed, and the last in any case.
    Time in which nobody asks for the next one does not count."""
    first, waiting, newest = True, False, None
    since = time.perf_counter()
    for newest in steps:
        if waiting := not first and time.perf_counter() - since < every:
            continue
        first = False
        yield newest
        since = time.perf_counter()
    if waiting and newest is not None:
        yield newest
