"""The last door before the terminal: whatever text a widget draws, nothing in it makes the terminal do anything.

What a run says is harmless from its host on. This is for text that stays as it was typed or kept: code in an editor,
files of before, lessons of others.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tutor.messages.harmless import shown


class PlainCells(LineFilter):
    """Control characters take no column, so that a line without them is as wide as before."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same list where every segment is text alone."""
        if "".join([segment.text for segment in segments]).isprintable():
            return segments
        return [Segment(shown(text), style, control) for text, style, control in segments]
