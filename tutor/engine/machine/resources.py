"""What this machine has to give: processor cores, and memory."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

from tutor.messages.jobs import HostKind

THREADS = "DL_TUTOR_THREADS"
FREE = "DL_TUTOR_FREE_MB"
"""A file whose number of megabytes is believed in place of what the system says (tests)."""
KERAS_MB = 1000.0
"""What a Keras host and a run of it need at their start: 400 MB for the host, and room to train."""
_CGROUPS = Path("/sys/fs/cgroup")
_NO_LIMIT = 1 << 60


def cores() -> int:
    """The cores that this process may use: those that it is bound to, within the quota of its control group."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for folder in _groups("cpu"):
        words = _text(folder / "cpu.max").split()
        if len(words) == 2 and words[0] != "max":
            found = min(found, math.ceil(int(words[0]) / int(words[1])))
    return max(1, found)


def threads(kind: HostKind) -> int:
    """Threads of one run. A light host has one, as on its small arrays more of them only wait for each other; Keras
    gets half of the cores, or as many as the settings say."""
    if kind == "light":
        return 1
    asked = os.environ.get(THREADS, "")
    if asked.isdigit() and int(asked):
        return int(asked)
    half = max(1, cores() // 2)
    given = os.environ.get("OMP_NUM_THREADS", "")
    return min(half, int(given)) if given.isdigit() and int(given) else half


def thread_variables(kind: HostKind) -> dict[str, str]:
    """What numpy, torch and keras read at their import: how many threads, which do not spin while they wait for each
    other (where all cores are busy, spinning slows everything down)."""
    number = str(threads(kind))
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {"OMP_WAIT_POLICY": "passive", **dict.fromkeys(names, number)}


def free_mb() -> float:
    """Memory that one more process may take without others having to go, in MB: what the system calls available, within
    what is left to each of our control groups. Infinity where nothing tells."""
    given = os.environ.get(FREE)
    if given:
        return float(_text(Path(given)) or math.inf)
    found = [math.inf]
    for line in _text(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            found.append(int(line.split()[1]) / 1024)
    found += [left for folder in _groups("memory") if (left := _left_mb(folder)) is not None]
    return min(found)


def _left_mb(group: Path) -> float | None:
    """What a control group (of either version) has left; files it has only cached count as free."""
    for limit, used, cached in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        most, now = _text(group / limit).strip(), _text(group / used).strip()
        if most.isdigit() and now.isdigit() and int(most) < _NO_LIMIT:
            words = dict(line.split() for line in _text(group / "memory.stat").splitlines() if len(line.split()) == 2)
            return (int(most) - int(now) + int(words.get(cached, 0))) / (1 << 20)
    return None


def _groups(controller: str) -> Iterator[Path]:
    """The control groups this process is in, and those above them, in either version's tree."""
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, names, path = line.split(":", 2)
        if names and controller not in names.split(","):
            continue
        root = _CGROUPS / controller if names else _CGROUPS
        folder = root / path.strip("/")
        while folder != root and root in folder.parents:
            yield folder
            folder = folder.parent
        yield root


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
