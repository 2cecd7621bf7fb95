"""LaTeX to text: one line for `$…$`, two dimensions for `$$…$$`, in Unicode or in 7 bits. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tutor.maths.maths_error import MathsError, too_deep
from tutor.words import to_ascii

if TYPE_CHECKING:
    from tutor.maths.boxes import TextBox

__all__ = ["MathsError", "display", "inline", "problems"]


@lru_cache(maxsize=4096)
def inline(latex: str, ascii: bool = False) -> str:
    """The formula on one line. Unknown macros are shown by their names. Raises MathsError."""
    from tutor.maths.oneline import OneLineWriter
    from tutor.maths.parse import parse

    try:
        text = OneLineWriter(ascii=ascii).row(parse(latex).row).text
    except RecursionError as error:
        raise too_deep() from error
    return to_ascii(text) if ascii else text


@lru_cache(maxsize=1024)
def display(latex: str, width: int = 78, ascii: bool = False) -> TextBox:
    """The formula in two dimensions, at most `width` cells wide: broken at relations or operators, never cut.

    Its `tags` are equation numbers, each with the line it belongs to. Raises MathsError.
    """
    from tutor.maths.breaking import typeset
    from tutor.maths.parse import parse

    try:
        return typeset(parse(latex), width, ascii)
    except RecursionError as error:
        raise too_deep() from error


def problems(latex: str) -> list[str]:
    """What is wrong with a formula, in order, each with its place: "character 5: unknown macro \\\\foo; …"."""
    from tutor.maths.parse import parse

    try:
        found = parse(latex).problems
    except MathsError as error:
        return [str(error)[:1].lower() + str(error)[1:]]
    return [f"character {position + 1}: {message}" for position, message in found]
