"""A host's way to the process that computes its figures."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from msgspec.structs import replace

from tutor.engine.host.child_processes import ChildProcess, ChildProcesses
from tutor.engine.host.engine_log import log
from tutor.errors import EngineError
from tutor.messages import children
from tutor.messages.decoding import ChildDecoder
from tutor.messages.events import FigureDone
from tutor.messages.frames import pack
from tutor.messages.jobs import HostKind
from tutor.messages.requests import ComputeFigure, DropFigure

MOST_SECONDS = 15.0
"""What one scene of a figure may take before the process is ended."""

_done: ChildDecoder[FigureDone] = ChildDecoder(FigureDone)
Tell = Callable[[FigureDone], None]


class FigureDesk:
    """One process, started with the first figure asked for. Requests have numbers of the desk's own there, as those of
    two windows may be the same."""

    def __init__(self, kind: HostKind, child_processes: ChildProcesses) -> None:
        self._kind = kind
        self._child_processes = child_processes
        self._process: ChildProcess | None = None
        self._asked: dict[int, tuple[Tell, ComputeFigure]] = {}
        self._numbers = itertools.count(1)
        self._since = 0.0

    @property
    def busy(self) -> bool:
        return bool(self._asked)

    def ask(self, request: ComputeFigure, tell: Tell) -> None:
        """Have `request` computed; `tell` gets what comes of it, several times for a figure that trains."""
        try:
            process = self._process or self._begin()
        except OSError as error:
            problem = f"The machine could not start the figures: {error}."
            tell(FigureDone(request.request, request.name, problem=problem))
            return
        if not self._asked:
            self._since = time.monotonic()
        number = next(self._numbers)
        self._asked[number] = (tell, request)
        process.framed.send(pack(replace(request, request=number)))

    def drop(self, tell: Tell, request: int | None = None) -> None:
        """Who is told so by `tell` needs this request no more; None: any of its requests."""
        for number, (other, asked) in list(self._asked.items()):
            if other == tell and request in (None, asked.request):
                del self._asked[number]
                if self._process is not None:
                    self._process.framed.send(pack(DropFigure(number)))

    def look(self) -> None:
        """End the process where a figure takes too long."""
        if self._asked and self._process is not None and time.monotonic() - self._since > MOST_SECONDS:
            self._process.kill()

    def _begin(self) -> ChildProcess:
        process = self._child_processes.begin(children.Begin("figures", self._kind, ""))
        process.on_message = self._done
        process.on_closed = process.kill
        process.on_exit = lambda status: self._ended()
        self._process = process
        return process

    def _done(self, body: memoryview) -> None:
        try:
            done = _done.read(body)
        except EngineError as error:
            log("the figures", f"they said what cannot be understood: {error}")
            if self._process is not None:
                self._process.kill()
            return
        self._since = time.monotonic()
        tell, asked = self._asked.get(done.request, (None, None))
        if tell is None or asked is None:
            return
        if not done.more:
            del self._asked[done.request]
        tell(replace(done, request=asked.request))

    def _ended(self) -> None:
        self._process = None
        asked, self._asked = self._asked, {}
        for tell, request in asked.values():
            problem = "The process that computes the figures has ended; try again."
            tell(FigureDone(request.request, request.name, problem=problem))
