"""Holding this process to its reach, what that holds, and what of it a machine can do."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from msgspec.structs import replace

from tutor.engine.machine.confinement import call_filter, landlock, own_memory
from tutor.messages.reach import Reach


class Held(NamedTuple):
    """What the kernel holds of a process: the files it was not granted, connections, attaching to other processes,
    signals to processes that it has not begun, shared memory that outlives it."""

    files: bool = False
    connections: bool = False
    attaching: bool = False
    signals: bool = False
    memory: bool = False


class Protection(NamedTuple):
    """What is held here of each run, or why it is not."""

    name: str
    held: bool
    why_not: str = ""


now = Held()
"""Of this process."""


def confine(reach: Reach, folder: str) -> Held:
    """Hold this process, and all that it starts, to `reach` for good. folder: its own, where it may write. Whatever
    the kernel does not know is not held, and the process goes on."""
    global now
    call_filter.give_up_privileges()
    scoped = landlock.VERSION >= 6
    if reach.kind == "own":
        landed = landlock.restrict(reach)
        # where that holds nothing, the filter does, and then for what the program itself begins as well
        filtered = not landed and call_filter.install("own", reach.spared)
        now = Held(attaching=landed or filtered, signals=landed or filtered)
        return now
    memory = bool(reach.memory_mb) and own_memory.give(reach.memory_mb)
    spared = () if scoped else reach.spared
    filtered = call_filter.install(reach.kind, spared, truncating=landlock.VERSION >= 3)
    itself = (f"/proc/{os.getpid()}",) if reach.kind == "gpu" else ()
    files = landlock.restrict(
        replace(reach, written=(*reach.written, folder), folders=(*reach.folders, *itself))
    )
    now = Held(files, filtered, files or filtered, (files and scoped) or (filtered and not scoped), memory)
    return now


def protections() -> list[Protection]:
    """What this machine holds of each run of a lesson."""
    if sys.platform != "linux":
        why = "only Linux has what it takes"
        return [Protection(name, False, why) for name in (_CLOSED, _FILES, _CONNECTIONS, _ATTACHING, _SIGNALS, _MEMORY)]
    files, filters = landlock.VERSION > 0, call_filter.known()
    no_landlock = "this kernel has no Landlock, or it is switched off (Linux 5.13 has it)"
    no_filter = f"no filter of system calls (seccomp) for this kernel on {os.uname().machine}"
    neither = f"{no_landlock}, and {no_filter}"
    scoped = files and landlock.VERSION >= 6
    return [
        Protection(_CLOSED, True),
        Protection(_FILES, files, "" if files else no_landlock),
        Protection(_CONNECTIONS, filters, "" if filters else no_filter),
        Protection(_ATTACHING, files or filters, "" if files or filters else neither),
        Protection(_SIGNALS, scoped or filters, "" if scoped or filters else neither),
        Protection(_MEMORY, own_memory.possible(), "" if own_memory.possible() else _NO_NAME_SPACES),
    ]


_CLOSED = "no program of yours looks into the tutor's own processes"
_FILES = "a run writes into its own folder alone, and reads neither your files nor the lessons"
_CONNECTIONS = "a run opens no connection"
_ATTACHING = "a run looks into no process but its own"
_SIGNALS = "a run signals no process but its own"
_MEMORY = "a run's shared memory (/dev/shm) is its own, and ends with it"
_NO_NAME_SPACES = "this system gives its users no name spaces of their own (user namespaces)"
