"""Is a value what it should be, and if not, where and by how much: the words of `t.close` and `t.shape`.

Judge's process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import SupportsFloat, TypeAlias

import numpy as np
import numpy.typing as npt

from tutor.grading.both_sides.plain_values import Array, Floats, Name, Ref
from tutor.grading.judge.value_words import as_numbers, index_text, number, shape_text, two_numbers, what

Flags: TypeAlias = npt.NDArray[np.bool_]

RTOL = 1e-4
ATOL_SHARE = 1e-5


# ------------------------------------------------------------------ equal up to a tolerance


def difference(actual: object, expected: object, rtol: float = RTOL, atol: float | None = None) -> str:
    """ "" where the two are equal up to the tolerance, else where they differ. Never broadcasts.

    |actual − expected| ≤ atol + rtol·|expected|, element by element; atol is 1e-5 times the largest |expected| unless
    given. Kinds of numbers, lists and arrays are alike. Raises TypeError where `expected` is nothing to compare with.
    """
    if isinstance(expected, (Ref, Name)):
        raise TypeError(f"expected is {what(expected)}: nothing to compare with")
    wanted = as_numbers(expected)
    if wanted is not None:
        return numbers_differ(actual, wanted, rtol, atol)
    if isinstance(expected, (list, tuple)):
        return _items_differ(actual, expected, rtol, atol)
    if isinstance(expected, dict):
        return _entries_differ(actual, expected, rtol, atol)
    if isinstance(expected, (set, frozenset)):
        same = isinstance(actual, (set, frozenset, list, tuple)) and frozenset(actual) == expected
        return "" if same else f"yours {_listed(actual)}, expected {_listed(expected)}"
    if expected is None or isinstance(expected, str):
        same = type(actual) is type(expected) and actual == expected
        return "" if same else f"yours is {what(actual)}, expected is {what(expected)}"
    raise TypeError(f"expected is {what(expected)}: nothing to compare with")


def _listed(value: object) -> str:
    return str(sorted(value, key=repr))[:60] if isinstance(value, (set, frozenset)) else what(value)


def _items_differ(actual: object, expected: Sequence[object], rtol: float, atol: float | None) -> str:
    if isinstance(actual, np.ndarray) and actual.ndim:
        actual = list(actual)
    if not isinstance(actual, (list, tuple)):
        return f"yours is {what(actual)}, expected is {what(expected)}"
    if len(actual) != len(expected):
        return f"yours has {len(actual)} items, expected are {len(expected)}"
    for index, (mine, theirs) in enumerate(zip(actual, expected, strict=True)):
        if told := difference(mine, theirs, rtol, atol):
            return f"in item {index}: {told}"
    return ""


def _entries_differ(actual: object, expected: dict[object, object], rtol: float, atol: float | None) -> str:
    if not isinstance(actual, dict):
        return f"yours is {what(actual)}, expected is {what(expected)}"
    for key, theirs in expected.items():
        if key not in actual:
            return f"yours has no key {key!r}"
        if told := difference(actual[key], theirs, rtol, atol):
            return f"under {key!r}: {told}"
    extra = [key for key in actual if key not in expected]
    return f"yours also has the key {extra[0]!r}" if extra else ""


def numbers_differ(actual: object, expected: Array, rtol: float, atol: float | None) -> str:
    """ "" where `actual` is these numbers up to the tolerance, else where it is not."""
    mine = as_numbers(actual)
    if mine is None:
        wanted = "one number" if expected.shape == () else f"numbers of shape {shape_text(expected.shape)}"
        return f"yours is {what(actual)}, expected: {wanted}"
    if mine.shape != expected.shape:
        return f"your shape {shape_text(mine.shape)}, expected shape {shape_text(expected.shape)}"
    if not mine.size:
        return ""
    ours, theirs = mine.astype(np.float64), expected.astype(np.float64)
    bad, error, allowed = _bad(ours, theirs, rtol, atol)
    return _where(mine, expected, bad, error, allowed) if bad.any() else ""


def _bad(ours: Floats, theirs: Floats, rtol: float, atol: float | None) -> tuple[Flags, Floats, Floats]:
    """Which elements differ, by how much, and how much is allowed. nan equals nan, inf equals inf of its sign."""
    finite = np.abs(theirs[np.isfinite(theirs)])
    if atol is None:
        atol = ATOL_SHARE * (finite.max() if finite.size else 0.0)
    with np.errstate(all="ignore"):
        error = np.abs(ours - theirs)
        allowed = atol + rtol * np.abs(theirs)
        same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
        near = np.isfinite(theirs) & (error <= allowed)
    return ~(same | near), error, allowed


def _where(mine: Array, expected: Array, bad: Flags, error: Floats, allowed: Floats) -> str:
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    yours, theirs = two_numbers(mine[first], expected[first])
    if mine.shape == ():
        text = f"yours {yours}, expected {theirs}"
        off = f" (off by {number(error[()], 3)}, allowed {_small(allowed[()])})"
        return text + off if np.isfinite(error) else text
    at = index_text(first)
    wrong = np.where(bad, np.where(np.isfinite(error), error, np.inf), -1.0)
    worst = tuple(int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))
    share = f"{int(bad.sum()):,} of {bad.size:,} differ" if bad.size > 1 else "it differs"
    text = f"at {at}: yours {yours}, expected {theirs}; {share}"
    largest = float(wrong[worst])
    return f"{text}, the largest error {number(largest, 3)} at {index_text(worst)}" if np.isfinite(largest) else text


def _small(value: SupportsFloat) -> str:
    return f"{float(value):.2g}"


# ------------------------------------------------------------------ shapes


def shape_of(value: object) -> tuple[int, ...] | None:
    """The shape of a value that has one: an array, a number (()), a regular nest of numbers."""
    array = as_numbers(value)
    return None if array is None else array.shape


def wrong_shape(value: object, shape: Sequence[object], sizes: dict[str, int]) -> str:
    """ "" where the value has this shape, else both shapes. Named sizes are learned in `sizes` as they first appear."""
    mine = shape_of(value)
    wanted = shape_text(shape)
    if mine is None:
        return f"yours is {what(value)}, expected: {'one number' if not shape else f'shape {wanted}'}"
    known = {name: sizes[name] for name in shape if isinstance(name, str) and name in sizes}
    if len(mine) == len(shape):
        learned = dict(sizes)
        if all(_fits(size, want, learned) for size, want in zip(mine, shape, strict=True)):
            sizes.update(learned)
            return ""
    here = ", ".join(f"{name} = {size}" for name, size in known.items())
    if not shape:
        return f"your shape {shape_text(mine)}, expected: one number, shape ()"
    return f"your shape {shape_text(mine)}, expected shape {wanted}" + (f" with {here}" if here else "")


def _fits(size: int, want: object, sizes: dict[str, int]) -> bool:
    if want is None:
        return True
    if isinstance(want, str):
        return sizes.setdefault(want, size) == size
    return size == want
