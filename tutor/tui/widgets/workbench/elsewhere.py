"""Another window on the same task: whether it has written since this one did, and taking its text."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.tui.widgets.workbench.workbench import Workbench

LOOK_ELSEWHERE = 2.0
"""Seconds between two looks."""


class Elsewhere:
    """Of the task that `bench` has open. text: what the other window has written, None where nothing is new."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self.text: str | None = None

    async def look(self) -> None:
        """Whether another window has written on this task since this one did."""
        bench = self._bench
        task = bench.task_id
        if task is None or not bench.is_mounted:
            return
        other = await asyncio.to_thread(bench.progress.drafts.elsewhere, task)
        if other is None or task != bench.task_id or not bench.is_attached:
            return
        if other.text in (bench.editor.text, self.text):
            return
        self.text = other.text
        self._tell("Another window wrote on this task: F12 takes its text, else yours stays.", grave=True)

    def take(self) -> None:
        """The other window's text into the editor."""
        if self.text is None:
            return
        self._bench.restore()
        self._bench.replace_text(self.text)
        self.text = None
        self._tell("This is the other window's text; ctrl+z brings yours back.")

    def _tell(self, words: str, *, grave: bool = False) -> None:
        self._bench.draw_title()
        self._bench.screen.refresh_bindings()
        self._bench.say(words, grave=grave)
