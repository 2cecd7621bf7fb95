"""The folder of past runs: one file for each, written whole or not at all, so that several windows share it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from tutor.files import decode_or_set_aside, remove, replace_file
from tutor.runs.record import Record

KEPT = 20
"""Runs of a block that are kept, each with its trainings; those that have a name stay beyond that."""
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_decoder = msgspec.msgpack.Decoder(Record)
Result = TypeVar("Result")


class Runs:
    """folder/<block>/<run>.msgpack, and <run>.keras beside it where a model was kept.

    No method raises for what the disk does not take or give: it becomes a sentence in `problems`, once. Nothing here
    is quick enough for an event loop; every method may be called in a thread.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self._lock = threading.Lock()

    def save(self, record: Record) -> Record:
        """Keep it, under the next number of its block or that of its run; older ones without a name go. Returns it with
        its number."""
        with self._lock:
            known = self.recent(record.block)
            if not record.number:
                of_run = next((one.number for one in known if one.of == record.of), 0)
                record = replace(record, number=of_run or 1 + max((one.number for one in known), default=0))
            if self._tried(lambda: self._write(record)) is not None:
                nameless = [one for one in known if not one.name and one.of != record.of]
                kept = list(dict.fromkeys(one.of for one in nameless))[: KEPT - 1]
                for old in nameless:
                    if old.of not in kept:
                        self.remove(old)
        return record

    def recent(self, block: str) -> list[Record]:
        """All that is kept of a block, the newest first."""
        folder = self._of_block(block)
        found = [self._read(path) for path in (sorted(folder.glob("*.msgpack")) if folder and folder.is_dir() else ())]
        whole = (one for one in found if one is not None)
        return sorted(whole, key=lambda one: (one.when, one.number, one.fit), reverse=True)

    def blocks(self) -> list[str]:
        """Ids of the blocks of which something is kept."""
        if not self.folder.is_dir():
            return []
        return sorted(each.name for each in self.folder.iterdir() if any(each.glob("*.msgpack")))

    def rename(self, record: Record, name: str, *, saved: bool | None = None) -> Record:
        """Give it a name ("" takes it away). saved: whether a model lies beside it now."""
        changed = replace(record, name=name.strip(), saved=record.saved if saved is None else saved)
        self._tried(lambda: self._write(changed))
        return changed

    def remove(self, record: Record) -> None:
        """Forget it, and its model."""
        path = self._path(record, ".msgpack")
        if path is not None:
            self._tried(lambda: remove(path))
            self._tried(lambda: remove(path.with_suffix(".keras")))

    def model_path(self, record: Record) -> Path | None:
        """Where its model lies, or would; None where its id is no name of a file."""
        return self._path(record, ".keras")

    # -------------------------------------------------------------- files

    def _of_block(self, block: str) -> Path | None:
        return self.folder / block if _SAFE.fullmatch(block) else None

    def _path(self, record: Record, ending: str) -> Path | None:
        folder = self._of_block(record.block)
        return folder / f"{record.run}{ending}" if folder is not None and _SAFE.fullmatch(record.run) else None

    def _write(self, record: Record) -> bool:
        path = self._path(record, ".msgpack")
        if path is None:
            return False
        replace_file(path, msgspec.msgpack.encode(record))
        return True

    def _read(self, path: Path) -> Record | None:
        try:
            record, aside = decode_or_set_aside(path, _decoder.decode)
        except OSError as error:
            self._say(f"A past run cannot be read ({error.strerror}): {path}")
            return None
        if aside is not None:
            self._say(f"A past run is damaged and was set aside: {aside}")
        return record

    def _tried(self, action: Callable[[], Result]) -> Result | None:
        try:
            return action()
        except OSError as error:
            self._say(f"The history of runs is not kept ({error.strerror or error}): {self.folder}")
            return None

    def _say(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)
