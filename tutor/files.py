"""Files of ours: in folders that are closed to others, written whole or not at all, and read without surprise.

Open to all rooms. Nothing here says anything to people: an OSError goes to who asked, for whom it means something.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

T = TypeVar("T")
Data = TypeVar("Data", bytes, str)
_GONE = (errno.ENOENT, errno.ESTALE)
"""No such file; or one that another machine has removed under us (NFS)."""
_NO_FILE = (*_GONE, errno.ENOTDIR, errno.EISDIR)


def private_folder(folder: Path) -> Path:
    """The folder, and those above it, are there. Those that are made here are closed to others; what was there is
    left as it is."""
    if not folder.is_dir():
        if folder.parent != folder:
            private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def replacing(path: Path, ending: str = ".tmp") -> Iterator[Path]:
    """A path beside `path` to write to. Where all went well it takes the place of `path` in one step, so that nobody
    ever reads half of it, and is for the learner's eyes only; else it goes, and `path` is what it was. ending: of the
    name, where the writer asks for one.
    """
    private_folder(path.parent)
    # tempfile would do the same, and costs 6 ms of every start to import
    beside = path.with_name(f".{path.stem}.{os.urandom(6).hex()}{ending}")
    try:
        yield beside
        os.chmod(beside, 0o600)  # a library that wrote it has asked the umask
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def replace_file(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Write the whole file or leave the old one, for the learner's eyes only.

    sync: wait until it is on the disk, so that a power cut costs nothing either.
    """
    with replacing(path) as beside:
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            write_all(fd, data)
            if sync:
                os.fsync(fd)
        finally:
            os.close(fd)


def open_private(path: Path, *, anew: bool) -> BinaryIO:
    """A file of ours to add to, or to begin anew, for the learner's eyes only, also where it is there already."""
    file = open(path, "wb" if anew else "ab", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
    with suppress(OSError):  # somebody else's, which may be written all the same
        os.fchmod(file.fileno(), 0o600)
    return file


def write_all(fd: int, data: bytes) -> None:
    """All the bytes, or an OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def read_or_none(path: Path) -> bytes | None:
    """The file's bytes; None where there is none (or it went while we looked). Other trouble is an OSError."""
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in _NO_FILE:
            return None
        raise


class Damaged(ValueError):
    """A file, or a line of one, that holds something else than it should."""


def decoded(decode: Callable[[Data], T], data: Data) -> T:
    """What the data are. Whatever is wrong with them is `Damaged`: junk, another type, text that is not UTF-8 (all of
    which msgspec, tomllib and Unicode call a ValueError), and nesting without end, a RecursionError."""
    try:
        return decode(data)
    except (ValueError, RecursionError) as error:
        raise Damaged(str(error)) from error


def decode_or_set_aside(path: Path, decode: Callable[[bytes], T]) -> tuple[T | None, Path | None]:
    """What the file holds, None where there is none. A file that is damaged is renamed to `.damaged`,
    so that the next one can be written, and its new path is told."""
    data = read_or_none(path)
    if data is None:
        return None, None
    try:
        return decoded(decode, data), None
    except Damaged:
        aside = path.with_suffix(".damaged")
        os.replace(path, aside)
        return None, aside


def remove(path: Path) -> None:
    """The file is gone afterwards; somebody else may have been quicker."""
    try:
        path.unlink()
    except OSError as error:
        if error.errno not in _GONE:
            raise


def names_in(folder: Path) -> list[str]:
    """Names in a folder, sorted; none where there is no such folder."""
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        if error.errno in (*_GONE, errno.ENOTDIR):
            return []
        raise
