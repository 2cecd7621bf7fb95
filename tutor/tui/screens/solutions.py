"""The learner's code beside the solutions: after passing, or after the last hint."""

from __future__ import annotations

from difflib import SequenceMatcher

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widgets import Static

from tutor.course.model import Exercise
from tutor.tui import actions
from tutor.tui.door import tutor_of
from tutor.tui.screens.base import TutorScreen, style_beside
from tutor.tui.widgets.workbench.editor import CodeEditor

SIDE_BY_SIDE = 100
"""Columns from which on the two stand beside each other, else below each other."""


def differing(mine: str, theirs: str) -> tuple[frozenset[int], frozenset[int]]:
    """Rows (from 0) of each that the other does not have, in the longest common order. Spaces at the ends of lines
    and empty lines are no difference."""
    sides = [[line.rstrip() for line in text.splitlines()] for text in (mine, theirs)]
    rows: tuple[set[int], set[int]] = (set(), set())
    for kind, a, b, c, d in SequenceMatcher(None, sides[0], sides[1], autojunk=False).get_opcodes():
        if kind != "equal":
            rows[0].update(row for row in range(a, b) if sides[0][row])
            rows[1].update(row for row in range(c, d) if sides[1][row])
    return frozenset(rows[0]), frozenset(rows[1])


class ComparedCode(CodeEditor):
    """Code to be read, with a sign in front of the lines that only this side has."""

    def __init__(self, text: str, sign: str, *, id: str) -> None:
        super().__init__(text=text, read_only=True, id=id)
        self._sign = sign
        self._rows: frozenset[int] = frozenset()

    def mark_rows(self, rows: frozenset[int]) -> None:
        """Put the sign in front of these rows, from 0."""
        self._rows = rows
        self.refresh()

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        if y + self.scroll_offset.y not in self._rows or self.gutter_width < 2:
            return strip
        palette = tutor_of(self).palette
        style = Style.parse(f"bold {palette.good if self._sign == '+' else palette.warn}")
        at = self.gutter_width - 1
        return Strip.join([strip.crop(0, at), Strip([Segment(self._sign, style)], 1), strip.crop(at + 1)])


class CompareScreen(TutorScreen):
    """Read only. A key changes between the solutions, where there are several; lines that differ have a sign."""

    DEFAULT_CSS = style_beside(__file__)
    BINDINGS = [*actions.bindings("compare")]

    def __init__(self, exercise: Exercise, answer: str) -> None:
        super().__init__()
        self._exercise, self._answer, self._at = exercise, answer, 0

    def compose(self) -> ComposeResult:
        yield self.top
        with Horizontal(id="halves"):
            with Vertical(classes="half"):
                yield Static("yours   - not in the solution", classes="name", markup=False)
                yield ComparedCode(self._answer, "-", id="yours")
            with Vertical(classes="half"):
                yield Static("", classes="name", id="which", markup=False)
                yield ComparedCode("", "+", id="theirs")
        yield self.bottom

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
        self.query_one("#which", Static).update(f"solution{number}{name}   + not in yours")
        mine, theirs = self.query_one("#yours", ComparedCode), self.query_one("#theirs", ComparedCode)
        theirs.load_text(solution.code.rstrip("\n") + "\n")
        for side, rows in zip((mine, theirs), differing(self._answer, solution.code), strict=True):
            side.mark_rows(rows)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return len(self._exercise.solutions) > 1 if action == "turn" else True

    def action_turn(self) -> None:
        """The next solution; after the last, the first."""
        self._at = (self._at + 1) % len(self._exercise.solutions)
        self._show()

    def action_close(self) -> None:
        self.leave(None)

    def on_code_editor_escaped(self, event: CodeEditor.Escaped) -> None:
        event.stop()
        self.leave(None)
