"""Writing that never stops the work: one plain sentence is said when the disk does not take it."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
IN_MEMORY = "what you do is kept in memory until it can be saved"
"""Said where the disk does not take it: true of a window, not of a command that ends."""


class Report:
    """Sentences for the status line, each said once (trouble with the disk again when it had gone and came back).

    folder: what the sentences name: the learner's state.
    """

    def __init__(self, folder: Path) -> None:
        self.problems: list[str] = []
        self._folder = folder
        self._trouble: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def trouble(self) -> str:
        """What is wrong with the disk now, "" where nothing is."""
        with self._lock:
            return next(iter(self._trouble.values()), "")

    def say(self, sentence: str) -> None:
        with self._lock:
            if sentence not in self.problems:
                self.problems.append(sentence)

    def write(self, what: str, action: Callable[[], T]) -> T | None:
        """The action's result, or None where the disk did not take it, which is said once. What was to be
        written stays in memory at the caller. what: tells the writers apart, so that one that works does not
        hide another that does not."""
        try:
            result = action()
        except OSError as error:
            self._failed(what, error)
            return None
        self._worked(what)
        return result

    def _failed(self, what: str, error: OSError) -> None:
        sentence = trouble(error, self._folder)
        with self._lock:
            if sentence not in self._trouble.values():
                self.problems.append(sentence)
            self._trouble[what] = sentence

    def _worked(self, what: str) -> None:
        with self._lock:
            if self._trouble.pop(what, None) and not self._trouble:
                self.problems.append("Your work can be saved again.")


def unreadable(path: Path, error: OSError) -> str:
    """What is said where a file or folder of ours cannot be read."""
    return f"{path} cannot be read ({error.strerror}): what is in it does not count; `dl-tutor doctor` says more."


def trouble(error: OSError, folder: Path) -> str:
    """What is wrong with the disk, and what to do, in one sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: {IN_MEMORY}. Make room for {folder}."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"Not saved (read-only): {IN_MEMORY}. Check who owns {folder}, or set DL_TUTOR_HOME."
    reason = error.strerror or type(error).__name__
    return f"Not saved ({reason.lower()}): {IN_MEMORY}. It would go to {folder}; `dl-tutor doctor` says more."
