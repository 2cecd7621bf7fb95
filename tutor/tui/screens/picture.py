"""What screens of one large picture share: the picture, its controls, its words, and how they share the room."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from tutor.plots.scene import Scene
from tutor.tui.screens.base import TutorScreen, style_beside
from tutor.tui.widgets.controls import Controls
from tutor.tui.widgets.pixel_canvas import Canvas
from tutor.tui.widgets.scene_view import SceneView

WIDE = 120
BARS = 4
"""Rows of the bars above and below."""
LEAST_PICTURE = 7
"""Rows the picture keeps before words are given any."""
ROWS_FOR_MORE = 30
"""Rows of a window in which there is room for more than the words below something to draw into."""


class PictureScreen(TutorScreen):
    """Beside each other in a wide window, below each other in another. more_name: what the second text is called."""

    DEFAULT_CSS = style_beside(__file__)
    more_name = "more"
    head_rows = 0
    """Rows between the bar above and the picture."""

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._words = Text()
        self._told = ""
        # an answer may come before all of it is mounted, or while the screen closes: no part is looked up
        self._view = SceneView(rows=0, id="picture", placeholder=placeholder)
        self._canvas = Canvas()
        self._controls = Controls()
        self._said = Static(id="words", markup=False)
        self._more = Static(id="more", markup=False)

    def compose(self) -> ComposeResult:
        yield self.top
        yield from self.compose_head()
        with Vertical(id="body"):
            yield self._view
            with Vertical(id="side"):
                yield self._canvas
                yield self._controls
                yield self._said
                yield self._more
        yield from self.compose_foot()
        yield self.bottom

    def compose_head(self) -> list[Widget]:
        """What stands above the picture."""
        return []

    def compose_foot(self) -> list[Widget]:
        """What stands below all."""
        return []

    def more(self) -> Text:
        """What is said after the words, "" for nothing."""
        return Text("")

    def on_resize(self) -> None:
        self.set_class(self.size.width >= WIDE, "-wide")
        self.set_class(self.size.width < WIDE, "-narrow")
        self.set_class(self.tutor.terminal.ascii, "-ascii")
        self.share_out()

    def show_scene(self, scene: Scene) -> None:
        """Draw it, and say what it shows."""
        from tutor.plots.describe import words

        self._view.show(scene)
        self._words = Text(words(scene, ascii=self.tutor.terminal.ascii))
        self._said.update(self._words)

    def share_out(self) -> None:
        """Where rows are few, the picture and the controls have them, then the words, then what else is said."""
        from tutor.plots.drawing import is_cut

        words, more, view = self._said, self._more, self._view
        text = self.more()
        more.update(text)
        if self.has_class("-wide") or view.scene is None:
            words.display, more.display = True, bool(text.plain)
            return
        if self.has_class("-drawing"):
            words.display, more.display = True, bool(text.plain) and self.size.height >= ROWS_FOR_MORE
            return
        width = self.size.width - 2
        rows = self.size.height - BARS - self.head_rows - self._controls.rows_needed(width)
        need = [max(1, len(each.wrap(self.app.console, width))) for each in (self._words, text)]
        words.display = rows - need[0] >= LEAST_PICTURE
        more.display = bool(text.plain) and words.display and rows - sum(need) >= LEAST_PICTURE
        left = rows - need[0] * words.display - need[1] * more.display
        missing = [
            *(["all of it"] if is_cut(view.scene, width, left) else []),
            *([] if words.display else ["the words"]),
            *([] if more.display or not text.plain else [self.more_name]),
        ]
        told = f"in a taller window: {', '.join(missing)}" if missing else ""
        if told != self._told:
            self._told = told
            self.say(told)
