"""The one door to the window: what its parts may ask of it, and what it may ask of the screen that is open.

Screens and widgets know `Tutor` and get it by `tutor_of`; none of them imports the app, which imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar, cast, runtime_checkable

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from tutor.course.model import Course, LessonEntry
    from tutor.engine.client.engine import Engine
    from tutor.progress import Attempt, Progress
    from tutor.runs import Runs
    from tutor.settings import Settings
    from tutor.terminal import Terminal
    from tutor.tui.actions import Action
    from tutor.tui.library import Library
    from tutor.tui.life.opening import Opening
    from tutor.tui.looks.theme import Palette, Signs

Result = TypeVar("Result")
Offer: TypeAlias = tuple[str, str, Callable[[], object]]
"""Of the palette of commands: what it does in words, its keys or its kind, and the call."""


class Tutor(Protocol):
    """The window, as its parts see it."""

    course: Course
    settings: Settings
    progress: Progress
    terminal: Terminal
    palette: Palette
    signs: Signs
    opening: Opening
    keys_heard: int
    """How many keys have come."""

    @property
    def library(self) -> Library:
        """The lessons that were read so far, and pages set for the screen."""

    @property
    def runs(self) -> Runs:
        """Past trainings."""

    def get_engine(self) -> Engine:
        """The engine, made when it is first asked for."""

    def entry(self, lesson: str) -> LessonEntry | None:
        """The lesson of this id, as the index knows it."""

    async def write(self, call: Callable[[], Result]) -> Result:
        """Run what touches the disk in the one thread that writes, in order, off the event loop."""

    def write_later(self, call: Callable[[], object]) -> None:
        """The same, not waited for."""

    async def record(self, attempt: Attempt) -> None:
        """Keep this attempt, in the one thread that writes. To be waited for before anything of it is shown."""

    def tell_problems(self) -> None:
        """Say what progress has to say about the disk, each once."""

    def tell_unsaved(self) -> None:
        """Say why what was just shown is not on the disk, where it is not."""

    def open_home(self, chosen: str = "") -> None:
        """Home; the lesson of this id is chosen there."""

    def open_lesson(self, lesson: str, page: int = -1, task: str = "") -> None:
        """Open a lesson: at this page (from 0), or where the learner was last."""

    def open_broken(self, entry: LessonEntry, problem: str = "") -> None:
        """Say where and why a lesson cannot be read."""

    def open_review(self) -> None:
        """The questions that are due again, one after the other."""

    def open_find(self) -> None:
        """Titles, concepts and words of the course, as they are typed."""

    def open_help(self) -> None:
        """Every key, by the place where it acts."""


def tutor_of(part: MessagePump) -> Tutor:
    """The window that this widget or screen is in."""
    return cast("Tutor", part.app)


# ------------------------------------------------------------------ what a screen may have


@runtime_checkable
class Speaks(Protocol):
    """A screen with a line for notices."""

    def say(self, notice: str, *, grave: bool = False) -> None: ...


@runtime_checkable
class Saves(Protocol):
    """A screen that holds what is not on the disk yet."""

    def save_now(self) -> object: ...


@runtime_checkable
class ShowsProgress(Protocol):
    """A screen that shows where the learner stands."""

    def progress_changed(self) -> None: ...


@runtime_checkable
class ShowsTask(Protocol):
    """A screen on which a task may be open."""

    def task_shown(self) -> str:
        """Its id, "" where none is open."""


@runtime_checkable
class NamesKeys(Protocol):
    """A screen that has its own words for keys."""

    def label_of(self, action: Action) -> str: ...
    def leaves_out(self, action: Action) -> bool: ...


@runtime_checkable
class Offers(Protocol):
    """A screen that offers more in the palette of commands than its keys do."""

    def palette_offers(self) -> Iterable[Offer]: ...
