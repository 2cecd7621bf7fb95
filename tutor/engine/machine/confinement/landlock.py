"""Landlock: from here on this process, and what it starts, may reach the files it was granted and no others.

Linux 5.13 and later; no rights are needed for it, and none can be had back. Where the kernel has none, `VERSION` is 0.
What is open already stays open.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable

from tutor.messages.reach import Reach

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
"""Numbers of the system calls, the same on every kind of processor."""
_ASK_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_CHAR, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8
_MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK, _MAKE_SYM = 1 << 9, 1 << 10, 1 << 11, 1 << 12
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_NEW_RIGHTS = {2: _REFER, 3: _TRUNCATE, 5: _IOCTL_DEV}
"""Rights that a version of Landlock brought."""
_FIRST_RIGHTS = (1 << 13) - 1
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
"""Rights that a rule for a file may name; the others are of folders."""

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_WRITE = (
    _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SOCK | _MAKE_FIFO | _MAKE_SYM
    | _REFER | _TRUNCATE
)  # fmt: skip
"""No devices can be made, which would be a way to everything for an administrator."""
_DEVICE = _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEV | _READ_DIR
_TCP = 0b11
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2

_syscall = ctypes.CDLL(None, use_errno=True).syscall if sys.platform == "linux" else None


def _call(number: int, *words: object) -> int:
    """The result of a system call. Raises OSError."""
    assert _syscall is not None
    result = int(_syscall(number, *words))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _version() -> int:
    if _syscall is None:
        return 0
    try:
        return _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_ASK_VERSION))
    except OSError:  # an older kernel, or one that has it switched off
        return 0


VERSION = _version()
"""What the kernel knows of it: 4 and later hold TCP, 6 and later signals."""


def restrict(reach: Reach) -> bool:
    """Hold this process to `reach`. The caller has given up new privileges before. Whether the kernel holds it."""
    if not VERSION or (reach.kind == "own" and VERSION < 6):
        return False
    try:
        ruleset = _ruleset(reach.kind != "own")
        try:
            if reach.kind != "own":
                _grant_all(ruleset, reach)
            _call(_RESTRICT, ruleset, ctypes.c_uint(0))
        finally:
            os.close(ruleset)
    except OSError:  # sixteen of them hold this process already, say
        return False
    return True


def _rights() -> int:
    """All rights to files that this kernel knows of."""
    return _FIRST_RIGHTS | sum(right for version, right in _NEW_RIGHTS.items() if version <= VERSION)


def _ruleset(files: bool) -> int:
    """files: whether files and TCP are held too, or signals and attaching alone."""
    held = struct.pack("QQQ", _rights() if files else 0, _TCP if files else 0, _scoped(files))
    size = 24 if VERSION >= 6 else 16 if VERSION >= 4 else 8
    return _call(_CREATE, held, ctypes.c_size_t(size), ctypes.c_uint(0))


def _scoped(files: bool) -> int:
    return _SIGNALS | (_ABSTRACT_SOCKETS if files else 0)


def _grant_all(ruleset: int, reach: Reach) -> None:
    known = _rights()
    _grant(ruleset, reach.folders, _READ & known)
    _grant(ruleset, reach.files, _READ & _OF_FILES & known)
    _grant(ruleset, reach.listed, _READ_DIR)
    _grant(ruleset, reach.written, _WRITE & known)
    _grant(ruleset, reach.devices, _DEVICE & known)


def _grant(ruleset: int, paths: Iterable[str], rights: int) -> None:
    """What is not there, or has gone, needs no rule."""
    whole, of_a_file = rights.to_bytes(8, sys.byteorder), (rights & _OF_FILES).to_bytes(8, sys.byteorder)
    for path in paths:
        with contextlib.suppress(OSError):
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                _add(ruleset, fd, whole, of_a_file)
            finally:
                os.close(fd)


def _add(ruleset: int, fd: int, whole: bytes, of_a_file: bytes) -> None:
    beneath = fd.to_bytes(4, sys.byteorder)
    try:
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, whole + beneath, 0)
    except OSError as error:
        if error.errno != errno.EINVAL:  # it is a file
            raise
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, of_a_file + beneath, 0)
