"""How the window ends, whatever ends it: a key, a signal, a dropped line, a fault. What is open is saved first."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

from tutor.tui.door import Saves

if TYPE_CHECKING:
    from textual.app import App

    from tutor.progress import Progress

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None
PATIENCE = 2.0
"""Seconds that the window gets to give the terminal back after SIGTERM."""


class WindowFault(Exception):
    """The window had to close; its cause is what nobody expected. saved: draft, place and standing are on disk."""

    def __init__(self, saved: bool) -> None:
        super().__init__("the window had to close")
        self.saved = saved


class Ending:
    """fault: why the window broke, None where it did not."""

    def __init__(self, app: App[int], progress: Progress) -> None:
        self._app, self._progress = app, progress
        self._over = threading.Event()
        self._before: dict[signal.Signals, _Handler] = {}
        self.fault: WindowFault | None = None

    def heed_signals(self) -> None:
        """SIGHUP and SIGTERM save before they end. Textual does not survive the first by itself."""
        if threading.current_thread() is threading.main_thread():
            for one in (signal.SIGHUP, signal.SIGTERM):
                self._before[one] = signal.signal(one, self._on_signal)

    def done(self) -> None:
        """The terminal has been given back; signals mean what they did before."""
        for one, before in self._before.items():
            signal.signal(one, before)
        self._over.set()

    def save_now(self) -> None:
        """Everything that is not on disk yet goes there now, whatever thread this is."""
        with ExitStack() as stack:  # each is called, whatever happens to the others
            stack.callback(self._progress.flush)
            for screen in list(self._app.screen_stack):
                if isinstance(screen, Saves):
                    stack.callback(screen.save_now)

    def broke(self, error: Exception) -> None:
        """Nobody caught this error: it is kept for whoever opened the window, and everything is saved."""
        from textual.worker import WorkerFailed

        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        saved = True
        try:
            self.save_now()
        except Exception as second:  # noqa: BLE001  (told with the first: both go into the log)
            error, saved = ExceptionGroup("the window failed, and then could not save", [error, second]), False
        self.fault = WindowFault(saved)
        self.fault.__cause__ = error

    def _on_signal(self, number: int, frame: object) -> None:
        """In a thread: the event loop may be waiting for a terminal that no longer reads, and progress may hold
        its lock in the very line that the signal interrupts."""
        threading.Thread(target=self._save_and_end, args=(number,), name="dl-tutor-end", daemon=True).start()

    def _save_and_end(self, number: int) -> None:
        try:
            self.save_now()
            if number == signal.SIGTERM:
                self._app.call_from_thread(lambda: self._app.exit(128 + number))
                self._over.wait(PATIENCE)
        finally:
            os._exit(128 + number)
