"""The code that somebody gives to a command: a Python file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

MOST = 1_000_000
"""Bytes of a file that is run: a program is never longer, and a data file given by mistake is told from one."""


def read_code(what: str) -> str:
    """The text of a Python file, "-" for standard input. Raises UsageError where it is none."""
    from tutor.errors import UsageError

    try:
        if what == "-":
            raw = sys.stdin.buffer.read(MOST + 1)
        else:
            with Path(what).expanduser().open("rb") as file:
                raw = file.read(MOST + 1)
    except OSError as error:
        raise UsageError(f"{what} cannot be read: {error.strerror}.", "Give a Python file, or `-`.") from error
    if len(raw) > MOST:
        raise UsageError(f"{what} is longer than {MOST:,} bytes: that is no program.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} is not UTF-8 text.", "Give a Python file, or `-`.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
