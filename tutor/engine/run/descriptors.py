"""The descriptors of a process that has just begun: what is the host's is closed, what is kept lies out of reach."""

from __future__ import annotations

import fcntl
import os


def high(fd: int) -> int:
    """The same file under a number that a careless os.close() rarely meets. -1 stays."""
    if fd < 0:
        return fd
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100)
    os.close(fd)
    return moved


def close_all_but(kept: set[int]) -> None:
    """Close every descriptor of this process but these."""
    low = 0
    for fd in [*sorted(fd for fd in kept if fd >= 0), os.sysconf("SC_OPEN_MAX")]:
        if low < fd:  # an empty range would be taken as one without end
            os.closerange(low, fd)
        low = fd + 1
