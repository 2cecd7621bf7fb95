"""What a run may use, and what it used."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import stat
import sys
from collections.abc import Collection
from pathlib import Path

from tutor.messages.jobs import Limits

MEGABYTE = 1 << 20


GPU_MB = 1_500
"""What a GPU's driver and torch take of the machine's own memory (950 MB seen), with room."""
FEWEST_FILES, _FILES = 128, 1024
"""How many files a process of a run has to be able to have open, and how many are asked for: what is the tutor's in it
has numbers from 100 on."""
_FIRST_TO_GO = "500"
"""Of 1000: should memory run out, the system ends a run before what others have open."""
_own_files: dict[str, int] = {}
"""What /proc says of this process, opened before it gave up to read there."""


def apply(limits: Limits, gpu: bool = False) -> None:
    """Bind this process (and what it starts) to the limits of its run. Wall time and output are the host's to
    watch, and memory where there is a GPU, whose driver maps more address space than any limit could allow. Address
    space counts from what is mapped already: a forked process starts with all of its host's."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.file_mb * MEGABYTE)
    if sys.platform == "linux" and not gpu:
        _lower(resource.RLIMIT_AS, address_space() + limits.memory_mb * MEGABYTE)


def before_confined() -> None:
    """What a process does in /proc while it may: it volunteers to go first where memory runs out, and opens what it
    will have to say of itself."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):  # where the system does not let us volunteer
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    for name in ("statm", "status", "smaps_rollup"):
        with contextlib.suppress(OSError):
            fd = os.open(f"/proc/self/{name}", os.O_RDONLY | os.O_CLOEXEC)
            _own_files[name] = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100)  # which a careless close() rarely meets
            os.close(fd)


def _own(name: str) -> str:
    """A file of /proc about this process. Raises OSError."""
    fd = _own_files.get(name)
    return Path(f"/proc/self/{name}").read_text() if fd is None else os.pread(fd, 1 << 16, 0).decode()


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def allow_files() -> None:
    """Let this process, and what it starts, have as many files open as it needs, as far as it may say so itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def too_few_files() -> str:
    """Why no run can begin here, "" where it can."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= FEWEST_FILES:
        return ""
    return (
        f"a process may have only {soft} files open here, and a run needs {FEWEST_FILES}; say `ulimit -n {_FILES}` in "
        "the shell before the tutor is started, or ask who looks after this machine"
    )


def address_space() -> int:
    """Bytes of address space mapped by this process."""
    pages = int(_own("statm").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def held_mb(pid: int) -> float:
    """Memory in MB that no file stands behind, of a process that has a GPU. 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return (_field(status, "RssAnon:") + _field(status, "RssShmem:")) / 1024


def held_together_mb(pids: Collection[int], most: float) -> float:
    """The same for processes that share memory, each page counted once. Where they are surely below `most`, what is
    shared is counted for each of them, which is quicker."""
    held = sum(map(held_mb, pids))
    return held if held <= most else sum(map(_share_mb, pids))


def _share_mb(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has gone, or has closed itself to others
        return held_mb(pid)
    return (_field(rollup, "Pss_Anon:") + _field(rollup, "Pss_Shmem:")) / 1024


def files_mb(folder: str, most: int) -> float:
    """What the files in a folder take of its disk, in MB; of more than `most` of them, the first so many."""
    taken, folders = 0, [folder]
    while folders and most > 0:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:  # it is being removed
            for entry in entries:
                most -= 1
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    taken += entry.stat(follow_symlinks=False).st_blocks * 512
    return taken / MEGABYTE


def unnamed_mb(pids: Collection[int], folder: str) -> float:
    """What files on the disk of `folder` take that were removed and are still open in one of these processes, in MB."""
    taken: dict[int, int] = {}
    with contextlib.suppress(OSError):
        disk = os.stat(folder).st_dev
        for pid in pids:
            with contextlib.suppress(OSError):  # it has gone, or has closed itself to others
                for name in os.listdir(f"/proc/{pid}/fd"):
                    with contextlib.suppress(OSError):
                        file = os.stat(f"/proc/{pid}/fd/{name}")
                        if stat.S_ISREG(file.st_mode) and not file.st_nlink and file.st_dev == disk:
                            taken[file.st_ino] = file.st_blocks * 512
    return sum(taken.values()) / MEGABYTE


def own_mb() -> float:
    """Memory that this process alone has written to, in MB, at its peak: what is private now, and how much more
    was resident at the highest. NaN where the system does not tell."""
    try:
        rollup, status = _own("smaps_rollup"), _own("status")
    except (OSError, UnicodeDecodeError):  # the code may have closed them, and opened others
        return float("nan")
    private = _field(rollup, "Private_Dirty:")
    above = max(0, _field(status, "VmHWM:") - _field(status, "VmRSS:"))
    return (private + above) / 1024


def _field(text: str, name: str) -> int:
    for line in text.splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0
