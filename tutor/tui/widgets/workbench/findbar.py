"""The line under the editor in which one types what to find in it."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tutor.tui.door import tutor_of


class FindBar(Horizontal):
    """Hidden until asked for. Enter and down go to the next occurrence, up to the one before, Esc closes."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $panel; }
    FindBar Static { width: auto; padding: 0 1; color: $text-muted; }
    FindBar Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    FindBar Input:focus { border: none; }
    """

    class Find(Message):
        def __init__(self, words: str, forward: bool, from_start: bool) -> None:
            super().__init__()
            self.words, self.forward, self.from_start = words, forward, from_start

    class Closed(Message):
        """Esc: back to the editor, which keeps what was found selected."""

    def compose(self) -> ComposeResult:
        yield Static("find", markup=False)
        box = Input(select_on_focus=True)
        box.cursor_blink = tutor_of(self).terminal.blink
        yield box
        yield Static("enter next  ↑ before  esc close", id="said", markup=False)

    @property
    def words(self) -> str:
        return self.query_one(Input).value

    def open(self, words: str = "") -> None:
        """Show the line, with these words in it where there are any."""
        box = self.query_one(Input)
        if words and "\n" not in words:
            box.value = words
        self.display = True
        box.focus()

    def say(self, found: bool) -> None:
        """Whether the words were found."""
        self.query_one("#said", Static).update(
            "enter next  ↑ before  esc close" if found or not self.words else "not in this code"
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Find(event.value, True, True))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Find(event.value, True, False))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up", "f3"):
            event.stop()
            self.post_message(self.Find(self.words, event.key != "up", False))
        elif event.key == "escape":
            event.stop()
            self.display = False
            self.post_message(self.Closed())
