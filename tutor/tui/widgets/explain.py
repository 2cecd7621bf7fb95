"""{explain}: answered in one's own words, then compared with a model answer and its key points."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import TextArea

from tutor.answering import answer_explain, ticked
from tutor.progress import Attempt
from tutor.tui import actions
from tutor.tui.door import tutor_of
from tutor.tui.keys import keymap
from tutor.tui.messages import Answered, Say, Written
from tutor.tui.widgets.lines import Lines
from tutor.tui.widgets.number import Part, leave
from tutor.tui.widgets.task import TASK_CSS, TaskSetter, last_answer, state_of
from tutor.tui.widgets.whole_characters import WholeCharacters

if TYPE_CHECKING:
    from textual.events import Click
    from textual.widget import Widget

    from tutor.course.model import Explain


class WordsField(WholeCharacters, TextArea, can_focus=True):
    """A few lines to write in."""

    BINDINGS = [*actions.bindings("field", only=("submit", "leave_field"))]

    def action_submit(self) -> None:
        _task_of(self).compare()

    def action_leave_field(self) -> None:
        leave(self)


class Points(Lines, can_focus=True):
    """The model answer and its key points, each to be ticked."""

    DEFAULT_CSS = "Points { height: auto; }"
    BINDINGS = [*actions.bindings("points")]

    def __init__(self, block: Explain, ticked: set[int]) -> None:
        super().__init__()
        self.block, self.ticked, self.cursor = block, ticked, 0

    def make(self, width: int) -> list[Text]:
        out = TaskSetter(self, width)
        palette, signs = out.palette, out.signs
        out.text("A model answer", palette.dim)
        out.blocks(self.block.answer)
        out.space()
        out.text("Which of these do your words say? Tick them.", palette.dim)
        for at, point in enumerate(self.block.points):
            self.item_begins(width, len(out.out))
            here = at == self.cursor and self.has_focus
            lead = Text(f"{signs.here if here else ' '} ", palette.accent)
            on = at in self.ticked
            lead.append(f"{signs.box_on if on else signs.box_off} ", palette.accent if on else palette.dim)
            out.inlines(point, palette.strong if here else palette.text, indent=lead.cell_len, first=lead)
        return out.out

    def on_click(self, event: Click) -> None:
        """Tick what was clicked, or take the tick away."""
        self.focus()
        at = self.item_at(event.get_content_offset_capture(self).y)
        if at >= 0:
            self.cursor = at
            self.action_mark()

    def on_focus(self) -> None:
        self.changed(layout=False)

    def on_blur(self) -> None:
        self.changed(layout=False)

    def action_move(self, by: int) -> None:
        if not 0 <= self.cursor + by < len(self.block.points):
            raise SkipAction()
        self.cursor += by
        self.changed(layout=False)

    def action_mark(self) -> None:
        _task_of(self).keep(self.ticked ^ {self.cursor}, partial(self.changed, layout=False))


class ExplainTask(Vertical):
    """The question, a field for one's own words, and what to compare them with."""

    DEFAULT_CSS = (
        TASK_CSS.format(name="ExplainTask")
        + """
    ExplainTask WordsField { height: 5; border: none; padding: 0 1; margin: 1 0; background: $panel; }
    ExplainTask.-compared WordsField { height: auto; max-height: 5; }
    ExplainTask WordsField:focus { border: none; height: 5; }
    """
    )

    def __init__(self, block: Explain, lesson: str, attempts: Sequence[Attempt] = (), written: str = "") -> None:
        super().__init__(classes="-field")
        self.block, self.lesson = block, lesson
        self.state = state_of(attempts)
        last = last_answer(attempts)
        self._compared = last is not None
        self.set_class(self._compared, "-compared")
        self._text = written or (last.answer if last else "")
        self._ticked = ticked(last, len(block.points))

    @property
    def field(self) -> WordsField:
        return self.query_one(WordsField)

    def compose(self) -> ComposeResult:
        yield Part(self._above)
        field = WordsField(self._text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        field.cursor_blink = tutor_of(self).terminal.blink
        yield field
        yield Part(self._below)
        if self._compared:
            yield Points(self.block, self._ticked)

    def _above(self, out: TaskSetter) -> None:
        out.head("explain", self.block.title, self.state)
        out.blocks(self.block.prose)

    def _below(self, out: TaskSetter) -> None:
        if not self._compared:
            out.text(keymap.spelled("F6 or ctrl+j compares your words with a model answer"), out.palette.dim)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if event.text_area.text != self._text:
            self._text = event.text_area.text
            self.post_message(Written(self.block.id, self._text))

    async def _reveal(self) -> None:
        self._compared, self.state = True, "done"
        self.add_class("-compared")
        if not self.query(Points):
            await self.mount(Points(self.block, self._ticked))
        for part in self.query(Part):
            part.changed()
        points = self.query_one(Points)
        points.focus(scroll_visible=False)
        # where they stand is known once they are laid out; the learner's words stay above them as far as there is room
        points.call_after_refresh(points.scroll_visible, animate=False, force=True, immediate=True)

    def compare(self) -> None:
        """Show the model answer and its points."""
        self._text = self.field.text
        if not self._text.strip():
            self.post_message(Say("First a sentence of your own, then the comparison."))
            return
        self.keep(self._ticked, self._reveal)

    def keep(self, ticked: set[int], show: Callable[[], Awaitable[None] | None]) -> None:
        """Record the words and which points are ticked, then show it."""

        def shown() -> Awaitable[None] | None:
            self._ticked.symmetric_difference_update(self._ticked ^ ticked)
            return show()

        self.post_message(Answered(answer_explain(self.block, self._text, ticked, self.lesson), self, shown))


def _task_of(part: Widget) -> ExplainTask:
    """The task to which a field or points belong."""
    return next(one for one in part.ancestors if isinstance(one, ExplainTask))
