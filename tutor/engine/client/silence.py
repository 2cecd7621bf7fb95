"""A host that says nothing: how long it is waited for, how it is woken, and how it is ended, so that another can start.

All times are counted in short steps, not read from a clock: a window that was itself stopped for an hour is as patient.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from tutor.engine.machine import host_lock, processes
from tutor.errors import EngineError
from tutor.messages.events import Welcome

STEP = 0.5
"""Seconds."""
READY = 8.0
"""Seconds that a host has to answer: it never computes, so it answers at once, or hangs."""
LOADING = 120.0
"""The same for one that imports a library; on a slow disk that takes long."""
_WAKE = 4
"""Part of this time after which a host that may have been stopped is told to go on."""


class Silence:
    """One time of waiting for the host of a socket. pid: the process at its other end, 0 where that is not known.
    say(sentence): told once that it is waited for."""

    def __init__(self, path: Path, pid: int, say: Callable[[str], None]) -> None:
        self._path = path
        self._pid = pid
        self._say = say
        self._waited = 0.0

    def heard(self) -> None:
        """It has said something: the time begins anew."""
        self._waited = 0.0

    async def step(self, *awaited: asyncio.Future[Welcome] | asyncio.Task[None], seconds: float = STEP) -> str:
        """Wait until one of these is done, for a step at most. Where the host's time is over by then it is ended, and
        why is returned; else "". Raises EngineError where it cannot be ended."""
        if awaited:
            await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(seconds)
        if any(each.done() for each in awaited):
            return ""
        before, self._waited = self._waited, self._waited + seconds
        state = host_lock.last_state(self._path)
        loading = state.loading if state is not None else ""
        allowed = LOADING if loading else READY
        pid = self._pid or (state.pid if state is not None else 0)
        if before < allowed / _WAKE <= self._waited:
            _signal(pid, signal.SIGCONT)
            at = f" while it imports {loading}" if loading else ""
            self._say(f"The engine (process {pid}) does not answer{at}; after {allowed:g} s it is ended.")
        return self._end(pid, loading, allowed) if self._waited >= allowed else ""

    def _end(self, pid: int, loading: str, allowed: float) -> str:
        """End it by force, if it is the host of this socket still."""
        state = host_lock.holder(self._path)
        if (state is not None and state.pid != pid) or not _signal(pid, signal.SIGKILL):
            raise EngineError(
                f"The engine did not answer within {allowed:g} s, and its process {pid or '(not known)'} is not ours "
                "to end.", "`dl-tutor doctor` lists the engine's processes: end them, and try again.",
            )  # fmt: skip
        self._waited = 0.0
        at = f"while it imported {loading}; is the disk slow, or gone?" if loading else "and was ended."
        return f"The engine (process {pid}) did not answer within {allowed:g} s {at}"


def _signal(pid: int, number: int) -> bool:
    """Whether there is such a process, and it is a host of ours."""
    if pid <= 0 or not host_lock.is_host(pid):
        return False
    processes.send_signal(pid, number)
    return True
