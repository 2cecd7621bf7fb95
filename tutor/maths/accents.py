"""Accents over, and lines under, what is more than one letter."""

from __future__ import annotations

from rich.cells import cell_len

from tutor.maths.boxes import TextBox, pad, widen

_MARKS = {"hat": "^", "tilde": "~", "vec": "→", "leftvec": "←", "ring": "°"}
_PLAIN_MARKS = {"hat": "^", "tilde": "~", "vec": "->", "leftvec": "<-", "ring": "o"}


def accented(kind: str, body: TextBox, ascii: bool) -> TextBox:
    """A body with its accent in the line above, or the line below it that it is underlined by."""
    if kind == "underline":
        line = ("-" if ascii else "‾") * body.width
        return TextBox((*body.lines, line), body.baseline)
    if kind == "bar":
        return TextBox(("_" * body.width, *body.lines), body.baseline + 1)
    mark = (_PLAIN_MARKS if ascii else _MARKS).get(kind, ".")
    if body.width < cell_len(mark):
        body = widen(body, cell_len(mark))
    return TextBox((pad(mark, body.width), *body.lines), body.baseline + 1)
