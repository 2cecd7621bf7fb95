"""Keeps the draft: half a second after a key it is on disk, however the typing goes on."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer
from textual.widget import Widget

if TYPE_CHECKING:
    from tutor.tui.door import Tutor

DELAY = 0.5
"""Seconds after the first key that is not on disk."""


class _Typed(NamedTuple):
    """A text of a task, and when it was that (`time.monotonic_ns`)."""

    task: str
    text: str
    cursor: tuple[int, int]
    at: int


class DraftKeeper:
    """One for each workbench. `said` is told "saving" and "saved" for the title line."""

    def __init__(self, owner: Widget, tutor: Tutor, said: Callable[[str], None]) -> None:
        self._owner = owner
        self._tutor = tutor
        self._said = said
        self._timer: Timer | None = None
        self._pending: deque[_Typed] = deque(maxlen=1)
        self._saving = threading.Lock()

    def typed(self, task: str, text: str, cursor: tuple[int, int]) -> None:
        """The learner changed the code: it will be on disk soon. Further keys do not put that off."""
        self._pending.append(_Typed(task, text, cursor, time.monotonic_ns()))
        self._said("saving")
        if self._timer is None:
            self._timer = self._owner.set_timer(DELAY, self._due)

    def _due(self) -> None:
        self._timer = None
        self.save_soon()

    def save_soon(self) -> None:
        """Write what is waiting as soon as the disk takes it, without waiting for that."""
        if self._pending:
            self._owner.run_worker(self._write(), group="draft")

    async def _write(self) -> None:
        saved = await self._tutor.write(self.save_now)
        if not self._pending:
            self._said("saved" if saved else "unsaved")

    def save_now(self) -> bool:
        """Write what is waiting before this returns (leaving, SIGHUP), from whatever thread; whether all is saved. Who
        comes while another thread writes waits for that."""
        drafts = self._tutor.progress.drafts
        with self._saving:
            while self._pending:
                typed = self._pending.popleft()
                drafts.save(typed.task, typed.text, typed.cursor, typed_at=typed.at)
        return not drafts.unsaved
