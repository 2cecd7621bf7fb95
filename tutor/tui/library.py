"""The lessons that were read so far and the prose that was set for this window's width. Safe in threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tutor.course import model
from tutor.course.loader import load_lesson

if TYPE_CHECKING:
    from rich.text import Text

    from tutor.course.model import Block, Course, Inline, Lesson, Page
    from tutor.typeset import Look

KEPT = 300
"""Set runs of prose that are kept."""

Placed: TypeAlias = (
    model.Run | model.Exercise | model.Quiz | model.Number | model.Order | model.Explain | model.Predict | model.Figure
    | model.Review
)  # fmt: skip
OWN_PLACE = (
    model.Run, model.Exercise, model.Quiz, model.Number, model.Order, model.Explain, model.Predict, model.Figure,
    model.Review,
)  # fmt: skip
"""Blocks that are widgets of their own on the page; everything else is prose."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Blocks that are set one after the other, in one widget."""

    blocks: tuple[Block, ...]


def pieces(blocks: tuple[Block, ...]) -> Iterator[Prose | Placed]:
    """Runs of prose, and between them the blocks that have a place of their own."""
    run: list[Block] = []
    for block in blocks:
        if isinstance(block, OWN_PLACE):
            if run:
                yield Prose(tuple(run))
                run = []
            yield block
        else:
            run.append(block)
    if run:
        yield Prose(tuple(run))


def prose_of(task: Placed) -> Iterator[tuple[Block, ...]]:
    """The runs of prose that a block with a place of its own shows when it is first drawn."""
    if not isinstance(task, model.Figure):
        yield task.prose


class Library:
    """One for each window. What is set is kept by its blocks and its width."""

    def __init__(self, course: Course, look: Look) -> None:
        self.course = course
        self.look = look
        self._lessons: dict[str, Lesson] = {}
        self._set: OrderedDict[tuple[tuple[Block, ...], int], list[Text]] = OrderedDict()
        self._lock = threading.Lock()

    def lesson(self, lesson: str) -> Lesson:
        """The lesson of this id. Raises CourseError where it cannot be read."""
        found = self._lessons.get(lesson)
        if found is None:
            found = load_lesson(self.course, lesson)
            if self.look.ascii:
                from tutor.tui.looks.respelling import respelled

                found = respelled(found)
            self._lessons[lesson] = found
        return found

    def known(self, lesson: str) -> Lesson | None:
        """The lesson, if it was read before."""
        return self._lessons.get(lesson)

    def prose(self, blocks: tuple[Block, ...], width: int) -> list[Text]:
        """These blocks as lines, at most `width` cells wide."""
        key = (blocks, width)
        with self._lock:
            lines = self._set.get(key)
            if lines is not None:
                self._set.move_to_end(key)
                return lines
        from tutor.typeset import typeset

        lines = trimmed(typeset(blocks, width, self.look)) if blocks else []
        with self._lock:
            self._set[key] = lines
            while len(self._set) > KEPT:
                self._set.popitem(last=False)
        return lines

    def inlines(self, inlines: tuple[Inline, ...]) -> Text:
        """A run of inlines as one line."""
        from tutor.typeset import inlines as set_inlines

        return set_inlines(inlines, self.look)

    def set_page(self, page: Page, width: int, inner: int) -> None:
        """Set a page ahead of its showing. inner: columns for the prose inside tasks."""
        for piece in pieces(page.blocks):
            if isinstance(piece, Prose):
                self.prose(piece.blocks, width)
            else:
                for blocks in prose_of(piece):
                    self.prose(blocks, inner)


def trimmed(lines: list[Text]) -> list[Text]:
    """Without empty lines at the ends: margins are the style sheet's."""
    start, end = 0, len(lines)
    while start < end and not lines[start].plain.strip():
        start += 1
    while end > start and not lines[end - 1].plain.strip():
        end -= 1
    return lines[start:end]
