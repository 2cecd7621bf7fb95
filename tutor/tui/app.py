"""The window: how it begins, hears, makes room and ends. What its screens share is in `shared`, how one leads to
another in `routes`, what they may ask of it in `door`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.binding import Binding
from textual.events import Key, Paste
from textual.geometry import Offset

from tutor.terminal import SMALLEST
from tutor.tui.door import ShowsProgress
from tutor.tui.keys import keymap
from tutor.tui.keys.escapes import apart
from tutor.tui.life.ending import Ending
from tutor.tui.life.left_behind import SOON, say_left_behind
from tutor.tui.life.sweeping import Sweeper
from tutor.tui.looks.dress import dress, driver_for
from tutor.tui.routes import RoutedApp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.command import Provider
    from textual.events import Event, Resize
    from textual.geometry import Size
    from textual.screen import Screen

    from tutor.course.model import Course
    from tutor.progress import Progress
    from tutor.settings import Settings
    from tutor.terminal import Terminal
    from tutor.tui.door import Tutor
    from tutor.tui.keys.turnstile import Pressed

STYLED = ("home", "lesson", "outline", "find", "help", "review")
"""Screens whose style sheets are read with the window's own."""
LOOK_AROUND = 2.0
"""Seconds between two looks at what other windows wrote."""


def _commands() -> type[Provider]:
    from tutor.tui.keys.command_palette import ActionCommands

    return ActionCommands


class TutorApp(RoutedApp, inherit_bindings=False):
    """One window of the tutor. lesson: the id to open first; "" opens home. review: the questions due first."""

    TITLE = "dl-tutor"
    CSS_PATH = ["app.tcss", *(f"screens/{name}.tcss" for name in STYLED)]
    COMMANDS = {_commands}
    BINDINGS = [Binding("ctrl+c", "how_to_leave", show=False, system=True)]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = []
    VERTICAL_BREAKPOINTS = []

    _cursor_at = Offset(0, 0)

    def __init__(
        self, course: Course, settings: Settings, progress: Progress, terminal: Terminal, *, lesson: str = "",
        review: bool = False,
    ) -> None:
        super().__init__(course, settings, progress, terminal)
        self.animation_level = "none"
        self.driver_class = driver_for(self.driver_class, terminal)
        dress(self, terminal)
        self._first, self._review = lesson, review
        self.keys_heard = 0
        self.ending = Ending(self, progress)
        self.sweeper = Sweeper()

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor stands after every frame. Textual keeps what widgets set last; here it is always
        where the focus is."""
        from tutor.tui.output.cursor import of_focus

        if self.screen_stack:
            self._cursor_at = of_focus(self.screen) or self._cursor_at
        return self._cursor_at

    @cursor_position.setter
    def cursor_position(self, position: Offset) -> None:
        self._cursor_at = position

    # -------------------------------------------------------------- start

    def on_mount(self) -> None:
        self.write_later(self.progress.tidy)
        self.ending.heed_signals()
        if self.settings.cursor:
            from tutor.tui.output.cursor import SHOW

            # also after the terminal was lent to another program: Textual hides it whenever it takes the terminal
            self.app_resume_signal.subscribe(self, lambda _: self.send(SHOW))
            self.send(SHOW)
        self.opening.begin(first=True)
        self.push_screen(self._first_screen())  # above Textual's own, which cannot be switched
        if self._review:
            self.call_after_refresh(self.open_review)
        self.set_interval(LOOK_AROUND, self._look_around)
        self.set_timer(SOON, self._look_for_runs)
        self._check_room(self.size)

    def _first_screen(self) -> Screen[object]:
        entry = self.entry(self._first) if self._first else None
        if entry is not None and not entry.problem:
            return self.lesson_screen(entry)
        return self.home_screen()

    def _look_for_runs(self) -> None:
        """For those that a window before has left behind."""
        self.run_worker(say_left_behind(self), group="left-behind", exit_on_error=False)

    # -------------------------------------------------------------- what comes

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        for one in apart(self.opening.as_meant(event)):
            await self.turnstile.take(one)

    async def hand_on(self, event: Pressed) -> None:
        self.keys_heard += 1
        self.sweeper.key()
        await super().hand_on(event)

    async def _look_around(self) -> None:
        """What other windows wrote, and what could not be written before."""
        self.sweeper.look()
        if await self.write(self.progress.refresh) and isinstance(self.screen, ShowsProgress):
            self.screen.progress_changed()
        self.tell_problems()

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

    def broke(self, error: Exception) -> None:
        """Nobody caught this error."""
        self.ending.broke(error)

    def action_how_to_leave(self) -> None:
        self.say("q leaves the tutor, and everything is saved (in a field or the editor: Esc first)")

    async def action_leave(self) -> None:
        """Save, close the engine, and go."""
        await self.write(self.ending.save_now)
        self.exit(0)

    async def on_unmount(self) -> None:
        await self.close_shared()
        self.ending.done()


if TYPE_CHECKING:

    def _fits(app: TutorApp) -> Tutor:
        """What the door promises, the app has."""
        return app


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
