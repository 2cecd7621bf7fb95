"""The page: prose set in one widget for each run of it, and between them figures and tasks in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.containers import VerticalScroll

from tutor.course import model
from tutor.tui import actions
from tutor.tui.library import Prose, pieces
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
        return self.app.library.prose(self._blocks, max(width, 10))  # type: ignore[attr-defined]


class PageTitle(Lines):
    DEFAULT_CSS = "PageTitle { height: auto; margin: 0 0 1 0; }"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def make(self, width: int) -> list[Text]:
        return list(Text(self._title, self.palette.heading).wrap(self.app.console, max(width, 10)))


def widget_for(block: Any, lesson: str, attempts: Mapping[str, Sequence[Attempt]], written: str = "") -> Widget:
    """The widget of a block with a place of its own. written: what was typed into its field before."""
    done = attempts.get(block.id, ()) if hasattr(block, "id") else ()
    match block:
        case model.Figure():
            from tutor.tui.widgets.figure import FigureView

            return FigureView(block)
        case model.Run() | model.Exercise():
            from tutor.tui.widgets.card import TaskCard

            return TaskCard(block, lesson, done)
        case model.Quiz():
            from tutor.tui.widgets.choices import QuizTask

            return QuizTask(block, lesson, done)
        case model.Order():
            from tutor.tui.widgets.order import OrderTask

            return OrderTask(block, lesson, done)
        case model.Number():
            from tutor.tui.widgets.number import NumberTask

            return NumberTask(block, lesson, done)
        case model.Explain():
            from tutor.tui.widgets.explain import ExplainTask

            return ExplainTask(block, lesson, done, written)
        case model.Predict():
            from tutor.tui.widgets.predict import PredictTask

            return PredictTask(block, lesson, done)
        case _:
            from tutor.tui.widgets.review import ReviewList

            return ReviewList(block, attempts)


def widgets_of(
    page: Page, lesson: str, attempts: Mapping[str, Sequence[Attempt]], written: Mapping[str, str]
) -> list[Widget]:
    """All that a page shows, from top to bottom."""
    found: list[Widget] = [PageTitle(page.title)]
    for piece in pieces(page.blocks):
        if isinstance(piece, Prose):
            found.append(ProseLines(piece.blocks))
        else:
            found.append(widget_for(piece, lesson, attempts, written.get(getattr(piece, "id", ""), "")))
    return found


class PageView(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Scrolls without moving pictures; the column is at most 80 wide."""

    BINDINGS = [*actions.bindings("scroll")]

    def items(self) -> list[Widget]:
        """What on the page takes keys, from top to bottom."""
        return [child for child in self.children if child.focusable or child.has_class("-field")]
