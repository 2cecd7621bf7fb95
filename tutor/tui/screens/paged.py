"""The pages of a lesson: turning them, the learner's standing and place, and what is typed into their fields."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

from tutor.course.model import Explain, Number, Order
from tutor.errors import CourseError
from tutor.progress import Place
from tutor.tui.messages import Answered, Say, Written
from tutor.tui.screens.base import TutorScreen
from tutor.tui.screens.page_items import widget_of
from tutor.tui.screens.page_marks import page_marks, page_states
from tutor.tui.widgets.page import PageView, make_ready, widgets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.timer import Timer

    from tutor.course.model import Lesson, LessonEntry, Page
    from tutor.progress import Attempt, Standing

WIDE = 120
"""Columns from which on there is something beside the page."""
TYPING_REST = 0.5
"""Seconds after the last key until what is typed into a field is on disk."""


class PagedScreen(TutorScreen):
    """entry, lesson: which one it is, and all of it once it was read. page: the one that is open, from 0.

    wanted: the task that is to have the focus first, "" for none.
    """

    def __init__(self, entry: LessonEntry, page: int, wanted: str, lesson: Lesson | None) -> None:
        super().__init__()
        self.entry, self.lesson = entry, lesson
        self.page = max(0, min(page, len(entry.pages) - 1))
        self.view = PageView(id="page")
        self._wanted = wanted
        self._standing: Standing | None = None
        self._turning = asyncio.Lock()
        self._written: dict[str, tuple[str, int]] = {}
        self._timer: Timer | None = None
        self._saving = threading.Lock()

    # -------------------------------------------------------------- for what stands beside the page

    def keeps_focus(self) -> bool:
        """Whether something beside the page has the focus, and keeps it when the page turns."""
        return False

    async def turned(self) -> None:
        """Another page stands there."""

    async def resume(self, lesson: Lesson, task: str) -> None:
        """The lesson was opened; this is the task at which the learner was, "" for none."""

    def place(self) -> Place:
        """Where the learner is."""
        return Place(self.entry.id, self.page)

    # -------------------------------------------------------------- pages

    async def open_lesson(self) -> None:
        """Read the lesson, where it was not yet, and show the page."""
        try:
            if self.lesson is None:
                self.lesson = await asyncio.to_thread(self.tutor.library.lesson, self.entry.id)
            await self._show(self.lesson, self.page, self._wanted)
            await self.resume(self.lesson, self._wanted)
        except CourseError as error:
            self.tutor.open_home(self.entry.id)
            self.tutor.open_broken(self.entry, str(error))
        finally:
            self.tutor.opening.done()

    async def go(self, page: int, task: str = "") -> None:
        """Turn to this page (from 0), once the lesson was read."""
        if self.lesson is not None:
            await self.tutor.write(self.save_fields)
            await self._show(self.lesson, page, task)

    async def _show(self, lesson: Lesson, page: int, task: str) -> None:
        async with self._turning:
            self.page = max(0, min(page, len(lesson.pages) - 1))
            attempts, written, self._standing = await asyncio.to_thread(self._prepare, lesson, self.page)
            view = self.view
            widgets = widgets_of(lesson.pages[self.page], self.entry.id, attempts, written)
            with self.app.batch_update():
                await view.remove_children()
                await view.mount_all(widgets)
                view.scroll_home(animate=False, immediate=True)
            self.show_title()
            self.say("")
            if not self.keeps_focus():
                (widget_of(view, task) or view).focus()
        await self.turned()
        self.refresh_bindings()
        self.keep_place()
        self.tutor.tell_problems()
        self.run_worker(self._ahead(lesson), group="ahead", exclusive=True)

    def _prepare(self, lesson: Lesson, page: int) -> tuple[dict[str, list[Attempt]], dict[str, str], Standing]:
        """What showing a page needs and is not cheap; in a thread."""
        progress = self.tutor.progress
        self.tutor.library.set_page(lesson.pages[page], *self._widths())
        attempts: dict[str, list[Attempt]] = {}
        for attempt in progress.attempts():
            attempts.setdefault(attempt.task, []).append(attempt)
        written = {}
        for block in lesson.pages[page].blocks:
            if isinstance(block, Explain | Number | Order):
                draft = progress.drafts.load(block.id)
                written[block.id] = draft.text if draft else ""
        return attempts, written, progress.standing(self.tutor.course)

    async def _ahead(self, lesson: Lesson) -> None:
        """Set the next page before it is asked for, and import what this one and the next may need."""
        await asyncio.to_thread(self._make_ready, lesson.pages[self.page : self.page + 2])

    def _make_ready(self, pages: Sequence[Page]) -> None:
        for page in pages:
            make_ready(page)
            self.tutor.library.set_page(page, *self._widths())

    def _widths(self) -> tuple[int, int]:
        """Columns for prose on the page, and inside a task."""
        total = self.app.size.width
        half = min(82, total // 2) if total >= WIDE else total
        width = min(78, half - 3)
        return width, width - 2

    # -------------------------------------------------------------- place and standing

    def keep_place(self) -> None:
        """The next start is here."""
        place, now = self.place(), time.monotonic_ns()
        self.tutor.write_later(lambda: self.tutor.progress.set_place(place, seen_at=now))

    def show_title(self) -> None:
        """Where one is; for each page whether all on it is done."""
        states = page_states(self.entry, self._standing, self.page)
        marks = page_marks(states, self.page, self.palette, self.signs)
        self.top.show(f"{self.entry.number} {self.entry.title}", marks)

    def progress_changed(self) -> None:
        """Another window, or the workbench, has written."""
        self.run_worker(self._restate(), group="standing", exclusive=True)

    async def _restate(self) -> None:
        self._standing = await asyncio.to_thread(self.tutor.progress.standing, self.tutor.course)
        self.show_title()
        self.tutor.tell_problems()

    # -------------------------------------------------------------- what is answered, and typed into fields

    async def on_answered(self, event: Answered) -> None:
        event.stop()
        await self.tutor.record(event.attempt)
        await event.show()
        self.tutor.tell_unsaved()
        self.progress_changed()

    def on_written(self, event: Written) -> None:
        event.stop()
        self._written[event.task] = (event.text, time.monotonic_ns())
        if self._timer is None:  # further keys do not put it off
            self._timer = self.set_timer(TYPING_REST, self._save_soon)

    def _save_soon(self) -> None:
        self._timer = None
        self.tutor.write_later(self.save_fields)

    def on_say(self, event: Say) -> None:
        event.stop()
        self.say(event.notice, grave=event.grave)

    def save_fields(self) -> None:
        """What was typed into fields is on disk when this returns, from whatever thread."""
        with self._saving:
            while self._written:
                task, (text, typed_at) = self._written.popitem()
                self.tutor.progress.drafts.save(task, text, typed_at=typed_at)

    def save_now(self) -> None:
        self.save_fields()
        self.tutor.progress.set_place(self.place())

    # -------------------------------------------------------------- turning

    async def action_next_page(self) -> None:
        if self.page + 1 < len(self.entry.pages):
            await self.go(self.page + 1)
            return
        lessons = [one for one in self.tutor.course.lessons if not one.problem]
        at = next((at for at, one in enumerate(lessons) if one.id == self.entry.id), len(lessons))
        if at + 1 < len(lessons):
            self.tutor.open_lesson(lessons[at + 1].id, 0)
        else:
            self.say("This is the end of the course. esc shows what is left to do.")

    async def action_previous_page(self) -> None:
        if self.page > 0:
            await self.go(self.page - 1)

    async def action_read_on(self) -> None:
        view = self.view
        if view.scroll_offset.y >= view.max_scroll_y:
            await self.action_next_page()
        else:
            view.scroll_page_down(animate=False)

    def action_outline(self) -> None:
        from tutor.tui.screens.outline import OutlineScreen

        self.app.push_screen(OutlineScreen(self.entry, self.page), self._jump)

    async def _jump(self, to: object) -> None:
        """To what was chosen in the outline: (page, task id), None for nothing."""
        match to:
            case (int(page), str(task)):
                await self.go(page, task)

    async def action_home(self) -> None:
        await self.tutor.write(self.save_now)
        self.tutor.open_home(self.entry.id)
