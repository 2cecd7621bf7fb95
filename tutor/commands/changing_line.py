"""The line of a terminal that changes in place, below all that stays: what goes on, or what code has begun to print."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import click

_TO_THE_END = "\x1b[K"


class ChangingLine:
    """terminals: which of "out" and "err" is one; where neither is, nothing is ever drawn."""

    def __init__(self, terminals: Collection[str], columns: int) -> None:
        self._terminals = terminals
        self._err = "out" not in terminals
        self._columns = columns
        self._status = self._begun = self._drawn = ""

    def status(self, text: str) -> None:
        """What goes on; it is not seen while there is a line that is begun."""
        self._status = text
        self.draw()

    def begun(self, lines: Mapping[str, str]) -> None:
        """What the code has begun to print to each stream."""
        self._begun = "".join(line for stream, line in lines.items() if stream in self._terminals)
        self.draw()

    def draw(self) -> None:
        """Draw what is to be seen now."""
        text = (self._begun or self._status)[: max(1, self._columns - 1)]
        if text != self._drawn and self._terminals:
            self._drawn = text
            click.echo(f"\r{text}{_TO_THE_END}", nl=False, err=self._err)  # it flushes

    def wipe(self) -> None:
        """Take it away, as another line is written in its place; what goes on is told anew."""
        if self._drawn:
            click.echo(f"\r{_TO_THE_END}", nl=False, err=self._err)
        self._drawn = self._status = ""
