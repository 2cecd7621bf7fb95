"""One guess for five homes: what it costs, squared and absolute, and where each is lowest as the fifth price moves.

The mean of the squared errors is lowest at the mean of the prices, the mean of the absolute errors at their median
(Huber and Ronchetti, Robust Statistics, 2009, chapter 1).
"""

from __future__ import annotations

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Chart, Mark, Scene, Series, Slider
from tutor.words import short

FOUR = (19.0, 21.0, 22.0, 24.0)
CONTROLS = (Slider("fifth", "5th price", 24.0, 10.0, 100.0, 2.0, help="price of the fifth home, in 1000 dollars"),)
_GUESSES = np.linspace(10.0, 100.0, 181)


def draw(s: ControlValues) -> Scene:
    """Both losses over the guess, beside each other, each with its lowest point."""
    prices = np.array([*FOUR, s["fifth"]])
    errors = _GUESSES[:, None] - prices
    squared, absolute = (errors**2).mean(axis=1), np.abs(errors).mean(axis=1)
    mean, median = float(prices.mean()), float(np.median(prices))
    return Scene(
        panels=(
            over_guesses("mean squared error", squared, mean, ((mean - prices) ** 2).mean(), prices),
            over_guesses("mean absolute error", absolute, median, np.abs(median - prices).mean(), prices),
        ),
        words=in_words(prices, mean, median),
        shares=(1, 1),
        height=14,
    )


def over_guesses(title: str, losses: np.ndarray, best: float, lowest: float, prices: np.ndarray) -> Chart:
    """A loss for every guess, its lowest point, and the prices along the bottom."""
    return Chart(
        series=(
            Series(tuple(_GUESSES.tolist()), tuple(losses.tolist()), colour=0),
            Series(tuple(prices.tolist()), (0.0,) * len(prices), "prices", kind="points", colour=2),
        ),
        title=title, xlabel="guess", xlimits=(10.0, 100.0), ylimits=(0.0, float(losses.max())),
        marks=(Mark(best, float(lowest), short(best)),),
    )  # fmt: skip


def in_words(prices: np.ndarray, mean: float, median: float) -> str:
    """Where both are lowest, and what the fifth home has to do with it."""
    listed = ", ".join(short(price) for price in prices)
    text = f"For {listed} the squared loss is lowest at their mean, {short(mean)}, the absolute one at their median, "
    text += f"{short(median)}. "
    if abs(mean - median) < 0.5:
        return text + "They all but agree: no price lies far off."
    side, there = ("below", prices < mean) if mean > median else ("above", prices > mean)
    return text + f"The fifth home has drawn the mean its way: {int(there.sum())} of the 5 prices lie {side} it."
