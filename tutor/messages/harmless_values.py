"""A message made safe to show: every text in it is harmless, whatever field, key or entry it stands in.

What has to be looked at is found from a type once: a message with few texts costs a microsecond, however many numbers
it carries.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

from tutor.messages.harmless import harmless

Value = TypeVar("Value")
Cleaning = Callable[[object], object]
"""A value in, the same value harmless out: the very object where nothing had to be changed."""

_NO_TEXT = (int, float, bool, bytes, type(None), Ellipsis)


def harmless_in(value: Value) -> Value:
    """`value` with every text in it harmless. Raises RecursionError where it is nested without end."""
    return cast("Value", _of_anything(value))


def _of_anything(value: object) -> object:
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, Struct):
        return _of_struct(type(value))(value)
    if isinstance(value, dict):
        return _of_dict(value)
    if isinstance(value, (tuple, list)):
        return _of_row(value)
    return value


def _of_text(value: object) -> object:
    text = cast(str, value)
    return text if text.isprintable() else harmless(text)


def _of_dict(value: object) -> object:
    held = cast("dict[object, object]", value)
    new = {_of_anything(key): _of_anything(one) for key, one in held.items()}
    return held if _same(new, held) and _same(new.values(), held.values()) else new


def _of_row(value: object) -> object:
    row = cast("tuple[object, ...] | list[object]", value)
    new = [_of_anything(one) for one in row]
    return row if _same(new, row) else type(row)(new)


def _same(new: Iterable[object], old: Iterable[object]) -> bool:
    return all(one is other for one, other in zip(new, old, strict=False))


def _of_numbers_by_name(value: object) -> object:
    """Of a dict in which the keys alone are text."""
    named = cast("dict[str, object]", value)
    if "".join(named).isprintable():
        return named
    return {harmless(name): one for name, one in named.items()}


@functools.cache
def _of_struct(kind: type[Struct]) -> Cleaning:
    """What makes a struct of this type harmless. Fields that hold no text by their types, as long rows of numbers do,
    are not looked at."""
    hints = get_type_hints(kind)
    found = [(name, cleaning) for name in kind.__struct_fields__ if (cleaning := _for(hints[name])) is not None]
    if not found:
        return lambda value: value
    names, cleanings = tuple(zip(*found, strict=True))
    if len(names) == 1:
        names, cleanings = (names[0], "__class__"), (cleanings[0], lambda value: value)
    values_of = attrgetter(*names)

    def clean(value: object) -> object:
        changed = {}
        for name, old, cleaning in zip(names, values_of(value), cleanings, strict=True):
            if old and (new := cleaning(old)) is not old:
                changed[name] = new
        return replace(cast(Struct, value), **changed) if changed else value

    return clean


def _for(hint: object) -> Cleaning | None:
    """What makes a value of this type harmless; None where it holds no text."""
    if hint is str:
        return _of_text
    if get_origin(hint) is Literal or hint in _NO_TEXT:
        return None
    arguments = get_args(hint)
    if not arguments:
        return _of_anything
    inner = [_for(one) for one in arguments]
    if get_origin(hint) is dict and inner == [_of_text, None]:
        return _of_numbers_by_name
    return _of_anything if any(inner) else None
