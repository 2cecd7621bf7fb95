"""The process that computes live figures: one per host, kept warm between requests."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator

from tutor.errors import EngineError, TutorError
from tutor.messages.children import ToFigures
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import FigureDone
from tutor.messages.frames import Unpacker, pack
from tutor.messages.requests import ComputeFigure, DropFigure

_asked: MessageDecoder[ToFigures] = MessageDecoder(ToFigures)


def serve(sock: socket.socket) -> None:
    """Answer each Figure until the other side closes. Figures that train take turns, a scene each, and what is asked
    meanwhile is not kept waiting."""
    unpacker = Unpacker()
    flows: dict[int, Iterator[FigureDone]] = {}
    while True:
        if select.select([sock], [], [], 0 if flows else None)[0]:
            data = sock.recv(65536)
            if not data:
                return
            for body in unpacker.feed(data):
                request = _asked.read(body)
                if isinstance(request, DropFigure):
                    flows.pop(request.request, None)
                else:
                    flows[request.request] = answers(request)
        for number, flow in list(flows.items()):
            done, frame = packed(next(flow))
            sock.sendall(frame)
            if not done.more:
                del flows[number]


def packed(done: FigureDone) -> tuple[FigureDone, bytes]:
    """It, and its frame. What a figure has put into a Scene that cannot cross, mostly a number of numpy's, is a problem
    of that figure alone."""
    try:
        return done, pack(done)
    except (TypeError, EngineError) as error:
        failed = FigureDone(done.request, done.name, problem=f"The figure {done.name} cannot be sent: {error}")
        return failed, pack(failed)


def answers(request: ComputeFigure) -> Iterator[FigureDone]:
    """Compute one figure: a FigureDone for each of its scenes; the one without `more` is the last. Whatever goes
    wrong becomes a `problem` for people."""
    from tutor import figures

    began = time.perf_counter()

    def done(scene: object = None, problem: str = "", more: bool = False) -> FigureDone:
        return FigureDone(request.request, request.name, scene, time.perf_counter() - began, problem, more)  # type: ignore[arg-type]

    try:
        scene = None
        trains = figures.trains(request.name)
        for scene in figures.stream(request.name, request.values, request.seed):
            if trains:
                yield done(scene, more=True)
        yield done(scene)
    except TutorError as error:
        yield done(problem=str(error))
    except Exception as error:  # noqa: BLE001 - a fault in a figure must not take the others down
        yield done(problem=f"The figure {request.name} failed: {type(error).__name__}: {error}")
