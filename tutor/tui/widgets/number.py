"""{number}: a number, typed as such or as an expression. The working is shown afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Label

from tutor.answering import answer_number, answer_of
from tutor.course.answers import Marked
from tutor.errors import UsageError
from tutor.progress import Attempt
from tutor.tui import actions
from tutor.tui.door import tutor_of
from tutor.tui.keys import keymap
from tutor.tui.messages import Answered, Written
from tutor.tui.widgets.lines import Lines
from tutor.tui.widgets.task import TASK_CSS, TaskSetter, last_answer, state_of

if TYPE_CHECKING:
    from tutor.course.model import Number


class Part(Lines):
    """The lines above or below a field. lay: lays them out, for the task they belong to."""

    DEFAULT_CSS = "Part { height: auto; }"

    def __init__(self, lay: Callable[[TaskSetter], None]) -> None:
        super().__init__()
        self._lay = lay

    def make(self, width: int) -> list[Text]:
        out = TaskSetter(self, width)
        self._lay(out)
        return out.out


class NumberField(Input, can_focus=True):
    """One line; Enter answers, Esc leaves it."""

    BINDINGS = actions.bindings("field", only=("answer", "working", "leave_field"))

    @property
    def task_above(self) -> NumberTask:
        """The task to which the field belongs."""
        return next(one for one in self.ancestors if isinstance(one, NumberTask))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.task_above.hides_working if action == "working" else True

    def action_answer(self) -> None:
        self.task_above.answer(self.value)

    def action_working(self) -> None:
        self.task_above.show_working()

    def action_leave_field(self) -> None:
        leave(self)


def leave(field: Widget) -> None:
    """Give the focus of a field back to the page it stands on, where letters are keys again."""
    for ancestor in field.ancestors:
        if isinstance(ancestor, Widget) and ancestor.focusable:
            ancestor.focus(scroll_visible=False)
            return
    field.screen.set_focus(None)


class NumberTask(Vertical):
    """The question, a field, and what came of it."""

    DEFAULT_CSS = (
        TASK_CSS.format(name="NumberTask")
        + """
    NumberTask Horizontal { height: 1; margin: 1 0; }
    NumberTask NumberField { height: 1; border: none; padding: 0 1; width: 40; background: $panel; }
    NumberTask NumberField:focus { border: none; background: $panel; }
    NumberTask Label { margin: 0 0 0 1; color: $text-muted; }
    """
    )

    def __init__(self, block: Number, lesson: str, attempts: Sequence[Attempt] = (), written: str = "") -> None:
        super().__init__(classes="-field")
        self.block, self.lesson = block, lesson
        self.state = state_of(attempts)
        self.marked: Marked | None = None
        self._problem = ""
        self._working = self.state == "done"
        last = last_answer(attempts)
        self._typed = written or (last.answer if last else "")
        if last and last.answer:
            with suppress(UsageError):  # what was one answer may be none to a task that has changed since
                self._take(answer_number(block, last.answer, lesson)[0])

    @property
    def field(self) -> NumberField:
        return self.query_one(NumberField)

    def compose(self) -> ComposeResult:
        yield Part(self._above)
        field = NumberField(self._typed, placeholder="a number or an expression", select_on_focus=False)
        field.cursor_blink = tutor_of(self).terminal.blink
        with Horizontal():
            yield field
            yield Label(self.block.unit, markup=False)
        yield Part(self._below)

    def _above(self, out: TaskSetter) -> None:
        out.head("number", self.block.title, self.state)
        out.blocks(self.block.prose)

    @property
    def hides_working(self) -> bool:
        """Whether there is a working that can be shown now: after an answer that was not right."""
        return self.marked is not None and bool(self.block.working) and not self._working

    def _below(self, out: TaskSetter) -> None:
        palette, signs = out.palette, out.signs
        if self._problem:
            out.text(self._problem, palette.warn)
        elif self.marked is None:
            out.text("enter answers", palette.dim)
        elif self.marked.right:
            out.text(f"{signs.right} Right: {answer_of(self.block)}", palette.good)
        else:
            words = self.marked.messages or ("Not this. Work it out once more.",)
            out.text(" ".join((signs.wrong, *words)), palette.bad)
            if self.hides_working:
                out.text(keymap.spelled("F7 shows the working"), palette.dim)
        if self._working and self.block.working:
            out.space()
            out.blocks(self.block.working)

    def _take(self, marked: Marked) -> None:
        self.marked, self._problem = marked, ""
        self._working = self._working or marked.right

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._typed:
            self._typed = event.value
            self.post_message(Written(self.block.id, self._typed))

    def answer(self, typed: str) -> None:
        """Mark what was typed, and have it recorded and shown."""
        try:
            marked, attempt = answer_number(self.block, typed, self.lesson)
        except UsageError as error:
            self._problem = str(error)
            self._redraw()
            return
        self.post_message(Answered(attempt, self, partial(self._show, marked)))

    def _show(self, marked: Marked) -> None:
        """Show what an answer is. After a right one the page has the keys again."""
        self._take(marked)
        self.state = "done" if marked.right else "begun" if self.state == "new" else self.state
        if marked.right:
            leave(self.field)
        self._redraw()

    def show_working(self) -> None:
        """Show how the number comes about; the right one can still be typed."""
        self._working = True
        self._redraw()

    def _redraw(self) -> None:
        for part in self.query(Part):
            part.changed()
        self.refresh_bindings()
        self.call_after_refresh(self.scroll_visible, animate=False)
