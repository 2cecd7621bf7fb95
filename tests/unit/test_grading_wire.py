"""The judge believes nothing that it reads."""

from __future__ import annotations

import os
import random
import socket
import sys

import msgspec
import numpy as np
import pytest

from tutor.grading.both_sides.plain_values import HEADER, CannotCross, WireError, lengths
from tutor.grading.both_sides.value_reader import ValueReader
from tutor.grading.both_sides.value_writer import ValueWriter
from tutor.grading.judge.peer import PeerGone, PeerSilent, SocketPeer


def there_and_back(value: object) -> object:
    message = ValueWriter().message(value)
    size, _ = lengths(message[:12])
    return ValueReader().value(message[12 : 12 + size], message[12 + size :])


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(2**70), 2.5, "text", [1, [2.0]], (1, (2,)), {"a": 1, (0, 1): [2]}, [0.5] * 99,
        frozenset(range(-999, 3000)),
    ],
)  # fmt: skip
def test_plain_values_come_back(value: object) -> None:
    back = there_and_back(value)
    assert back == value and type(back) is type(value)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "float64"])
def test_arrays_come_back(dtype: str) -> None:
    array = np.arange(12).reshape(3, 4)[:, ::-1].astype(dtype)
    back = there_and_back(array)
    assert isinstance(back, np.ndarray) and back.dtype == array.dtype and (back == array).all()


def raw(tree: object, blobs: bytes = b"") -> bytes:
    body = msgspec.msgpack.encode(tree)
    return HEADER.pack(len(body), len(blobs)) + body + blobs


ONE_HASH = [["i", hex(1 + sys.hash_info.modulus * i)] for i in range(2000)]
"""Integers that a set compares each with each: 100,000 of them take minutes."""
HOSTILE = {
    "endless tree": HEADER.pack(2**32 - 1, 0),
    "endless blobs": HEADER.pack(1, 2**63) + b"\xc0",
    "no msgpack": HEADER.pack(3, 0) + b"\xc1\xc1\xc1",
    "no status": raw(["l", [1, 2]]),
    "other status": raw(["t", ["passed", None]]),
    "a status of numbers": raw(["t", [["a", "<f8", [2], 0, 16], None]], b"1234567812345678"),
    "a dict of other than pairs": raw(["t", ["value", ["d", ["ab"]]]]),
    "object array": raw(["t", ["value", ["a", "|O", [1], 0, 8]]], b"12345678"),
    "huge shape": raw(["t", ["value", ["a", "<f8", [2**40, 2**40], 0, 8]]], b"12345678"),
    "negative shape": raw(["t", ["value", ["a", "<f8", [-1, -1], 0, 8]]], b"12345678"),
    "data outside": raw(["t", ["value", ["a", "<f8", [1], 8, 8]]], b"12345678"),
    "data twice": raw(["t", ["value", ["l", [["a", "<f8", [1], 0, 8]] * 2]]], b"12345678"),
    "data that overlap": raw(["t", ["value", ["l", [["f", 0, 16, 2], ["f", 8, 16, 2]]]]], b"123456781234567812345678"),
    "a name": raw(["t", ["value", ["N", "open"]]]),
    "a generator": raw(["t", ["value", ["g", 1, False, "0,0,0,0"]]]),
    "unhashable key": raw(["t", ["value", ["d", [[["l", []], 1]]]]]),
    "a set of one hash": raw(["t", ["value", ["s", ONE_HASH]]]),
    "a dict of one hash": raw(["t", ["value", ["d", [[number, 1] for number in ONE_HASH]]]]),
    "error without story": raw(["t", ["raised", 3]]),
    "silence and the end": b"",
    "half a message": raw(["t", ["value", 1]])[:-1],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_no_answer_ends_the_asking(name: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(HOSTILE[name])
        theirs.shutdown(socket.SHUT_WR)
        peer = SocketPeer(ours, seconds=20)
        for _ in range(2):
            with pytest.raises(PeerGone):
                peer.ask("get", "x")


def test_noise() -> None:
    dice = random.Random(1)
    for _ in range(300):
        body = dice.randbytes(dice.randrange(1, 60))
        with pytest.raises(WireError):
            ValueReader().value(b"\x92\xa1" + body, b"")


def test_silence_is_not_waited_for() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(PeerSilent):
        SocketPeer(ours, seconds=0.05).ask("get", "x")


@pytest.mark.parametrize("value", [object(), os, np.array([object()]), np.ones(2, dtype=complex)])
def test_what_has_no_plain_form(value: object) -> None:
    with pytest.raises(CannotCross):
        ValueWriter().message(value)


def test_loops_and_endless_generators() -> None:
    import itertools

    loop: list[object] = []
    loop.append(loop)
    for value in (loop, (n for n in itertools.count())):
        with pytest.raises(CannotCross):
            ValueWriter().message(value)
