"""Rooms and prices in Boston, and the loss of a line through the origin: what the figures of lesson 1.2 share."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor import data
from tutor.plots.scene import Chart, Series


class RoomsAndPrices(NamedTuple):
    """x: rooms, y: prices in 1000 dollars, both shape (506,). sxx = ∑x², sxy = ∑xy. best: the w of least loss."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    sxx: float
    sxy: float
    best: float

    def loss(self, w: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """ℒ(w) = ∑(wx − y)², by its expansion ∑x²·w² − 2∑xy·w + ∑y²."""
        w = np.asarray(w, dtype=float)
        return self.sxx * (w - self.best) ** 2 + float(self.y @ self.y) - self.sxy**2 / self.sxx

    def slope(self, w: float) -> float:
        """dℒ/dw = 2∑(wx − y)x."""
        return 2 * (self.sxx * w - self.sxy)


@cache
def rooms_and_prices() -> RoomsAndPrices:
    """RM against PRICE, all 506 districts."""
    boston = data.load("boston")
    x, y = np.asarray(boston["RM"], dtype=float), np.asarray(boston["PRICE"], dtype=float)
    sxx, sxy = float(x @ x), float(x @ y)
    return RoomsAndPrices(x, y, sxx, sxy, sxy / sxx)


def scatter(lines: tuple[tuple[str, float], ...], title: str = "", ylabel: str = "price, 1000 $") -> Chart:
    """The districts, and a line ŷ = wx for each (label, w)."""
    line = rooms_and_prices()
    ends = (3.0, 9.0)
    series = [Series(tuple(line.x.tolist()), tuple(line.y.tolist()), kind="points", colour=6)]
    for i, (label, w) in enumerate(lines):
        series.append(Series(ends, (w * ends[0], w * ends[1]), label, colour=i, dash=i))
    return Chart(tuple(series), title=title, xlabel="rooms", ylabel=ylabel, xlimits=ends, ylimits=(0.0, 52.0))
