"""What stands on a page and takes keys: which is to be done first, which is whose, and what Enter does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.course.model import Exercise, Run
from tutor.course.walk import TASKS
from tutor.tui.widgets.task import HasState, block_of, field_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget

    from tutor.tui.widgets.page import PageView


def widget_of(view: PageView, task: str) -> Widget | None:
    """What takes the keys of this task on the page."""
    for child in view.children if task else ():
        block = block_of(child)
        if isinstance(block, TASKS) and block.id == task:
            return field_of(child)
    return None


def first_to_do(view: PageView) -> Widget | None:
    """The first thing on the page that is still to be done, else the first that takes keys."""
    items = view.items()
    undone = [item for item in items if not (isinstance(item, HasState) and item.state == "done")]
    return next(iter(undone or items), None)


def code_on(view: PageView, focused: Widget | None) -> Run | Exercise | None:
    """The code of the page that is to be opened: an exercise before a run, one in focus before both."""
    tasks = list(_codes(view))
    in_focus = block_of(focused)
    if isinstance(in_focus, Run | Exercise) and in_focus in tasks:
        return in_focus
    return next((task for task in tasks if isinstance(task, Exercise)), tasks[0] if tasks else None)


def _codes(view: PageView) -> Iterator[Run | Exercise]:
    for child in view.children:
        block = block_of(child)
        if isinstance(block, Run | Exercise):
            yield block


def enter_does(item: Widget | None) -> str:
    """What the line of keys says of Enter on this."""
    name = type(item).__name__
    if name == "TaskCard":
        return "do exercise" if isinstance(block_of(item), Exercise) else "try code"
    return {"FigureView": "open figure"}.get(name, "answer" if item else "")
