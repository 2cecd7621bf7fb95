"""The ways between screens: home, lessons, find, help, review. Each screen is imported when it is first gone to."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tutor.tui.keys.turnstile import Pressed, Turnstile
from tutor.tui.life.opening import Opening
from tutor.tui.shared import SharingApp

if TYPE_CHECKING:
    from textual.screen import Screen

    from tutor.course.model import Course, Lesson, LessonEntry
    from tutor.progress import Progress
    from tutor.settings import Settings
    from tutor.terminal import Terminal

NOTHING_DUE = "Nothing is due for review: questions come back when the next chapter is half done"


class RoutedApp(SharingApp, inherit_bindings=False):
    """opening: holds the first picture of a screen, and what is typed, back until it is whole. turnstile: has keys act
    in their order."""

    def __init__(self, course: Course, settings: Settings, progress: Progress, terminal: Terminal) -> None:
        super().__init__(course, settings, progress, terminal)
        self.turnstile = Turnstile(self, self.hand_on)
        self.opening = Opening(self, self.turnstile)

    async def hand_on(self, event: Pressed) -> None:
        """Have this key take effect."""
        await super().on_event(event)

    def home_screen(self, chosen: str = "") -> Screen[object]:
        """Home; the lesson of this id is chosen there."""
        from tutor.tui.screens.home import HomeScreen

        return HomeScreen(chosen)

    def lesson_screen(
        self, entry: LessonEntry, page: int = -1, task: str = "", lesson: Lesson | None = None
    ) -> Screen[object]:
        """A lesson, at this page (from 0); -1: where the learner was last. lesson: where it was read already."""
        from tutor.tui.screens.lesson import LessonScreen

        if page < 0:
            place = self.progress.place(entry.id)
            page, task = (place.page, place.task) if place else (0, "")
        return LessonScreen(entry, page, task, lesson=lesson)

    def open_home(self, chosen: str = "") -> None:
        """Home, in place of what is open."""
        self.switch_screen(self.home_screen(chosen))

    def open_lesson(self, lesson: str, page: int = -1, task: str = "") -> None:
        """Open a lesson: at this page (from 0), or where the learner was last."""
        entry = self.entry(lesson)
        if entry is None:
            return
        if entry.problem:
            self.open_broken(entry)
            return
        self.opening.begin()
        self.run_worker(self._open_lesson(entry, page, task), group="open", exclusive=True)

    async def _open_lesson(self, entry: LessonEntry, page: int, task: str) -> None:
        from tutor.errors import CourseError

        try:
            lesson = await asyncio.to_thread(self.library.lesson, entry.id)
        except CourseError as error:
            self.open_broken(entry, str(error))
            self.opening.done()
            return
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        await self.switch_screen(self.lesson_screen(entry, page, task, lesson))

    def open_broken(self, entry: LessonEntry, problem: str = "") -> None:
        """Say where and why a lesson cannot be read."""
        from tutor.tui.screens.broken import BrokenScreen

        self.push_screen(BrokenScreen(entry, problem or entry.problem))

    def open_review(self) -> None:
        """The questions that are due again, one after the other."""
        from tutor.progress.reviews import due
        from tutor.tui.screens.review import ReviewScreen

        found = due(self.course, self.progress.attempts(), time.time())
        if not found:
            self.say(NOTHING_DUE)
        elif not isinstance(self.screen, ReviewScreen):
            self.push_screen(ReviewScreen([one.task for one in found]))

    def open_find(self) -> None:
        """Titles, concepts and words of the course, as they are typed."""
        from tutor.tui.screens.find import FindScreen

        self.push_screen(FindScreen())

    def open_help(self) -> None:
        """Every key, by the place where it acts."""
        from tutor.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))
