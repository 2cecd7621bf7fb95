"""The code that is open: its text in the editor, its draft on the disk, and what another window wrote on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.tui.widgets.workbench.draft_keeper import DraftKeeper

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.tui.door import Tutor
    from tutor.tui.widgets.workbench.editor import CodeEditor

LOOK_ELSEWHERE = 2.0
"""Seconds between two looks at what other windows wrote."""


class OpenCode:
    """editor: shows it. changed: called when the title line has something else to say.

    task: the id, "" where nothing is open. said: what became of the draft, as the title line calls it. elsewhere: what
    another window has written since, None where that is nothing new.
    """

    def __init__(self, editor: CodeEditor, tutor: Tutor, changed: Callable[[], None]) -> None:
        self._editor, self._tutor, self._changed = editor, tutor, changed
        self._drafts = tutor.progress.drafts
        self._keeper = DraftKeeper(editor, tutor, self.draft_is)
        self._loaded: str | None = None
        """What was put into the editor and is no draft of the learner's yet; None once they have typed."""
        self.task, self.said = "", ""
        self.elsewhere: str | None = None

    async def open(self, task: str, starter: str, cursor: tuple[int, int] | None) -> None:
        """Show the draft of this task, else its starter. cursor: where it is to be, None for where it was."""
        draft = await asyncio.to_thread(self._drafts.load, task)
        self.task, self.elsewhere = task, None
        self._loaded = draft.text if draft else starter
        self._editor.load_text(self._loaded)
        self._loaded = self._editor.text  # with the ends of lines that the editor gives it
        if draft:
            self._editor.move_cursor(cursor or draft.cursor)
        self._editor.mark_lines(frozenset())
        self.said = "saved" if draft else ""

    # ------------------------------------------------------------------ the draft

    def typed(self) -> None:
        """The editor has another text: it is the draft, unless it is what was opened."""
        if self.task and self._editor.text != self._loaded:
            self._loaded = None
            self._editor.mark_lines(frozenset())
            self._keeper.typed(self.task, self._editor.text, self._editor.cursor_location)

    def draft_is(self, said: str) -> None:
        """What has become of the draft: "saving", "saved" or "unsaved"."""
        self.said = said
        self._changed()
        if said == "unsaved":
            self._tutor.tell_problems()

    def save_now(self) -> bool:
        """The draft is on disk when this returns, unless the disk does not take it: whether it is."""
        return self._keeper.save_now()

    def save_soon(self) -> None:
        """The draft goes to the disk now; what becomes of it is said when it is there."""
        self._keeper.save_soon()

    @property
    def standing(self) -> str:
        """What the title line says of the draft: what is only in memory, as long as anything is."""
        if self._tutor.progress.unsaved:
            return "unsaved"
        return "saved" if self.said == "unsaved" else self.said

    # ------------------------------------------------------------------ other text

    async def put(self, text: str) -> str:
        """Other text in place of the learner's, as one step that ctrl+z takes back. Returns where theirs is kept.

        Raises OSError where the disk does not keep it: theirs stays.
        """
        task = self.task

        def put_away() -> Path | None:
            self.save_now()
            return self._drafts.reset(task)

        kept = await self._tutor.write(put_away)
        self._editor.replace_all(text)
        return f" Yours is kept: old/{kept.name}" if kept is not None else ""

    def edit_outside(self) -> None:
        """Lend the terminal to the learner's own editor. Raises TutorError where that fails; the code is as it was."""
        from tutor.tui.widgets.workbench.external import edit_outside

        self.save_now()
        before = self._editor.text
        text = edit_outside(self._editor.app, before, f"{self.task}.py", self._tutor.settings.editor)
        if text != before:
            self._editor.replace_all(text)
            self.typed()  # now: the editor's own message comes only after this
            self.save_now()

    # ------------------------------------------------------------------ another window

    async def look_elsewhere(self) -> bool:
        """Whether another window has written on this task since this one did, and it was not known yet."""
        task = self.task
        if not task or not self._editor.is_mounted:
            return False
        other = await asyncio.to_thread(self._drafts.elsewhere, task)
        if other is None or task != self.task or not self._editor.is_attached:
            return False
        if other.text in (self._editor.text, self.elsewhere):
            return False
        self.elsewhere = other.text
        self._changed()
        return True

    def take_elsewhere(self) -> bool:
        """The other window's text into the editor, where there is one."""
        if self.elsewhere is None:
            return False
        self._editor.replace_all(self.elsewhere)
        self.elsewhere = None
        self._changed()
        return True
