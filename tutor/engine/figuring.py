"""The process that computes live figures: one per host, kept warm between requests."""

from __future__ import annotations

import socket
import time

import msgspec

from tutor.engine.frames import Unpacker, pack
from tutor.engine.protocol import Figure, FigureDone
from tutor.errors import TutorError


def serve(sock: socket.socket) -> None:
    """Answer each Figure with a FigureDone, in order, until the other side closes."""
    unpacker = Unpacker()
    while data := sock.recv(65536):
        for body in unpacker.feed(data):
            sock.sendall(pack(answer(msgspec.msgpack.decode(body, type=Figure))))


def answer(request: Figure) -> FigureDone:
    """Compute one figure. Whatever goes wrong becomes a `problem` for people."""
    from tutor import figures

    began = time.perf_counter()
    try:
        scene = figures.compute(request.name, request.values, request.seed)
    except TutorError as error:
        return FigureDone(request.request, request.name, None, time.perf_counter() - began, str(error))
    except Exception as error:  # noqa: BLE001 - a fault in a figure must not take the others down
        problem = f"The figure {request.name} failed: {type(error).__name__}: {error}"
        return FigureDone(request.request, request.name, None, time.perf_counter() - began, problem)
    return FigureDone(request.request, request.name, scene, time.perf_counter() - began)
