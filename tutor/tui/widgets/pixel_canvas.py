"""Canvas: a grid of pixels to draw into, with the mouse or with the arrow keys. Two pixels in each cell."""

from __future__ import annotations

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tutor.plots.scene import Drawing, pixels_of, value_of
from tutor.tui.actions import bindings
from tutor.tui.door import tutor_of

HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
LETTERS = {(False, False): " ", (True, False): '"', (False, True): "_", (True, True): "#"}
"""The same in ASCII."""
UP, DRAW, ERASE = "pen up", "drawing", "erasing"
_LEFT, _RIGHT = 1, 3


class Canvas(Widget, can_focus=True):
    """Shows nothing until it is given a drawing. `values` is what it stands at, as a figure takes it."""

    DEFAULT_CSS = """
    Canvas { display: none; width: auto; height: auto; border: round $border; }
    Canvas:focus { border: round $accent; }
    PictureScreen.-ascii Canvas, PictureScreen.-ascii Canvas:focus { border: ascii $border; }
    """
    BINDINGS = bindings("drawing")
    mode = reactive(UP)

    class Drawn(Message):
        """A pixel was drawn or rubbed out."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing: Drawing | None = None
        self._start = ""
        self._pixels: list[list[bool]] = []
        self._row = self._column = 0
        self._stroke: bool | None = None
        """What the mouse does while its button is down: True draws, False rubs out."""

    # ------------------------------------------------------------------ what it stands at

    def show(self, drawing: Drawing) -> None:
        """Draw into this from now on; the cursor begins in the middle."""
        self.drawing, self._start = drawing, drawing.value
        self._pixels = pixels_of(drawing)
        self._row, self._column = drawing.height // 2, drawing.width // 2
        self.display = True
        self.refresh(layout=True)
        self._say()

    @property
    def values(self) -> dict[str, str]:
        return {self.drawing.name: value_of(self._pixels)} if self.drawing is not None else {}

    def restore(self) -> None:
        """As it was first shown."""
        if self.drawing is not None:
            self._pixels = pixels_of(msgspec.structs.replace(self.drawing, value=self._start))
            self.refresh()

    def _touch(self, row: int, column: int, on: bool) -> bool:
        """Draw or rub out with the pen's upper left corner here. True where that changed something."""
        assert self.drawing is not None
        changed = False
        for i in range(row, min(row + self.drawing.pen, self.drawing.height)):
            for j in range(column, min(column + self.drawing.pen, self.drawing.width)):
                changed |= self._pixels[i][j] != on
                self._pixels[i][j] = on
        return changed

    @property
    def active_cell(self) -> Offset:
        """Where the pen is, in cells."""
        return Offset(self._column, self._row // 2)

    def _told(self, changed: bool) -> None:
        self.refresh()
        self._say()
        if isinstance(self.parent, Widget) and self._stroke is None:  # in a small window the pen stays in sight
            place = self.virtual_region.offset + self.active_cell
            self.parent.scroll_to_region(Region(place.x, place.y, 3, 3), animate=False)
        if changed:
            self.post_message(self.Drawn())

    def _say(self) -> None:
        """The mode and the place of the cursor, on the border."""
        if self.drawing is not None:
            self.border_title = self.mode
            self.border_subtitle = f"row {self._row}, column {self._column}"

    def watch_mode(self) -> None:
        self._say()

    # ------------------------------------------------------------------ keys

    def action_go(self, down: int, right: int) -> None:
        """One pixel on; the pen or the rubber goes along."""
        if self.drawing is None:
            return
        self._row = min(max(self._row + down, 0), self.drawing.height - 1)
        self._column = min(max(self._column + right, 0), self.drawing.width - 1)
        self._told(self.mode != UP and self._touch(self._row, self._column, self.mode == DRAW))

    def action_pen(self) -> None:
        self._take(DRAW)

    def action_rubber(self) -> None:
        self._take(ERASE)

    def _take(self, mode: str) -> None:
        """Begin with this, or end it."""
        self.mode = UP if self.mode == mode else mode
        if self.drawing is not None:
            self._told(self.mode != UP and self._touch(self._row, self._column, self.mode == DRAW))

    def action_clear(self) -> None:
        if self.drawing is not None:
            self.mode = UP
            self._pixels = [[False] * self.drawing.width for _ in range(self.drawing.height)]
            self._told(True)

    # ------------------------------------------------------------------ mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if self.drawing is None or event.button not in (_LEFT, _RIGHT):
            return
        event.stop()
        self._stroke = event.button == _LEFT and self.mode != ERASE
        self.capture_mouse()
        self._place(event)
        self._told(self._touch(self._row, self._column, self._stroke))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A line from where the mouse was last: terminals leave cells out when it is fast."""
        if self._stroke is None:
            return
        event.stop()
        row, column = self._row, self._column
        self._place(event)
        steps = max(abs(self._row - row), abs(self._column - column), 1)
        changed = [
            self._touch(
                row + round((self._row - row) * at / steps), column + round((self._column - column) * at / steps),
                self._stroke,
            )
            for at in range(1, steps + 1)
        ]  # fmt: skip
        self._told(any(changed))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._stroke is not None:
            event.stop()
            self._stroke = None
            self.release_mouse()

    def _place(self, event: events.MouseEvent) -> None:
        """The cursor, to the pixel under the mouse."""
        assert self.drawing is not None
        inside = event.get_content_offset_capture(self)
        self._row = min(max(2 * inside.y, 0), self.drawing.height - 1)
        self._column = min(max(inside.x, 0), self.drawing.width - 1)

    # ------------------------------------------------------------------ drawing

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self.drawing.width if self.drawing is not None else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return (self.drawing.height + 1) // 2 if self.drawing is not None else 0

    def render_line(self, y: int) -> Strip:
        if self.drawing is None or 2 * y >= self.drawing.height:
            return Strip.blank(self.size.width, self.rich_style)
        letters = LETTERS if tutor_of(self).terminal.ascii else HALVES
        upper = self._pixels[2 * y]
        lower = self._pixels[2 * y + 1] if 2 * y + 1 < self.drawing.height else [False] * self.drawing.width
        style = self.rich_style
        segments = []
        for column, halves in enumerate(zip(upper, lower, strict=True)):
            here = self.has_focus and self._row // 2 == y and self._column == column
            segments.append(Segment(letters[halves], style + Style(reverse=True) if here else style))
        return Strip(segments, self.drawing.width).simplify()
