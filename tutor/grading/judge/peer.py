"""The judge's side of the wire: asks one learner's process, believes nothing, waits only so long. Judge's process."""

from __future__ import annotations

import socket
import time
from typing import Protocol

from tutor.grading.both_sides.keras_types import LastFit
from tutor.grading.both_sides.plain_values import HEADER, Answer, Unfit, WireError, lengths
from tutor.grading.both_sides.value_reader import ValueReader
from tutor.grading.both_sides.value_writer import ValueWriter
from tutor.grading.learner.answer_desk import AnswerDesk, explain_plainly
from tutor.messages.verdicts import CodeError, ErrorLine

_STATUSES = ("value", "missing", "not callable", "raised", "cannot cross")
_PIECE = 1 << 20
_LONGEST_TEXT = 2000


class PeerGone(Exception):
    """The learner's process has ended, or has sent what this wire does not carry: it is not asked again. unfit: what
    an answer was that is not taken, for people; "" for all else."""

    def __init__(self, what: str, unfit: str = "") -> None:
        super().__init__(what)
        self.unfit = unfit


class PeerSilent(Exception):
    """The learner's process took longer than it may."""


class Peer(Protocol):
    """Someone who answers questions: a process behind a socket, or (for authors) a namespace of our own."""

    def ask(self, *question: object, going: bool = False) -> Answer: ...

    def close(self) -> None: ...


class SocketPeer:
    """Asks over a socket. seconds: how long all its answers together may take."""

    def __init__(self, sock: socket.socket, seconds: float, dtype: str = "") -> None:
        self._sock = sock
        self._left = seconds
        self._dtype = dtype
        self._dead: PeerGone | PeerSilent | None = None

    def ask(self, *question: object, going: bool = False) -> Answer:
        """(status, payload) as `answer_desk` words them. Raises PeerGone, PeerSilent; CannotCross for the question."""
        message = ValueWriter(going=going, dtype=self._dtype).message(question)
        if self._dead is not None:
            raise self._dead
        began = time.monotonic()
        try:
            return self._exchange(message, began + self._left)
        except (TimeoutError, BlockingIOError) as error:
            self._dead = PeerSilent("no answer in time")
            raise self._dead from error
        except (OSError, WireError, MemoryError) as error:
            self._dead = PeerGone(str(error), str(error) if isinstance(error, Unfit) else "")
            raise self._dead from error
        finally:
            self._left -= time.monotonic() - began

    def _exchange(self, message: bytes, deadline: float) -> Answer:
        self._sock.settimeout(max(deadline - time.monotonic(), 0.001))
        self._sock.sendall(message)
        tree_size, blob_size = lengths(self._exactly(HEADER.size, deadline))
        tree = self._exactly(tree_size, deadline)
        blobs = self._exactly(blob_size, deadline)
        return checked_answer(ValueReader().value(tree, blobs))

    def _exactly(self, size: int, deadline: float) -> bytearray:
        data = bytearray()
        while len(data) < size:
            self._sock.settimeout(max(deadline - time.monotonic(), 0.001))
            piece = self._sock.recv(min(size - len(data), _PIECE))
            if not piece:
                raise ConnectionResetError("the process has ended")
            data += piece
        return data

    def close(self) -> None:
        self._sock.close()


class LocalPeer:
    """Answers from a namespace in this process, with the same bytes in between: for the author's own solution."""

    def __init__(self, namespace: dict[str, object], last_fit: LastFit) -> None:
        self._desk = AnswerDesk(namespace, explain_plainly, last_fit)

    def ask(self, *question: object, going: bool = False) -> Answer:
        message = ValueWriter(going=going).message(question)
        answer = self._desk.answer(*_parts(message))
        return checked_answer(ValueReader().value(*_parts(answer)))

    def close(self) -> None:
        """Nothing to close."""


def _parts(message: bytes) -> tuple[bytes, bytes]:
    tree_size, _ = lengths(message[: HEADER.size])
    rest = message[HEADER.size :]
    return rest[:tree_size], rest[tree_size:]


def checked_answer(answer: object) -> Answer:
    """The answer, if it has the form of one. Raises WireError."""
    if not isinstance(answer, tuple) or len(answer) != 2 or not isinstance(answer[0], str):
        raise WireError("an answer without a status")
    status, payload = answer
    if status not in _STATUSES:
        raise WireError("an answer of no known status")
    if status == "value":
        return status, payload
    if status == "missing":
        names = payload if isinstance(payload, list) else []
        return status, [name[:80] for name in names if isinstance(name, str)]
    return status, told_error(payload) if status == "raised" else str(payload)[:_LONGEST_TEXT]


def told_error(story: object) -> CodeError:
    """An exception as the learner's process tells it. Raises WireError where the story has another form."""
    if not isinstance(story, dict):
        raise WireError("an error that is no story")
    try:
        lines = tuple(
            ErrorLine(str(chunk)[:200], int(line), str(source)[:500], str(function)[:200])
            for chunk, line, source, function in story["lines"][:50]
        )
        kind, message, todo = (str(story[key])[:_LONGEST_TEXT] for key in ("kind", "message", "todo"))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise WireError("an error that tells no story") from error
    return CodeError(kind, message, lines, todo)
