"""Where a run works: the files that it finds and those that it writes.

A program of the user's own works where it was started, as with `python FILE`. All other code works in the run's own
folder, which is empty at first, and goes with it: what is written there is named, so that nothing is gone unsaid.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from tutor.messages.harmless import harmless
from tutor.messages.jobs import Job

_MOST_SEEN, _MOST_NAMED, _LONGEST = 2_000, 5, 60
_NOT_THE_CODES_OWN = re.compile(r"\..*|__pycache__|tmp[a-z0-9_]{8}|pymp-.*|torch.*_[0-9a-z]+")
"""What Python, multiprocessing and torch put beside what the code writes."""
_NOT_FOUND = re.compile(r"(.+) not found\.")
"""How numpy says it, without a name that one could ask for."""
_EMPTY = "A run works in a folder of its own, which is empty at first. The course's data: `from tutor import data`."

_work: Work | None = None


class Work:
    """The folder of a run, and what was in it before."""

    def __init__(self, job: Job) -> None:
        self.script = Path(job.path) if job.own and job.path else None
        self.kept = job.own and bool(job.folder)
        if self.kept:
            try:
                os.chdir(job.folder)
            except OSError:  # it was removed meanwhile
                self.kept = False
        if self.script is not None:
            sys.path.insert(0, str(self.script.parent))
        self.folder = Path.cwd()
        self._before = self._seen()

    def _seen(self) -> dict[str, tuple[int, int]]:
        """Names of files and folders, with when they were changed and how large they are. Empty where there are too
        many to look at."""
        found: dict[str, tuple[int, int]] = {}
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if len(found) > _MOST_SEEN:
                    return {}
                if not _NOT_THE_CODES_OWN.fullmatch(entry.name):
                    stat = entry.stat(follow_symlinks=False)
                    is_file = entry.is_file(follow_symlinks=False)
                    found[entry.name] = (stat.st_mtime_ns, stat.st_size) if is_file else (0, 0)
        return found

    def written(self) -> str:
        """What the code has left in the folder, as a sentence; "" for nothing."""
        now = self._seen()
        names = sorted(name for name, state in now.items() if self._before.get(name) != state)
        if not names or (self.kept and not self._before):
            return ""
        shown = [harmless(name)[:_LONGEST] for name in names[:_MOST_NAMED]]
        more = [f"{len(names) - len(shown)} more"] if len(names) > len(shown) else []
        *most, last = [*shown, *more]
        listed = f"{', '.join(most)} and {last}" if most else last
        if self.kept:
            return f"It wrote {listed}."
        return (
            f"It wrote {listed} into a folder of its own, which goes with the run. `dl-tutor run FILE` runs a file of "
            "your own where you are, and what it writes stays."
        )


def enter(job: Job) -> None:
    """From here on names of files count from where the run works."""
    global _work
    _work = Work(job)


def written() -> str:
    """What the code has left where it works, as a sentence; "" for nothing."""
    try:
        return _work.written() if _work is not None else ""
    except OSError:
        return ""  # it has removed its folder


def words(error: BaseException) -> str:
    """What to do about a file that was not found, "" for all else."""
    if not isinstance(error, FileNotFoundError) or _work is None:
        return ""
    said = _NOT_FOUND.fullmatch(str(error))
    name = error.filename if isinstance(error.filename, str) else said[1] if said else ""
    if not name or os.path.isabs(name):
        return ""
    if not _work.kept:
        return _EMPTY
    if _work.script is not None and (_work.script.parent / name).exists():
        return (
            f"It is beside {_work.script.name}, but names count from {_work.folder}, where the run was started: start "
            "it in its own folder."
        )
    return f"Names count from {_work.folder}, where the run was started."
