"""Find: titles, concepts and words of the whole course, as they are typed."""

from __future__ import annotations

import asyncio
import re

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Input

from tutor.course.search import Hit, search_course
from tutor.tui import actions
from tutor.tui.door import tutor_of
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.rows import ListRow, Rows
from tutor.words import to_ascii


class FindField(Input):
    """Esc closes, arrows choose, Enter opens; everything else is typed."""

    BINDINGS = [*actions.bindings("list")]

    def __init__(self, rows: Rows) -> None:
        super().__init__(placeholder="a title, a concept, a word")
        self.cursor_blink = tutor_of(self).terminal.blink
        self._rows = rows

    def action_move(self, by: int) -> None:
        self._rows.move(by)

    async def action_open(self) -> None:
        """Open what the words find that stand there now."""
        await self.run_action("screen.found")
        self._rows.open()

    async def action_close(self) -> None:
        await self.run_action("screen.close")


class FindScreen(TutorScreen):
    """The search runs in a thread; a newer word replaces an older one."""

    def __init__(self) -> None:
        super().__init__()
        self._found = Rows(id="rows")
        self._search_done = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield self.top
        yield FindField(self._found)
        yield self._found
        yield self.bottom

    def on_mount(self) -> None:
        self.top.show("Find", self.tutor.course.title)
        self._found.can_focus = False
        self.query_one(FindField).focus()
        self._look_for("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._look_for(event.value)

    def _look_for(self, words: str) -> None:
        self._search_done.clear()
        self.run_worker(self._search(words), group="find", exclusive=True)

    async def _search(self, words: str) -> None:
        hits = await asyncio.to_thread(search_course, self.tutor.course, words)
        rows = [row for hit in hits for row in self._rows(hit, words.split())]
        if words.strip() and not rows:
            rows = [ListRow(Text("Nothing in the course has these words.", self.palette.dim))]
        self._found.show(rows)
        self._search_done.set()

    async def action_found(self) -> None:
        """Wait until what is listed is what the words find."""
        await self._search_done.wait()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("find", "help")  # those keys are letters here

    def _rows(self, hit: Hit, words: list[str]) -> list[ListRow]:
        """The page, and below it where the words stand in it."""
        entry = self.tutor.entry(hit.lesson)
        number = entry.number if entry else ""
        name = Text.assemble((f"{number} ", self.palette.faint), (hit.title, f"bold {self.palette.text}"))
        lesson = Text(f"{entry.title}, page {hit.page + 1}" if entry else "", self.palette.dim)
        rows = [ListRow(name, lesson, value=(hit.lesson, hit.page))]
        if hit.excerpt:
            excerpt = to_ascii(hit.excerpt) if self.tutor.terminal.ascii else hit.excerpt
            rows.append(ListRow(Text.assemble(("    " + excerpt, self.palette.dim))))
        for row in rows:
            for word in words:
                for side in (row.left, row.right):
                    side.highlight_regex(f"(?i){re.escape(word)}", f"bold {self.palette.accent}")
        return rows

    def action_close(self) -> None:
        self.leave()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        match event.value:
            case (str(lesson), int(page)):
                self.tutor.open_lesson(lesson, page)
