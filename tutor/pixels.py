"""The one kind of PNG that data/ holds: 8 bits a channel, red, green and blue, no filter, not interlaced."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def read_png(content: bytes) -> npt.NDArray[np.uint8]:
    """Shape (height, width, 3), values 0 to 255 (W3C, PNG specification, second edition, 2003). Raises ValueError for
    any other kind."""
    if not content.startswith(_SIGNATURE):
        raise ValueError("this is no PNG file")
    width = height = 0
    packed = b""
    at = len(_SIGNATURE)
    while at < len(content):
        (size,), kind = struct.unpack(">I", content[at : at + 4]), content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, *rest = struct.unpack(">IIBBBBB", body)
            if rest != [8, 2, 0, 0, 0]:
                raise ValueError("only 8-bit RGB without interlacing is read")
        elif kind == b"IDAT":
            packed += body
        at += 12 + size
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 3 * width)
    if rows[:, 0].any():
        raise ValueError("rows with a filter are not read")
    return rows[:, 1:].reshape(height, width, 3)
