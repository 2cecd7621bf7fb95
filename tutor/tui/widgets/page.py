"""The page: prose set in one widget for each run of it, and between them figures and tasks in their places."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll

from tutor.course import model
from tutor.tui import actions
from tutor.tui.door import tutor_of
from tutor.tui.library import Placed, Prose, pieces
from tutor.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.widget import Widget

    from tutor.course.model import Block, Page
    from tutor.progress import Attempt


class ProseLines(Lines):
    """One run of prose."""

    DEFAULT_CSS = "ProseLines { height: auto; margin: 0 0 1 0; }"

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        super().__init__()
        self._blocks = blocks

    def make(self, width: int) -> list[Text]:
        return tutor_of(self).library.prose(self._blocks, max(width, 10))


class PageTitle(Lines):
    DEFAULT_CSS = "PageTitle { height: auto; margin: 0 0 1 0; }"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def make(self, width: int) -> list[Text]:
        return list(Text(self._title, self.palette.heading).wrap(self.app.console, max(width, 10)))


_WIDGETS: dict[type[Placed], tuple[str, str]] = {
    model.Figure: ("figure", "FigureView"),
    model.Run: ("card", "TaskCard"),
    model.Exercise: ("card", "TaskCard"),
    model.Quiz: ("choices", "QuizTask"),
    model.Order: ("order_task", "OrderTask"),
    model.Number: ("number", "NumberTask"),
    model.Explain: ("explain", "ExplainTask"),
    model.Predict: ("predict", "PredictTask"),
    model.Review: ("review_list", "ReviewList"),
}
"""Module of this folder and class for each kind of block; a module is imported with the first page that needs it."""


def _maker(block: Placed) -> Callable[..., Widget]:
    module, name = _WIDGETS[type(block)]
    maker: Callable[..., Widget] = getattr(importlib.import_module(f"tutor.tui.widgets.{module}"), name)
    return maker


_LATER: dict[type, tuple[str, ...]] = {
    model.Figure: ("engine.client.engine", "plots.drawing", "plots.describe", "tui.screens.lab"),
    model.Run: ("engine.client.engine", "tui.widgets.workbench.workbench"),
    model.Exercise: ("engine.client.engine", "tui.widgets.workbench.workbench"),
}
"""What the next key on such a block needs."""


def make_ready(page: Page) -> None:
    """Import what this page's widgets need, and what opening them does; in a thread, before anybody asks for it."""
    for piece in pieces(page.blocks):
        if not isinstance(piece, Prose):
            _maker(piece)
        for module in _LATER.get(type(piece), ()):
            importlib.import_module(f"tutor.{module}")


def widget_for(
    block: Placed, lesson: str, attempts: Mapping[str, Sequence[Attempt]], written: Mapping[str, str]
) -> Widget:
    """The widget of a block with a place of its own. written: what was typed into fields before."""
    make = _maker(block)
    match block:
        case model.Figure():
            return make(block)
        case model.Explain() | model.Number() | model.Order():
            return make(block, lesson, attempts.get(block.id, ()), written.get(block.id, ""))
        case model.Review():
            return make(block, attempts)
        case _:
            return make(block, lesson, attempts.get(block.id, ()))


def widgets_of(
    page: Page, lesson: str, attempts: Mapping[str, Sequence[Attempt]], written: Mapping[str, str]
) -> list[Widget]:
    """All that a page shows, from top to bottom."""
    found: list[Widget] = [PageTitle(page.title)]
    for piece in pieces(page.blocks):
        if isinstance(piece, Prose):
            found.append(ProseLines(piece.blocks))
        else:
            found.append(widget_for(piece, lesson, attempts, written))
    return found


class PageView(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Scrolls without moving pictures; the column is at most 80 wide."""

    BINDINGS = [*actions.bindings("scroll")]

    def items(self) -> list[Widget]:
        """What on the page takes keys, from top to bottom."""
        return [child for child in self.children if child.focusable or child.has_class("-field")]
