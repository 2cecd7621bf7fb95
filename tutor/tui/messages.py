"""What widgets tell the screen they stand on. Widgets only post; screens change state and write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from textual.widget import Widget

    from tutor.course.model import Exercise, Run
    from tutor.progress import Attempt


class Answered(Message):
    """The learner answered something on the page: it is to be recorded, and then shown. show: draws what came of it."""

    def __init__(self, attempt: Attempt, task: Widget, show: Callable[[], Awaitable[None] | None]) -> None:
        super().__init__()
        self.attempt, self._task, self._show = attempt, task, show

    async def show(self) -> None:
        """Show what came of it, where its task is still there: it has been recorded."""
        if self._task.is_attached and isawaitable(shown := self._show()):
            await shown


class OpenTask(Message):
    """Code is to be opened in the workbench."""

    def __init__(self, task: Run | Exercise) -> None:
        super().__init__()
        self.task = task


class Written(Message):
    """What was typed into a field has changed: worth keeping as a draft."""

    def __init__(self, task: str, text: str) -> None:
        super().__init__()
        self.task = task
        self.text = text


class Say(Message):
    """One sentence for the rule above the keys."""

    def __init__(self, notice: str, *, grave: bool = False) -> None:
        super().__init__()
        self.notice = notice
        self.grave = grave
