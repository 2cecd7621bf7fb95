"""What all screens of the window share: course, progress, engine, lessons, the thread that writes, and notices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from tutor.tui.door import ShowsProgress, Speaks
from tutor.tui.looks import theme
from tutor.tui.looks.dress import course_for
from tutor.tui.textual_private import OpenApp

if TYPE_CHECKING:
    from tutor.course.model import Course, LessonEntry
    from tutor.engine.client.engine import Engine
    from tutor.progress import Attempt, Progress
    from tutor.runs import Runs
    from tutor.settings import Settings
    from tutor.terminal import Terminal
    from tutor.tui.library import Library
    from tutor.typeset import Look

Result = TypeVar("Result")


class SharingApp(OpenApp[int], inherit_bindings=False):
    """What is heavy is made when it is first asked for."""

    def __init__(self, course: Course, settings: Settings, progress: Progress, terminal: Terminal) -> None:
        super().__init__()
        self.course, self.settings, self.progress, self.terminal = course, settings, progress, terminal
        self.course = course_for(course, terminal)
        self.palette, self.signs = theme.palette_for(terminal), theme.signs_for(terminal)
        self._engine: Engine | None = None
        self._library: Library | None = None
        self._runs: Runs | None = None
        self._writer = ThreadPoolExecutor(1, "dl-tutor-writer")
        self._told = 0
        self._unsaved = False
        self._held_up = False

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

        return text_look(self.terminal, self.palette)

    @property
    def runs(self) -> Runs:
        """Past trainings."""
        if self._runs is None:
            from tutor import paths
            from tutor.runs import Runs

            self._runs = Runs(paths.state_dir() / "runs")
        return self._runs

    def entry(self, lesson: str) -> LessonEntry | None:
        """The lesson of this id, as the index knows it."""
        return next((one for one in self.course.lessons if one.id == lesson), None)

    # -------------------------------------------------------------- the engine

    def get_engine(self) -> Engine:
        """The engine, made when it is first asked for."""
        if self._engine is None:
            from tutor.engine.client.engine import Engine

            self._engine = Engine(window=self.progress.window, on_state=self.engine_state)
        return self._engine

    def engine_state(self, kind: str, state: str, sentence: str) -> None:
        """What becomes of a host, where the learner has to know it."""
        from tutor.engine.client.engine import TO_SAY

        if state in TO_SAY:
            self.say(sentence, grave=True)
        if state == "waiting" and not self._held_up:
            self.say(f"Keras is {sentence}")
        self._held_up = state == "waiting"

    async def close_shared(self) -> None:
        """Leave the engine, and write what is still to be written."""
        if self._engine is not None:
            await self._engine.close()
        self._writer.shutdown(wait=True)

    # -------------------------------------------------------------- the disk

    async def write(self, call: Callable[[], Result]) -> Result:
        """Run what touches the disk in the one thread that writes, in order, off the event loop."""
        return await asyncio.wrap_future(self._writer.submit(call))

    def write_later(self, call: Callable[[], object]) -> None:
        """The same, not waited for. Progress says by itself what went wrong on the disk."""
        self._writer.submit(call)

    async def record(self, attempt: Attempt) -> None:
        """Keep this attempt, in the one thread that writes. To be waited for before anything of it is shown."""
        await self.write(lambda: self.progress.record(attempt))

    # -------------------------------------------------------------- words to the learner

    def say(self, notice: str, *, grave: bool = False) -> None:
        """One sentence on the screen that is open, where it has a line for such."""
        if isinstance(self.screen, Speaks):
            self.screen.say(notice, grave=grave)

    def tell_problems(self) -> None:
        """Say what progress has to say about the disk, each once; screens show where all is saved again, or not."""
        if self.progress.unsaved != self._unsaved:
            self._unsaved = not self._unsaved
            for screen in self.screen_stack:
                if isinstance(screen, ShowsProgress):
                    screen.progress_changed()
        problems = self.progress.problems
        if len(problems) > self._told:
            self._told = len(problems)
            self.say(problems[-1], grave=True)

    def tell_unsaved(self) -> None:
        """Say why what was just shown is not on the disk, where it is not."""
        self.tell_problems()
        if self.progress.unsaved:
            self.say(self.progress.trouble, grave=True)

    def copy_to_clipboard(self, text: str) -> None:
        """Textual's hook, which its own widgets use as well. Says where the text is."""
        self.remember_copied(text)
        self.run_worker(self._copy(text), group="copy")

    async def _copy(self, text: str) -> None:
        from tutor.tui.output import clipboard

        self.send(clipboard.sequence(text, self.terminal.multiplexer))
        self.say(await self.write(lambda: clipboard.keep(text)))
