"""The learner's side of a check: answers the judge's questions from the namespace in which the learner's code ran.

Runs beside the learner's code. (The judge has a desk of its own too, over the author's solution: `judge.peer`.)

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
from typing import TypeAlias

import numpy as np

from tutor.grading.both_sides.keras_types import LastFit
from tutor.grading.both_sides.plain_values import (
    HEADER,
    Answer,
    CannotCross,
    Node,
    Ref,
    WireError,
    generator_from,
    lengths,
)
from tutor.grading.both_sides.value_reader import ValueReader
from tutor.grading.both_sides.value_writer import ValueWriter, as_array
from tutor.messages.verdicts import CodeError, ErrorLine

Explain: TypeAlias = Callable[[BaseException], CodeError]
"""An exception -> what the learner reads of it, own lines only."""

_MOST_NAMES = 200


def answer_judge(sock: socket.socket, namespace: dict[str, object], explain: Explain, last_fit: LastFit) -> None:
    """Answer until the judge closes its end: the engine's way in, in the learner's process.

    namespace: where setup and the learner's code ran. explain: the engine's own, which knows the chunks. Ctrl-C and the
    engine's own interrupts pass through.
    """
    desk = AnswerDesk(namespace, explain, last_fit)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        while (message := _receive(sock)) is not None:
            sock.sendall(desk.answer(*message))


class AnswerDesk:
    """Answers questions, one message each. Keeps what stayed behind, and generators that go on."""

    def __init__(self, namespace: dict[str, object], explain: Explain, last_fit: LastFit) -> None:
        self.namespace = namespace
        self._explain = explain
        self._last_fit = last_fit
        self._kept: dict[int, object] = {}
        self._going: dict[int, np.random.Generator] = {}

    def answer(self, tree: bytes | bytearray, blobs: bytes | bytearray) -> bytes:
        """The answer to one question, as a message."""
        try:
            return self._written(self._answered(ValueReader(self._resolve).value(tree, blobs)))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the learner's code raises is an answer
            return self._written(("raised", self._story(error)))

    def _answered(self, question: object) -> Answer:
        match question:
            case ("get", str(name)):
                return self._get(name)
            case ("call", target, tuple(arguments), dict(keywords)):
                return self._call(target, arguments, keywords)
            case ("pure", target, tuple(arguments), dict(keywords)):
                return self._pure(target, arguments, keywords)
            case ("model", str(verb), model, *rest):
                from tutor.grading.learner import model_answers

                return model_answers.answer(verb, model, tuple(rest), self._last_fit)
        raise WireError("a question of no known kind")

    def _get(self, name: str) -> Answer:
        if name not in self.namespace:
            return "missing", self._names()
        return "value", self.namespace[name]

    def _call(self, target: object, arguments: tuple[object, ...], keywords: dict[str, object]) -> Answer:
        if isinstance(target, str):
            if target not in self.namespace:
                return "missing", self._names()
            target = self.namespace[target]
        if not callable(target):
            return "not callable", _kind_of_thing(target)
        return "value", target(*arguments, **keywords)

    def _pure(self, target: object, arguments: tuple[object, ...], keywords: dict[str, object]) -> Answer:
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

    def _resolve(self, tag: str, rest: list[Node]) -> object:
        match tag, rest:
            case "N", [str(name)]:
                return self.namespace[name]
            case "R", [int(number)]:
                return self._kept[number]
            case "g", [int(number), going, str(state)]:
                if not going:
                    return generator_from(state)
                return self._going.setdefault(number, generator_from(state))
        raise WireError(f"tag {tag[:20]!r}")

    def _written(self, answer: Answer) -> bytes:
        try:
            return ValueWriter(self._refer).message(answer)
        except CannotCross as error:
            return ValueWriter().message(("cannot cross", str(error)))

    def _refer(self, value: object) -> Ref:
        number = id(value)
        self._kept[number] = value
        return Ref(number, _ref_kind(value), type(value).__name__[:80], _label(value)[:400])

    def _story(self, error: BaseException) -> dict[str, object]:
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


def _plain_copy(value: object) -> object:
    """What the value is now, so that a second call cannot change it afterwards."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) is list or type(value) is tuple:
        return type(value)(_plain_copy(item) for item in value)
    array = as_array(value)
    return value if array is None else array.copy()


def _ref_kind(value: object) -> str:
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


def _label(value: object) -> str:
    name = getattr(value, "__name__", "")
    return name if isinstance(name, str) else ""


def _kind_of_thing(value: object) -> str:
    return "nothing yet (...)" if value is Ellipsis else f"a value of type {type(value).__name__}"


def _receive(sock: socket.socket) -> tuple[bytearray, bytearray] | None:
    """Tree and blobs of the next question; None when the judge is done."""
    head = _exactly(sock, HEADER.size)
    if head is None:
        return None
    tree_size, blob_size = lengths(head)
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
