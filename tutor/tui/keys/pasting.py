"""Text that a terminal hands over in one piece: pastes in brackets, and those of terminals that send none.

A paste is text, whatever is in it: an ESC within one is no key, and what follows it no sequence.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from textual import events

OPENING, CLOSING = "\x1b[200~", "\x1b[201~"
LOST = 10.0
"""Seconds without a letter after which the end of a paste is taken for lost: keys are keys again."""
PIECES = 0.1
"""Seconds within which the next piece of a paste without brackets comes, where it is longer than one read."""

_BEGINS = re.compile(r"\x1b\[2(?:0(?:0)?)?\Z")
"""The beginning of a bracket at the end of what was read; less of it may be the key Esc."""
_OWN_INDENT = re.compile(r"[\r\n][ \t]+[^\s\x1b]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain_enter() -> events.Key:
    """Enter within text that brings its own indents: nothing is to be added to them."""
    return events.Key("enter", "\n")


def is_plain(enter: events.Key) -> bool:
    """Whether it is such an Enter: that of a keyboard comes as a carriage return."""
    return enter.character == "\n"


class Pastes:
    """Takes pastes out of what is read. own_indent: whether what is left comes with its own indents."""

    def __init__(self) -> None:
        self.own_indent = False
        self._text: str | None = None
        self._kept = ""
        self._at = 0.0

    def split(self, data: str) -> Iterator[str | events.Paste]:
        """Keys, for the parser, and pastes, in their order."""
        now = time.monotonic()
        if self._text is not None and now - self._at > LOST:
            yield from self._paste(self._text)
        data, self._kept = self._kept + data, ""
        while data:
            if self._text is None:
                before, opened, data = data.partition(OPENING)
                if not opened and (begun := _BEGINS.search(before)) is not None:
                    before, self._kept = before[: begun.start()], begun[0]
                if before:
                    self._look(before, now)
                    yield before.replace("\r\n", "\r") if self.own_indent else before
                if not opened:
                    break
                self._text = ""
            inside, closed, data = (self._text + data).partition(CLOSING)
            self._text = inside
            if closed:
                yield from self._paste(inside)
        self._at = now

    def _paste(self, text: str) -> Iterator[events.Paste]:
        self._text = None
        yield events.Paste(_NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))

    def _look(self, keys: str, now: float) -> None:
        """Nobody types a line, Enter and spaces within one read; a terminal without brackets pastes so."""
        goes_on = self.own_indent and now - self._at < PIECES
        self.own_indent = goes_on or _OWN_INDENT.search(keys) is not None
