"""Length-prefixed msgpack frames: 4 bytes big-endian length, then the message."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from tutor.errors import EngineError

MAX_FRAME = 16 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_encoder = msgspec.msgpack.Encoder()


def pack(message: Any) -> bytes:
    """One message as one frame. Raises EngineError where it is larger than MAX_FRAME."""
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME:
        raise EngineError(f"A message of {len(body):,} bytes is larger than {MAX_FRAME:,}.")
    return _LENGTH.pack(len(body)) + body


class Unpacker:
    """Bytes in, whole message bodies out, whatever the cuts between reads."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def missing(self) -> int:
        """How many bytes are surely still to come before a message is whole."""
        have = len(self._buffer)
        if have < _LENGTH.size:
            return _LENGTH.size - have
        return int(_LENGTH.unpack_from(self._buffer)[0]) + _LENGTH.size - have

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Bodies that are complete now. Raises EngineError for a length that cannot be right."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_FRAME:
                raise EngineError(f"A frame of {length:,} bytes is larger than {MAX_FRAME:,}.")
            if len(self._buffer) < _LENGTH.size + length:
                return
            body = bytes(self._buffer[_LENGTH.size : _LENGTH.size + length])
            del self._buffer[: _LENGTH.size + length]
            yield body
