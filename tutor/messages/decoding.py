"""One guarded way to read a message: what is none of its kind is an EngineError, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from tutor.errors import EngineError
from tutor.messages.harmless_values import harmless_in

Message = TypeVar("Message")


class MessageDecoder(Generic[Message]):
    """Reads messages of one type, or of a union of types, from msgpack."""

    def __init__(self, of: object) -> None:
        self._decode: Callable[[bytes | memoryview], Message] = msgspec.msgpack.Decoder(of).decode

    def read(self, body: bytes | memoryview) -> Message:
        """The message. Raises EngineError for one of another type, junk, text that is not UTF-8, nesting without end
        (which msgspec meets with a RecursionError), and what says to be longer than it is or can be."""
        try:
            return self._decode(body)
        except (ValueError, RecursionError, MemoryError, OverflowError, TypeError) as error:
            raise EngineError(f"A message could not be understood: {error}.") from error


class ChildDecoder(MessageDecoder[Message]):
    """Reads what a child process says to its host: every text in it comes out harmless, as it is shown, stored and
    sent on from here. What the learner's process and the judge say to each other never comes this way."""

    def read(self, body: bytes | memoryview) -> Message:
        """The message. Raises EngineError as MessageDecoder does."""
        message = super().read(body)
        try:
            return harmless_in(message)
        except RecursionError as error:
            raise EngineError("A message is nested without end.") from error
