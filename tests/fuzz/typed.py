"""Values of our own message types, by their fields: each as its type says, and as far out as it lets."""

from __future__ import annotations

import math
import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

NUMBERS = st.one_of(
    st.sampled_from((0.0, -0.0, 1.0, math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, 1e-12, 3.5)),
    st.floats(width=64),
    st.integers(-3, 40).map(float),
)
WHOLE = st.one_of(st.integers(-2, 9), st.sampled_from((-(2**63), 2**63 - 1, 2**64 - 1, 10**6)))
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ("", "loss", "val_loss", "accuracy", "a b", "\x1b[31mred", "\u0301", "日本", "👨‍👩‍👧", "x" * 200, "r", "b")
    ),
)


@cache
def values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _LEAVES:
        return _LEAVES[kind]
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([values(one) for one in inner])
    if origin is tuple:
        if inner[1:] == (...,):
            return st.lists(values(inner[0]), max_size=4).map(tuple)
        return st.tuples(*(values(one) for one in inner))
    if origin is dict:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if origin is not None:
        return values(inner[0])  # Annotated and its like
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _structs(kind)
    return st.none()


def _structs(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    hints, fields = get_type_hints(kind), msgspec.structs.fields(kind)
    needed = {field.name: values(hints[field.name]) for field in fields if field.required}
    free = {field.name: values(hints[field.name]) for field in fields if not field.required}
    return st.fixed_dictionaries(needed, optional=free).map(lambda given: _built(kind, given))


def _built(kind: type[msgspec.Struct], fields: dict[str, Any]) -> object:
    """The value; what its type refuses is what another process could send all the same."""
    try:
        return kind(**fields)
    except (ValueError, TypeError, AttributeError):
        return {"type": kind.__struct_config__.tag, **fields}


_LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    float: NUMBERS,
    int: WHOLE,
    str: TEXTS,
    bytes: st.binary(max_size=12),
    bool: st.booleans(),
    type(None): st.none(),
    object: st.one_of(NUMBERS, WHOLE, TEXTS),
    msgspec.Raw: st.just(msgspec.Raw(b"\xc0")),
}
