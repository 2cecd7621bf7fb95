"""The measure for traffic: a bare Textual app with a long page, an editor of 25 rows, and a curve in plain text."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown, TextArea

PART = "## Part {n}\n\nSome *words* about **gradient descent**, {n} times over, and what follows from them."
PAGE = "\n\n".join(PART.format(n=n) for n in range(40))
CODE = "\n".join(f"def f{n}(x, y):\n    return {n} * x + y" for n in range(12))


class BarePage(App[None]):
    """Editor above, page below; F8 puts the focus onto the other."""

    CSS = "TextArea { height: 50%; }"
    BINDINGS = [("f8", "other", "other")]

    def compose(self) -> ComposeResult:
        yield TextArea.code_editor(CODE, language="python")
        with VerticalScroll():
            yield Markdown(PAGE)

    def action_other(self) -> None:
        self.screen.focus_next()


if __name__ == "__main__":
    BarePage().run()
