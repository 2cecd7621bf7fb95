"""The learner's code beside the solutions: after passing, or after the last hint."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea

from tutor.course.model import Exercise
from tutor.tui import actions
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.bars import BottomBar, TopBar
from tutor.tui.widgets.workbench.editor import CodeEditor

SIDE_BY_SIDE = 100
"""Columns from which on the two stand beside each other, else below each other."""


class CompareScreen(TutorScreen):
    """Read only. Left and right change between the solutions, where there are several."""

    DEFAULT_CSS = """
    CompareScreen { layout: vertical; }
    CompareScreen #halves { height: 1fr; layout: vertical; }
    CompareScreen.-wide #halves { layout: horizontal; }
    CompareScreen .half { width: 1fr; height: 1fr; }
    CompareScreen .name { height: 1; padding: 0 1; background: $panel; }
    CompareScreen CodeEditor, CompareScreen CodeEditor:focus { border: none; height: 1fr; }
    """
    BINDINGS = [*actions.bindings("compare")]

    def __init__(self, exercise: Exercise, answer: str) -> None:
        super().__init__()
        self._exercise, self._answer, self._at = exercise, answer, 0

    def compose(self) -> ComposeResult:
        yield TopBar()
        with Horizontal(id="halves"):
            with Vertical(classes="half"):
                yield Static("yours", classes="name", markup=False)
                yield CodeEditor(text=self._answer, read_only=True, id="yours")
            with Vertical(classes="half"):
                yield Static("", classes="name", id="which", markup=False)
                yield CodeEditor(text="", read_only=True, id="theirs")
        yield BottomBar()

    def on_mount(self) -> None:
        self.top.show(self._exercise.title)
        self._show()
        self.query_one("#theirs").focus()

    def on_resize(self) -> None:
        self.set_class(self.size.width >= SIDE_BY_SIDE, "-wide")

    def _show(self) -> None:
        solutions = self._exercise.solutions
        solution = solutions[self._at]
        number = f" {self._at + 1} of {len(solutions)}" if len(solutions) > 1 else ""
        name = f" ({solution.name})" if solution.name else ""
        self.query_one("#which", Static).update(f"a solution{number}{name}")
        self.query_one("#theirs", TextArea).load_text(solution.code.rstrip("\n") + "\n")

    def action_turn(self) -> None:
        """The next solution; after the last, the first."""
        self._at = (self._at + 1) % len(self._exercise.solutions)
        self._show()

    def action_close(self) -> None:
        self.dismiss(None)

    def on_code_editor_leave(self, event: CodeEditor.Leave) -> None:
        event.stop()
        self.dismiss(None)
