"""{quiz}: one or several choices, with an explanation for each, shown after answering."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.actions import SkipAction
from textual.message import Message

from tutor.answering import answer_choices, read
from tutor.course.answers import Marked, mark_quiz
from tutor.errors import UsageError
from tutor.progress import Attempt
from tutor.tui import actions
from tutor.tui.messages import Answered, Say
from tutor.tui.widgets.task import TaskLines, TaskSetter, kind_of, last_answer, state_of

if TYPE_CHECKING:
    from textual.events import Click, Key

    from tutor.course.model import Choice, Predict, Quiz


class Choices(TaskLines):
    """A question with choices. Posts `Answered` when it was answered."""

    BINDINGS = [*actions.bindings("quiz")]

    class Committed(Message):
        """The learner has answered, just now."""

        def __init__(self, chosen: set[int], marked: Marked) -> None:
            super().__init__()
            self.chosen, self.marked = chosen, marked

    def __init__(self, block: Quiz | Predict, lesson: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__()
        self.block, self.lesson = block, lesson
        self.several = bool(getattr(block, "several", False))
        self.cursor = self._start
        self.chosen: set[int] = set()
        self.marked: Marked | None = None
        self.state = state_of(attempts)
        last = last_answer(attempts)
        chosen = read(last.answer, len(block.choices)) if last else set()
        if chosen:
            self.chosen, self.cursor = chosen, min(chosen)
            self.marked = mark_quiz(block, chosen)

    @property
    def _start(self) -> int:
        """Where one of several is asked for, nothing is chosen until the learner chooses it."""
        return 0 if self.several else -1

    # -------------------------------------------------------------- how it looks

    def make(self, width: int) -> list[Text]:
        out = TaskSetter(self, width)
        wrong = self.marked is not None and not self.marked.right
        out.head(kind_of(self.block), self.block.title, "wrong" if wrong else self.state)
        out.blocks(self.block.prose)
        out.space()
        for at, choice in enumerate(self.block.choices):
            self.item_begins(width, len(out.out))
            self._choice(out, at, choice)
        if self.marked is not None:
            out.space()
            self._outcome(out, self.marked)
        else:
            out.space()
            out.text(self._hint(), self.palette.dim)
        return out.out

    def _hint(self) -> str:
        if self.several:
            return "Several may be right: space marks one, enter answers."
        return f"{self.signs.arrows} or its number chooses one, enter answers."

    def _choice(self, out: TaskSetter, at: int, choice: Choice) -> None:
        palette, signs = self.palette, self.signs
        here = at == self.cursor and self.marked is None
        lead = Text(f"{signs.here if here and self.has_focus else ' '} ", palette.accent)
        if self.marked is None:
            on, off = (signs.box_on, signs.box_off) if self.several else (signs.on, signs.off)
            chosen = at in self.chosen if self.several else here
            lead.append(on if chosen else off, palette.accent if chosen else palette.dim)
        else:
            lead.append_text(self._sign(at, choice))
        lead.append(f" {at + 1}  ", palette.faint)
        style = palette.strong if (self.marked and choice.right) or (here and self.has_focus) else palette.text
        out.inlines(choice.inlines, style, indent=lead.cell_len, first=lead)
        if self.marked is not None and choice.explanation:
            out.inlines(choice.explanation, palette.dim, indent=lead.cell_len)

    def _sign(self, at: int, choice: Choice) -> Text:
        """Of an answered choice: the right ones have a tick, a wrong one that was chosen has a cross."""
        signs, palette = self.signs, self.palette
        size = Text(signs.box_off if self.several else signs.off).cell_len
        if choice.right:
            return Text(signs.right.ljust(size), palette.good)
        if at in self.chosen:
            return Text(signs.wrong.ljust(size), palette.bad)
        return Text(" " * size)

    def _outcome(self, out: TaskSetter, marked: Marked) -> None:
        yours = ", ".join(str(at + 1) for at in sorted(self.chosen))
        if marked.right:
            out.text(f"{self.signs.right} Right. You chose {yours}.", self.palette.good)
        else:
            words = " ".join((f"{self.signs.wrong} You chose {yours}.", *marked.messages))
            out.text(Text.assemble((words, self.palette.bad), ("  a: answer once more", self.palette.dim)))

    def on_click(self, event: Click) -> None:
        """Choose what was clicked; answering takes Enter, so that nothing is answered by a slip."""
        self.focus()
        at = self.item_at(event.get_content_offset_capture(self).y)
        if at >= 0 and self.marked is None:
            self.action_pick(at)

    def on_key(self, event: Key) -> None:
        """Where one is asked for, space marks nothing, and must not turn the page over a question that is open."""
        if event.key == "space" and not self.several and self.marked is None:
            event.stop()
            self.post_message(Say(self._hint()))

    def on_focus(self) -> None:
        self.changed(layout=False)

    def on_blur(self) -> None:
        self.changed(layout=False)

    # -------------------------------------------------------------- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "again":
            return self.marked is not None and not self.marked.right
        if action == "mark":
            return self.marked is None and self.several
        if action in ("move", "pick", "answer"):
            return self.marked is None
        return True

    def action_move(self, by: int) -> None:
        if not 0 <= self.cursor + by < len(self.block.choices):
            raise SkipAction()
        self.cursor += by
        self.changed(layout=False)

    def action_pick(self, at: int) -> None:
        if at >= len(self.block.choices):
            return
        self.cursor = at
        if self.several:
            self.chosen ^= {at}
        self.changed(layout=False)

    def action_mark(self) -> None:
        self.action_pick(self.cursor)

    def action_answer(self) -> None:
        chosen = set(self.chosen) if self.several else {self.cursor} - {-1}
        try:
            marked, attempt = answer_choices(self.block, chosen, self.lesson)
        except UsageError as error:
            how = "Space marks one." if self.several else f"{self.signs.arrows} or its number chooses."
            self.post_message(Say(f"{error} {how}"))
            return
        self.post_message(Answered(attempt, self, partial(self._show, chosen, marked)))

    def _show(self, chosen: set[int], marked: Marked) -> None:
        """Show what an answer is: it has been recorded."""
        self.chosen, self.marked = chosen, marked
        self.state = "done" if self.state == "done" or marked.right else "begun"
        self.changed()
        self.refresh_bindings()
        self.post_message(self.Committed(chosen, marked))

    def action_again(self) -> None:
        self.marked = None
        self.chosen, self.cursor = set(), self._start
        self.changed()
        self.refresh_bindings()


class QuizTask(Choices):
    """{quiz}"""
