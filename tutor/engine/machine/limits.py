"""What a run may use, and what it used."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from pathlib import Path

from tutor.messages.jobs import Limits

MEGABYTE = 1 << 20


GPU_MB = 1_500
"""What a GPU's driver and torch take of the machine's own memory (950 MB seen), with room."""
_FIRST_TO_GO = "500"
"""Of 1000: should memory run out, the system ends a run before what others have open."""


def apply(limits: Limits, gpu: bool = False) -> None:
    """Bind this process (and what it starts) to the limits of its run. Wall time and output are the host's to
    watch, and memory where there is a GPU, whose driver maps more address space than any limit could allow. Address
    space counts from what is mapped already: a forked process starts with all of its host's."""
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


def held_mb(pid: int) -> float:
    """Memory in MB that no file stands behind, of a process that has a GPU. 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return (_field(status, "RssAnon:") + _field(status, "RssShmem:")) / 1024


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
