"""What a learner hands over to be plotted, as float64 arrays; or a sentence about why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tutor.errors import TutorError

Floats = npt.NDArray[np.float64]
_MAX_GRID = 160


class PlotError(TutorError, ValueError):
    """What was given cannot be plotted; says why, with the shapes."""


def pair(x: object, y: object, what: str) -> tuple[Floats, Floats]:
    """x of shape (n,) and y of shape (n, k)."""
    if y is None:
        values = _columns(as_array(x, "y"), "y", what)
        return np.arange(len(values), dtype=float), values
    points, values = as_array(x, "x"), _columns(as_array(y, "y"), "y", what)
    points = _columns(points, "x", what)
    if points.shape[1] != 1:
        raise PlotError(f"x has shape {points.shape}: one x for each point is needed.")
    if len(points) != len(values):
        raise PlotError(
            f"x has {len(points)} values and y has {len(values)}.",
            "Each point needs both: give two of the same length.",
        )
    return points[:, 0], values


def _columns(values: Floats, name: str, what: str) -> Floats:
    if values.ndim == 0:
        raise PlotError(f"{name} is one number ({values}).", f"A {what} needs several: give a list or an array.")
    if values.ndim == 1:
        return values[:, None]
    if values.ndim == 2:
        return values.T if values.shape[0] == 1 else values
    raise PlotError(f"{name} has shape {values.shape}.", f"A {what} needs shape (n,).")


def as_array(values: object, name: str) -> Floats:
    """values as float64. Raises PlotError where they are no numbers, or rows have different lengths."""
    if values is None:
        raise PlotError(f"{name} is None.", "Does the function that made it return something?")
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    if isinstance(values, (list, tuple)) and any(hasattr(v, "detach") for v in values):
        values = [v.detach().cpu().numpy() if hasattr(v, "detach") else v for v in values]
    if isinstance(values, (range, Iterator)):
        values = list(values)
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf" and not (array.dtype == object and array.size):
            raise TypeError
        return array.astype(np.float64)
    except (TypeError, ValueError) as error:
        if "inhomogeneous" in str(error):
            raise PlotError(f"The rows of {name} have different lengths.", "They must all be alike.") from None
        first = next(iter(values), None) if isinstance(values, (list, tuple)) else None
        example = f" (its first value is {first!r})" if first is not None else f" but {type(values).__name__}"
        raise PlotError(f"{name} is not made of numbers{example}.", "Give a list or an array of numbers.") from None


def pooled(array: Floats) -> Floats:
    """At most 160 rows and columns, each the mean of those it stands for."""
    for axis in (0, 1):
        size = array.shape[axis]
        if size > _MAX_GRID:
            starts = np.arange(_MAX_GRID) * size // _MAX_GRID
            counts = np.diff(np.append(starts, size))
            shape = [1] * array.ndim
            shape[axis] = _MAX_GRID
            array = np.add.reduceat(array, starts, axis=axis) / counts.reshape(shape)
    return array


def rows_of(array: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, array.tolist()))
