"""Bytes -> values: a message of the other process, every claim in it checked (its form: `plain_values`).

Runs in both processes: the judge reads answers with it, the learner's process the judge's questions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

import msgspec
import numpy as np

from tutor.grading.both_sides.plain_values import (
    DTYPES,
    MAX_ALIKE,
    MAX_BLOBS,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    Array,
    Node,
    Ref,
    Unfit,
    WireError,
)

_decode_tree = msgspec.msgpack.Decoder().decode

Resolve: TypeAlias = Callable[[str, list[Node]], object]


class ValueReader:
    """Turns a message into a value.

    resolve: on the learner's side, turns what only the judge sends ("g", "N", "R") into objects. The judge has none,
    and refuses those tags; the learner's side meets no "r".
    """

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._resolve = resolve
        self._blobs = memoryview(b"")
        self._taken = 0

    def value(self, tree: bytes | bytearray, blobs: bytes | bytearray) -> object:
        """Raises WireError for whatever is not a message of this wire."""
        self._blobs, self._taken = memoryview(blobs), 0
        try:
            return self._value(_decode_tree(tree), 0)
        except WireError:
            raise
        except (ValueError, TypeError, IndexError, RecursionError, OverflowError) as error:
            raise WireError(f"not a message: {type(error).__name__}: {error}") from error

    def _value(self, node: Node, depth: int) -> object:
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

    def _container(self, tag: str, items: Node, depth: int) -> object:
        if not isinstance(items, list):
            raise WireError("a container without a list")
        if tag == "d":
            pairs = [(self._value(key, depth), self._value(item, depth)) for key, item in map(_pair, items)]
            _spread([key for key, _ in pairs])
            return dict(pairs)
        values = [self._value(item, depth) for item in items]
        if tag == "s":
            _spread(values)
        return values if tag == "l" else tuple(values) if tag == "t" else frozenset(values)

    def _special(self, tag: str, rest: list[Node]) -> object:
        if self._resolve is not None and tag in ("g", "N", "R"):
            return self._resolve(tag, rest)
        if self._resolve is None and tag == "r":
            number, kind, type_name, text = rest
            if not isinstance(number, int) or isinstance(number, bool):
                raise WireError("a reference without a number")
            return Ref(number, _text(kind, 20), _text(type_name, 80), _text(text, 400))
        raise WireError(f"tag {tag[:20]!r}")

    def _array(self, dtype: Node, shape: Node, offset: Node, size: Node) -> Array:
        if dtype not in DTYPES or not isinstance(dtype, str):
            raise WireError("an array of no known kind")
        if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
            raise WireError("an array of too many dimensions")
        sizes = [n for n in shape if type(n) is int and 0 <= n <= MAX_BLOBS]
        if len(sizes) != len(shape):
            raise WireError("an array of no possible shape")
        kind = np.dtype(dtype)
        if math.prod(sizes) * kind.itemsize != size:
            raise WireError("an array whose shape is not that of its data")
        return _sound(np.frombuffer(self._slice(offset, size), kind)).reshape(sizes)

    def _scalar(self, dtype: Node, data: Node) -> object:
        if dtype not in DTYPES or not isinstance(dtype, str):
            raise WireError("a number of no known kind")
        if not isinstance(data, bytes) or len(data) != np.dtype(dtype).itemsize:
            raise WireError("a number of another length")
        return _sound(np.frombuffer(data, dtype))[0]

    def _floats(self, offset: Node, size: Node, count: Node) -> list[float]:
        if type(count) is not int or count * 8 != size:
            raise WireError("a list whose length is not that of its data")
        floats: list[float] = np.frombuffer(self._slice(offset, size), "<f8").tolist()
        return floats

    def _slice(self, offset: Node, size: Node) -> memoryview:
        """Data of one value, each behind that of the one before, as `ValueWriter` puts them: so a message unfolds to
        no more than was sent."""
        if type(offset) is not int or type(size) is not int or not 0 <= offset <= offset + size <= len(self._blobs):
            raise WireError("data that is not there")
        if offset != self._taken:
            raise WireError("data that two values share, or that is out of order")
        self._taken = offset + size
        return self._blobs[offset : self._taken]


def _sound(array: Array) -> Array:
    """A copy of its own, in which a truth value is 0 or 1 and nothing else."""
    return array.view(np.uint8) != 0 if array.dtype.kind == "b" else array.copy()


def _spread(members: list[object]) -> None:
    """Raises Unfit where so many have one hash that a set of them would take minutes."""
    if len(members) > MAX_ALIKE and max(Counter(map(hash, members)).values()) > MAX_ALIKE:
        raise Unfit(f"a set or dict in which more than {MAX_ALIKE:,} members have one hash")


def _pair(entry: Node) -> tuple[Node, Node]:
    if not isinstance(entry, list) or len(entry) != 2:
        raise WireError("an entry of a dict that is no pair")
    key, item = entry
    return key, item


def _text(value: Node, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise WireError("a text that is none, or too long")
    return value
