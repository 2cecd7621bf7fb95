"""Asks for more room. What lies below keeps everything: focus, draft, a run that goes on."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import ModalScreen

from tutor.terminal import SMALLEST
from tutor.tui.screens.base import Leaving, style_beside
from tutor.tui.widgets.lines import TextLines


class SmallScreen(Leaving[None], ModalScreen[None]):
    """One plain sentence; goes by itself when there is room again."""

    DEFAULT_CSS = style_beside(__file__)

    def compose(self) -> ComposeResult:
        yield SmallNotice([])


class SmallNotice(TextLines):
    DEFAULT_CSS = "SmallNotice { height: auto; }"

    def make(self, width: int) -> list[Text]:
        size = self.app.size
        words = (
            f"Too small: {SMALLEST[0]} by {SMALLEST[1]} are needed, here are {size.width} by {size.height}. "
            "Make it larger: nothing is lost."
        )
        return list(Text(words, self.palette.text).wrap(self.app.console, max(width, 1)))

    def on_resize(self) -> None:
        self.changed()
