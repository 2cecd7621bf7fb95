"""The places for runs that a user has on this machine, whatever the window or the home: one for what trains with Keras
or torch, unless the settings ask for more, and a few for all else, which is short and does not wait for a training.

A place is a lock on a small file in the temporary folder, never in a home folder, which may be on the network: the
system lets go of it with the process that holds it, however that ends. The file says who holds it.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import msgspec

from tutor import paths
from tutor.engine.machine import sockets
from tutor.errors import EngineError
from tutor.files import Damaged, decoded
from tutor.messages.jobs import HostKind

AT_ONCE = "DL_TUTOR_RUNS_AT_ONCE"
LIGHT = 4
"""Runs of light hosts for each place of what trains: as many as windows that one looks at, each bound in time."""


class Holder(msgspec.Struct, frozen=True):
    """The run that has a place: its block, the host's process, and when it began (seconds since the epoch)."""

    block: str
    host: int
    at: float


_holder = msgspec.json.Decoder(Holder)


class Slot:
    """A place that is held until `release`. There is no destructor: a process forked for a run has a copy, which must
    not let go of it."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def release(self) -> None:
        if self._fd >= 0:
            os.ftruncate(self._fd, 0)
            fcntl.flock(self._fd, fcntl.LOCK_UN)  # copies in processes that begin just now do not keep it
            os.close(self._fd)
            self._fd = -1


def at_once(kind: HostKind) -> int:
    """How many runs of this user's hosts of that kind may go on at one time."""
    text = os.environ.get(AT_ONCE, "")
    trainings = max(1, int(text)) if text.isdigit() else 1
    return trainings if kind == "keras" else LIGHT * trainings


def take(kind: HostKind, holder: Holder) -> Slot | None:
    """A place, None where all are taken. Where no lock can be made at all, runs are not held up for it."""
    try:
        sockets.own_folder(paths.slots_dir())
        for path in _files(kind):
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if _lock(fd, fcntl.LOCK_EX):
                os.ftruncate(fd, 0)
                os.pwrite(fd, msgspec.json.encode(holder), 0)
                return Slot(fd)
            os.close(fd)
    except (OSError, EngineError):
        return Slot(-1)
    return None


def holders(kind: HostKind) -> list[Holder]:
    """The runs that have a place of that kind now."""
    found = []
    for path in _files(kind):
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue  # nothing has ever run there
        try:
            if not _lock(fd, fcntl.LOCK_SH):
                found.append(decoded(_holder.decode, os.pread(fd, 4096, 0)))
        except Damaged:
            continue  # it is being taken or left in this very moment
        finally:
            os.close(fd)
    return found


def _files(kind: HostKind) -> list[Path]:
    return [paths.slots_dir() / f"{kind}-{number}.lock" for number in range(1, at_once(kind) + 1)]


def _lock(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
