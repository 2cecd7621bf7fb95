"""{number}: a number, typed as such or as an expression. The working is shown afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from tutor.course.answers import Marked, mark_number
from tutor.errors import UsageError
from tutor.progress import Attempt
from tutor.tui import actions
from tutor.tui.messages import Answered
from tutor.tui.widgets.lines import Lines
from tutor.tui.widgets.task import TASK_CSS, Setter, last_answer, state_of

if TYPE_CHECKING:
    from tutor.course.model import Number


class Part(Lines):
    """The lines above or below a field: made by a method of the task they belong to."""

    DEFAULT_CSS = "Part { height: auto; }"

    def make(self, width: int) -> list[Text]:
        out = Setter(self, width)
        task = self.parent
        assert task is not None
        (task.above if self.has_class("above") else task.below)(out)  # type: ignore[attr-defined]
        return out.out


class NumberField(Input, can_focus=True):
    """One line; Enter answers, Esc leaves it."""

    BINDINGS = [binding for binding in actions.bindings("field") if binding.key in ("enter", "escape")]

    def action_answer(self) -> None:
        self.parent.answer(self.value)  # type: ignore[union-attr]

    def action_leave_field(self) -> None:
        self.screen.query_one("#page").focus()


class NumberTask(Vertical):
    """The question, a field, and what came of it."""

    DEFAULT_CSS = (
        TASK_CSS.format(name="NumberTask")
        + """
    NumberTask NumberField { height: 1; border: none; padding: 0 1; margin: 1 0; width: 40; background: $panel; }
    NumberTask NumberField:focus { border: none; background: $panel; }
    """
    )

    def __init__(self, block: Number, lesson: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(classes="-field")
        self.block, self.lesson = block, lesson
        self.state = state_of(attempts)
        self.marked: Marked | None = None
        self._problem = ""
        last = last_answer(attempts)
        self._typed = last.answer if last else ""
        if self._typed:
            self._mark(self._typed)

    @property
    def field(self) -> NumberField:
        return self.query_one(NumberField)

    def compose(self) -> ComposeResult:
        yield Part(classes="above")
        field = NumberField(self._typed, placeholder="a number or an expression", select_on_focus=False)
        field.cursor_blink = False
        yield field
        yield Part(classes="below")

    def above(self, out: Setter) -> None:
        out.head("number", self.block.title, self.state)
        out.blocks(self.block.prose)

    def below(self, out: Setter) -> None:
        palette, signs = out.palette, out.signs
        if self._problem:
            out.text(self._problem, palette.warn)
        elif self.marked is None:
            out.text(f"in {self.block.unit}, enter answers" if self.block.unit else "enter answers", palette.dim)
        elif self.marked.right:
            out.text(f"{signs.right} Right: {self.block.answer} {self.block.unit}".rstrip(), palette.good)
        else:
            words = self.marked.messages or ("Not this. Work it out once more.",)
            out.text(" ".join((signs.wrong, *words)), palette.bad)
        if self.marked is not None and self.block.working:
            out.space()
            out.blocks(self.block.working)

    def _mark(self, typed: str) -> bool:
        try:
            self.marked = mark_number(self.block, typed)
        except UsageError as error:
            self._problem = str(error)
            return False
        self._problem = ""
        return True

    def answer(self, typed: str) -> None:
        """Mark and record what was typed."""
        if self._mark(typed):
            assert self.marked is not None
            right = self.marked.right
            self.state = "done" if right else "begun" if self.state == "new" else self.state
            self.post_message(
                Answered(
                    Attempt(
                        self.block.id, "number", "passed" if right else "failed", lesson=self.lesson, answer=typed,
                        diagnosis=self.marked.diagnosis,
                    )  # fmt: skip
                )
            )
        for part in self.query(Part):
            part.changed()
