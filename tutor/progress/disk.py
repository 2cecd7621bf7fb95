"""Writing that never stops the work: atomic, and with one plain sentence when the disk does not take it."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
IN_MEMORY = "what you do is kept in memory until it can be saved"
"""Said where the disk does not take it: true of a window, not of a command that ends."""
GONE = (errno.ENOENT, errno.ESTALE)


class Report:
    """Sentences for the status line, each said once (trouble with the disk again when it had gone and came back).

    folder: what the sentences name: the learner's state.
    """

    def __init__(self, folder: Path) -> None:
        self.problems: list[str] = []
        self._folder = folder
        self._trouble: dict[str, str] = {}
        self._lock = threading.Lock()

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


def make_folder(folder: Path) -> None:
    """The folder and those above it; ours are closed to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_all(fd: int, data: bytes) -> None:
    """All the bytes, or an OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def replace_file(path: Path, data: bytes, window: str, *, sync: bool = True) -> None:
    """Write the whole file or leave the old one: a temporary file in the same folder, then a rename.

    sync: wait until it is on the disk, so that a power cut costs nothing either.
    """
    make_folder(path.parent)
    temporary = path.parent / f".{path.name}.{window}.{threading.get_ident():x}.tmp"
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            write_all(fd, data)
            if sync:
                os.fsync(fd)
        finally:
            os.close(fd)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def read_bytes(path: Path) -> bytes | None:
    """The file's bytes; None where there is none (or it went while we looked)."""
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in (*GONE, errno.ENOTDIR, errno.EISDIR):
            return None
        raise


def remove(path: Path) -> None:
    """The file is gone afterwards; another window may have been quicker."""
    try:
        path.unlink()
    except OSError as error:
        if error.errno not in GONE:
            raise


def names_in(folder: Path) -> list[str]:
    """Names in a folder, sorted; none where there is no such folder."""
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        if error.errno in (*GONE, errno.ENOTDIR):
            return []
        raise
