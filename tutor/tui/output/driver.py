"""Textual's driver, with the painter in place of its writer, which blocks the program once thirty frames wait, and
with a parser that keeps every Esc."""

from __future__ import annotations

import os
from typing import TextIO

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tutor.tui.keys.escapes import EscapeKeeper
from tutor.tui.output.painter import Painter
from tutor.tui.textual_private import OwnWriterDriver, have_parser
from tutor.words import in_columns

have_parser(EscapeKeeper)

_NO_BACKGROUND = ("screen", "vt", "ansi", "sun", "cygwin")
"""Beginnings of TERM where erasing leaves the default background."""


class ThriftyDriver(OwnWriterDriver[Painter], LinuxDriver):
    """Sends the cells that changed, the shortest way, never more than the terminal takes."""

    def writer_for(self, file: TextIO) -> Painter:
        return Painter(file, erases=not os.environ.get("TERM", "").startswith(_NO_BACKGROUND))

    def process_message(self, message: Message) -> None:
        if isinstance(message, TerminalSupportsSynchronizedOutput) and self.writer and self.writer.answered():
            return
        super().process_message(message)


class SevenBitsDriver(ThriftyDriver):
    """The same, writing 7 bits only."""

    def write(self, data: str) -> None:
        super().write(in_columns(data))
