"""A question before something that cannot simply be undone."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.tui import actions
from tutor.tui.screens.base import Leaving, style_beside


class ConfirmScreen(Leaving[bool], ModalScreen[bool]):
    """Asks one question; y is yes, n or Esc is no."""

    DEFAULT_CSS = style_beside(__file__)
    BINDINGS = [*actions.bindings("confirm")]

    def __init__(self, question: str, yes: str = "yes") -> None:
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, markup=False)
            yield Static(f"y {self._yes}   n or esc: leave it as it is", classes="keys", markup=False)

    def action_answer(self, yes: bool) -> None:
        self.leave(yes)
