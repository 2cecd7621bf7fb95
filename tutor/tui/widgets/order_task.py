"""{order}: lines to put in order. Space takes a line, the arrows carry it, Enter checks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.actions import SkipAction

from tutor.answering import answer_order, shuffled
from tutor.course.answers import Marked, mark_order
from tutor.progress import Attempt
from tutor.tui import actions
from tutor.tui.messages import Answered, Say, Written
from tutor.tui.widgets.task import TaskLines, TaskSetter, last_answer, state_of

if TYPE_CHECKING:
    from textual.events import Click

    from tutor.course.model import Order


class OrderTask(TaskLines):
    """Holds the lines as the learner has put them."""

    BINDINGS = [*actions.bindings("order")]

    def __init__(self, block: Order, lesson: str, attempts: Sequence[Attempt] = (), written: str = "") -> None:
        super().__init__()
        self.block, self.lesson = block, lesson
        self.lines_now = shuffled(block)
        self.cursor = 0
        self.taken = False
        self.moved = False
        self.marked: Marked | None = None
        self.state = state_of(attempts)
        last = last_answer(attempts)
        if last and sorted(last.answer.split("\n")) == sorted(block.lines):
            self.lines_now = last.answer.split("\n")
            self.marked = mark_order(block, self.lines_now)
        put = written.split("\n")
        if put != self.lines_now and sorted(put) == sorted(block.lines):
            self.lines_now, self.marked, self.moved = put, None, put != shuffled(block)

    @property
    def solved(self) -> bool:
        """Whether the lines stand in a right order, checked."""
        return self.marked is not None and self.marked.right

    def make(self, width: int) -> list[Text]:
        out = TaskSetter(self, width)
        out.head("order", self.block.title, self.state)
        out.blocks(self.block.prose)
        out.space()
        for at, line in enumerate(self.lines_now):
            self.item_begins(width, len(out.out))
            self._line(out, at, line)
        out.space()
        if self.marked is None:
            words = f"{self.signs.arrows} carry the line, space puts it down" if self.taken else "space takes a line"
            out.text(f"{words}, enter checks", self.palette.dim)
        elif self.marked.right:
            out.text(f"{self.signs.right} Right.", self.palette.good)
            out.blocks(self.block.why)
        else:
            out.text(" ".join((self.signs.wrong, *self.marked.messages)), self.palette.bad)
        return out.out

    def _line(self, out: TaskSetter, at: int, line: str) -> None:
        palette, signs = self.palette, self.signs
        here = at == self.cursor and self.has_focus and not self.solved
        mark = Text(f"{signs.here if here else ' '} ", palette.accent)
        if self.marked is not None and self.marked.rights:
            right = self.marked.rights[at]
            mark.append(f"{signs.right if right else signs.dot} ", palette.good if right else palette.faint)
        else:
            mark.append(f"{signs.bar} ", palette.accent if here and self.taken else palette.rule)
        style = palette.strong if here else palette.code if self.block.language != "text" else palette.text
        first = len(out.out)
        out.text(line, style, indent=mark.cell_len, first=mark)
        if here and self.taken:
            for row in out.out[first:]:
                row.stylize(palette.cursor)

    def on_click(self, event: Click) -> None:
        """Choose the line; a line that was taken goes there."""
        self.focus()
        at = self.item_at(event.get_content_offset_capture(self).y)
        if at < 0 or self.solved:
            return
        if self.taken:
            step = 1 if at > self.cursor else -1
            for _ in range(abs(at - self.cursor)):
                self.action_move(step)
        self.cursor = at
        self.action_take()

    def on_focus(self) -> None:
        self.changed(layout=False)

    def on_blur(self) -> None:
        self.taken = False
        self.changed(layout=False)

    # -------------------------------------------------------------- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "again":
            return self.marked is not None
        if action in ("move", "take", "answer"):
            return not self.solved
        return True

    def action_take(self) -> None:
        self.taken = not self.taken
        self.changed(layout=False)

    def action_move(self, by: int) -> None:
        to = self.cursor + by
        if not 0 <= to < len(self.lines_now):
            if self.taken:
                return
            raise SkipAction()
        if self.taken:
            lines = self.lines_now
            lines[self.cursor], lines[to] = lines[to], lines[self.cursor]
            self.moved = True
            self._unmark()
            self._keep()
        self.cursor = to
        self.changed(layout=False)

    def _keep(self) -> None:
        self.post_message(Written(self.block.id, "\n".join(self.lines_now)))

    def _unmark(self) -> None:
        if self.marked is not None:
            self.marked = None
            self.changed()
            self.refresh_bindings()

    def action_answer(self) -> None:
        if not self.moved:
            since = "Nothing was moved since" if self.marked is not None else "Nothing is moved yet"
            self.post_message(Say(f"{since}: space takes a line, {self.signs.arrows} carry it."))
            return
        self.taken = self.moved = False
        marked, attempt = answer_order(self.block, self.lines_now, self.lesson)
        self.post_message(Answered(attempt, self, partial(self._show, marked)))

    def _show(self, marked: Marked) -> None:
        """Show what an answer is: it has been recorded."""
        self.marked = marked
        if marked.right:
            self.state = "done"
        elif self.state == "new":
            self.state = "begun"
        self.changed()
        self.refresh_bindings()

    def action_again(self) -> None:
        self.marked, self.lines_now, self.cursor, self.moved = None, shuffled(self.block), 0, False
        self._keep()
        self.changed()
        self.refresh_bindings()
