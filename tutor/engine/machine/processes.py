"""Processes of a run, found through /proc: what a learner's code left behind, and ending it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Set
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_ROUNDS = 50
_KEEPS_LISTS = Path(f"/proc/self/task/{os.getpid()}/children").exists()
"""Whether the system tells the children of a process (CONFIG_PROC_CHILDREN)."""


class Entry(NamedTuple):
    """A process: its parent, process group and session."""

    parent: int
    group: int
    session: int


def _prctl(option: int, value: int) -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0)


def adopt_orphans() -> bool:
    """This process becomes the parent of what its children leave behind. False where the system has no such way."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """This process ends when its parent does."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def close_to_others() -> None:
    """No other process of this user may read this one's memory, take its descriptors or trace it; what it forks is
    closed, too. What the system shows of it in /proc belongs to root then: of the files there that are not for
    everybody it can still read its own, and write none."""
    _prctl(_PR_SET_DUMPABLE, 0)


def open_to_user() -> None:
    """The opposite, in a process that was forked from a closed one: its host counts what it takes."""
    _prctl(_PR_SET_DUMPABLE, 1)


def table() -> dict[int, Entry]:
    """Every living process (zombies left out). Empty where there is no /proc."""
    found: dict[int, Entry] = {}
    proc = Path("/proc")
    if not proc.is_dir():
        return found
    for name in os.listdir(proc):
        if name.isdigit() and (entry := _entry(int(name))) is not None:
            found[int(name)] = entry
    return found


def _entry(pid: int) -> Entry | None:
    """None where it has ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return Entry(int(fields[1]), int(fields[2]), int(fields[3])) if fields[0] not in (b"Z", b"X") else None


def belonging(roots: set[int], processes: dict[int, Entry] | None = None) -> set[int]:
    """Descendants of `roots`, and whatever shares their sessions or groups. The roots themselves left out."""
    processes = table() if processes is None else processes
    found = {pid for pid, entry in processes.items() if entry.session in roots or entry.group in roots}
    grown = True
    while grown:
        family = found | roots
        more = {pid for pid, entry in processes.items() if entry.parent in family} - family
        found |= more
        grown = bool(more)
    return found - roots


def family(root: int, adopter: int, others: Set[int], before: Set[int], folder: str) -> set[int]:
    """`root` and the living processes that come of it, found without looking at any other: its descendants, and of
    what `adopter` got from parents that ended what was seen in the family `before`, shares the session or group of
    `root`, or works in its `folder`. others: children of `adopter` that are none of it."""
    if not _KEEPS_LISTS:
        return {root} | belonging({root})
    adopted = {pid for pid in children(adopter) if pid != root and pid not in others}
    found, more = {root}, [root, *(pid for pid in adopted if pid in before or _shares(pid, root, folder))]
    while more:
        pid = more.pop()
        if pid == root or _entry(pid) is not None:
            found.add(pid)
        more += [child for child in children(pid) if child not in found]
    return found


def children(pid: int) -> list[int]:
    """Processes whose parent this one is, those that have ended and were not collected included."""
    found: list[int] = []
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


def _shares(pid: int, root: int, folder: str) -> bool:
    entry = _entry(pid)
    if entry is not None and root in (entry.group, entry.session):
        return True
    with suppress(OSError):
        place = os.readlink(f"/proc/{pid}/cwd")
        return place == folder or place.startswith(folder + os.sep)
    return False


def left_behind(roots: Set[int], adopter: int, known: Set[int], spared: Set[int]) -> set[int]:
    """Living processes that come of `roots`, and what came to `adopter` from parents that ended, with all that comes of
    it: `known` children of the adopter and what is `spared` left out, as it is of others."""
    if not _KEEPS_LISTS:
        return _left_in_table(roots, adopter, known) - spared
    found, more = set(), [*roots, *(pid for pid in children(adopter) if pid not in known and pid not in spared)]
    while more:
        pid = more.pop()
        if pid not in roots and _entry(pid) is not None:
            found.add(pid)
        more += [child for child in children(pid) if child not in found and child not in spared]
    return found


def _left_in_table(roots: Set[int], adopter: int, known: Set[int]) -> set[int]:
    processes = table()
    direct = {pid for pid, entry in processes.items() if entry.parent == adopter and pid not in known}
    return (direct | belonging({*roots, *direct}, processes)) - known - {adopter}


def sweep(roots: Set[int], adopter: int, known: Set[int], spared: Callable[[], Set[int]]) -> int:
    """End everything that `roots` left behind, roots left out. Returns how many there were, those not counted that
    Python itself keeps until its end. spared(): processes of other runs, which go on.

    They are stopped before they are ended, round after round, so that a fork bomb does not outrun it.
    """
    counts: dict[int, bool] = {}  # as it was seen first: one that is ending has no words any more
    for _ in range(_ROUNDS):
        there = left_behind(roots, adopter, known, spared())
        if not there:
            break
        counts = {pid: not _pythons_own(pid) for pid in there} | counts
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in there:
                send_signal(pid, number)
        reap(there)
        time.sleep(0.002)  # the kernel needs a moment to take them down
    return sum(counts.values())


def _pythons_own(pid: int) -> bool:
    """Whether it is the process that removes shared memory once its program is over, which begins with a Pool."""
    try:
        return b"from multiprocessing.resource_tracker import main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def reap(pids: set[int]) -> None:
    """Collect those of `pids` that are children of this process and have ended."""
    for pid in pids:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            continue


def alive(pid: int) -> bool:
    """Whether a process of that number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send_signal(pid: int, number: int) -> None:
    """A signal to one process that may have gone."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def signal_group(pid: int, number: int) -> None:
    """A signal to the process group that `pid` leads, and to `pid` itself should it not lead one yet."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        send_signal(pid, number)
