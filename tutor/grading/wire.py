"""Plain values as bytes and back: all that passes between the learner's process and the judge.

Numbers, strings, bools, None, lists, tuples, sets, dicts and arrays cross by value; torch and Keras tensors come as
numpy arrays. Everything else crosses as a `Ref`: a number that only the learner's process can turn back into the
object. Nothing is pickled, no code crosses, and the judge believes no length, type or shape that it reads.

A message is 4 bytes length of the tree, 8 bytes length of the blobs (both big-endian), the tree (msgpack), then
the raw bytes of all arrays. In the tree a plain scalar is itself and everything else is a list whose first entry is
a tag.
"""

from __future__ import annotations

import collections
import itertools
import math
import struct
import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

MAX_TREE = 4 * 1024 * 1024
MAX_BLOBS = 256 * 1024 * 1024
MAX_DEPTH = 40
MAX_DIMENSIONS = 16
MAX_YIELDED = 100_000
LONG_LIST = 64

HEADER = struct.Struct(">IQ")
DTYPES = frozenset(["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"])
_LAZY: tuple[Any, ...] = (
    types.GeneratorType, map, zip, filter, range, enumerate, reversed, collections.deque,
    type({}.keys()), type({}.values()), type({}.items()),
)  # fmt: skip

_encode_tree = msgspec.msgpack.Encoder().encode
_decode_tree = msgspec.msgpack.Decoder().decode


class WireError(Exception):
    """What came over the wire is not what this wire carries."""


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
    own: Any = None

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return self.own(*args, **keywords)


class Rng(np.random.Generator):
    """A seeded generator that crosses as its state, so that both sides draw the same numbers."""

    numbers = itertools.count(1)

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self.id = next(Rng.numbers)


# ------------------------------------------------------------------ values -> bytes


class Writer:
    """Turns one value into a message.

    refer: gives the `Ref` of an object that cannot cross by value (learner's side); without it such a value raises
    CannotCross. going: generators go on from call to call (`copy=False`). dtype: float arrays are cast to it.
    """

    def __init__(self, refer: Callable[[Any], Ref] | None = None, *, going: bool = False, dtype: str = "") -> None:
        self._refer = refer
        self._going = going
        self._dtype = dtype
        self._blobs: list[bytes] = []
        self._size = 0

    def message(self, value: Any) -> bytes:
        """Raises CannotCross where there is no plain form, or it is too large."""
        tree = _encode_tree(self._node(value, 0))
        if len(tree) > MAX_TREE or self._size > MAX_BLOBS:
            raise CannotCross("more data than a check looks at")
        return b"".join([HEADER.pack(len(tree), self._size), tree, *self._blobs])

    def _node(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise CannotCross("nested too deep, or contains itself")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, np.generic):
            return self._scalar(value)
        if isinstance(value, float):
            return float.__pos__(value)
        if isinstance(value, int):
            return _integer(int.__pos__(value))
        if isinstance(value, str):
            return str.__getitem__(value, slice(None))
        if isinstance(value, np.ndarray):
            return self._array(np.ndarray.view(value, np.ndarray))
        return self._container(value, depth + 1)

    def _container(self, value: Any, depth: int) -> Any:
        if isinstance(value, list):
            return self._list(list(list.__iter__(value)), depth)
        if isinstance(value, tuple):
            return ["t", [self._node(item, depth) for item in tuple.__iter__(value)]]
        if isinstance(value, dict):
            pairs = [[self._node(k, depth), self._node(v, depth)] for k, v in dict.items(value)]
            return ["d", pairs]
        if isinstance(value, (set, frozenset)):
            return ["s", [self._node(item, depth) for item in value]]
        if isinstance(value, _LAZY):
            return self._list(_drawn(value), depth)
        return self._special(value)

    def _list(self, items: list[Any], depth: int) -> Any:
        if len(items) >= LONG_LIST and all(type(item) is float for item in items):
            return ["f", *self._blob(np.array(items, "<f8").tobytes()), len(items)]
        return ["l", [self._node(item, depth) for item in items]]

    def _special(self, value: Any) -> Any:
        if isinstance(value, Rng):
            return ["g", value.id, self._going, _state_text(value)]
        if isinstance(value, Name):
            return ["N", value.name]
        if isinstance(value, Ref):
            return ["R", value.id]
        tensor = as_array(value)
        if tensor is not None:
            return self._array(tensor)
        if self._refer is None:
            raise CannotCross(f"a {type(value).__name__}")
        ref = self._refer(value)
        return ["r", ref.id, ref.kind, ref.type_name, ref.text]

    def _scalar(self, value: np.generic) -> Any:
        array = np.asarray(value)
        if self._dtype and array.dtype.kind == "f":
            array = array.astype(self._dtype)
        if array.dtype.kind in "US":
            return str(array)
        return ["n", _checked_dtype(array), _little(array).tobytes()]

    def _array(self, array: np.ndarray) -> Any:
        if array.dtype.kind == "U":
            return self._node(array.tolist(), 1)
        if array.dtype.kind == "O":
            return self._objects(array)
        if self._dtype and array.dtype.kind == "f":
            array = array.astype(self._dtype)
        dtype = _checked_dtype(array)
        return ["a", dtype, list(array.shape), *self._blob(_little(array).tobytes())]

    def _objects(self, array: np.ndarray) -> Any:
        """An array of Python objects crosses as numbers where it holds only numbers."""
        items = array.ravel().tolist()
        if len(items) > MAX_YIELDED or not all(isinstance(item, (int, float, np.number)) for item in items):
            raise CannotCross("an array of Python objects (dtype object)")
        return self._array(np.array([float(item) for item in items]).reshape(array.shape))

    def _blob(self, data: bytes) -> tuple[int, int]:
        offset = self._size
        self._blobs.append(data)
        self._size += len(data)
        if self._size > MAX_BLOBS:
            raise CannotCross("more data than a check looks at")
        return offset, len(data)


def as_array(value: Any) -> np.ndarray | None:
    """The numbers of a torch tensor, a Keras tensor or a Keras variable; None for anything else."""
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    keras = sys.modules.get("keras")
    if keras is not None and isinstance(value, keras.Variable):
        value = value.value
    if not isinstance(value, torch.Tensor):
        return None
    tensor = value.detach().cpu()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    return tensor.resolve_conj().numpy() if tensor.device.type == "cpu" else None


def _drawn(value: Iterable[Any]) -> list[Any]:
    items = list(itertools.islice(value, MAX_YIELDED + 1))
    if len(items) > MAX_YIELDED:
        raise CannotCross(f"a generator that goes on after {MAX_YIELDED:,} values")
    return items


def _integer(value: int) -> Any:
    if -(2**63) <= value < 2**63:
        return value
    if value.bit_length() > 4096:
        raise CannotCross("an integer of more than a thousand digits")
    return ["i", hex(value)]


def _little(array: np.ndarray) -> np.ndarray:
    return np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")


def _checked_dtype(array: np.ndarray) -> str:
    dtype = array.dtype.newbyteorder("<").str
    if dtype not in DTYPES:
        what = "complex numbers" if array.dtype.kind == "c" else f"dtype {array.dtype}"
        raise CannotCross(f"{what}, where real numbers are needed")
    return dtype


def _state_text(rng: np.random.Generator) -> str:
    inner = rng.bit_generator.state
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


# ------------------------------------------------------------------ bytes -> values


class Reader:
    """Turns a message into a value, checking every claim in it.

    resolve: on the learner's side, turns what only the judge sends ("g", "N", "R") into objects. The judge has none,
    and refuses those tags; the learner's side meets no "r".
    """

    def __init__(self, resolve: Callable[[str, list[Any]], Any] | None = None) -> None:
        self._resolve = resolve
        self._blobs = memoryview(b"")

    def value(self, tree: bytes | bytearray, blobs: bytes | bytearray) -> Any:
        """Raises WireError for whatever is not a message of this wire."""
        self._blobs = memoryview(blobs)
        try:
            return self._value(_decode_tree(tree), 0)
        except WireError:
            raise
        except (msgspec.DecodeError, ValueError, TypeError, IndexError, RecursionError, OverflowError) as error:
            raise WireError(f"not a message: {type(error).__name__}: {error}") from error

    def _value(self, node: Any, depth: int) -> Any:
        if depth > MAX_DEPTH + 2:
            raise WireError("nested too deep")
        if node is None or isinstance(node, (bool, int, float, str)):
            return node
        if not isinstance(node, list) or not node or not isinstance(node[0], str):
            raise WireError("a node without a tag")
        tag = node[0]
        if tag in "ltsd" and len(tag) == 1:
            return self._container(tag, node[1], depth + 1)
        if tag == "a":
            return self._array(*node[1:])
        if tag == "n":
            return self._scalar(*node[1:])
        if tag == "f":
            return self._floats(*node[1:])
        if tag == "i":
            return int(_text(node[1], 1100), 16)
        return self._special(tag, node[1:])

    def _container(self, tag: str, items: Any, depth: int) -> Any:
        if not isinstance(items, list):
            raise WireError("a container without a list")
        if tag == "d":
            return {self._value(key, depth): self._value(item, depth) for key, item in items}
        values = [self._value(item, depth) for item in items]
        return values if tag == "l" else tuple(values) if tag == "t" else frozenset(values)

    def _special(self, tag: str, rest: list[Any]) -> Any:
        if self._resolve is not None and tag in ("g", "N", "R"):
            return self._resolve(tag, rest)
        if self._resolve is None and tag == "r":
            number, kind, type_name, text = rest
            if not isinstance(number, int) or isinstance(number, bool):
                raise WireError("a reference without a number")
            return Ref(number, _text(kind, 20), _text(type_name, 80), _text(text, 400))
        raise WireError(f"tag {tag[:20]!r}")

    def _array(self, dtype: Any, shape: Any, offset: Any, size: Any) -> np.ndarray:
        if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
            raise WireError("an array of no known kind")
        if not all(type(n) is int and 0 <= n <= MAX_BLOBS for n in shape):
            raise WireError("an array of no possible shape")
        kind = np.dtype(dtype)
        if math.prod(shape) * kind.itemsize != size:
            raise WireError("an array whose shape is not that of its data")
        return _sound(np.frombuffer(self._slice(offset, size), kind)).reshape(shape)

    def _scalar(self, dtype: Any, data: Any) -> Any:
        if dtype not in DTYPES or not isinstance(data, bytes) or len(data) != np.dtype(dtype).itemsize:
            raise WireError("a number of no known kind")
        return _sound(np.frombuffer(data, dtype))[0]

    def _floats(self, offset: Any, size: Any, count: Any) -> list[float]:
        if type(count) is not int or count * 8 != size:
            raise WireError("a list whose length is not that of its data")
        return np.frombuffer(self._slice(offset, size), "<f8").tolist()

    def _slice(self, offset: Any, size: Any) -> memoryview:
        if type(offset) is not int or type(size) is not int or not 0 <= offset <= offset + size <= len(self._blobs):
            raise WireError("data that is not there")
        return self._blobs[offset : offset + size]


def _sound(array: np.ndarray) -> np.ndarray:
    """A copy of its own, in which a truth value is 0 or 1 and nothing else."""
    return array.view("|u1") != 0 if array.dtype.kind == "b" else array.copy()


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise WireError("a text that is none, or too long")
    return value


def header(data: bytes | bytearray) -> tuple[int, int]:
    """Lengths of tree and blobs. Raises WireError where they cannot be right."""
    tree, blobs = HEADER.unpack(data)
    if tree > MAX_TREE or blobs > MAX_BLOBS:
        raise WireError("a message that is too long")
    return tree, blobs
