"""What a run may use, and what it used."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from pathlib import Path

from tutor.engine.protocol import Limits

MEGABYTE = 1 << 20


_FIRST_TO_GO = "500"
"""Of 1000: should memory run out, the system ends a run before what others have open."""


def apply(limits: Limits, gpu: bool = False) -> None:
    """Bind this process (and what it starts) to the limits of its run. Wall time and output are the host's to
    watch. Address space counts from what is mapped already: a forked process starts with all of its host's; a GPU's
    driver maps more of it than any limit could allow."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.file_mb * MEGABYTE)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # where the system does not let us volunteer
            Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    if sys.platform == "linux" and not gpu:
        _lower(resource.RLIMIT_AS, address_space() + limits.memory_mb * MEGABYTE)


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def address_space() -> int:
    """Bytes of address space mapped by this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def own_mb() -> float:
    """Memory that this process alone has written to, in MB, at its peak: what is private now, and how much more
    was resident at the highest. NaN where the system does not tell."""
    try:
        rollup = Path("/proc/self/smaps_rollup").read_text()
        status = Path("/proc/self/status").read_text()
    except OSError:
        return float("nan")
    private = _field(rollup, "Private_Dirty:")
    above = max(0, _field(status, "VmHWM:") - _field(status, "VmRSS:"))
    return (private + above) / 1024


def _field(text: str, name: str) -> int:
    for line in text.splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0
