"""Textual's driver, with the painter in place of its writer, which blocks the program once thirty frames wait, and
with a parser that keeps every Esc."""

from __future__ import annotations

import os
from typing import Any

from textual.drivers import linux_driver
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tutor.tui.keys.escapes import EscapeKeeper
from tutor.tui.output.painter import Painter
from tutor.words import in_columns

vars(linux_driver)["XTermParser"] = EscapeKeeper  # the driver makes its parser by this name, deep in its thread

_NO_BACKGROUND = ("screen", "vt", "ansi", "sun", "cygwin")
"""Beginnings of TERM where erasing leaves the default background."""


class ThriftyDriver(linux_driver.LinuxDriver):
    """Sends the cells that changed, the shortest way, never more than the terminal takes."""

    _painter: Painter | None = None

    # LinuxDriver makes its writer in start_application_mode and writes through this attribute
    @property
    def _writer_thread(self) -> Any:
        return self._painter

    @_writer_thread.setter
    def _writer_thread(self, writer: Any) -> None:
        if writer is None or self._file is None:
            self._painter = None
        else:
            erases = not os.environ.get("TERM", "").startswith(_NO_BACKGROUND)
            self._painter = Painter(self._file, erases=erases)

    def _query_in_band_window_resize(self) -> None:
        """Not asked: a resize arrives as a signal, and some terminals print the last letter of the question."""

    def process_message(self, message: Message) -> None:
        if isinstance(message, TerminalSupportsSynchronizedOutput) and self._painter and self._painter.answered():
            return
        super().process_message(message)


class SevenBitsDriver(ThriftyDriver):
    """The same, writing 7 bits only."""

    def write(self, data: str) -> None:
        super().write(in_columns(data))
