"""Many small files of windows that are gone become one. Safe when two windows do it at once, or end in the middle.

The lines are first written to a new file that belongs to this window, and only then are the old files removed, and
only if they are still as they were read. A line that is then found twice counts once, by its id.
"""

from __future__ import annotations

import os
from pathlib import Path

from tutor.files import names_in, read_or_none, remove, replace_file
from tutor.progress.attempts import SUFFIX, decode_line, set_aside
from tutor.progress.disk import Report
from tutor.progress.window import owner_of

FULL = 1_000_000
"""Files of this many bytes are left as they are."""


def tidy_attempts(folder: Path, window: str, report: Report, least: int = 4) -> bool:
    """Put the files of this machine's ended windows together where there are at least `least` of them.

    True where it did. Raises OSError where the disk does not take it; nothing is lost then.
    """
    dead: dict[str, tuple[int, int]] = {}
    for name in names_in(folder):
        if name.endswith(SUFFIX) and owner_of(name.removesuffix(SUFFIX)) == "dead":
            status = _status(folder / name)
            if status and status[0] < FULL:
                dead[name] = status
    if len(dead) < least:
        return False
    lines: dict[str, bytes] = {}
    damaged: dict[str, list[bytes]] = {}
    for name in list(dead):
        data = read_or_none(folder / name)
        if data is None or len(data) != dead[name][0]:
            del dead[name]
            continue
        for line in filter(bytes.strip, data.split(b"\n")):
            attempt = decode_line(line)
            if attempt:
                lines[f"{attempt.at:020.6f}{attempt.id}"] = line
            else:
                damaged.setdefault(name, []).append(line)
    merged = _free_name(folder, window)
    if lines:
        replace_file(folder / merged, b"".join(lines[key] + b"\n" for key in sorted(lines)), sync=True)
    for name, broken in damaged.items():
        set_aside(folder / name, broken, report)
    for name, status in dead.items():
        if _status(folder / name) == status and _kept(folder, name, damaged.get(name, [])):
            remove(folder / name)
    return True


def _kept(folder: Path, name: str, broken: list[bytes]) -> bool:
    """Whether the damaged lines of a file are in its `.damaged` file, so that it may go."""
    if not broken:
        return True
    aside = read_or_none(folder / (name.removesuffix(SUFFIX) + ".damaged")) or b""
    return set(broken) <= set(aside.split(b"\n"))


def _status(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _free_name(folder: Path, window: str) -> str:
    """A file of this window that is not there yet: a window may tidy more than once."""
    number = 1
    while (folder / f"{window}.merged{number}{SUFFIX}").exists():
        number += 1
    return f"{window}.merged{number}{SUFFIX}"
