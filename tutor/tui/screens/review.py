"""Review: questions that were answered before, one at a time, without the old answers."""

from __future__ import annotations

import asyncio

from rich.text import Text
from textual.app import ComposeResult

from tutor.course.walk import iter_tasks
from tutor.errors import CourseError
from tutor.tui import actions
from tutor.tui.messages import Answered, Say, Written
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.lines import TextLines
from tutor.tui.widgets.page import PageView, widget_for
from tutor.tui.widgets.task import field_of


class ReviewScreen(TutorScreen):
    """tasks: their ids, in the order in which they are asked."""

    BINDINGS = [*actions.bindings("review")]

    def __init__(self, tasks: list[str]) -> None:
        super().__init__()
        self._tasks = tasks
        self._view = PageView(id="page")
        self._at = 0
        self._right = 0
        self._answered: set[str] = set()

    def compose(self) -> ComposeResult:
        yield self.top
        yield self._view
        yield self.bottom

    async def on_mount(self) -> None:
        await self._show()  # keys that come meanwhile wait for it

    async def _show(self) -> None:
        view = self._view
        self.top.show("Review", f"{min(self._at + 1, len(self._tasks))} of {len(self._tasks)}")
        await view.remove_children()
        if self._at >= len(self._tasks):
            words = f"Done for today: {self._right} of {len(self._tasks)} right at once."
            await view.mount(TextLines([Text(words, self.palette.text)]))
            view.focus()
            return
        task = self._tasks[self._at]
        entry = next((one for one in self.tutor.course.lessons if any(t.id == task for t in one.tasks)), None)
        if entry is None:
            self.say(f"The course has no question {task}.")
            return
        try:
            lesson = await asyncio.to_thread(self.tutor.library.lesson, entry.id)
        except CourseError as error:
            self.say(str(error), grave=True)
            return
        block = next(one for one in iter_tasks(lesson) if one.id == task)
        widget = widget_for(block, entry.id, {}, {})
        await view.mount(widget)
        field_of(widget).focus()

    async def on_answered(self, event: Answered) -> None:
        event.stop()
        attempt = event.attempt
        if attempt.task not in self._answered:
            self._answered.add(attempt.task)
            self._right += attempt.outcome in ("passed", "done")
        await self.tutor.record(attempt)
        await event.show()
        self.tutor.tell_unsaved()

    def on_written(self, event: Written) -> None:
        event.stop()

    def on_say(self, event: Say) -> None:
        event.stop()
        self.say(event.notice, grave=event.grave)

    async def action_next_question(self) -> None:
        self._at = min(self._at + 1, len(self._tasks))
        await self._show()

    def action_close(self) -> None:
        self.leave()
