"""Drafts: for each task one readable `.py` file, replaced atomically, with a small file beside it for the cursor.

    drafts/<course>/<task>.py             what the learner has written so far
    drafts/<course>/<task>.json           cursor, and which texts this one was made from
    drafts/<course>/old/<task>.<n>.py     kept on a reset, and when another window wrote over a text unseen
    drafts/<course>/windows/<window>/     what each window wrote last, until it is known to be kept elsewhere

Two windows on the same task: the last writer wins, and finds the other's text when it differs from the one it
loaded; that text goes to old/. Should both write in the same instant, neither sees the other: then the one that
lost is still in windows/, and goes to old/ when the task is next opened after that window has gone. Which texts
need not be kept is told by `ancestors`: the hashes of those that the draft was made from.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct

from tutor.files import Damaged, decoded, names_in, private_folder, read_or_none, remove, replace_file, write_all
from tutor.progress.disk import Report, unreadable
from tutor.progress.values import Draft, OldDraft
from tutor.progress.window import owner_of

MAX_ANCESTORS = 64


class _Sidecar(Struct, omit_defaults=True):
    cursor: tuple[int, int] = (0, 0)
    ancestors: list[str] = []


_sidecar = msgspec.json.Decoder(_Sidecar)


class _Unsaved(Struct):
    text: str
    cursor: tuple[int, int]
    at: float


class Drafts:
    """The drafts of one course, as one window sees them. `name` gives today's id for an id as it was written."""

    def __init__(
        self,
        folder: Path,
        window: str,
        report: Report,
        name: Callable[[str], str] = lambda task: task,
        former: Callable[[str], tuple[str, ...]] = lambda task: (),
    ) -> None:
        self.folder = folder
        self._window = window
        self._own = folder / "windows" / window
        self._report = report
        self._name = name
        self._former = former
        self._known: dict[str, str] = {}
        self._ancestors: dict[str, list[str]] = {}
        self._unsaved: dict[str, _Unsaved] = {}
        self._newest: dict[str, int] = {}
        self._lock = threading.RLock()

    # -------------------------------------------------------------- for the screens and the command line

    @property
    def unsaved(self) -> tuple[str, ...]:
        """Tasks whose newest text is only in memory."""
        return tuple(self._unsaved)

    def path(self, task: str) -> Path:
        """Where the draft of a task is (or will be)."""
        return self.folder / f"{file_name(self._name(task))}.py"

    def load(self, task: str) -> Draft | None:
        """What the learner has written so far, None where there is nothing. It now counts as seen here."""
        with self._lock:
            task = self._name(task)
            self._collect(task)
            waiting = self._unsaved.get(task)
            if waiting:
                return Draft(waiting.text, within(waiting.cursor, waiting.text), waiting.at)
            text = self._read(self._present(task))
            if text is None:
                return None
            sidecar = self._sidecar(task)
            self._see(task, text, sidecar.ancestors)
            return Draft(text, within(sidecar.cursor, text), self._changed(self._present(task)))

    def elsewhere(self, task: str) -> Draft | None:
        """A text that another window (or an editor) has written since this one loaded or saved; else None."""
        with self._lock:
            task = self._name(task)
            path = self._present(task)
            text = self._read(path)
            if text is None or task not in self._known or text == self._known[task]:
                return None
            return Draft(text, within(self._sidecar(task).cursor, text), self._changed(path))

    def save(self, task: str, text: str, cursor: tuple[int, int] = (0, 0), *, typed_at: int | None = None) -> bool:
        """Keep this text. True where it is on disk; else it stays in memory and is tried again.

        typed_at: when it was the text (`time.monotonic_ns`), None for now. One that is older than what was saved
        before it is left out: two threads may come in another order than the texts were typed in.
        """
        with self._lock:
            task = self._name(task)
            typed_at = time.monotonic_ns() if typed_at is None else typed_at
            if typed_at >= self._newest.get(task, 0):
                self._newest[task] = typed_at
                self._unsaved[task] = _Unsaved(text, cursor, time.time())
            return self.flush()

    def flush(self) -> bool:
        """Try to write what is only in memory. True where nothing is left over."""
        with self._lock:
            for task, waiting in list(self._unsaved.items()):

                def write(task: str = task, waiting: _Unsaved = waiting) -> bool:
                    self._write(task, waiting)
                    return True

                if self._report.write(f"draft {task}", write):
                    del self._unsaved[task]
            return not self._unsaved

    def reset(self, task: str) -> Path | None:
        """Take the draft away. The old one is kept: returns where, None where there was none.

        Raises OSError where the disk does not take it; the draft is then as it was.
        """
        with self._lock:
            task = self._name(task)
            self._newest[task] = time.monotonic_ns()  # what was typed before this does not bring it back
            waiting = self._unsaved.get(task)
            if waiting:
                self._write(task, waiting)
                del self._unsaved[task]
            path = self._present(task)
            text = self._read(path)
            if text is None:
                return None
            known = self._sidecar(task).ancestors
            for one in self._former(task):
                older = self._read(self.folder / f"{file_name(one)}.py")
                if older is not None and older != text and _hash(older) not in known:
                    self._keep_old(task, older)
            kept = self._keep_old(task, text)
            self._see(task, text, known)
            for one in (task, *self._former(task)):
                remove(self.folder / f"{file_name(one)}.py")
                remove(self._own / f"{file_name(one)}.py")
            self._put_sidecar(task, (0, 0))
            self._known.pop(task, None)
            return kept

    def old(self, task: str) -> list[OldDraft]:
        """Drafts that were kept, the newest last."""
        task = self._name(task)
        found = []
        for number, path in self._old_files(task):
            text = self._read(path)
            if text is not None:
                found.append(OldDraft(number, path, text, self._changed(path)))
        return found

    def tasks(self) -> set[str]:
        """Ids of all tasks that have a draft."""
        try:
            names = names_in(self.folder)
        except OSError as error:
            self._report.say(unreadable(self.folder, error))
            names = []
        stems = {name.removesuffix(".py") for name in names if name.endswith(".py") and not name.startswith(".")}
        return {self._name(task_name(stem)) for stem in stems} | set(self._unsaved)

    # -------------------------------------------------------------- writing

    def _write(self, task: str, waiting: _Unsaved) -> None:
        """The order matters: own copy first, then whatever is in the way is kept, then the draft itself."""
        path = self.folder / f"{file_name(task)}.py"
        data = _bytes(waiting.text)
        present = self._present(task)
        there = self._read(present)
        if there == waiting.text and present == path:
            self._see(task, there, self._sidecar(task).ancestors)
        else:
            replace_file(self._own / path.name, data)
            if there is not None and there not in (self._known.get(task), waiting.text):
                self._keep_old(task, there)
                self._see(task, there, self._sidecar(task).ancestors)
            replace_file(path, data, sync=True)
            self._known[task] = waiting.text
        self._put_sidecar(task, waiting.cursor)

    def _put_sidecar(self, task: str, cursor: tuple[int, int]) -> None:
        sidecar = _Sidecar(cursor, self._ancestors.get(task, []))
        path = self.folder / f"{file_name(task)}.json"
        replace_file(path, msgspec.json.encode(sidecar))

    def _keep_old(self, task: str, text: str) -> Path:
        """Put a text into old/ under the next free number. The same text is not kept twice in a row."""
        files = self._old_files(task)
        if files and self._read(files[-1][1]) == text:
            return files[-1][1]
        folder = self.folder / "old"
        private_folder(folder)
        number = files[-1][0] + 1 if files else 1
        while True:
            path = folder / f"{file_name(task)}.{number}.py"
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                number += 1
                continue
            try:
                write_all(fd, _bytes(text))
                os.fsync(fd)
            except OSError:
                remove(path)
                raise
            finally:
                os.close(fd)
            return path

    # -------------------------------------------------------------- what windows that are gone left behind

    def _collect(self, task: str) -> None:
        """Keep the last text of a window that is gone, if it is nowhere else."""

        def collect() -> bool:
            for window in names_in(self.folder / "windows"):
                path = self.folder / "windows" / window / f"{file_name(task)}.py"
                if window != self._window and owner_of(window) != "alive" and _settled(path, window):
                    self._collect_one(task, path)
            return True

        if (self.folder / "windows").is_dir():
            self._report.write("left drafts", collect)

    def _collect_one(self, task: str, path: Path) -> None:
        text = self._read(path)
        if text is None:
            return
        present = self._read(self._present(task))
        seen = _hash(text) in self._sidecar(task).ancestors or any(old.text == text for old in self.old(task))
        if present is None and not seen:
            # Its window was ended between its own copy and the draft itself.
            replace_file(self.folder / f"{file_name(task)}.py", _bytes(text), sync=True)
        elif present != text and not seen:
            kept = self._keep_old(task, text)
            self._report.say(f"Another window had a different draft of {task}: it is kept in {kept}.")
        remove(path)

    # -------------------------------------------------------------- small things

    def _see(self, task: str, text: str, ancestors: list[str]) -> None:
        """This window's user has this text before their eyes: what is written next is made from it."""
        known = list(dict.fromkeys([*ancestors, *self._ancestors.get(task, []), _hash(text)]))
        self._ancestors[task] = known[-MAX_ANCESTORS:]
        self._known[task] = text

    def _present(self, task: str) -> Path:
        """The draft's file; one under a former id where there is none under today's."""
        path = self.folder / f"{file_name(task)}.py"
        for former in (task, *self._former(task)):
            older = self.folder / f"{file_name(former)}.py"
            if older.is_file():
                return older
        return path

    def _sidecar(self, task: str) -> _Sidecar:
        """A damaged one costs the cursor, nothing else."""
        path = self._present(task).with_suffix(".json")
        try:
            data = read_or_none(path)
            return decoded(_sidecar.decode, data) if data else _Sidecar()
        except (Damaged, OSError):
            return _Sidecar()

    def _read(self, path: Path) -> str | None:
        try:
            data = read_or_none(path)
        except OSError as error:
            self._report.say(unreadable(path, error))
            return None
        return None if data is None else data.decode("utf-8", "replace")

    @staticmethod
    def _changed(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except OSError:
            return 0.0

    def _old_files(self, task: str) -> list[tuple[int, Path]]:
        """Kept drafts of a task (under former ids as well) with their numbers, in order."""
        folder = self.folder / "old"
        found = []
        stems = [file_name(one) for one in (task, *self._former(task))]
        for name in names_in(folder):
            stem, _, number = name.removesuffix(".py").rpartition(".")
            if name.endswith(".py") and stem in stems and number.isdecimal():
                found.append((int(number), folder / name))
        return sorted(found)


def within(cursor: tuple[int, int], text: str) -> tuple[int, int]:
    """The cursor, moved into the text where it is outside."""
    lines = text.split("\n")
    row = max(0, min(cursor[0], len(lines) - 1))
    return row, max(0, min(cursor[1], len(lines[row])))


def file_name(task: str) -> str:
    """A task's id as a file name: ids are small letters and dashes; anything else is spelled out."""
    return quote(task, safe="").replace(".", "%2E") or "%"


def task_name(stem: str) -> str:
    from urllib.parse import unquote

    return unquote(stem)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _hash(text: str) -> str:
    return hashlib.sha256(_bytes(text)).hexdigest()[:16]


def _settled(path: Path, window: str) -> bool:
    """A window of another machine may still be there: its copy is left alone for a day."""
    if owner_of(window) == "dead":
        return True
    try:
        return time.time() - path.stat().st_mtime > 86_400.0
    except OSError:
        return False
