"""A lesson that cannot be read: its file, the line and the reason. The rest of the course works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult

from tutor.tui import actions
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from tutor.course.model import LessonEntry


class Reason(Lines):
    """The words of the problem, wrapped."""

    DEFAULT_CSS = "Reason { height: auto; max-width: 80; padding: 1 2; }"

    def __init__(self, problem: str) -> None:
        super().__init__()
        self._problem = problem

    def make(self, width: int) -> list[Text]:
        palette = self.palette
        paragraphs = [
            Text("This lesson cannot be read:", palette.text),
            *(Text(line, palette.warn) for line in self._problem.splitlines()),
            Text("The rest of the course works. After the file is mended, open the lesson again; "
                 "`dl-tutor lint` lists every problem of a course.", palette.dim),
        ]  # fmt: skip
        lines: list[Text] = []
        for paragraph in paragraphs:
            lines += [*paragraph.wrap(self.app.console, max(width, 1)), Text()]
        return lines


class BrokenScreen(TutorScreen):
    """Says where and why; Esc goes back."""

    BINDINGS = actions.bindings("list", only=("close",))

    def __init__(self, entry: LessonEntry, problem: str) -> None:
        super().__init__()
        self._entry, self._problem = entry, problem

    def compose(self) -> ComposeResult:
        yield self.top
        yield Reason(self._problem)
        yield self.bottom

    def on_mount(self) -> None:
        self.top.show(f"{self._entry.number} {self._entry.title}", "broken")

    def action_close(self) -> None:
        self.leave()
