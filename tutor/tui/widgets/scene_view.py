"""SceneView: a widget that draws a Scene at its own size."""

from __future__ import annotations

from rich.text import Text
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tutor.plots.scene import Scene
from tutor.tui.door import tutor_of
from tutor.tui.looks.text_and_plots import plot_look

FAULTS = (ArithmeticError, LookupError, TypeError, ValueError)
"""What drawing may raise for a Scene whose numbers make no picture: code of a learner's may send any that it likes."""
UNDRAWN = "This picture cannot be drawn: its numbers do not go together."


class SceneView(Widget):
    """Shows one Scene. Its height is the Scene's wish unless the style sheet gives another.

    rows: its height; 0 takes what the Scene needs at this width, and 12 while there is none.
    """

    DEFAULT_CSS = "SceneView { height: auto; }"

    def __init__(
        self, scene: Scene | None = None, *, rows: int = 12, placeholder: str = "", id: str | None = None,
        classes: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(id=id, classes=classes)
        self._scene = scene
        self._rows = rows
        self._placeholder = placeholder
        self._lines: list[Strip] = []
        self._drawn_for: Size | None = None

    @property
    def scene(self) -> Scene | None:
        return self._scene

    def show(self, scene: Scene | None, *, placeholder: str = "") -> None:
        """Draw this Scene from now on; the size stays unless the Scene wishes another."""
        self._scene, self._placeholder, self._drawn_for = scene, placeholder, None
        self.refresh(layout=not self._rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        if self._rows or self._scene is None:
            return self._rows or 12
        from tutor.plots.drawing import natural_height

        try:
            return natural_height(self._scene, width)
        except FAULTS:
            return 12

    def render_line(self, y: int) -> Strip:
        if self._drawn_for != self.size:
            self._draw()
        if y < len(self._lines):
            return self._lines[y]
        return Strip.blank(self.size.width, self.rich_style)

    def _draw(self) -> None:
        width, height = self.size
        self._drawn_for = self.size
        if self._scene is None:
            texts = list(Text(self._placeholder, style="dim").wrap(self.app.console, max(width, 1)))
        else:
            # what draws is imported with the first picture, not with the window
            from tutor.plots.drawing import render

            tutor = tutor_of(self)
            try:
                texts = render(self._scene, width, height, plot_look(tutor.terminal, tutor.palette))
            except FAULTS:
                texts = list(Text(UNDRAWN, style="dim").wrap(self.app.console, max(width, 1)))
        style = self.rich_style
        console = self.app.console
        self._lines = [
            Strip(list(text.render(console)), text.cell_len).apply_style(style).adjust_cell_length(width, style)
            for text in texts[:height]
        ]
