"""The measure for start-up: a bare Textual app with one Markdown and one TextArea."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Markdown, TextArea

PAGE = "# A page\n\nSome *words* about **gradient descent**, and a list:\n\n- one\n- two\n\n```python\nx = 1\n```\n"


class Bare(App[None]):
    """Nothing but what Textual itself needs."""

    def compose(self) -> ComposeResult:
        yield Markdown(PAGE)
        yield TextArea.code_editor("def f(x):\n    return x\n", language="python")


if __name__ == "__main__":
    Bare().run()
