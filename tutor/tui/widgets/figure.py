"""FigureView: a live figure in its place on the page. Enter opens it with its controls."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tutor.course.model import Figure
from tutor.plots.scene import Scene
from tutor.tui.actions import bindings
from tutor.tui.door import tutor_of
from tutor.tui.widgets.figure_feed import FigureFeed
from tutor.tui.widgets.scene_view import SceneView


class FigureView(Vertical, can_focus=True):
    """Computed by the engine as the lesson sets it; the place is kept while it is being computed."""

    DEFAULT_CSS = """
    FigureView { height: auto; margin: 0 0 1 0; border-left: blank; padding: 0 0 0 1; }
    FigureView:focus { border-left: outer $accent; }
    FigureView #words, FigureView #caption { height: auto; color: $text-muted; }
    """
    BINDINGS = bindings("card")

    class Open(Message):
        """The learner wants the figure with its controls."""

        def __init__(self, figure: Figure) -> None:
            super().__init__()
            self.figure = figure

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        self._feed = FigureFeed(self, figure.name, self._got, self._failed)
        # an answer may come before all of it is mounted, or when the page is half taken down: no part is looked up
        self._picture = SceneView(rows=0, placeholder="drawing the figure")
        self._said = Static(id="words", markup=False)
        self._caption = Static(id="caption", markup=False)

    def compose(self) -> ComposeResult:
        yield self._picture
        yield self._said
        yield self._caption

    def on_mount(self) -> None:
        self._feed.ask(dict(self.figure.settings))

    def on_resize(self) -> None:
        self._caption.update(self._caption_text())

    def _caption_text(self) -> Text:
        library = tutor_of(self).library
        width = max(20, self.size.width - 2)
        rows = list(library.prose(self.figure.caption, width))
        arrow = "-> enter: " if tutor_of(self).terminal.ascii else "→ enter: "
        attempt = Text(arrow, style=tutor_of(self).palette.accent)
        if self.figure.attempt:
            attempt.append_text(library.inlines(self.figure.attempt))
        else:
            attempt.append("try other values")
        rows.append(attempt)
        return Text("\n").join(rows)

    def _got(self, scene: Scene, _stale: bool) -> None:
        from tutor.plots.describe import words

        self._picture.show(scene)
        self._said.update(words(scene, ascii=tutor_of(self).terminal.ascii))

    def _failed(self, problem: str) -> None:
        self._picture.show(None, placeholder=f"This figure cannot be drawn: {problem}")

    def action_open(self) -> None:
        self.post_message(self.Open(self.figure))

    def on_click(self) -> None:
        self.action_open()
