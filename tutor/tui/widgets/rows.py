"""A list to choose from: one line a row, moved through with the arrow keys; rows that cannot be chosen are skipped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tutor.tui.door import tutor_of
from tutor.tui.widgets.lines import segments
from tutor.tui.widgets.screen_bars import spread

if TYPE_CHECKING:
    from textual.events import Click, Resize


@dataclass(frozen=True, slots=True)
class ListRow:
    """left and right: what stands at the two ends. value: what is chosen (None: a row that only says something)."""

    left: Text
    right: Text = field(default_factory=Text)
    value: object = None


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """Posts `Chosen` on Enter (through the screen's action) or a click, `Moved` when the choice moves."""

    DEFAULT_CSS = "Rows { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }"

    class Chosen(Message):
        """This row is to be opened."""

        def __init__(self, value: object) -> None:
            super().__init__()
            self.value = value

    class Moved(Message):
        """The choice has moved to this row."""

        def __init__(self, value: object) -> None:
            super().__init__()
            self.value = value

    def __init__(self, *, id: str | None = None, margin: int = 1) -> None:
        super().__init__(id=id)
        self.rows: list[ListRow] = []
        self.cursor = -1
        self._margin = margin

    @property
    def chosen(self) -> object:
        """The value of the chosen row, None where there is none."""
        return self.rows[self.cursor].value if 0 <= self.cursor < len(self.rows) else None

    @property
    def active_row(self) -> int:
        """The row in sight on which the choice is."""
        return max(self.cursor, 0) - int(self.scroll_offset.y)

    def show(self, rows: list[ListRow], chosen: object = None) -> None:
        """Show these rows; the one whose value is `chosen` is chosen, else the first that can be."""
        self.rows = rows
        self.cursor = next((at for at, row in enumerate(rows) if row.value is not None), -1)
        for at, row in enumerate(rows):
            if row.value is not None and row.value == chosen:
                self.cursor = at
                break
        self._resized()
        self.refresh()
        self._keep_in_view()

    def _resized(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))

    def on_resize(self, event: Resize) -> None:
        self._resized()
        self._keep_in_view()

    def move(self, by: int) -> None:
        """Choose the next row (by = 1) or the one before (by = -1) that can be chosen; several at once: by = ±n."""
        step = 1 if by > 0 else -1
        for _ in range(abs(by)):
            at = self.cursor + step
            while 0 <= at < len(self.rows) and self.rows[at].value is None:
                at += step
            if not 0 <= at < len(self.rows):
                break
            self.cursor = at
        self.refresh()
        self._keep_in_view()
        self.post_message(self.Moved(self.chosen))

    def key_pagedown(self) -> None:
        self.move(max(self.size.height - 2, 1))

    def key_pageup(self) -> None:
        self.move(-max(self.size.height - 2, 1))

    def key_home(self) -> None:
        self.move(-len(self.rows))

    def key_end(self) -> None:
        self.move(len(self.rows))

    def open(self) -> None:
        """Open the chosen row."""
        if self.chosen is not None:
            self.post_message(self.Chosen(self.chosen))

    def on_click(self, event: Click) -> None:
        at = event.y + int(self.scroll_offset.y)
        if 0 <= at < len(self.rows) and self.rows[at].value is not None:
            self.cursor = at
            self.refresh()
            self.open()

    def _keep_in_view(self) -> None:
        height = self.scrollable_content_region.height
        top = int(self.scroll_offset.y)
        if self.cursor < 0 or height <= 0:
            return
        first = next((at for at, row in enumerate(self.rows) if row.value is not None), 0)
        wanted = top
        if self.cursor <= first:
            wanted = 0
        elif self.cursor < top + 1:
            wanted = self.cursor - 1
        elif self.cursor > top + height - 2:
            wanted = self.cursor - height + 2
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        palette = tutor_of(self).palette
        signs = tutor_of(self).signs
        width = self.scrollable_content_region.width
        at = y + int(self.scroll_offset.y)
        if at >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row = self.rows[at]
        here = at == self.cursor and row.value is not None
        mark = Text(f"{signs.here} " if here else "  ", palette.accent)
        body = spread(Text.assemble(mark, row.left), row.right, max(width - 2 * self._margin, 0))
        line = Text.assemble(" " * self._margin, body, " " * self._margin)
        if here:
            line = Text("").join([line])
            line.stylize(palette.cursor)
        return (
            Strip(segments(line, self.app.console))
            .apply_style(self.rich_style)
            .adjust_cell_length(width, self.rich_style)
        )
