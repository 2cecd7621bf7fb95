"""Widgets that are lines of text: one widget, one list of rich Texts, no children."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from rich.text import Text
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tutor.tui.door import tutor_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.segment import Segment

    from tutor.tui.looks.theme import Palette, Signs


def segments(line: Text, console: Console) -> list[Segment]:
    """A line as segments. Text.render leaves out the text's own style where it has no spans: it is put in here."""
    if line.style:
        line = line.copy()
        line.stylize_before(line.style)
    return [part for part in line.render(console, end="") if part.text]


class Lines(Widget):
    """Override `make`. Its lines are made once for each width, and turned into strips when first drawn."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._made: dict[int, list[Text]] = {}
        self._items: dict[int, list[int]] = {}
        self._strips: dict[int, Strip] = {}
        self._strips_width = -1

    @property
    def palette(self) -> Palette:
        """Styles by name, of the app's theme."""
        return tutor_of(self).palette

    @property
    def signs(self) -> Signs:
        """Marks that this terminal can show."""
        return tutor_of(self).signs

    def make(self, width: int) -> list[Text]:
        """The lines, none wider than `width` cells."""
        raise NotImplementedError

    def lines(self, width: int) -> list[Text]:
        """`make`, remembered for the last two widths (layout may ask with and without a scrollbar)."""
        made = self._made.get(width)
        if made is None:
            if len(self._made) > 1:
                self._made.clear()
                self._items.clear()
            made = self._made[width] = self.make(width)
        return made

    def item_begins(self, width: int, row: int) -> None:
        """To be told while lines are made, in order: where each thing that can be chosen begins."""
        self._items.setdefault(width, []).append(row)

    def _item_rows(self) -> list[int]:
        width = self.content_size.width
        if width:
            self.lines(width)
        return self._items.get(width, [])

    @property
    def active_row(self) -> int:
        """The row on which the terminal's cursor belongs while this has the focus: that of the chosen thing."""
        rows, at = self._item_rows(), getattr(self, "cursor", -1)
        return rows[at] if 0 <= at < len(rows) else 0

    def item_at(self, y: int) -> int:
        """The thing that can be chosen on this row, counted from 0; -1 above the first."""
        return bisect_right(self._item_rows(), y) - 1

    def changed(self, *, layout: bool = True) -> None:
        """What the lines are made from has changed. layout: their number may have, too."""
        self._made.clear()
        self._items.clear()
        self._strips_width = -1
        self.refresh(layout=layout)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips_width = -1

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        if self._strips_width != width:
            self._strips.clear()
            self._strips_width = width
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._strip(y, width)
        return strip

    def _strip(self, y: int, width: int) -> Strip:
        lines = self.lines(width)
        style = self.rich_style
        if y >= len(lines):
            return Strip.blank(width, style)
        return Strip(segments(lines[y], self.app.console)).apply_style(style).adjust_cell_length(width, style)


class TextLines(Lines):
    """Lines handed over ready-made."""

    def __init__(self, lines: list[Text], *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._given = lines

    def make(self, width: int) -> list[Text]:
        return self._given

    def show(self, lines: list[Text]) -> None:
        """Show these instead."""
        self._given = lines
        self.changed()
