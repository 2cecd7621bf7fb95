"""{review} on a wrap-up page: the questions that come back later, each with its standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from tutor.progress.reviews import comes_back
from tutor.tui import actions
from tutor.tui.door import tutor_of
from tutor.tui.widgets.task import TaskLines, TaskSetter, state_of

if TYPE_CHECKING:
    from tutor.course.model import Review
    from tutor.progress import Attempt


class ReviewList(TaskLines):
    """Enter asks them now."""

    BINDINGS = [*actions.bindings("card")]

    def __init__(self, block: Review, attempts: Mapping[str, Sequence[Attempt]]) -> None:
        super().__init__()
        self.block = block
        self._states = {one: state_of(attempts.get(one, ())) for one in block.ids}

    @property
    def state(self) -> str:
        return "done" if all(state == "done" for state in self._states.values()) else "new"

    def make(self, width: int) -> list[Text]:
        out = TaskSetter(self, width)
        out.head("review", "", self.state)
        out.blocks(self.block.prose)
        titles = tutor_of(self).course.task_titles
        for one in self.block.ids:
            state = self._states[one]
            style = out.palette.accent if state != "new" else out.palette.faint
            out.text(
                titles.get(one, one), out.palette.text, indent=2, first=Text(f"{out.signs.standing(state)} ", style)
            )
        when = comes_back(tutor_of(self).course, self.block.ids)
        out.text(f"They come back on the home screen {when}. enter: answer them now", out.palette.dim)
        return out.out

    def action_open(self) -> None:
        from tutor.tui.screens.review import ReviewScreen

        self.app.push_screen(ReviewScreen(list(self.block.ids)))
