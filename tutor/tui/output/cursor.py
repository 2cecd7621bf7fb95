"""Where the terminal's own cursor belongs: where the focus is. Screen readers and magnifiers follow it, shown or not.

Every frame ends with a move there: to the text cursor of an editor or a field, to the chosen row of a list, a question
or a figure's controls, to the pen of a drawing, else to the first row in sight of what has the focus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.errors import NoWidget
from textual.geometry import Offset, Region
from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

SHOW = "\x1b[?25h"
"""Shows it."""


def of_focus(screen: Screen[object]) -> Offset | None:
    """The cell of the focus, None where nothing of the screen has it (or is laid out)."""
    widget = screen.focused
    if widget is None or not widget.is_attached:
        return None
    seen = _in_sight(screen, widget)
    if not seen:
        return None
    x, y = _within(widget)
    return Offset(min(max(x, seen.x), seen.right - 1), min(max(y, seen.y), seen.bottom - 1))


def _within(widget: Widget) -> Offset:
    """Where the widget itself has its cursor, in cells of the screen."""
    if isinstance(widget, TextArea):
        return widget.cursor_screen_offset
    if isinstance(widget, Input):  # its own property is one too far where the cursor stands behind the last letter
        before = cell_len(widget.value[: widget.cursor_position])
        return widget.content_region.offset + Offset(before - int(widget.scroll_offset.x), 0)
    cell = getattr(widget, "active_cell", None)
    return widget.content_region.offset + (cell or Offset(0, int(getattr(widget, "active_row", 0))))


def _in_sight(screen: Screen[object], widget: Widget) -> Region:
    """The part of the widget that is on the screen, without its border."""
    try:
        found = screen.find_widget(widget)
    except NoWidget:
        return Region()
    return found.visible_region.intersection(widget.content_region)
