"""An exception that nobody expected: a short sentence for the learner, all of it in a log."""

from __future__ import annotations

import platform
import sys
import time
import traceback

from tutor import __version__, paths


def own_fault(error: BaseException) -> str:
    """Write the log; returns what to tell the person."""
    name = type(error).__name__
    head = f"The tutor made a mistake ({name}: {str(error)[:200]}). Nothing is held against you."
    file = paths.cache_dir() / "faults" / time.strftime("%Y-%m-%d-%H%M%S.log")
    text = "".join(traceback.format_exception(error))
    about = f"dl-tutor {__version__}, Python {platform.python_version()}, {platform.platform()}\n{sys.argv}\n\n"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(about + text, "utf-8")
    except OSError as problem:
        return f"{text}\n{head}\nNo log could be written ({problem.strerror}): please report the lines above."
    return f"{head}\nThe log is {file}: please report it, with what `dl-tutor doctor` says."
