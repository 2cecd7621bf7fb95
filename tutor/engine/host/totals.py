"""What a run takes with all of its processes together: how many they are, their memory, and its files.

Each process alone is bound by the system (`machine/limits.py`). Here the run's own processes are looked at, and no
others: a machine may have thousands.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from tutor.engine.machine import limits
from tutor.messages.events import Reason
from tutor.messages.jobs import Job

MOST_PROCESSES = 64
"""Processes that a run may have at one time."""
FILES = 16
"""The files of a run together may take this many times what one of them may."""
_MOST_COUNTED = 20_000
"""Files that are looked at, at most."""
_FILES_EVERY = 2.0


class Totals:
    """Of one run. family(): its processes, as they are now. folder: where it writes."""

    def __init__(self, job: Job, family: Callable[[], set[int]], folder: str) -> None:
        self._job = job
        self._family = family
        self._folder = folder
        self._files_at = time.monotonic() + _FILES_EVERY

    def look(self) -> tuple[Reason, str] | None:
        """Why the run has to end, and the sentence for it; None where all is well."""
        family = self._family()
        if len(family) > MOST_PROCESSES:
            return "killed", f"The run started more than {MOST_PROCESSES} processes and was ended."
        gpu, several = self._job.gpu, len(family) > 1
        if gpu or several:
            memory = self._job.limits.memory_mb
            most = memory + (limits.GPU_MB if gpu else limits.held_mb(os.getpid()))
            if limits.held_together_mb(family, most) > most:
                together = ", all its processes together," if several else ""
                return "memory", f"The run took more than {memory:,} MB{together} and was ended."
        return self._files(family)

    def _files(self, family: set[int]) -> tuple[Reason, str] | None:
        if time.monotonic() < self._files_at:
            return None
        began = time.monotonic()
        most = FILES * self._job.limits.file_mb
        taken = limits.files_mb(self._folder, _MOST_COUNTED) + limits.unnamed_mb(family, self._folder)
        self._files_at = time.monotonic() + max(_FILES_EVERY, 50 * (time.monotonic() - began))
        return ("killed", f"The run wrote more than {most:,} MB of files and was ended.") if taken > most else None
