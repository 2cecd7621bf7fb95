"""Where a host listens, and who may speak to it."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from tutor import __version__, paths
from tutor.engine.machine.forking import forks
from tutor.errors import EngineError
from tutor.files import private_folder
from tutor.messages.jobs import HostKind
from tutor.messages.requests import VERSION


def identity() -> str:
    """A name for exactly this code under this Python: hosts of another version are left alone."""
    words = [__version__, str(VERSION), str(paths.PACKAGE), sys.executable, "fork" if forks() else "fresh"]
    words += _changes(paths.PACKAGE, deep=False)
    for room in ("messages", "engine", "grading", "figures", "plots", "course"):
        words += _changes(paths.PACKAGE / room, deep=True)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def _changes(folder: Path, *, deep: bool) -> Iterator[str]:
    """Each file of code with the time of its last change."""
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.name.endswith(".py"):
            yield f"{entry.path}:{entry.stat().st_mtime_ns}"
        elif deep and entry.name != "__pycache__" and entry.is_dir():
            yield from _changes(Path(entry.path), deep=True)


def socket_path(kind: HostKind) -> Path:
    """The socket of this user's host of that kind, for exactly this code."""
    return paths.socket_dir() / f"{kind}-{identity()}.sock"


def own_folder(folder: Path | None = None) -> Path:
    """The folder of the sockets (or another), made if need be. Raises EngineError where it is not ours alone."""
    folder = folder or paths.socket_dir()
    private_folder(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise EngineError(f"{folder} belongs to somebody else.", "Set TMPDIR to a folder that only you can write to.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def check_peer(sock: socket.socket) -> int:
    """The process at the other side of `sock`, 0 where the system does not tell. Raises EngineError where it runs as
    another user."""
    if sys.platform != "linux":
        return 0  # the folder, which only its owner can enter, keeps others out
    pid, user, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    if user not in (os.getuid(), 0):
        raise EngineError("Somebody else's process is at the other end of the engine's socket.")
    return int(pid)
