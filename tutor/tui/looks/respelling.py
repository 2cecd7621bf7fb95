"""Words of the course and of verdicts where the terminal shows 7 bits only. They are respelled before they are laid
out, for `x²` takes one column and `x^2` two. Code stays as it is: it is the learner's, and goes back to the engine."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from textual.scrollbar import ScrollBarRender

from tutor.words import to_ascii

Value = TypeVar("Value")

_WORDS = frozenset({"title", "pages", "learned", "unit", "diagnosis", "requirement", "message", "text", "summary"})
"""Names of fields that hold words to be read."""


def respelled(value: Value) -> Value:
    """The same struct with its words in 7 bits, and those of all structs in it."""
    if not isinstance(value, msgspec.Struct):
        return value
    changes: dict[str, object] = {}
    for name in value.__struct_fields__:
        old = getattr(value, name)
        new = _part(old, name in _WORDS)
        if new is not old:
            changes[name] = new
    return msgspec.structs.replace(value, **changes) if changes else value


def _part(value: object, words: bool) -> object:
    if isinstance(value, str):
        return to_ascii(value) if words and not value.isascii() else value
    if isinstance(value, tuple):
        parts = tuple(_part(one, words) for one in value)
        return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
    return respelled(value)


class PlainBar(ScrollBarRender):
    """A scrollbar of whole cells: those of a part of a cell are no ASCII."""

    VERTICAL_BARS = HORIZONTAL_BARS = [" "] * 8
