"""Whether the sketches of a prediction show what really happens."""

from __future__ import annotations

import math

from tutor.course.model import Predict
from tutor.plots.curve import Curve
from tutor.words import short

PARTS = 40
"""Places at which a sketch and the real curve are compared."""


def wrong_curve(block: Predict, trained: Curve) -> str:
    """What is wrong with the sketches, "" where the right choice's is the nearest to what came out. trained: the
    metric, x from 0."""
    if trained.count < 2:
        return f"the code trains for fewer than two epochs, or has no {block.metric}: there is no curve to compare."
    low = min(min(sketch) for sketch in block.curves)
    high = max(max(sketch) for sketch in block.curves)
    apart = [distance(sketch, trained, (2 * low - high, 2 * high - low)) for sketch in block.curves]
    right = next(at for at, choice in enumerate(block.choices) if choice.right)
    nearest = apart.index(min(apart))
    if nearest == right:
        return ""
    came = " ".join(short(value) for value in sketched(trained, len(block.curves[right])))
    return f"the curve that comes out is nearer to choice {nearest + 1} than to the right one, {right + 1}: {came}."


def sketched(trained: Curve, count: int) -> list[float]:
    """What came out at as many places as a sketch has, from the first epoch to the last."""
    assert trained.last is not None
    return [trained.at(at / (count - 1) * trained.last[0]) for at in range(count)]


def distance(sketch: tuple[float, ...], trained: Curve, limits: tuple[float, float]) -> float:
    """Root mean square distance at equal parts of the training. What goes out of `limits`, or is no number, counts as
    at the upper one: a training that diverges is near to a sketch that rises."""
    assert trained.last is not None
    squares = 0.0
    for at in range(PARTS + 1):
        place = at / PARTS * (len(sketch) - 1)
        left = min(int(place), len(sketch) - 2)
        drawn = sketch[left] + (place - left) * (sketch[left + 1] - sketch[left])
        real = trained.at(at / PARTS * trained.last[0])
        real = min(max(real, limits[0]), limits[1]) if math.isfinite(real) else limits[1]
        squares += (drawn - real) ** 2
    return math.sqrt(squares / (PARTS + 1))
