"""Starting a host, and what it leaves behind: its log, and what it was at when it ended."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import IO

from tutor import files, paths
from tutor.engine.machine import entries, host_lock, sockets
from tutor.messages.endings import INSTALL_AGAIN
from tutor.messages.jobs import HostKind

_LOG_BYTES = 1_000_000
_LOOKS, _BETWEEN = 20, 0.05
"""How often, and how many seconds apart, it is looked whether a host has gone."""


async def start(kind: HostKind, path: Path) -> asyncio.subprocess.Process:
    """Begin a host of that kind for the socket `path`."""
    environment = dict(os.environ)
    ours = str(paths.PACKAGE.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), ours]))
    words = [sys.executable, "-P", "-m", entries.HOST, "--kind", kind, "--socket", str(path)]
    words += ["--ahead", entries.AHEAD]
    with open_log(kind) as errors:
        return await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            cwd="/",
            env=environment,
        )


async def broken_import(path: Path, pid: int = 0, *, crashed: bool = False) -> str:
    """What the host of this socket (of this process, if one is given) imported when it ended, for people; "" where it
    goes on, or ended otherwise. crashed: only where the import itself has ended it."""
    state = host_lock.last_state(path)
    if state is None or not state.loading or pid not in (0, state.pid):
        return ""
    for _ in range(_LOOKS):
        if not host_lock.held(host_lock.beside(path)):
            break
        await asyncio.sleep(_BETWEEN)  # its lines are closed before its lock is free
    else:
        return ""
    if state.crash:
        broken = f"{state.loading} is broken in this installation: its import ends the process ({state.crash})."
        return f"{broken} {INSTALL_AGAIN}"
    if crashed:
        return ""
    return f"The engine was ended from outside while it imported {state.loading}, or memory ran out."


def log_file(kind: HostKind) -> Path:
    """Where a host's own errors go: into the cache, or beside the socket where the cache takes no more."""
    log = paths.cache_dir() / f"engine-{kind}.log"
    beside = paths.socket_dir() / log.name
    return beside if beside.exists() and not log.exists() else log


def open_log(kind: HostKind) -> IO[bytes]:
    """The log, to add to. It goes beside the socket where the learner's disk takes no more: runs shall go on."""
    log = paths.cache_dir() / f"engine-{kind}.log"
    try:
        files.private_folder(log.parent)
        return files.open_private(log, anew=not log.exists() or log.stat().st_size >= _LOG_BYTES)
    except OSError:
        return files.open_private(sockets.own_folder() / log.name, anew=True)


def last_line(log: Path) -> str:
    """The last line of the log that says something."""
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError as error:
        return f"and its log cannot be read ({error})."
    return lines[-1] if lines else "it left no word."
