"""Where the learner is, in each lesson. One small file for each window and course: none has two writers."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import msgspec

from tutor.files import Damaged, decoded, names_in, read_or_none, remove, replace_file
from tutor.progress.disk import Report, unreadable
from tutor.progress.values import Place
from tutor.progress.window import owner_of

SUFFIX = ".json"
_decoder = msgspec.json.Decoder(dict[str, Place])


class Places:
    """folder: holds one file for each window. The newest place of each lesson wins."""

    def __init__(self, folder: Path, window: str, report: Report) -> None:
        self.folder = folder
        self._window = window
        self._file = folder / f"{window}{SUFFIX}"
        self._report = report
        self._mine: dict[str, Place] = {}
        self._others: dict[str, Place] = {}
        self._saved = True
        self._newest = 0
        self._lock = threading.RLock()

    def set(self, place: Place, seen_at: int | None = None) -> Place:
        """Keep a place; on disk at once if the disk takes it. seen_at: its age (`time.monotonic_ns`), None for now;
        one that is older than the last is left out."""
        with self._lock:
            seen_at = time.monotonic_ns() if seen_at is None else seen_at
            if seen_at < self._newest:
                return place
            self._newest = seen_at
            place = msgspec.structs.replace(place, at=place.at or time.time())
            self._mine[place.lesson] = place
            self._saved = False
            self.flush()
            return place

    def flush(self) -> bool:
        """Try again to write what is only in memory. True where nothing is left over."""
        with self._lock:
            if not self._saved:
                data = msgspec.json.encode(self._mine)

                def write() -> bool:
                    replace_file(self._file, data)
                    return True

                self._saved = bool(self._report.write("places", write))
            return self._saved

    def refresh(self) -> None:
        """Read what other windows have kept."""
        with self._lock:
            self._others = {}
            for name in self._names():
                self._others = _newest(self._others, self._load(name))

    def all(self) -> dict[str, Place]:
        """The newest place of each lesson, by lesson id as it was written."""
        with self._lock:
            return _newest(self._others, self._mine)

    def here(self) -> Place | None:
        """The newest place of all; this window's own where it has one."""
        with self._lock:
            places = self._mine or self._others
            return max(places.values(), key=lambda one: one.at, default=None)

    def tidy(self) -> None:
        """Take over the places of windows of this machine that are gone, then remove their files."""
        with self._lock:
            dead = [n for n in self._names() if owner_of(n.removesuffix(SUFFIX)) == "dead"]
            if len(dead) < 2:
                return
            taken: dict[str, Place] = {}
            for name in dead:
                taken = _newest(taken, self._load(name))
            # Never older than what another window has: a place is only taken over, not changed.
            merged = self.folder / f"{self._window}.merged{SUFFIX}"
            taken = _newest(taken, self._load(merged.name))
            replace_file(merged, msgspec.json.encode(taken), sync=True)
            for name in dead:
                remove(self.folder / name)

    def _names(self) -> list[str]:
        try:
            names = names_in(self.folder)
        except OSError as error:
            self._report.say(unreadable(self.folder, error))
            return []
        return [name for name in names if name.endswith(SUFFIX) and not name.startswith(".")]

    def _load(self, name: str) -> dict[str, Place]:
        try:
            data = read_or_none(self.folder / name)
            return decoded(_decoder.decode, data) if data is not None else {}
        except (Damaged, OSError):
            self._report.say(f"{self.folder / name} is damaged: the place that was left there is not known.")
            return {}


def _newest(one: dict[str, Place], other: dict[str, Place]) -> dict[str, Place]:
    merged = dict(one)
    for lesson, place in other.items():
        if lesson not in merged or place.at >= merged[lesson].at:
            merged[lesson] = place
    return merged
