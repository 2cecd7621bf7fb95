"""Printing as a run goes on: a line that changes in place on a terminal, plain lines in a pipe."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal, TextIO

import click

from tutor.commands.changing_line import ChangingLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.text import Text

    from tutor.commands.session import Session
    from tutor.plots.look import PlotLook
    from tutor.plots.scene import Scene

DUMB = ("", "dumb", "unknown")
"""Terminals on which a line cannot change in place."""
_SYSTEMS: dict[str, Literal["truecolor", "256", "standard"]] = {
    "truecolor": "truecolor", "256": "256", "16": "standard",
}  # fmt: skip
"""Depths of colour, as Rich calls them."""
GREEN, RED, YELLOW = "green", "red", "yellow"


class Paper:
    """live: whether a line can change in place. width: columns for text, at most 80. quiet: nothing but notes on
    standard error is printed (for `--json`)."""

    def __init__(self, session: Session, *, quiet: bool = False) -> None:
        term = session.terminal.term
        self.session = session
        self.quiet = quiet
        self.live = not quiet and _is_tty(sys.stdout) and term not in DUMB
        self.width = session.width
        self.ascii = session.terminal.ascii
        self._colours = session.terminal.colours
        self._changing = ChangingLine(
            {name for name in ("out", "err") if not quiet and _is_tty(getattr(sys, f"std{name}")) and term not in DUMB},
            session.terminal.columns,
        )
        self._mid_line = False

    # -------------------------------------------------------------- lines that stay

    def out(self, text: str, *, err: bool = False, begun: Mapping[str, str] | None = None) -> None:
        """Text as code printed it, with the line ends that it has itself. begun: lines of both streams that may still
        change; they stand last, on a terminal."""
        if self.quiet:
            return
        if text:
            self._changing.wipe()
            click.echo(text, nl=False, err=err)
            self._mid_line = not text.endswith("\n")
        self._changing.begun(begun or {})

    def line(self, text: str = "", *, colour: str = "", bold: bool = False, err: bool = False) -> None:
        """One line of our own, on a line of its own."""
        if self.quiet and not err:
            return
        text = self.session.text(text)
        if not self.quiet and self._colours != "none" and (colour or bold):
            text = click.style(text, fg=colour or None, bold=bold or None)
        self._row(text, err=err)

    def note(self, text: str) -> None:
        """A word of the tutor's own, folded, on standard error: not part of what the code printed."""
        import textwrap

        for row in textwrap.wrap(text, self.width) or [""]:
            self.line(row, err=True)

    def picture(self, scene: Scene) -> None:
        """A picture, on a terminal, and its words."""
        self.line()
        self.drawing(scene)
        self.words(scene)

    def drawing(self, scene: Scene) -> None:
        """A picture on a terminal, as wide as it is. Nothing in a pipe."""
        if not self.live:
            return
        from tutor.commands.pen.terminal_pictures import picture
        from tutor.messages.harmless_values import harmless_in

        terminal = self.session.terminal
        for row in picture(harmless_in(scene), terminal.columns, terminal.rows, self._look()):
            self._row(self._ansi(row).rstrip())

    def words(self, scene: Scene) -> None:
        """What a picture shows, in words."""
        import textwrap

        from tutor.plots import words

        for row in textwrap.wrap(words(scene, ascii=self.ascii), self.width):
            self.line(row)

    def palette(self, indent: str) -> None:
        """The colours of plots, side by side, where there are any."""
        from rich.text import Text

        look = self._look()
        if any(look.series):
            blocks = [("███ ", style) for style in look.series]
            self._row(self._ansi(Text.assemble(indent, *blocks)).rstrip())

    def _look(self) -> PlotLook:
        from tutor.plots import PlotLook

        look = PlotLook(
            ascii=self.ascii, braille=self.session.terminal.braille, colours=self._colours,
            dark=self.session.terminal.theme == "dark",
        )  # fmt: skip
        return look if self.live else look.plain()

    # -------------------------------------------------------------- the line that changes

    def status(self, text: str) -> None:
        """What goes on now. Nothing in a pipe, nor while the code is in the middle of a line."""
        if self.live and not self._mid_line:
            self._changing.status(self.session.text(text))

    def close(self) -> None:
        """The last line is ended, and nothing is left of the one that changed."""
        self._changing.wipe()
        self._end_line()

    # -------------------------------------------------------------- small things

    def _row(self, text: str, *, err: bool = False) -> None:
        """A line with the colours that we have put into it."""
        self._changing.wipe()
        self._end_line()
        click.echo(text, err=err)
        self._changing.draw()

    def _end_line(self) -> None:
        if self._mid_line:
            self._mid_line = False
            click.echo()

    def _ansi(self, row: Text) -> str:
        if not self.live or self._colours == "none":
            return row.plain
        import io

        from rich.console import Console

        width = self.session.terminal.columns
        console = Console(file=io.StringIO(), force_terminal=True, color_system=_SYSTEMS[self._colours], width=width)
        with console.capture() as capture:
            console.print(row, end="", soft_wrap=True)
        return capture.get()


def _is_tty(stream: TextIO | None) -> bool:
    try:
        return stream is not None and os.isatty(stream.fileno())
    except (OSError, ValueError):
        return False
