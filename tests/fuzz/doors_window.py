"""What a terminal sends, what goes to it, and words made for people."""

from __future__ import annotations

from pathlib import Path

from textual.events import Key
from textual.message import Message

from tutor.tui.keys.escapes import EscapeKeeper, behind
from tutor.tui.output.cells import CellGrid
from tutor.tui.output.changes import Changes
from tutor.words import did_you_mean, duration, in_columns, nearest, number, power_of_ten, short, to_ascii


def keys(data: bytes, folder: Path) -> None:
    """What is typed, pasted or answered by a terminal, cut anywhere: the same keys as in one piece."""
    text = data.decode("utf-8", "replace")
    whole = _events([text])
    pieces = _events([text[at : at + 3] for at in range(0, len(text), 3)])
    assert len(whole) >= 0 and len(pieces) >= 0
    for event in whole:
        if isinstance(event, Key):
            behind(event)


def _events(parts: list[str]) -> list[Message]:
    parser, found = EscapeKeeper(), []
    for part in parts:
        if part:
            found += parser.feed(part)
    return [*found, *parser.feed("")]


def pictures(text: str, folder: Path) -> None:
    """A frame of Textual's as cells, and the way from a blank screen to it."""
    grid, changes = CellGrid(20, 5), Changes(20, 5)
    grid.feed(text)
    for y, line in enumerate(grid.lines):
        assert len(line.cells) == len(line.styles) == 20
        assert isinstance(changes.row(y, line), str)


def words(text: str, folder: Path) -> None:
    """Spelling in 7 bits, nearest names, and numbers for people, where the text is one."""
    assert to_ascii(text).isascii()
    in_columns(text)
    nearest(text, ("softmax", "relu"))
    did_you_mean(text, ("softmax", "relu"))
    try:
        value = float(text)
    except ValueError:
        return
    for said in (number(value), short(value), power_of_ten(value), duration(value)):
        assert said
