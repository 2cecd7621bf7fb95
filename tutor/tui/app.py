"""The window. It holds what all screens share (course, progress, engine) and moves between screens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.events import Key
from textual.geometry import Offset

from tutor.errors import TutorError
from tutor.terminal import SMALLEST
from tutor.tui.keys import keymap
from tutor.tui.keys.escapes import Escapes
from tutor.tui.life import left_behind
from tutor.tui.life.ending import Ending
from tutor.tui.life.opening import Opening
from tutor.tui.life.sweeping import Sweeper
from tutor.tui.looks.dress import dress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.driver import Driver
    from textual.events import Event, Resize
    from textual.geometry import Size
    from textual.screen import Screen

    from tutor.course.model import Course, Lesson, LessonEntry
    from tutor.engine.client.engine import Engine
    from tutor.progress import Progress
    from tutor.runs import Runs
    from tutor.settings import Settings
    from tutor.terminal import Terminal
    from tutor.tui.library import Library
    from tutor.tui.looks.theme import Palette, Signs
    from tutor.typeset import Look

Result = TypeVar("Result")
STYLED = ("home", "lesson", "outline", "find", "help", "review")
"""Screens whose style sheets are read with the window's own."""


def _commands() -> Any:
    from tutor.tui.keys.command_palette import ActionCommands

    return ActionCommands


class TutorApp(App[int], inherit_bindings=False):
    """One window of the tutor. lesson: the id to open first; "" opens home. review: the questions due first."""

    TITLE = "dl-tutor"
    CSS_PATH = ["app.tcss", *(f"screens/{name}.tcss" for name in STYLED)]
    COMMANDS = {_commands}
    BINDINGS = [Binding("ctrl+c", "how_to_leave", show=False, system=True)]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = []
    VERTICAL_BREAKPOINTS = []

    palette: Palette
    signs: Signs

    def __init__(
        self, course: Course, settings: Settings, progress: Progress, terminal: Terminal, *, lesson: str = "",
        review: bool = False,
    ) -> None:
        super().__init__()
        self.course, self.settings, self.progress, self.terminal = course, settings, progress, terminal
        self.animation_level = "none"
        self.driver_class = self._thrifty(self.driver_class)
        dress(self)
        self._first, self._review = lesson, review
        self._engine: Engine | None = None
        self._library: Library | None = None
        self._runs: Runs | None = None
        self._writer = ThreadPoolExecutor(1, "dl-tutor-writer")
        self._said = 0
        self.keys_heard = 0
        self._held_up = False
        self.opening, self.escapes, self.ending = Opening(self), Escapes(self), Ending(self)
        self.sweeper = Sweeper()

    _cursor_at = Offset(0, 0)

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor stands after every frame. Textual keeps what widgets set last; here it is always
        where the focus is."""
        from tutor.tui.output.cursor import of_focus

        if self._screen_stack:
            self._cursor_at = of_focus(self.screen) or self._cursor_at
        return self._cursor_at

    @cursor_position.setter
    def cursor_position(self, position: Offset) -> None:
        self._cursor_at = position

    def _thrifty(self, driver: type[Driver]) -> type[Driver]:
        """Ours in place of Textual's own; one that somebody chose (TEXTUAL_DRIVER, Windows) stays."""
        if driver.__module__ != "textual.drivers.linux_driver":
            return driver
        from tutor.tui.output.driver import SevenBitsDriver, ThriftyDriver

        return SevenBitsDriver if self.terminal.ascii else ThriftyDriver

    # -------------------------------------------------------------- what screens share

    @property
    def library(self) -> Library:
        """The lessons that were read so far, and pages set for the screen."""
        if self._library is None:
            from tutor.tui.library import Library

            self._library = Library(self.course, self.text_look)
        return self._library

    @property
    def text_look(self) -> Look:
        """How set text looks in this window."""
        from tutor.tui.looks.text_and_plots import text_look

        return text_look(self)

    @property
    def runs(self) -> Runs:
        """Past trainings."""
        if self._runs is None:
            from tutor import paths
            from tutor.runs import Runs

            self._runs = Runs(paths.state_dir() / "runs")
        return self._runs

    def get_engine(self) -> Engine:
        """The engine, made when it is first asked for."""
        if self._engine is None:
            from tutor.engine.client.engine import Engine

            self._engine = Engine(window=self.progress.window, on_state=self._engine_state)
        return self._engine

    def _engine_state(self, kind: str, state: str, sentence: str) -> None:
        hear, say = getattr(self.screen, "engine_state", None), getattr(self.screen, "say", None)
        if hear is not None:
            hear(kind, state, sentence)
        if state == "waiting" and not self._held_up and say is not None:
            say(f"Keras is {sentence}")
        self._held_up = state == "waiting"

    def entry(self, lesson: str) -> LessonEntry | None:
        """The lesson of this id, as the index knows it."""
        return next((one for one in self.course.lessons if one.id == lesson), None)

    async def write(self, call: Callable[[], Result]) -> Result:
        """Run what touches the disk in the one thread that writes, in order, off the event loop."""
        return await asyncio.wrap_future(self._writer.submit(call))

    def write_later(self, call: Callable[[], object]) -> None:
        """The same, not waited for. Progress says by itself what went wrong on the disk."""
        self._writer.submit(call)

    def copy_to_clipboard(self, text: str) -> None:
        """Textual's hook, which its own widgets use as well. Says where the text is."""
        from tutor.tui.output.clipboard import copy

        self._clipboard = text
        self.run_worker(copy(self, text), group="copy")

    def tell_problems(self) -> None:
        """Say what progress has to say about the disk, each once."""
        problems = self.progress.problems
        if len(problems) > self._said:
            self._said = len(problems)
            say = getattr(self.screen, "say", None)
            if say is not None:
                say(problems[-1], grave=True)

    # -------------------------------------------------------------- start

    def _first_screen(self) -> Screen[object]:
        entry = self.entry(self._first) if self._first else None
        if entry is not None and not entry.problem:
            return self._lesson_screen(entry)
        return self._home_screen()

    def _home_screen(self, chosen: str = "") -> Screen[object]:
        from tutor.tui.screens.home import HomeScreen

        return HomeScreen(chosen)

    def _lesson_screen(
        self, entry: LessonEntry, page: int = -1, task: str = "", lesson: Lesson | None = None
    ) -> Screen[object]:
        from tutor.tui.screens.lesson import LessonScreen

        if page < 0:
            place = self.progress.place(entry.id)
            page, task = (place.page, place.task) if place else (0, "")
        return LessonScreen(entry, page, task, lesson=lesson)

    def on_mount(self) -> None:
        self.write_later(self.progress.tidy)
        self.ending.heed_signals()
        if self.settings.cursor:
            from tutor.tui.output.cursor import keep_shown

            keep_shown(self)
        self.opening.begin(first=True)
        self.push_screen(self._first_screen())  # above Textual's own, which cannot be switched
        if self._review:
            self.call_after_refresh(self.open_review)
        self.set_interval(2.0, self._look_around)
        left_behind.look_soon(self)
        self._check_room(self.size)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            self.keys_heard += 1
            self.sweeper.key()
        heard = self.opening.let_through(event)
        if heard is not None:
            heard = self.escapes.let_through(heard)
        if heard is not None:
            await super().on_event(heard)

    async def _look_around(self) -> None:
        """What other windows wrote, and what could not be written before."""
        self.sweeper.look()
        if await self.write(self.progress.refresh):
            hear = getattr(self.screen, "progress_changed", None)
            if hear is not None:
                hear()
        self.tell_problems()

    # -------------------------------------------------------------- moving between screens

    def open_home(self, chosen: str = "") -> None:
        """Home; the lesson of this id is chosen there."""
        self.switch_screen(self._home_screen(chosen))

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
        await self.switch_screen(self._lesson_screen(entry, page, task, lesson))

    def open_task(self, task: str) -> None:
        """The page on which this task stands, with the task in focus."""
        for entry in self.course.lessons:
            for one in entry.tasks:
                if one.id == task:
                    self.open_lesson(entry.id, one.page, task)
                    return

    def open_broken(self, entry: LessonEntry, problem: str = "") -> None:
        """Say where and why a lesson cannot be read."""
        from tutor.tui.screens.broken import BrokenScreen

        self.push_screen(BrokenScreen(entry, problem or entry.problem))

    def open_review(self) -> None:
        """The questions that are due again, one after the other."""
        import time

        from tutor.progress.reviews import due
        from tutor.tui.screens.review import ReviewScreen

        found = due(self.course, self.progress.attempts(), time.time())
        if found and not isinstance(self.screen, ReviewScreen):
            self.push_screen(ReviewScreen([one.task for one in found]))
        else:
            say = getattr(self.screen, "say", None)
            if say is not None and not found:
                say("Nothing is due for review: questions come back when the next chapter is half done")

    def open_find(self) -> None:
        from tutor.tui.screens.find import FindScreen

        self.push_screen(FindScreen())

    def open_help(self) -> None:
        from tutor.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        return ()

    # -------------------------------------------------------------- room

    def on_resize(self, event: Resize) -> None:
        self._check_room(event.size)

    def _check_room(self, size: Size) -> None:
        from tutor.tui.screens.small import SmallScreen

        small = size.width < SMALLEST[0] or size.height < SMALLEST[1]
        if small and not isinstance(self.screen, SmallScreen):
            self.push_screen(SmallScreen())
            self.opening.done()
        elif not small and isinstance(self.screen, SmallScreen):
            self.screen.leave()

    # -------------------------------------------------------------- the end

    def _handle_exception(self, error: Exception) -> None:
        """Textual's hook for what nobody caught. Its own prints a traceback with all the values over the learner's
        screen."""
        self._return_code = TutorError.exit_status
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.ending.broke(error)
        self._close_messages_no_wait()

    def action_how_to_leave(self) -> None:
        say = getattr(self.screen, "say", None)
        if say is not None:
            say("q leaves the tutor, and everything is saved (in a field or the editor: Esc first)")

    async def action_leave(self) -> None:
        """Save, close the engine, and go."""
        await self.write(self.ending.save_now)
        self.exit(0)

    async def on_unmount(self) -> None:
        if self._engine is not None:
            await self._engine.close()
        self._writer.shutdown(wait=True)
        self.ending.done()


def run_app(
    course: Course,
    settings: Settings,
    *,
    lesson: str | None = None,
    progress: Progress | None = None,
    terminal: Terminal | None = None,
    review: bool = False,
) -> int:
    """Open the window; returns the exit status. lesson: its id; None goes on where the learner was, "" is home.
    review: home, and the questions that are due in front of it.

    Raises WindowFault where the window broke: the screen is the terminal's again, and what was open is saved.
    """
    if progress is None:
        from tutor import paths
        from tutor.progress import Progress

        progress = Progress.of_course(course, paths.state_dir())
    if terminal is None:
        from tutor.terminal import look_at

        terminal = look_at(settings)
    keymap.remap(settings.keys)
    if lesson is None:
        place = None if review else progress.place()
        lesson = place.lesson if place else ""
    app = TutorApp(course, settings, progress, terminal, lesson=lesson, review=review)
    app.sweeper.begin()
    try:
        status = app.run()
    finally:
        app.sweeper.end()
    if app.ending.fault is not None:
        raise app.ending.fault
    return status if status is not None else app.return_code or 0
