"""The line under the editor in which one types what to find in it."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from tutor.tui.door import tutor_of
from tutor.tui.widgets.workbench.editor import CodeEditor

HOW = "enter next  ↑ before  esc close"


class FindBar(Horizontal):
    """Hidden until asked for. Enter and down go to the next occurrence, up to the one before, Esc goes back to
    the editor, which keeps what was found selected."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $panel; }
    FindBar Static { width: auto; padding: 0 1; color: $text-muted; }
    FindBar Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    FindBar Input:focus { border: none; }
    """

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__()
        self._editor = editor

    def compose(self) -> ComposeResult:
        yield Static("find", markup=False)
        box = Input(select_on_focus=True)
        box.cursor_blink = tutor_of(self).terminal.blink
        yield box
        yield Static(HOW, id="said", markup=False)

    @property
    def words(self) -> str:
        return self.query_one(Input).value

    def ask(self) -> None:
        """Show the line, with what is selected in it; where it stands there with words, go to their next occurrence."""
        if self.display and self.words:
            self._find(forward=True)
            return
        words, box = self._editor.selected_text, self.query_one(Input)
        if words and "\n" not in words:
            box.value = words
        self.display = True
        box.focus()

    def _find(self, *, forward: bool, from_start: bool = False) -> None:
        """Select the words in the editor, and say where there are none."""
        found = self._editor.find(self.words, forward=forward, from_start=from_start)
        self.query_one("#said", Static).update(HOW if found or not self.words else "not in this code")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._find(forward=True, from_start=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._find(forward=True)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up", "f3"):
            event.stop()
            self._find(forward=event.key != "up")
        elif event.key == "escape":
            event.stop()
            self.display = False
            self._editor.focus()
