"""Where a host listens: its socket and the lock beside it, which others may remove (cleaners of temporary files)."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
from pathlib import Path

from tutor.engine.machine import host_lock, processes, sockets
from tutor.errors import EngineError


class Listening:
    """The place of a host. `socket`: to accept windows from, another one after `anew`."""

    def __init__(self, path: Path, lock: int) -> None:
        self.socket = _bound(path)
        self.lock = lock
        self._path = path
        self._loading = ""
        self._as_made = path.stat()
        self.say("its first steps")

    def say(self, loading: str) -> None:
        """What is imported now, "" for nothing any more: for windows that get no answer."""
        self._loading = loading
        if self.lock >= 0:
            host_lock.say(self.lock, loading)

    @property
    def stands(self) -> bool:
        """Whether windows find us."""
        return self._socket_stands and host_lock.stands(host_lock.beside(self._path), self.lock)

    @property
    def _socket_stands(self) -> bool:
        try:
            return os.path.samestat(self._path.stat(), self._as_made)
        except OSError:
            return False

    def anew(self) -> bool:
        """Make again what was removed. False where another host has taken our place, or nobody can have it."""
        try:
            sockets.own_folder(self._path.parent)
            if not host_lock.stands(host_lock.beside(self._path), self.lock):
                lock = host_lock.take(self._path)
                if lock is None:
                    return False
                self._unlock()
                self.lock = lock
                self.say(self._loading)
            self.socket.close()
            self.socket = _bound(self._path)
            self._as_made = self._path.stat()
        except (OSError, EngineError):
            return False
        return True

    def leave(self) -> None:
        """Nobody finds us any more, and another host may have the place."""
        if self.lock < 0:
            return
        if self._socket_stands and host_lock.stands(host_lock.beside(self._path), self.lock):
            self._path.unlink(missing_ok=True)
            self.say("")
        self.socket.close()
        self._unlock()

    def _unlock(self) -> None:
        fcntl.flock(self.lock, fcntl.LOCK_UN)  # copies in processes that begin just now do not keep it
        os.close(self.lock)
        self.lock = -1


def listen(path: Path) -> Listening | None:
    """Take the place, None where another host has it already. One whose socket was removed is told to look."""
    sockets.own_folder(path.parent)
    lock = host_lock.take(path)
    if lock is not None:
        return Listening(path, lock)
    other = host_lock.last_state(path)
    if other is not None and not path.exists() and host_lock.is_host(other.pid):
        processes.send_signal(other.pid, signal.SIGHUP)
    return None


def _bound(path: Path) -> socket.socket:
    """A socket that listens there. What is there is left over from a host that was killed: we hold its lock."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    old = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(old)
    listener.listen(16)
    listener.setblocking(False)
    return listener
