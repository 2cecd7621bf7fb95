"""Where a host listens, and who may speak to it."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import struct
import sys
from pathlib import Path

from tutor import __version__, paths
from tutor.engine.protocol import VERSION, HostKind
from tutor.engine.spawn import forks
from tutor.errors import EngineError


def identity() -> str:
    """A name for exactly this code under this Python: hosts of another version are left alone."""
    words = [__version__, str(VERSION), str(paths.PACKAGE), sys.executable, "fork" if forks() else "fresh"]
    for room in ("", "engine", "grading", "figures", "figures/shared", "plots", "course"):
        for entry in sorted(os.scandir(paths.PACKAGE / room), key=lambda each: each.name):
            if entry.name.endswith(".py"):
                words.append(f"{room}/{entry.name}:{entry.stat().st_mtime_ns}")
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def socket_path(kind: HostKind) -> Path:
    """The socket of this user's host of that kind, for exactly this code."""
    return paths.socket_dir() / f"{kind}-{identity()}.sock"


def own_folder(folder: Path | None = None) -> Path:
    """The folder of the sockets (or another), made if need be. Raises EngineError where it is not ours alone."""
    folder = folder or paths.socket_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise EngineError(f"{folder} belongs to somebody else.", "Remove it, or set DL_TUTOR_HOME to another folder.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def check_peer(sock: socket.socket) -> None:
    """Raises EngineError where the other side of `sock` runs as another user."""
    if sys.platform != "linux":
        return  # the folder, which only its owner can enter, keeps others out
    _, user, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    if user not in (os.getuid(), 0):
        raise EngineError("Somebody else's process is at the other end of the engine's socket.")
