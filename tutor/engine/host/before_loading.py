"""What a host waits for before it imports the frameworks: a host of another version that ends its run, and memory."""

from __future__ import annotations

import socket
from pathlib import Path

from tutor.engine.machine import host_lock, resources, sockets
from tutor.messages.frames import pack
from tutor.messages.jobs import HostKind
from tutor.messages.requests import Stop

_SECONDS = 1.0
"""What a host that does not answer may take of ours."""


def reason(kind: HostKind, own: Path) -> str:
    """Why a host cannot go on yet, for people; "" where it can. own: its socket."""
    if kind == "light":
        return ""
    if any(host_lock.held(path) for path in _others(own, f"{kind}-*.lock")):
        return "waiting for a run in another version of the tutor to end"
    free = resources.free_mb()
    if free < resources.KERAS_MB:
        return f"waiting for memory: {resources.KERAS_MB / 1000:.1f} GB needed, {free / 1000:.1f} GB free"
    return ""


def retire_others(own: Path) -> None:
    """Tell hosts of other versions to go, once no run goes on in them; what is left of dead ones is removed."""
    for path in _others(own, "*-*.sock"):
        if not host_lock.remove_unheld(path):
            _tell_to_go(path)


def _others(own: Path, pattern: str) -> list[Path]:
    """Files of hosts of another version: the light and the Keras host of one version stand beside each other."""
    version = own.stem.rpartition("-")[2]
    return [path for path in sockets.own_folder().glob(pattern) if path.stem.rpartition("-")[2] != version]


def _tell_to_go(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(_SECONDS)
        try:
            sock.connect(str(path))
            sock.sendall(pack(Stop()))
        except OSError:
            return  # it ends in this moment, or goes on with its run
