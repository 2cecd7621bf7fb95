"""A host's way to the process that computes its figures."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import msgspec

from tutor.engine import inside
from tutor.engine import protocol as p
from tutor.engine.frames import pack
from tutor.engine.nursery import Child, Nursery

MOST_SECONDS = 15.0
"""What one figure may take before its process is ended."""

Tell = Callable[[p.FigureDone], None]


class FigureDesk:
    """One process, started with the first figure asked for; answers come in the order of the requests."""

    def __init__(self, kind: p.HostKind, nursery: Nursery) -> None:
        self._kind = kind
        self._nursery = nursery
        self._process: Child | None = None
        self._asked: deque[tuple[Tell, p.Figure]] = deque()
        self._since = 0.0

    @property
    def busy(self) -> bool:
        return bool(self._asked)

    def ask(self, request: p.Figure, tell: Tell) -> None:
        """Have `request` computed; `tell` gets what came of it."""
        try:
            process = self._process or self._begin()
        except OSError as error:
            problem = f"The machine could not start the figures: {error}."
            tell(p.FigureDone(request.request, request.name, problem=problem))
            return
        if not self._asked:
            self._since = time.monotonic()
        self._asked.append((tell, request))
        process.wire.send(pack(request))

    def look(self) -> None:
        """End the process where a figure takes too long."""
        if self._asked and self._process is not None and time.monotonic() - self._since > MOST_SECONDS:
            self._process.kill()

    def _begin(self) -> Child:
        process = self._nursery.begin(inside.Begin("figures", self._kind, ""))
        process.on_message = self._done
        process.on_closed = process.kill
        process.on_exit = lambda status: self._ended()
        self._process = process
        return process

    def _done(self, body: memoryview) -> None:
        done = msgspec.msgpack.decode(body, type=p.FigureDone)
        tell, _ = self._asked.popleft()
        self._since = time.monotonic()
        tell(done)

    def _ended(self) -> None:
        self._process = None
        asked, self._asked = self._asked, deque()
        for tell, request in asked:
            problem = "The process that computes the figures has ended; try again."
            tell(p.FigureDone(request.request, request.name, problem=problem))
