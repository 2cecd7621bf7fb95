"""Is a value what it should be, and if not, where and by how much: the words of `t.close`, `t.shape`, `t.slope`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tutor.grading.wire import Name, Ref

RTOL = 1e-4
ATOL_SHARE = 1e-5
SLOPE_RTOL = 1e-4
_EPS = float(np.finfo(np.float64).eps)
_STEP = float(np.cbrt(_EPS))


def number(value: Any, digits: int = 7) -> str:
    """A number for people: thousands separated, seven significant digits."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return f"{int(value):,}"
    return f"{float(value):,.{digits}g}"


def two_numbers(first: Any, second: Any) -> tuple[str, str]:
    """Both, with as many digits as it takes to see that they differ."""
    for digits in (7, 10, 13, 17):
        texts = number(first, digits), number(second, digits)
        if texts[0] != texts[1]:
            return texts
    return number(first, 17), number(second, 17)


def shape_text(shape: Sequence[Any]) -> str:
    """`(3, 4)`, `(n,)`, `()`."""
    inner = ", ".join(str(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def what(value: Any) -> str:
    """A value in a few words, as it stands in a message."""
    if value is None:
        return "None"
    if isinstance(value, Ref):
        return _what_ref(value)
    if isinstance(value, (bool, np.bool_, int, float, np.number)):
        return number(value)
    if isinstance(value, str):
        return f'the string "{value[:40]}"'
    if isinstance(value, np.ndarray):
        return f"an array of shape {shape_text(value.shape)}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)} item{'' if len(value) == 1 else 's'}"
    if isinstance(value, dict):
        return (
            f"a dict with the keys {', '.join(str(key)[:20] for key in list(value)[:6])}" if value else "an empty dict"
        )
    return f"a {type(value).__name__}"


def _what_ref(ref: Ref) -> str:
    if ref.kind == "ellipsis":
        return "still ... (nothing was filled in)"
    if ref.kind == "function":
        return f"the function {ref.text} itself: call it, with ( )" if ref.text else "a function"
    if ref.kind == "class" and ref.text:
        return f"the class {ref.text} itself: call it, with ( )"
    return f"a {ref.kind}" if ref.kind == "module" else f"a {ref.type_name}"


def as_numbers(value: Any) -> np.ndarray | None:
    """The value as a real array, where it is a number or a regular nest of numbers; else None. Shape (): one number."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, (bool, int, float, np.number, np.bool_)):
        return np.asarray(value)
    if not isinstance(value, (list, tuple)):
        return None
    parts = [as_numbers(item) for item in value]
    if any(part is None or part.shape != parts[0].shape for part in parts):  # type: ignore[union-attr]
        return None
    array = np.array(parts) if parts else np.zeros(0)
    return array if array.dtype.kind in "bifu" else None


# ------------------------------------------------------------------ equal up to a tolerance


def difference(actual: Any, expected: Any, rtol: float = RTOL, atol: float | None = None) -> str:
    """ "" where the two are equal up to the tolerance, else where they differ. Never broadcasts.

    |actual − expected| ≤ atol + rtol·|expected|, element by element; atol is 1e-5 times the largest |expected| unless
    given. Kinds of numbers, lists and arrays are alike. Raises TypeError where `expected` is nothing to compare with.
    """
    if isinstance(expected, (Ref, Name)):
        raise TypeError(f"expected is {what(expected)}: nothing to compare with")
    wanted = as_numbers(expected)
    if wanted is not None:
        return _numbers_differ(actual, wanted, rtol, atol)
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


def _listed(value: Any) -> str:
    return str(sorted(value, key=repr))[:60] if isinstance(value, (set, frozenset)) else what(value)


def _items_differ(actual: Any, expected: Sequence[Any], rtol: float, atol: float | None) -> str:
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


def _entries_differ(actual: Any, expected: dict[Any, Any], rtol: float, atol: float | None) -> str:
    if not isinstance(actual, dict):
        return f"yours is {what(actual)}, expected is {what(expected)}"
    for key, theirs in expected.items():
        if key not in actual:
            return f"yours has no key {key!r}"
        if told := difference(actual[key], theirs, rtol, atol):
            return f"under {key!r}: {told}"
    extra = [key for key in actual if key not in expected]
    return f"yours also has the key {extra[0]!r}" if extra else ""


def _numbers_differ(actual: Any, expected: np.ndarray, rtol: float, atol: float | None) -> str:
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


def _bad(
    ours: np.ndarray, theirs: np.ndarray, rtol: float, atol: float | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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


def _where(mine: np.ndarray, expected: np.ndarray, bad: np.ndarray, error: np.ndarray, allowed: np.ndarray) -> str:
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    yours, theirs = two_numbers(mine[first], expected[first])
    if mine.shape == ():
        text = f"yours {yours}, expected {theirs}"
        return (
            text if not np.isfinite(error) else f"{text} (off by {number(error[()], 3)}, allowed {_small(allowed[()])})"
        )
    at = _index_text(first)
    wrong = np.where(bad, np.where(np.isfinite(error), error, np.inf), -1.0)
    worst = tuple(int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))
    share = f"{int(bad.sum()):,} of {bad.size:,} differ" if bad.size > 1 else "it differs"
    text = f"at {at}: yours {yours}, expected {theirs}; {share}"
    largest = float(wrong[worst])
    return f"{text}, the largest error {number(largest, 3)} at {_index_text(worst)}" if np.isfinite(largest) else text


def _index_text(index: tuple[int, ...]) -> str:
    return f"[{', '.join(str(i) for i in index)}]"


def _small(value: Any) -> str:
    return f"{float(value):.2g}"


# ------------------------------------------------------------------ shapes


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of a value that has one: an array, a number (()), a regular nest of numbers."""
    array = as_numbers(value)
    return None if array is None else array.shape


def wrong_shape(value: Any, shape: Sequence[Any], sizes: dict[str, int]) -> str:
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


def _fits(size: int, want: Any, sizes: dict[str, int]) -> bool:
    if want is None:
        return True
    if isinstance(want, str):
        return sizes.setdefault(want, size) == size
    return size == want


# ------------------------------------------------------------------ slopes


def central_slope(f: Callable[..., Any], at: Any) -> Any:
    """∂f/∂at by central differences in float64, parameter by parameter; f gives one number.

    at: a number, an array, or a tuple of them (then f takes as many arguments, and so many slopes come back).
    """
    if isinstance(at, tuple):
        return tuple(_slope_in(f, at, index) for index in range(len(at)))
    return _slope_in(f, (at,), 0)


def slope_noise(f: Callable[..., Any], at: Any) -> float:
    """How much of a measured slope is rounding: the float64 steps of f over the step in `at`."""
    value = float(f(*at)) if isinstance(at, tuple) else float(f(np.float64(at) if np.shape(at) == () else at))
    return 100 * _EPS * abs(value) / _STEP


def _slope_in(f: Callable[..., Any], at: tuple[Any, ...], index: int) -> np.ndarray:
    point = np.array(at[index], dtype=np.float64)
    slope = np.zeros_like(point)
    for place in np.ndindex(point.shape):
        step = _STEP * max(1.0, abs(float(point[place])))
        above, below = (_moved(f, at, index, point, place, sign * step) for sign in (1, -1))
        slope[place] = (above - below) / (2 * step)
    return slope


def _moved(
    f: Callable[..., Any], at: tuple[Any, ...], index: int, point: np.ndarray, place: tuple[int, ...], step: float
) -> float:
    moved = point.copy()
    moved[place] += step
    value: Any = moved if moved.shape else float(moved)
    return float(f(*at[:index], value, *at[index + 1 :]))


def wrong_slope(claimed: Any, slope: Any, at: Any, rtol: float = SLOPE_RTOL, noise: float = 0.0) -> str:
    """ "" where the claimed slope is the measured one, up to rtol of the largest and `noise`; else where it is not."""
    if isinstance(slope, tuple):
        if not isinstance(claimed, (list, tuple)) or len(claimed) != len(slope):
            return f"yours is {what(claimed)}, expected are {len(slope)} slopes"
        largest = max((float(np.abs(part).max(initial=0.0)) for part in slope), default=0.0)
        for index, (mine, theirs) in enumerate(zip(claimed, slope, strict=True)):
            if told := _slope_differs(mine, theirs, at[index], rtol * largest + noise):
                return f"in item {index}: {told}"
        return ""
    return _slope_differs(claimed, slope, at, rtol * float(np.abs(slope).max(initial=0.0)) + noise)


def _slope_differs(claimed: Any, slope: np.ndarray, at: Any, allowed: float) -> str:
    mine = as_numbers(claimed)
    if mine is None or mine.shape != slope.shape:
        return _numbers_differ(claimed, slope, RTOL, None)
    with np.errstate(all="ignore"):
        good = np.abs(mine.astype(np.float64) - slope) <= max(allowed, 1e-9)
    if good.all():
        return ""
    place = tuple(int(i) for i in np.argwhere(~good)[0])
    yours, theirs = two_numbers(mine[place], slope[place])
    point = np.asarray(at)[place] if np.shape(at) == slope.shape else at
    where = f"at {number(point)}" if slope.shape == () else f"at {_index_text(place)}"
    return f"{where}: yours {yours}, the slope is {theirs}"
