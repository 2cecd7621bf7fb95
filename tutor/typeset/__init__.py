"""A course's prose as lines of text at a width, for screens, pipes and screen readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tutor.course import model
from tutor.typeset.text_look import Look

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["Look", "inlines", "plain", "typeset"]


def typeset(blocks: Iterable[model.Block], width: int, look: Look | None = None) -> list[Text]:
    """Prose blocks as lines of at most `width` cells, one rich Text each.

    Tasks and figures are left out: the screens put their own widgets there.
    """
    from tutor.typeset.blocks import lines_of

    return lines_of(blocks, max(width, 8), look or Look())


def inlines(content: Iterable[model.Inline], look: Look | None = None, style: str = "") -> Text:
    """Inlines as one text that is not wrapped. style: what they stand in."""
    from tutor.typeset.flow import inlines as set_inlines

    return set_inlines(content, look or Look(), style)


def plain(blocks: Iterable[model.Block], width: int = 78, ascii: bool = False) -> str:
    """Blocks as plain text for pipes and screen readers; tasks and figures as one line each."""
    from tutor.typeset.blocks import lines_of

    lines = lines_of(blocks, max(width, 8), Look.bare(ascii), placeholder=placeholder)
    return "\n".join(line.plain.rstrip() for line in lines)


def placeholder(block: model.Block) -> str:
    """One line that stands for a task or a figure, with the id by which the command line knows it."""
    match block:
        case model.Figure():
            return f"[figure: {block.name}]"
        case model.Review():
            return f"[review: {', '.join(block.ids)}]"
        case model.Run() | model.Exercise() | model.Quiz() | model.Number() | model.Order() | model.Explain():
            return _named(type(block).__name__.lower(), block.id, block.title)
        case model.Predict():
            return _named("predict", block.id, block.title)
        case _:
            return ""


def _named(kind: str, id: str, title: str) -> str:
    return f"[{kind} {id}: {title}]" if title else f"[{kind} {id}]"
