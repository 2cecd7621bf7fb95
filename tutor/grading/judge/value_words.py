"""A value in words, as the messages of checks say it, and as numbers where it is some. Judge's process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import SupportsFloat

import numpy as np

from tutor import words
from tutor.grading.both_sides.plain_values import Array, Ref


def number(value: SupportsFloat, digits: int = 7) -> str:
    """A number for people, with seven digits that count; True and False by their names."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    return words.number(int(value) if isinstance(value, (int, np.integer)) else float(value), digits)


def two_numbers(first: SupportsFloat, second: SupportsFloat) -> tuple[str, str]:
    """Both, with as many digits as it takes to see that they differ."""
    for digits in (7, 10, 13, 17):
        texts = number(first, digits), number(second, digits)
        if texts[0] != texts[1]:
            return texts
    return number(first, 17), number(second, 17)


def shape_text(shape: Sequence[object]) -> str:
    """`(3, 4)`, `(n,)`, `()`."""
    inner = ", ".join(str(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def index_text(index: Sequence[int]) -> str:
    """`[3, 0]`."""
    return f"[{', '.join(str(i) for i in index)}]"


def what(value: object) -> str:
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
        keys = ", ".join(str(key)[:20] for key in list(value)[:6])
        return f"a dict with the keys {keys}" if value else "an empty dict"
    return f"a {type(value).__name__}"


def _what_ref(ref: Ref) -> str:
    if ref.kind == "ellipsis":
        return "still ... (nothing was filled in)"
    if ref.kind == "function":
        return f"the function {ref.text} itself: call it, with ( )" if ref.text else "a function"
    if ref.kind == "class" and ref.text:
        return f"the class {ref.text} itself: call it, with ( )"
    return f"a {ref.kind}" if ref.kind == "module" else f"a {ref.type_name}"


def as_numbers(value: object) -> Array | None:
    """The value as a real array, where it is a number or a regular nest of numbers; else None. Shape (): one number."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, (bool, int, float, np.number, np.bool_)):
        return np.asarray(value)
    if not isinstance(value, (list, tuple)):
        return None
    parts: list[Array] = []
    for item in value:
        part = as_numbers(item)
        if part is None or (parts and part.shape != parts[0].shape):
            return None
        parts.append(part)
    array = np.array(parts) if parts else np.zeros(0)
    return array if array.dtype.kind in "bifu" else None
