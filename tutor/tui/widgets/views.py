"""ViewBar: the views there are, on one line, the chosen one marked; the key of each is a letter of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual import events
from textual.message import Message

from tutor.tui.widgets.lines import Lines


class ViewBar(Lines):
    """keys: names of all views with their letters. Where the line is too long, it shows what is around the chosen."""

    DEFAULT_CSS = "ViewBar { height: 1; }"

    class Asked(Message):
        """A view was clicked."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__(id="views")
        self._keys = dict(keys)
        self.offered: list[str] = list(keys)
        self.chosen = next(iter(keys))

    def choose(self, view: str) -> None:
        """Mark this view; one that is not offered stands among the others while it is chosen."""
        self.chosen = view
        self.changed(layout=False)

    def offer(self, views: Sequence[str]) -> None:
        """Show these, of those that there are."""
        offered = [view for view in self._keys if view in views]
        if offered and offered != self.offered:
            self.offered = offered
            self.changed(layout=False)

    def make(self, width: int) -> list[Text]:
        pieces = self._pieces(width)
        line = Text("").join(piece for _, piece in pieces)
        shown = [view for view, _ in pieces]
        known = [view for view in self._keys if view in self.offered or view == self.chosen]
        left, right = "<" if shown[0] != known[0] else "", ">" if shown[-1] != known[-1] else ""
        return [Text.assemble((left, self.palette.dim), line, (right, self.palette.dim))]

    def _pieces(self, width: int) -> list[tuple[str, Text]]:
        """Name and text, as many as fit, the chosen one among them."""
        shown = [view for view in self._keys if view in self.offered or view == self.chosen]
        pieces = [(view, self._piece(view)) for view in shown]
        at = shown.index(self.chosen)
        while sum(piece.cell_len for _, piece in pieces) > width - 2 and len(pieces) > 1:
            end = -1 if at < len(pieces) / 2 else 0
            pieces.pop(end)
            at -= end == 0
        return pieces

    def _piece(self, view: str) -> Text:
        palette = self.palette
        on = view == self.chosen
        left, right = ("[", "]") if on else (" ", " ")
        text = Text(f"{left}{view}{right}", palette.accent if on else palette.dim)
        at = view.index(self._keys[view]) + 1
        text.stylize(palette.key, at, at + 1)
        return text

    def on_click(self, event: events.Click) -> None:
        left = 0
        for view, piece in self._pieces(self.size.width):
            left += piece.cell_len
            if event.x < left:
                self.post_message(self.Asked(view))
                return
