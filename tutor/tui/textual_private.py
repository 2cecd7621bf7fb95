"""All that the window takes from Textual under names that Textual keeps for itself, and nothing else.

Such names may be others in the next Textual. Each stands here, and `tests/unit/test_textual_private.py` looks for each
in the Textual that is installed. The classes here are mixed into what the window has of its own; they import neither
the text area nor the driver, which come with the first editor and with the terminal.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TextIO, TypeVar

from textual._xterm_parser import XTermParser
from textual.app import App, ReturnType
from textual.events import Key
from textual.screen import Screen, ScreenResultType

from tutor.errors import TutorError

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.drivers.linux_driver import LinuxDriver
    from textual.filter import LineFilter
    from textual.widgets import TextArea
else:
    LinuxDriver = TextArea = object

# ------------------------------------------------------------------ the app


class OpenApp(App[ReturnType], inherit_bindings=False):
    """An app with a way to its terminal, to what it has copied, and around Textual's own last words."""

    def send(self, sequence: str) -> None:
        """Something that is no part of a picture, to the terminal; nothing where there is none."""
        if self._driver is not None and sequence:
            self._driver.write(sequence)
            self._driver.flush()

    def remember_copied(self, text: str) -> None:
        """What pasting within the window gives."""
        self._clipboard = text

    def filters(self, keep: type[LineFilter], more: Sequence[LineFilter]) -> None:
        """Of the filters that lines go through, keep those of this kind, and have these behind them."""
        self._filters = [*(one for one in self._filters if isinstance(one, keep)), *more]

    def broke(self, error: Exception) -> None:
        """Called once, with what nobody caught. The app ends."""

    def _handle_exception(self, error: Exception) -> None:
        """Textual's own prints a traceback with all the values over the learner's screen."""
        self._return_code = TutorError.exit_status
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.broke(error)
        self._close_messages_no_wait()


# ------------------------------------------------------------------ screens


def draw_now(screen: Screen[ScreenResultType]) -> bool:
    """Draw what waits to be drawn at the frame rate; whether there was anything."""
    if not (screen._dirty_widgets or screen._layout_required or screen._repaint_required):
        return False
    screen._on_timer_update()
    return True


# ------------------------------------------------------------------ the editor


class MeasuredTextArea(TextArea):
    """To be mixed into a text area. Undo and redo put the cursor back only after the size was measured: until then it
    may stand behind the text's end, and a scrollbar that comes or goes would look for it there. So within `replay` the
    rows are wrapped at once, and measured at the end."""

    _replays = False

    def replay(self, step: Callable[[], None]) -> None:
        """Take a step of undo or redo."""
        self._replays = True
        try:
            step()
        finally:
            self._replays = False
        self._rewrap_and_refresh_virtual_size()
        self.scroll_cursor_visible()

    def _refresh_size(self) -> None:
        if self._replays:
            self.wrapped_document.wrap(self.wrap_width, self.indent_width)
        else:
            super()._refresh_size()

    def calls_of(self, key: str) -> list[str]:
        """What this key calls by the bindings of the text area itself, but for those that go before all others."""
        found = self._bindings.key_to_bindings.get(key, ())
        return [binding.action for binding in found if not binding.priority and binding.action]


# ------------------------------------------------------------------ the driver


class Writer(Protocol):
    """What Textual's driver writes through."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def write(self, data: str) -> None: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...
    def fileno(self) -> int: ...


Own = TypeVar("Own", bound=Writer)


class OwnWriterDriver(Generic[Own], LinuxDriver):
    """To be mixed into Textual's driver for terminals: another writer in place of its own."""

    writer: Own | None = None

    def writer_for(self, file: TextIO) -> Own:
        """What shall stand in place of Textual's writer thread. file: the terminal."""
        raise NotImplementedError

    # LinuxDriver makes its writer in start_application_mode and writes through this attribute
    @property  # type: ignore[override]
    def _writer_thread(self) -> Own | None:
        return self.writer

    @_writer_thread.setter
    def _writer_thread(self, theirs: object) -> None:
        self.writer = self.writer_for(self._file) if theirs is not None and self._file is not None else None

    def _query_in_band_window_resize(self) -> None:
        """Not asked: a resize arrives as a signal, and some terminals print the last letter of the question."""


def have_parser(parser: type[XTermParser]) -> None:
    """Have the driver make this parser: it does so by a name of its module, deep in its thread."""
    vars(importlib.import_module("textual.drivers.linux_driver"))["XTermParser"] = parser


def without_sync_question(driver: type[Driver]) -> type[Driver]:
    """That driver, which does not ask for synchronized output."""
    return type("Unasked", (driver,), {"_request_terminal_sync_mode_support": lambda self: None})


# ------------------------------------------------------------------ what the terminal sends


class KeyParser(XTermParser):
    """Textual's parser of what a terminal sends, with a say in which keys a sequence is."""

    def keys_of(self, sequence: str, usual: Callable[[str], Iterable[Key]]) -> Iterable[Key] | None:
        """The keys of a sequence, None where Textual's are right. usual: gives Textual's."""
        raise NotImplementedError

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        own = self.keys_of(sequence, super()._sequence_to_key_events)
        try:
            yield from super()._sequence_to_key_events(sequence, alt) if own is None else own
        except (ValueError, OverflowError):  # a number in it that no character has: noise on the line, and no key
            return
