"""`python tests/ordinary.py WORDS…`: the words, as somebody who may do no more than any user. Tests of what code may
not do would show little where they are run by an administrator: rights are given up before, in the same process."""

from __future__ import annotations

import ctypes
import os
import sys

_DROP, _SET_SECURE_BITS, _AMBIENT, _RAISE = 24, 28, 47, 2
_ROOT_IS_NOTHING_SPECIAL = 0b11
_VERSION = 0x20080522
_RIGHTS = 64
_OWN_NAME_SPACES = 31
"""CAP_SETFCAP, which is kept: without it user 0, and no other, may have no name space of users. It gives nothing else,
as no file can hand out what was given up."""


def give_up_rights() -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(_SET_SECURE_BITS, _ROOT_IS_NOTHING_SPECIAL, 0, 0, 0)
    for right in set(range(_RIGHTS)) - {_OWN_NAME_SPACES}:  # those that this system does not know are refused
        libc.prctl(_DROP, right, 0, 0, 0)
    kept = (ctypes.c_uint32 * 6)(*(3 * [1 << _OWN_NAME_SPACES]))  # effective, permitted, inherited
    libc.capset((ctypes.c_uint32 * 2)(_VERSION, 0), kept)
    libc.prctl(_AMBIENT, _RAISE, _OWN_NAME_SPACES, 0, 0)


def main() -> None:
    if os.geteuid() == 0 and sys.platform == "linux":
        give_up_rights()
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
