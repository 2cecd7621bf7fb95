"""Attempts: JSON lines, only ever appended, one file for each window, merged on reading.

No file has two writers, so no lock is needed, on NFS neither. Attempts carry an id: a line that is found twice
counts once, which is what makes tidying safe (`tidy.py`).
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tutor.files import Damaged, decoded, names_in, private_folder, read_or_none, write_all
from tutor.progress.disk import Report, unreadable
from tutor.progress.values import Attempt
from tutor.progress.window import owner_of

SUFFIX = ".jsonl"
MAX_ANSWER = 256 * 1024
"""Longer answers are not kept with their attempt (in characters)."""

_DAY = 86_400.0
_decoder = msgspec.json.Decoder(Attempt)
_encoder = msgspec.json.Encoder()


def decode_line(line: bytes) -> Attempt | None:
    """The attempt on this line, None where the line is damaged."""
    try:
        attempt = decoded(_decoder.decode, line)
    except Damaged:
        return None
    return attempt if attempt.id and attempt.task else None


@dataclass
class _Read:
    """How far a file has been read. file: its number on the disk, so that a new one of that name starts anew."""

    file: int
    size: int


class AttemptLog:
    """All attempts of all windows and courses, in memory; new ones go to this window's own file."""

    def __init__(self, folder: Path, window: str, report: Report) -> None:
        self.folder = folder
        self.window = window
        self.file = folder / f"{window}{SUFFIX}"
        self._report = report
        self._read: dict[str, _Read] = {}
        self._known: dict[str, Attempt] = {}
        self._sorted: list[Attempt] | None = None
        self._mine: list[bytes] = []
        self._written = 0
        self._size = 0
        self._memory = threading.Lock()
        self._disk = threading.RLock()

    @property
    def unsaved(self) -> int:
        """Attempts that are only in memory, because the disk did not take them."""
        return len(self._mine) - self._written

    def all(self) -> list[Attempt]:
        """Every attempt known, in the order of time. Do not change the list."""
        with self._memory:
            if self._sorted is None:
                self._sorted = sorted(self._known.values(), key=lambda one: (one.at, one.id))
            return self._sorted

    def record(self, attempt: Attempt) -> Attempt:
        """Keep an attempt: in memory at once, on disk if the disk takes it (else with the next one)."""
        answer = attempt.answer if len(attempt.answer) <= MAX_ANSWER else ""
        attempt = msgspec.structs.replace(
            attempt, id=attempt.id or os.urandom(8).hex(), at=attempt.at or time.time(), answer=answer
        )
        self._keep([attempt])
        with self._disk:
            self._mine.append(_encoder.encode(attempt) + b"\n")
            self.flush()
        return attempt

    def flush(self) -> bool:
        """Try to write what is only in memory. True where nothing is left over."""
        with self._disk:
            if self._written < len(self._mine) or self._shrank():
                self._report.write("attempts", self._append)
            return self.unsaved == 0

    def refresh(self) -> bool:
        """Read what other windows have written since. True where there was something new."""
        with self._disk:
            self.flush()
            before = len(self._known)
            for _ in range(5):
                try:
                    names = [name for name in names_in(self.folder) if name.endswith(SUFFIX)]
                except OSError as error:
                    self._report.say(
                        f"{self.folder} cannot be read ({error.strerror}): `dl-tutor doctor` says more."
                    )
                    return False
                went = [name for name in names if not name.startswith(".") and not self._read_file(name)]
                if not went:
                    break
            return len(self._known) > before

    # -------------------------------------------------------------- writing

    def _shrank(self) -> bool:
        """Whether this window's file has lost lines (someone moved or cut it)."""
        if not self._size:
            return False
        try:
            return self.file.stat().st_size < self._size
        except OSError:
            return True

    def _append(self) -> None:
        private_folder(self.folder)
        fd = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(fd).st_size
            if size < self._size:
                self._written = 0
            data = b"".join(self._mine[self._written :])
            if size and os.pread(fd, 1, size - 1) != b"\n":
                data = b"\n" + data
            try:
                write_all(fd, data)
                os.fsync(fd)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(fd, size)
                raise
        finally:
            os.close(fd)
        self._size = size + len(data)
        self._written = len(self._mine)

    # -------------------------------------------------------------- reading

    def _keep(self, attempts: list[Attempt]) -> None:
        with self._memory:
            new = {one.id: one for one in attempts if one.id not in self._known}
            if new:
                self._known.update(new)
                self._sorted = None

    def _read_file(self, name: str) -> bool:
        """Read what is new in one file. False where it went while we looked (another window tidied)."""
        path = self.folder / name
        try:
            status = path.stat()
        except OSError:
            return False
        seen = self._read.get(name)
        if seen is None or seen.file != status.st_ino or status.st_size < seen.size:
            seen = _Read(status.st_ino, 0)
        if status.st_size == seen.size and name in self._read:
            return True
        try:
            data = self._bytes_from(path, seen.size)
        except OSError as error:
            self._report.say(unreadable(path, error))
            return True
        if data is None:
            return False
        used = self._take(path, data, status.st_mtime)
        self._read[name] = _Read(status.st_ino, seen.size + used)
        return True

    @staticmethod
    def _bytes_from(path: Path, offset: int) -> bytes | None:
        if not offset:
            return read_or_none(path)
        with path.open("rb") as file:
            file.seek(offset)
            return file.read()

    def _take(self, path: Path, data: bytes, changed: float) -> int:
        """Keep the attempts in these bytes; damaged lines are set aside. Bytes used: the last line may still be
        on its way."""
        end = data.rfind(b"\n") + 1
        if end < len(data) and finished(path.name, changed):
            end = len(data)
        lines = [line for line in data[:end].split(b"\n") if line.strip()]
        good: list[Attempt] = []
        damaged: list[bytes] = []
        for line in lines:
            attempt = decode_line(line)
            if attempt:
                good.append(attempt)
            else:
                damaged.append(line)
        self._keep(good)
        if damaged:
            set_aside(path, damaged, self._report)
        return end


def finished(name: str, changed: float) -> bool:
    """Whether nobody writes to this file any more, so that a line without an end will never get one."""
    owner = owner_of(name.removesuffix(SUFFIX))
    return owner == "dead" or (owner == "elsewhere" and time.time() - changed > _DAY)


def set_aside(path: Path, lines: list[bytes], report: Report) -> None:
    """Damaged lines go to a `.damaged` file beside theirs. Said once: what lies there already was said before."""
    target = path.with_name(path.name.removesuffix(SUFFIX) + ".damaged")

    def move() -> list[bytes]:
        before = set((read_or_none(target) or b"").split(b"\n"))
        new = [line for line in lines if line not in before]
        if new:
            fd = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                write_all(fd, b"".join(line + b"\n" for line in new))
                os.fsync(fd)
            finally:
                os.close(fd)
        return new

    new = report.write("damaged", move)
    if new is None:
        report.say(f"Damaged lines in {path.name}: they do not count.")
    elif new:
        many = "A damaged line" if len(new) == 1 else f"{len(new)} damaged lines"
        report.say(f"{many} in your progress: all the rest counts. Set aside in {target}.")
