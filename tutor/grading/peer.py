"""The judge's side of the wire: asks one learner's process, believes nothing, waits only so long."""

from __future__ import annotations

import socket
import time
from typing import Any, Protocol

from tutor.grading import wire
from tutor.grading.answering import Desk
from tutor.messages.verdicts import CodeError, ErrorLine

_STATUSES = ("value", "missing", "not callable", "raised", "cannot cross")
_PIECE = 1 << 20
_LONGEST_TEXT = 2000


class PeerGone(Exception):
    """The learner's process has ended, or has sent what this wire does not carry: it is not asked again."""


class PeerSilent(Exception):
    """The learner's process took longer than it may."""


class Peer(Protocol):
    """Someone who answers questions: a process behind a socket, or (for authors) a namespace of our own."""

    def ask(self, *question: Any, going: bool = False) -> tuple[str, Any]: ...

    def close(self) -> None: ...


class SocketPeer:
    """Asks over a socket. seconds: how long all its answers together may take."""

    def __init__(self, sock: socket.socket, seconds: float, dtype: str = "") -> None:
        self._sock = sock
        self._left = seconds
        self._dtype = dtype
        self._dead: PeerGone | PeerSilent | None = None

    def ask(self, *question: Any, going: bool = False) -> tuple[str, Any]:
        """(status, payload) as `answering` words them. Raises PeerGone, PeerSilent; CannotCross for the question."""
        message = wire.Writer(going=going, dtype=self._dtype).message(question)
        if self._dead is not None:
            raise self._dead
        began = time.monotonic()
        try:
            return self._exchange(message, began + self._left)
        except (TimeoutError, BlockingIOError) as error:
            self._dead = PeerSilent("no answer in time")
            raise self._dead from error
        except (OSError, wire.WireError, MemoryError) as error:
            self._dead = PeerGone(str(error))
            raise self._dead from error
        finally:
            self._left -= time.monotonic() - began

    def _exchange(self, message: bytes, deadline: float) -> tuple[str, Any]:
        self._sock.settimeout(max(deadline - time.monotonic(), 0.001))
        self._sock.sendall(message)
        tree_size, blob_size = wire.header(self._exactly(wire.HEADER.size, deadline))
        tree = self._exactly(tree_size, deadline)
        blobs = self._exactly(blob_size, deadline)
        return checked_answer(wire.Reader().value(tree, blobs))

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

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._desk = Desk(namespace)

    def ask(self, *question: Any, going: bool = False) -> tuple[str, Any]:
        message = wire.Writer(going=going).message(question)
        answer = self._desk.answer(*_parts(message))
        return checked_answer(wire.Reader().value(*_parts(answer)))

    def close(self) -> None:
        """Nothing to close."""


def _parts(message: bytes) -> tuple[bytes, bytes]:
    tree_size, _ = wire.header(message[: wire.HEADER.size])
    rest = message[wire.HEADER.size :]
    return rest[:tree_size], rest[tree_size:]


def checked_answer(answer: Any) -> tuple[str, Any]:
    """The answer, if it has the form of one. Raises WireError."""
    if not isinstance(answer, tuple) or len(answer) != 2 or answer[0] not in _STATUSES:
        raise wire.WireError("an answer without a status")
    status, payload = answer
    if status == "missing":
        payload = [name[:80] for name in payload if isinstance(name, str)] if isinstance(payload, list) else []
    elif status == "raised":
        payload = told_error(payload)
    elif status != "value":
        payload = str(payload)[:_LONGEST_TEXT]
    return status, payload


def told_error(story: Any) -> CodeError:
    """An exception as the learner's process tells it. Raises WireError where the story has another form."""
    try:
        lines = tuple(
            ErrorLine(str(chunk)[:200], int(line), str(source)[:500], str(function)[:200])
            for chunk, line, source, function in story["lines"][:50]
        )
        kind, message, todo = (str(story[key])[:_LONGEST_TEXT] for key in ("kind", "message", "todo"))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise wire.WireError("an error that tells no story") from error
    return CodeError(kind, message, lines, todo)
