"""Values -> bytes: one value as a message for the other process (what passes, and in what form: `plain_values`).

Runs in both processes: the judge writes its questions with it, the learner's process its answers.
"""

from __future__ import annotations

import collections
import itertools
import sys
import types
from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec
import numpy as np

from tutor.grading.both_sides.plain_values import (
    DTYPES,
    HEADER,
    MAX_BLOBS,
    MAX_DEPTH,
    MAX_TREE,
    Array,
    CannotCross,
    Name,
    Node,
    Ref,
    Rng,
)

MAX_YIELDED = 100_000
LONG_LIST = 64

_LAZY: tuple[type[Iterable[object]], ...] = (
    types.GeneratorType, map, zip, filter, range, enumerate, reversed, collections.deque,
    type({}.keys()), type({}.values()), type({}.items()),
)  # fmt: skip
_encode_tree = msgspec.msgpack.Encoder().encode

Refer: TypeAlias = Callable[[object], Ref]


class ValueWriter:
    """Turns one value into a message.

    refer: gives the `Ref` of an object that cannot cross by value (learner's side); without it such a value raises
    CannotCross. going: generators go on from call to call (`copy=False`). dtype: float arrays are cast to it.
    """

    def __init__(self, refer: Refer | None = None, *, going: bool = False, dtype: str = "") -> None:
        self._refer = refer
        self._going = going
        self._dtype = dtype
        self._blobs: list[bytes] = []
        self._size = 0

    def message(self, value: object) -> bytes:
        """Raises CannotCross where there is no plain form, or it is too large."""
        tree = _encode_tree(self._node(value, 0))
        if len(tree) > MAX_TREE or self._size > MAX_BLOBS:
            raise CannotCross("more data than a check looks at")
        return b"".join([HEADER.pack(len(tree), self._size), tree, *self._blobs])

    def _node(self, value: object, depth: int) -> Node:
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

    def _container(self, value: object, depth: int) -> Node:
        if isinstance(value, list):
            return self._list(list(list.__iter__(value)), depth)
        if isinstance(value, tuple):
            return ["t", [self._node(item, depth) for item in tuple.__iter__(value)]]
        if isinstance(value, dict):
            return ["d", [[self._node(k, depth), self._node(v, depth)] for k, v in dict.items(value)]]
        if isinstance(value, (set, frozenset)):
            return ["s", [self._node(item, depth) for item in value]]
        if isinstance(value, _LAZY):
            return self._list(_drawn(value), depth)
        return self._special(value)

    def _list(self, items: list[object], depth: int) -> Node:
        if len(items) >= LONG_LIST and all(type(item) is float for item in items):
            return ["f", *self._blob(np.array(items, "<f8").tobytes()), len(items)]
        return ["l", [self._node(item, depth) for item in items]]

    def _special(self, value: object) -> Node:
        if isinstance(value, Rng):
            return ["g", value.id, self._going, value.state_text()]
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

    def _scalar(self, value: np.generic) -> Node:
        array = np.asarray(value)
        if self._dtype and array.dtype.kind == "f":
            array = array.astype(self._dtype)
        if array.dtype.kind in "US":
            return str(array)
        return ["n", _checked_dtype(array), _little(array).tobytes()]

    def _array(self, array: Array) -> Node:
        if array.dtype.kind == "U":
            return self._node(array.tolist(), 1)
        if array.dtype.kind == "O":
            return self._objects(array)
        if self._dtype and array.dtype.kind == "f":
            array = array.astype(self._dtype)
        dtype = _checked_dtype(array)
        return ["a", dtype, list(array.shape), *self._blob(_little(array).tobytes())]

    def _objects(self, array: Array) -> Node:
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


def as_array(value: object) -> Array | None:
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
    array: Array | None = tensor.resolve_conj().numpy() if tensor.device.type == "cpu" else None
    return array


def _drawn(value: Iterable[object]) -> list[object]:
    items = list(itertools.islice(value, MAX_YIELDED + 1))
    if len(items) > MAX_YIELDED:
        raise CannotCross(f"a generator that goes on after {MAX_YIELDED:,} values")
    return items


def _integer(value: int) -> Node:
    if -(2**63) <= value < 2**63:
        return value
    if value.bit_length() > 4096:
        raise CannotCross("an integer of more than a thousand digits")
    return ["i", hex(value)]


def _little(array: Array) -> Array:
    return np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")


def _checked_dtype(array: Array) -> str:
    dtype = array.dtype.newbyteorder("<").str
    if dtype not in DTYPES:
        what = "complex numbers" if array.dtype.kind == "c" else f"dtype {array.dtype}"
        raise CannotCross(f"{what}, where real numbers are needed")
    return dtype
