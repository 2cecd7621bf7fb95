"""Filters: the kernels that the figures of chapter 6 offer, and their sliding sums.

Called convolution in every framework, and it is cross-correlation: the kernel is not turned round
(Goodfellow, Bengio and Courville, Deep Learning, 2016, section 9.1).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KERNELS: dict[str, tuple[tuple[tuple[int, int, int], ...], int]] = {
    "blur": (((1, 1, 1), (1, 1, 1), (1, 1, 1)), 9),
    "edges": (((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)), 1),
    "sharpen": (((0, -1, 0), (-1, 5, -1), (0, -1, 0)), 1),
    "emboss": (((-2, -1, 0), (-1, 1, 1), (0, 1, 2)), 1),
}
"""3 x 3, as whole numbers and what all of them are divided by."""


def kernel(name: str) -> Floats:
    """One of `KERNELS`, shape (3, 3)."""
    numbers, divisor = KERNELS[name]
    return np.array(numbers, dtype=float) / divisor


def gaussian(size: int, sigma: float) -> Floats:
    """Weights that fall off from the middle as exp(−d²/2σ²) and add up to 1, shape (size,)."""
    away = np.arange(size) - (size - 1) / 2
    weights = np.exp(-(away**2) / (2 * sigma**2))
    return np.asarray(weights / weights.sum())


def slide(x: Floats, w: Floats) -> Floats:
    """zₜ = ∑ₖ wₖ·xₜ₊ₖ at every place where the whole kernel lies on x; shape (len(x) − len(w) + 1,)."""
    return np.correlate(x, w, "valid")


def slide2d(picture: Floats, w: Floats, stride: int = 1) -> Floats:
    """The same in two dimensions, for each channel by itself: picture has shape (height, width, …)."""
    rows, columns = w.shape
    high, wide = picture.shape[0] - rows + 1, picture.shape[1] - columns + 1
    result = np.zeros((high, wide, *picture.shape[2:]))
    for i in range(rows):
        for j in range(columns):
            if w[i, j]:
                result += w[i, j] * picture[i : i + high, j : j + wide]
    return result[::stride, ::stride]
