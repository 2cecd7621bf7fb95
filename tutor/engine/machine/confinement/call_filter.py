"""A filter of system calls (seccomp) for what Landlock does not know: connections, attaching, what outlives a run.

The filter is a small program of the kernel's own kind (classic BPF): it sees the number of a call and its words, no
memory, so it knows no paths. It is made once, and holds a process and all that it starts.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import struct
import sys
from typing import Literal

from tutor.engine.machine.confinement import call_numbers
from tutor.engine.machine.confinement.call_numbers import Processor, of

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCH, _FIRST_WORD, _SECOND_WORD = 0, 4, 16, 24
"""Places in what the filter sees; of a word the lower half, which comes first on these processors."""
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM
_NOTHING = 0x00050000
"""The call does nothing and says that it went well, as on a file system that keeps no rights: copying a file sets them
too, and shall go on working in a run's own folder."""
_STREAM, _PACKETS = 1, 5
"""Kinds of sockets that reach nobody but whom they are connected with."""
_SET_SECCOMP, _FILTER = 22, 2
_SET_NO_NEW_PRIVILEGES = 38

_UNIX = 1
Kind = Literal["lesson", "gpu", "own"]


class _Program:
    """Instructions of a filter; a branch is written where it ends in a verdict."""

    def __init__(self) -> None:
        self.code = bytearray()

    def add(self, operation: int, value: int, yes: int = 0, no: int = 0) -> None:
        """yes, no: instructions that are left out after a comparison."""
        self.code += struct.pack("=HBBI", operation, yes, no, value & 0xFFFFFFFF)

    def verdict_if(self, operation: int, value: int, verdict: int) -> None:
        self.add(operation, value, 0, 1)
        self.add(_RETURN, verdict)

    def block(self, numbers: list[int], body: _Program) -> None:
        """For calls of these numbers `body` goes on, which ends in a verdict; all others pass it by."""
        for left, number in zip(range(len(numbers) - 1, -1, -1), numbers, strict=True):
            self.add(_EQUAL, number, left, 0 if left else len(body.code) // 8)
        self.code += body.code


def program(kind: Kind, spared: tuple[int, ...], processor: Processor, *, truncating: bool = True) -> bytes:
    """The filter. spared: processes that no signal may reach, where Landlock does not hold them; () where it does.
    truncating: whether Landlock holds that, too."""
    written = _Program()
    written.add(_LOAD, _ARCH)
    written.add(_EQUAL, processor.arch, 1, 0)
    written.add(_RETURN, _REFUSE)
    written.add(_LOAD, _NUMBER)
    if processor.foreign:
        written.verdict_if(_AT_LEAST, processor.foreign, _REFUSE)
    refused = of(call_numbers.ATTACHING, processor)
    if kind != "own":
        for table in (call_numbers.CONNECTIONS, call_numbers.LASTING, call_numbers.KERNEL):
            refused += of(table, processor)
        refused += [] if truncating else of(call_numbers.TRUNCATING, processor)
    if kind == "gpu":
        _listening(written, processor)
    for number in refused:
        written.verdict_if(_EQUAL, number, _REFUSE)
    if kind != "own":
        _lesson(written, processor)
    if spared:
        _signals(written, spared, processor)
    written.add(_RETURN, _ALLOW)
    return bytes(written.code)


def _listening(written: _Program, processor: Processor) -> None:
    """CUDA listens at a socket of its own, for others to find it by. Connections it opens none."""
    socket, bind = of(call_numbers.LISTENING, processor)
    local = _Program()
    local.add(_LOAD, _FIRST_WORD)
    local.add(_EQUAL, _UNIX, 1, 0)
    local.add(_RETURN, _REFUSE)
    local.code += _kinds().code
    written.block([socket], local)
    written.verdict_if(_EQUAL, bind, _ALLOW)


def _kinds() -> _Program:
    """Sockets that reach nobody without a connection."""
    kinds = _Program()
    kinds.add(_LOAD, _SECOND_WORD)
    kinds.add(_AND, 0xF)
    for kind in (_STREAM, _PACKETS):
        kinds.verdict_if(_EQUAL, kind, _ALLOW)
    kinds.add(_RETURN, _REFUSE)
    return kinds


def _lesson(written: _Program, processor: Processor) -> None:
    for number in of(call_numbers.MARKS, processor):
        written.verdict_if(_EQUAL, number, _NOTHING)
    written.block(of(call_numbers.OTHERS, processor), _body((_FIRST_WORD, _EQUAL, 0, _ALLOW), last=_REFUSE))
    users = (_FIRST_WORD, _AT_LEAST, 2, _REFUSE)  # all processes of this user at once
    own = (_SECOND_WORD, _EQUAL, 0, _ALLOW)
    written.block(of(call_numbers.PRIORITIES, processor), _body(users, own, last=_REFUSE))
    written.block(of(call_numbers.PAIRS, processor), _kinds())


def _signals(written: _Program, spared: tuple[int, ...], processor: Processor) -> None:
    everybody = (0, -1)
    groups = tuple(-pid for pid in spared)
    tests = [(_FIRST_WORD, _EQUAL, pid, _REFUSE) for pid in (*everybody, *spared, *groups)]
    written.block(of(call_numbers.SIGNALS, processor), _body(*tests, last=_ALLOW))
    for number in of(call_numbers.BLIND_SIGNALS, processor):
        written.verdict_if(_EQUAL, number, _REFUSE)


def _body(*tests: tuple[int, int, int, int], last: int) -> _Program:
    """Tests of a word of the call, one after the other: where it lies, comparison, value, verdict."""
    body = _Program()
    loaded = None
    for place, operation, value, verdict in tests:
        if place != loaded:
            body.add(_LOAD, place)
            loaded = place
        body.verdict_if(operation, value, verdict)
    body.add(_RETURN, last)
    return body


_made = functools.lru_cache(maxsize=16)(program)


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None
PROCESSOR = call_numbers.processor()


def known() -> bool:
    """Whether the kernel has such filters, and we one for this processor."""
    if PROCESSOR is None or _prctl is None:
        return False
    # a filter at no address: EFAULT where there are filters, EINVAL where there are none
    return _prctl(_SET_SECCOMP, _FILTER, None, 0, 0) != 0 and ctypes.get_errno() == errno.EFAULT


def give_up_privileges() -> None:
    """No program that this process starts may have more rights than itself: what both kinds of rules ask for."""
    if _prctl is not None:
        _prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def install(kind: Kind, spared: tuple[int, ...], *, truncating: bool = True) -> bool:
    """Hold this process to the filter. Whether the kernel does."""
    if PROCESSOR is None or _prctl is None:
        return False
    code = _made(kind, spared, PROCESSOR, truncating=truncating)
    return bool(_prctl(_SET_SECCOMP, _FILTER, ctypes.byref(_Filter(len(code) // 8, code)), 0, 0) == 0)
