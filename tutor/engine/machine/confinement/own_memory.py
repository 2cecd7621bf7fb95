"""Shared memory of a run's own: a /dev/shm that no other process sees, of a bounded size, which ends with the run.

Landlock grants a folder or refuses it, and what Python and torch share between their processes lies in /dev/shm, beside
that of everybody else: what a run left there would stay until the machine is started anew. So a run gets another one in
its place, in a name space of its own, where the system lets its users have those.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from pathlib import Path

from tutor.engine.machine import processes

_PLACE = b"/dev/shm"
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_NO_SETUID, _NO_DEVICES = 2, 4
_CAPABILITIES_VERSION = 0x20080522
_MOST_FILES = 4096


def give(megabytes: int) -> bool:
    """Give this process, and all that it starts, a /dev/shm of its own. It has a single thread. Whether the system
    lets it; in a process in which that goes wrong half-way nothing else is to be done (`possible` tries it)."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_MOUNTS) != 0:
        return False
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        try:
            Path("/proc/self", name).write_text(text)
        except OSError:
            return False
    about = f"size={megabytes}m,nr_inodes={_MOST_FILES},mode=1777".encode()
    mounted = libc.mount(b"dl-tutor", _PLACE, b"tmpfs", _NO_SETUID | _NO_DEVICES, about) == 0
    return _give_up_rights(libc) and mounted


def _give_up_rights(libc: ctypes.CDLL) -> bool:
    """A name space comes with all rights within it, which nothing here needs any longer."""
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    return bool(libc.capset(head, (ctypes.c_uint32 * 6)()) == 0)


@cache
def possible() -> bool:
    """Whether this system lets its users have that: tried once, in a process that ends at once."""
    if sys.platform != "linux":
        return False
    pid = os.fork()
    if not pid:
        try:
            processes.open_to_user()
            os._exit(0 if give(1) else 1)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
