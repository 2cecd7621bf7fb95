"""The processes of one home, and signals to them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.journeys.conftest import processes_of

SIGNALS = {"SIGKILL": signal.SIGKILL, "SIGTERM": signal.SIGTERM, "hang-up": signal.SIGHUP}


def hosts(home: Path) -> list[int]:
    """The hosts of this home."""
    those = {pid for pid in processes_of(home) if b"tutor.engine.host" in _read(pid, "cmdline")}
    return [pid for pid in sorted(those) if _parent(pid) not in those]


def children(host: int) -> list[int]:
    """What a host has begun, in the order in which it did."""
    listed = _read(host, f"task/{host}/children").split()
    return sorted(map(int, listed), key=lambda pid: (_stat(pid, 21), pid))


def of_the_check(host: int, before: set[int]) -> dict[str, int]:
    """The learner's process and the judge of the check that has just begun. before: children that were there."""
    new = [pid for pid in children(host) if pid not in before]
    return dict(zip(("learner", "judge"), new, strict=False))


def send(pid: int, name: str) -> bool:
    """Whether there was such a process."""
    try:
        os.kill(pid, SIGNALS[name])
    except ProcessLookupError:
        return False
    return True


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _stat(pid: int, field: int) -> int:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[field - 2]) if fields else 0


def _parent(pid: int) -> int:
    return _stat(pid, 3)
