"""Names of windows: which machine, which process, when it started. A name tells whether its owner still lives."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import time
import uuid
from functools import cache
from pathlib import Path
from typing import Literal

Owner = Literal["alive", "dead", "elsewhere"]
"""elsewhere: on another machine (or a name that is not one of ours), so that nobody here can tell."""

_NAME = re.compile(r"(?P<host>[A-Za-z0-9_-]+)\.(?P<pid>\d+)\.(?P<start>\d+)(?:\..*)?")
_STARTED = int(time.time())


@cache
def host_name() -> str:
    """This machine, as part of a file name.

    The machine's id and the process namespace are part of it: two containers, or two lab machines that were
    installed from one picture, may share a host name and a home folder, but not their process ids.
    """
    short = re.sub(r"[^A-Za-z0-9_]+", "-", socket.gethostname()).strip("-")[:40] or "host"
    machine = Path("/etc/machine-id")
    identity = machine.read_text().strip() if machine.is_file() else f"{uuid.getnode():x}"
    namespace = Path("/proc/self/ns/pid")
    if namespace.exists():
        identity += os.readlink(namespace)
    return f"{short}-{hashlib.sha256(identity.encode()).hexdigest()[:6]}"


def _started(pid: int) -> int | None:
    """When a process of this machine started, in the kernel's ticks; None where that cannot be told."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[19])
    except (OSError, ValueError, IndexError):
        return None


_windows = 0


def window_name() -> str:
    """A name for one window of this process: `host.pid.start`, with a number from the second one on."""
    global _windows
    start = _started(os.getpid())
    name = f"{host_name()}.{os.getpid()}.{_STARTED if start is None else start}"
    _windows += 1
    return name if _windows == 1 else f"{name}.{_windows}"


def owner_of(name: str) -> Owner:
    """Whether the window that this file or window is named after is still there."""
    match = _NAME.fullmatch(name)
    if not match or match["host"] != host_name():
        return "elsewhere"
    pid = int(match["pid"])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return "dead"
    except (PermissionError, OverflowError):
        return "alive"
    start = _started(pid)
    return "alive" if start is None or start == int(match["start"]) else "dead"
