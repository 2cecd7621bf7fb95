"""Keeps the draft: within half a second of the last key it is on disk, written by a thread, one write at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

from tutor.progress import Progress

DELAY = 0.5
"""Seconds after the last key."""


class DraftKeeper:
    """One for each workbench. `said` is told "saving" and "saved" for the title line."""

    def __init__(self, owner: Widget, progress: Progress, said: Callable[[str], None]) -> None:
        self._owner = owner
        self._progress = progress
        self._said = said
        self._timer: Timer | None = None
        self._pending: tuple[str, str, tuple[int, int]] | None = None
        self._writing = asyncio.Lock()

    def typed(self, task: str, text: str, cursor: tuple[int, int]) -> None:
        """The learner changed the code: it will be on disk soon."""
        self._pending = (task, text, cursor)
        self._said("saving")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._owner.set_timer(DELAY, self._write_soon)

    def _write_soon(self) -> None:
        self._owner.run_worker(self._write(), group="draft")

    async def _write(self) -> None:
        async with self._writing:
            pending, self._pending = self._pending, None
            if pending is not None:
                saved = await asyncio.to_thread(self._progress.drafts.save, *pending)
                if self._pending is None:
                    self._said("saved" if saved else "unsaved")

    def save_now(self) -> bool:
        """Write what is waiting before this returns (leaving, SIGHUP), from whatever thread; whether all is saved."""
        pending, self._pending = self._pending, None
        if pending is not None:
            return self._progress.drafts.save(*pending)
        return not self._progress.drafts.unsaved
