"""The lock of a host: whoever holds it is the host of the socket beside it. It says which process that is and what it
does, for those whom it does not answer.
"""

from __future__ import annotations

import faulthandler
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tutor.engine.machine import entries
from tutor.files import Damaged, decoded

_SIZE = 240
"""Bytes of what it says: always as many, so that nobody ever reads half of it. Behind them Python's own last word
stands, where an import has crashed."""
_CRASH = "Fatal Python error: "


class HostState(msgspec.Struct, frozen=True):
    """pid: the host's process. loading: what it imports now, "" where it has imported all. crash: how that has ended
    the process, in Python's own words."""

    pid: int
    loading: str = ""
    crash: str = ""


_state = msgspec.json.Decoder(HostState)


def beside(socket: Path) -> Path:
    """The lock that goes with a socket."""
    return socket.with_suffix(".lock")


def take(socket: Path) -> int | None:
    """The descriptor of the lock, which is held from now on; None where another process holds it."""
    while True:
        fd = os.open(beside(socket), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        if stands(beside(socket), fd):
            return fd
        os.close(fd)  # removed between the two steps: another may have made and locked one of the same name


def stands(path: Path, fd: int) -> bool:
    """Whether the file of this name is still the one that is open as `fd`."""
    try:
        return os.path.samestat(path.stat(), os.fstat(fd))
    except OSError:
        return False


def say(fd: int, loading: str) -> None:
    """Say in the lock that we hold what is imported now."""
    os.pwrite(fd, msgspec.json.encode(HostState(os.getpid(), loading[:100])).ljust(_SIZE), 0)


@contextmanager
def crashes_told(fd: int) -> Iterator[None]:
    """Within, Python's last word goes into the lock that we hold, should a signal end us."""
    os.ftruncate(fd, _SIZE)
    os.lseek(fd, _SIZE, os.SEEK_SET)
    own = os.dup(fd)  # the lock may be taken anew meanwhile
    faulthandler.enable(own, all_threads=False)
    try:
        yield
    finally:
        faulthandler.disable()
        os.close(own)


def last_state(socket: Path) -> HostState | None:
    """What the host of this socket, or the last that was, has said; None where nothing is known."""
    try:
        data = beside(socket).read_bytes()
        state = decoded(_state.decode, data[:_SIZE])
    except (OSError, Damaged):
        return None
    crash = data[_SIZE:].decode(errors="replace").partition(_CRASH)[2].partition("\n")[0]
    return msgspec.structs.replace(state, crash=crash[:100])


def holder(socket: Path) -> HostState | None:
    """The same of a host that holds its lock, None where none does."""
    with _tried(beside(socket)) as held:
        return last_state(socket) if held else None


def held(lock: Path) -> bool:
    """Whether a living host has this lock."""
    with _tried(lock) as held:
        return held


def remove_unheld(socket: Path) -> bool:
    """Remove a socket and its lock that a host has left. Whether it was none that lives."""
    with _tried(beside(socket)) as held:  # whoever opens it now finds that it is gone once we have let go
        if not held:
            socket.unlink(missing_ok=True)
            beside(socket).unlink(missing_ok=True)
        return not held


@contextmanager
def _tried(lock: Path) -> Iterator[bool]:
    """Whether another process holds this lock; where none does, none can within."""
    try:
        fd = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield True
        else:
            yield False
    finally:
        os.close(fd)


def is_host(pid: int) -> bool:
    """Whether this process is a host of ours, as far as the system tells: its number may have gone to another."""
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self/cmdline").exists():
        return True
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return entries.HOST.encode() in words and process.stat().st_uid == os.getuid()
    except OSError:
        return False
