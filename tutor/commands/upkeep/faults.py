"""An exception that nobody expected: a short sentence for the learner, all of it in a log."""

from __future__ import annotations

import platform
import sys
import time
import traceback
from pathlib import Path

from tutor import __version__, paths
from tutor.files import replace_file


def window_fault(error: BaseException, *, saved: bool) -> str:
    """The same for a window that broke, in two lines. saved: whether what was open in it is on disk."""
    kept = "Your draft and your standing are on disk." if saved else "What was typed last may be lost."
    log, problem = _log(error)
    if log is None:
        return f"{_all_of(error)}\nThe window broke ({_name(error)}), and no log could be written ({problem}).\n{kept}"
    return f"The window broke ({_name(error)[:80]}). {kept}\nThe log is {log}: please report it."


def own_fault(error: BaseException) -> str:
    """Write the log; returns what to tell the person."""
    head = f"The tutor made a mistake ({_name(error)}). Nothing is held against you."
    log, problem = _log(error)
    if log is None:
        return f"{_all_of(error)}\n{head}\nNo log could be written ({problem}): please report the lines above."
    return f"{head}\nThe log is {log}: please report it, with what `dl-tutor doctor` says."


def _name(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _all_of(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _log(error: BaseException) -> tuple[Path | None, str]:
    """The log that was written, or None and why not."""
    file = paths.cache_dir() / "faults" / time.strftime("%Y-%m-%d-%H%M%S.log")
    about = f"dl-tutor {__version__}, Python {platform.python_version()}, {platform.platform()}\n{sys.argv}\n\n"
    try:
        replace_file(file, (about + _all_of(error)).encode("utf-8", "backslashreplace"))
    except OSError as problem:
        return None, problem.strerror or str(problem)
    return file, ""
