"""Outline: the pages and tasks of a lesson with their standing, to jump to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult

from tutor.tui import actions
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.rows import ListRow, Rows
from tutor.tui.widgets.task import WORDS

if TYPE_CHECKING:
    from tutor.course.model import LessonEntry


class OutlineScreen(TutorScreen):
    """Ends with (page, task id) of what was chosen, or None. page: the one that is open, from 0."""

    BINDINGS = [*actions.bindings("list")]

    def __init__(self, entry: LessonEntry, page: int) -> None:
        super().__init__()
        self._entry, self._page = entry, page

    def compose(self) -> ComposeResult:
        yield self.top
        yield Rows(id="rows")
        yield self.bottom

    def on_mount(self) -> None:
        standing = self.tutor.progress.standing(self.tutor.course)
        palette, signs = self.palette, self.signs
        rows = []
        for at, title in enumerate(self._entry.pages):
            here = Text(f"{signs.back} you are here", palette.accent) if at == self._page else Text()
            name = Text.assemble((f"{at + 1:>2}  ", palette.faint), (title, f"bold {palette.text}"))
            rows.append(ListRow(name, here, value=(at, "")))
            for task in self._entry.tasks:
                if task.page == at:
                    one = standing.task(task.id)
                    mark = signs.standing(one.state) if task.kind != "run" else " "
                    words = task.title or task.id.replace("-", " ")
                    left = Text.assemble(
                        (f"    {mark} ", palette.accent if one.state != "new" else palette.faint),
                        (f"{WORDS.get(task.kind, task.kind)}: {words}", palette.dim),
                    )
                    checks = one.total and one.state == "begun"
                    right = Text(f"{one.passed} of {one.total} checks" if checks else "", palette.dim)
                    rows.append(ListRow(left, right, value=(at, task.id)))
        lesson = standing.lesson(self._entry.id)
        done = f"{lesson.done} of {lesson.total} tasks done" if lesson and lesson.total else ""
        self.top.show(f"{self._entry.number} {self._entry.title}: outline", done)
        self.query_one(Rows).show(rows, (self._page, ""))
        self.query_one(Rows).focus()

    def action_move(self, by: int) -> None:
        self.query_one(Rows).move(by)

    def action_open(self) -> None:
        self.query_one(Rows).open()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        self.leave(event.value)

    def action_close(self) -> None:
        self.leave(None)
