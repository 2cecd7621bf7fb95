"""What passes between the learner's process and the judge: plain values, and what stands for everything else.

Runs in both processes. `value_writer` turns a value into a message, `value_reader` a message into a value.

Numbers, strings, bools, None, lists, tuples, sets, dicts and arrays cross by value; torch and Keras tensors come as
numpy arrays. Everything else crosses as a `Ref`: a number that only the learner's process can turn back into the
object. Nothing is pickled, no code crosses, and the judge believes no length, type or shape that it reads.

A message is 4 bytes length of the tree, 8 bytes length of the blobs (both big-endian), the tree (msgpack), then
the raw bytes of all arrays. In the tree a plain scalar is itself and everything else is a list whose first entry is
a tag.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from typing import TypeAlias, Union

import numpy as np
import numpy.typing as npt

Node: TypeAlias = Union[bool, int, float, str, bytes, list["Node"], None]
"""A value in the tree of a message."""
Array: TypeAlias = npt.NDArray[np.generic]
"""An array of any kind of numbers."""
Floats: TypeAlias = npt.NDArray[np.float64]
Answer: TypeAlias = tuple[str, object]
"""(status, payload): see `learner.answer_desk`."""

MAX_TREE = 4 * 1024 * 1024
MAX_BLOBS = 256 * 1024 * 1024
MAX_DEPTH = 40
MAX_DIMENSIONS = 16
MAX_ALIKE = 1000
"""Members of one set or dict that may have the same hash: each is compared with all before it."""
DTYPES = frozenset(["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"])
HEADER = struct.Struct(">IQ")


class WireError(Exception):
    """What came over the wire is not what this wire carries."""


class Unfit(WireError):
    """A plain value that the judge does not take all the same. The text says why, for people."""


class CannotCross(Exception):
    """A value that has no plain form. The text says what it is, for people."""


@dataclass(frozen=True)
class Ref:
    """An object that stayed in the learner's process. kind: function, class, model, module, ellipsis, object."""

    id: int
    kind: str
    type_name: str
    text: str = ""

    def __repr__(self) -> str:
        return f"<{self.type_name} of the learner's>"


@dataclass(frozen=True, eq=False)
class Name:
    """A name that setup defines. Crosses as its name; in the judge it can be called, as setup's own."""

    name: str
    own: object = None

    def __call__(self, *args: object, **keywords: object) -> object:
        if not callable(self.own):
            raise TypeError(f"`{self.name}` of setup is not a function")
        return self.own(*args, **keywords)


class Rng(np.random.Generator):
    """A seeded generator that crosses as its state, so that both sides draw the same numbers."""

    numbers = itertools.count(1)

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self.id = next(Rng.numbers)

    def state_text(self) -> str:
        """Its state, as `generator_from` reads it."""
        inner = self.bit_generator.state
        state = inner["state"]
        return f"{state['state']:x},{state['inc']:x},{inner['has_uint32']},{inner['uinteger']}"


def generator_from(text: str) -> np.random.Generator:
    """The generator whose state `Rng` sent."""
    state, increment, has, half = text.split(",")
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": int(state, 16), "inc": int(increment, 16)},
        "has_uint32": int(has),
        "uinteger": int(half),
    }
    return np.random.Generator(bits)


def lengths(header: bytes | bytearray) -> tuple[int, int]:
    """Lengths of tree and blobs. Raises WireError where they cannot be right."""
    tree, blobs = HEADER.unpack(header)
    if tree > MAX_TREE or blobs > MAX_BLOBS:
        raise WireError("a message that is too long")
    return tree, blobs
