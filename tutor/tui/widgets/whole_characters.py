"""A cursor that goes over what people see as one character: an emoji of several, a letter and its accent."""

from __future__ import annotations

from rich.cells import split_graphemes
from textual import events
from textual.widgets import TextArea

Location = tuple[int, int]
_JOINER = "\u200d"


class WholeCharacters(TextArea):
    """To be mixed into a text area: moving, deleting and clicking keep such characters whole."""

    async def on_key(self, event: events.Key) -> None:
        """What joins several emoji to one is typed, too: Textual takes only what can be printed by itself."""
        if event.character == _JOINER and not self.read_only:
            event.stop()
            event.prevent_default()
            self.insert(_JOINER, maintain_selection_offset=False)

    def get_cursor_left_location(self) -> Location:
        """One character to the left, or the end of the line before."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if column == 0 or line.isascii():
            return super().get_cursor_left_location()
        return row, max(start for start in _starts(line) if start < column)

    def get_cursor_right_location(self) -> Location:
        """One character to the right, or the start of the next line."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if column >= len(line) or line.isascii():
            return super().get_cursor_right_location()
        return row, min(start for start in (*_starts(line), len(line)) if start > column)

    def cell_width_to_column_index(self, cell_width: int, row_index: int) -> int:
        """The column at so many cells from the line's start; within a character, the character's own."""
        column = super().cell_width_to_column_index(cell_width, row_index)
        line = self.document.get_line(row_index)
        if column >= len(line) or line.isascii():
            return column
        return max(start for start in _starts(line) if start <= column)


def _starts(line: str) -> list[int]:
    """Where the characters of a line begin. Rich does not put flags and the colours of skin to what is before."""
    starts: list[int] = []
    flags = 0
    for start, _, _ in split_graphemes(line)[0]:
        flags = flags + 1 if "\U0001f1e6" <= line[start] <= "\U0001f1ff" else 0
        if not starts or not (flags == 2 or "\U0001f3fb" <= line[start] <= "\U0001f3ff"):
            starts.append(start)
        flags %= 2
    return starts
