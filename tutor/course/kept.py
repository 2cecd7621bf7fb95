"""What a cache folder keeps: msgpack files that can always be made again.

A file that cannot be read or understood counts as not there; a folder that cannot be written is no error.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from tutor import __version__
from tutor.files import Damaged, decoded, read_or_none, replace_file

Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds; (-1, -1) for a file that is not there."""

Kept = TypeVar("Kept")


def stamp_of(path: Path | str) -> Stamp:
    """Folders count by their time alone, which changes when a file in them comes or goes."""
    try:
        found = os.stat(path)
    except OSError:
        return (-1, -1)
    return (0 if os.path.isdir(path) else found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Changes with the release, and with every change to the code that reads lessons."""
    with os.scandir(Path(__file__).parent) as files:
        newest = max(file.stat().st_mtime_ns for file in files if file.name.endswith(".py"))
    return f"{__version__}-{newest}"


def file_for(cache: Path | str, what: str, folder: str) -> Path:
    """A file name for one course folder. Different folders may share one: what is kept names its folder."""
    return Path(cache) / f"{what}-{zlib.crc32(os.fsencode(folder)):08x}.msgpack"


def read_kept(path: Path, type_: type[Kept]) -> Kept | None:
    """What the file keeps, or None."""
    try:
        data = read_or_none(path)
        return None if data is None else decoded(msgspec.msgpack.Decoder(type_).decode, data)
    except (OSError, Damaged):
        return None


def write_kept(path: Path, value: msgspec.Struct) -> None:
    """Replaces the file in one step, so that no other window ever reads half of it."""
    # a cache that cannot be written (read-only home, full disk) only costs time at the next start
    with contextlib.suppress(OSError):
        replace_file(path, msgspec.msgpack.encode(value))
