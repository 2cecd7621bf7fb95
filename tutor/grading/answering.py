"""The learner's side of a check: answers the judge's questions from the namespace in which the learner's code ran.

A question is a tuple (verb, ...), an answer a tuple (status, payload). The statuses are

    value         the value asked for
    missing       no such name; payload: the names there are
    not callable  payload: what it is instead
    raised        payload: kind, message, lines and todo of the exception, own lines only
    cannot cross  payload: what it is that has no plain form

Nothing here decides anything: the judge believes none of it but as values.
"""

from __future__ import annotations

import linecache
import socket
import sys
import traceback
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from tutor.grading import wire
from tutor.messages.verdicts import CodeError, ErrorLine

Explain = Callable[[BaseException], CodeError]
Answer = tuple[str, Any]

_MOST_NAMES = 200
_OURS = "tutor"


def serve(sock: socket.socket, namespace: dict[str, Any], explain: Explain | None = None) -> None:
    """Answer until the judge closes its end.

    namespace: where setup and the learner's code ran. explain: turns an exception into what the learner reads (own
    lines only); the engine gives its own, which knows the chunks. Ctrl-C and the engine's own interrupts pass through.
    """
    desk = Desk(namespace, explain)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        while (message := _receive(sock)) is not None:
            sock.sendall(desk.answer(*message))


class Desk:
    """Answers questions, one message each. Keeps what stayed behind, and generators that go on."""

    def __init__(self, namespace: dict[str, Any], explain: Explain | None = None) -> None:
        self.namespace = namespace
        self._explain = explain or explain_plainly
        self._kept: dict[int, Any] = {}
        self._going: dict[int, np.random.Generator] = {}

    def answer(self, tree: bytes | bytearray, blobs: bytes | bytearray) -> bytes:
        """The answer to one question, as a message."""
        try:
            question = wire.Reader(self._resolve).value(tree, blobs)
            return self._written(self._answered(*question))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the learner's code raises is an answer
            return self._written(("raised", self._story(error)))

    def _answered(self, verb: str, *rest: Any) -> Answer:
        if verb == "get":
            return self._get(rest[0])
        if verb == "call":
            return self._call(rest[0], rest[1], rest[2])
        if verb == "pure":
            return self._pure(rest[0], rest[1], rest[2])
        from tutor.grading import keras_side

        return keras_side.answer(*rest)

    def _get(self, name: str) -> Answer:
        if name not in self.namespace:
            return "missing", self._names()
        return "value", self.namespace[name]

    def _call(self, target: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Answer:
        if isinstance(target, str):
            if target not in self.namespace:
                return "missing", self._names()
            target = self.namespace[target]
        if not callable(target):
            return "not callable", _kind_of_thing(target)
        return "value", target(*arguments, **keywords)

    def _pure(self, target: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Answer:
        """Two answers to the same arguments, and what the arguments are afterwards."""
        status, first = self._call(target, arguments, keywords)
        if status != "value":
            return status, first
        copy = _plain_copy(first)
        second = self._call(target, arguments, keywords)[1]
        return "value", (copy, second, tuple(arguments))

    def _names(self) -> list[str]:
        names = [name for name in self.namespace if isinstance(name, str) and not name.startswith("_")]
        return names[-_MOST_NAMES:]

    def _resolve(self, tag: str, rest: list[Any]) -> Any:
        if tag == "N":
            return self.namespace[rest[0]]
        if tag == "R":
            return self._kept[rest[0]]
        number, going, state = rest
        if not going:
            return wire.generator_from(state)
        return self._going.setdefault(number, wire.generator_from(state))

    def _written(self, answer: Answer) -> bytes:
        try:
            return wire.Writer(self._refer).message(answer)
        except wire.CannotCross as error:
            return wire.Writer().message(("cannot cross", str(error)))

    def _refer(self, value: Any) -> wire.Ref:
        number = id(value)
        self._kept[number] = value
        return wire.Ref(number, _ref_kind(value), type(value).__name__[:80], _label(value)[:400])

    def _story(self, error: BaseException) -> dict[str, Any]:
        told = self._explain(error)
        lines = [(line.chunk, line.line, line.source, line.function) for line in told.lines]
        return {"kind": told.kind, "message": told.message, "lines": lines, "todo": told.todo}


def explain_plainly(error: BaseException) -> CodeError:
    """Kind, message and the lines that belong to no installed module, as `linecache` knows them."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = tuple(
        ErrorLine(
            frame.filename,
            frame.lineno or 0,
            linecache.getline(frame.filename, frame.lineno or 0).strip(),
            frame.name,
        )
        for frame in frames
        if not frame.filename.startswith(("<frozen", "/"))
    )
    return CodeError(type(error).__name__, str(error), lines)


def _plain_copy(value: Any) -> Any:
    """What the value is now, so that a second call cannot change it afterwards."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(_plain_copy(item) for item in value) if type(value) in (list, tuple) else value
    array = wire.as_array(value)
    return value if array is None else array.copy()


def _ref_kind(value: Any) -> str:
    keras = sys.modules.get("keras")
    if keras is not None and isinstance(value, keras.Model):
        return "model"
    if value is Ellipsis:
        return "ellipsis"
    if isinstance(value, type):
        return "class"
    if isinstance(value, types.ModuleType):
        return "module"
    return "function" if callable(value) else "object"


def _label(value: Any) -> str:
    name = getattr(value, "__name__", "")
    return name if isinstance(name, str) else ""


def _kind_of_thing(value: Any) -> str:
    return "nothing yet (...)" if value is Ellipsis else f"a value of type {type(value).__name__}"


def _receive(sock: socket.socket) -> tuple[bytearray, bytearray] | None:
    """Tree and blobs of the next question; None when the judge is done."""
    head = _exactly(sock, wire.HEADER.size)
    if head is None:
        return None
    tree_size, blob_size = wire.header(head)
    tree = _exactly(sock, tree_size)
    blobs = _exactly(sock, blob_size)
    return None if tree is None or blobs is None else (tree, blobs)


def _exactly(sock: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view = memoryview(data)
    done = 0
    while done < size:
        count = sock.recv_into(view[done:])
        if not count:
            return None
        done += count
    return data
