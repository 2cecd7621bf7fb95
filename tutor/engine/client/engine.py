"""The window's side of the engine, for asyncio. Imports nothing heavy: neither numpy, keras nor torch.

engine = Engine(window="tty1-1234")
running = await engine.run(job)
async for event in running:
    ...                                   # Started, Output, …, Ended
await engine.close()
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import get_args

from tutor.engine.client.connection import Connection
from tutor.engine.client.running import Running
from tutor.engine.client.which_host import kind_for
from tutor.engine.machine import unseen_results
from tutor.messages.events import Event, FigureDone, Inspected, Refused, RunEvent
from tutor.messages.jobs import HostKind, Job, Rubric
from tutor.messages.requests import Attach, ComputeFigure, DropFigure, Grade, Inspect, Keep, Stop, Submit

OnState = Callable[[HostKind, str, str], None]
OnScene = Callable[[FigureDone], None]
TO_SAY = ("silent", "replaced", "elsewhere")
"""States that a person is to know of: a host does not answer; it did not, and was ended; its socket is not in the usual
place."""
_RUN_EVENTS = get_args(RunEvent)
_ANSWER_SECONDS = 30.0


class _Question:
    """One that waits for its answer. newer: told what comes before the answer."""

    def __init__(self, connection: Connection, newer: OnScene | None) -> None:
        self.connection = connection
        self.answer: asyncio.Future[FigureDone | Inspected | None] = asyncio.get_running_loop().create_future()
        self._newer = newer
        self._deadline: asyncio.Timeout | None = None

    async def wait(self) -> FigureDone | Inspected | None:
        """Raises TimeoutError where nothing comes for long."""
        async with asyncio.timeout(_ANSWER_SECONDS) as self._deadline:
            return await self.answer

    def take(self, event: FigureDone | Inspected) -> None:
        if self.answer.done():
            return
        if isinstance(event, FigureDone) and event.more:
            if self._deadline is not None:
                self._deadline.reschedule(asyncio.get_running_loop().time() + _ANSWER_SECONDS)
            if self._newer is not None:
                self._newer(event)
        else:
            self.answer.set_result(event)


class Engine:
    """The engine as one window sees it. Hosts are started when they are first needed, and again when they have gone.

    window: a name that no other window has. on_state(kind, state, sentence): state is "starting", "waiting", "ready",
    "gone", "failed", or one of `TO_SAY`; the sentence is for people. stays: whether its runs go on when the window has
    gone, however it went, so that the next one finds them.
    """

    def __init__(self, *, window: str, on_state: OnState | None = None, stays: bool = True) -> None:
        self.window = window
        self._stays = stays
        self._on_state = on_state
        self._connections: dict[HostKind, Connection] = {}
        self._opening: dict[HostKind, asyncio.Lock] = {"light": asyncio.Lock(), "keras": asyncio.Lock()}
        self._running: dict[str, Running] = {}
        self._asked: dict[int, _Question] = {}
        self._numbers = itertools.count(1)

    # -------------------------------------------------------------- what a window asks for

    async def warm(self, kind: HostKind) -> None:
        """Have a host of that kind started, and wait until it is ready. Raises EngineError where it will not start."""
        connection = await self._connected(kind)
        await connection.wait_ready()

    async def run(self, job: Job, rubric: Rubric | None = None) -> Running:
        """Start a run; with a rubric (and `job.graded`), a judge beside it. Raises EngineError where no host can be
        started."""
        kind = kind_for(job, rubric)
        connection = await self._connected(kind)
        running = Running(job.run, kind, connection, job)
        self._running[job.run] = running
        connection.tell(Submit(job))
        if rubric is not None:
            connection.tell(Grade(job.run, rubric))
        await connection.drain()
        if connection.gone:  # between finding it and sending: nobody else will say so
            self._running.pop(job.run, None)
            running.lose("The engine has ended unexpectedly. It starts again with the next run.")
        return running

    async def attach(self, run: str, start: int = 0) -> Running | None:
        """Follow a run that is known to a host, whoever started it: its events from number `start` on, then all that
        come; or read what a host has kept of it for whoever comes later. None where nobody knows it."""
        for kind in get_args(HostKind):
            connection = self._connections.get(kind) or await self._living(kind)
            if connection is None:
                continue
            name = run or next(reversed(await connection.runs()), "")
            if not name:
                continue
            running = Running(name, kind, connection, None)
            self._running[name] = running
            await connection.send(Attach(name, start))
            await connection.runs()  # a refusal comes before this answer
            if running.ended is None or running.ended.reason != "lost":
                return running
        return await self._from_disk(run, start)

    async def _from_disk(self, run: str, start: int) -> Running | None:
        events = await asyncio.to_thread(unseen_results.load, run)
        if not events:
            return None
        running = Running(run, "light", None, None)
        for event in events:
            if event.seq >= start:
                running.take(event)
        await asyncio.to_thread(unseen_results.forget, run)
        return running

    async def unseen(self) -> tuple[str, ...]:
        """Ids of runs, of whatever window, that go on or wait to be seen, those that are on the disk first; no host is
        started for this."""
        found = list(await asyncio.to_thread(unseen_results.runs))
        for kind in get_args(HostKind):
            connection = self._connections.get(kind) or await self._living(kind)
            if connection is not None:
                found += await connection.runs()
        return tuple(found)

    async def left_behind(self) -> tuple[str, ...]:
        """Those of the unseen runs whose window has gone."""
        found = await self.unseen()
        shown = {run for each in self._connections.values() for run in each.shown}
        return tuple(run for run in found if run not in shown)

    async def figure(
        self, name: str, values: dict[str, str] | None = None, seed: int = 0, *, newer: OnScene | None = None
    ) -> FigureDone:
        """Compute a figure. What goes wrong with it is in `problem`. Where the engine goes in between, it is asked
        for once more. newer: told each scene of a figure that trains; cancelled, such a figure stops."""
        for _ in range(2):
            number = next(self._numbers)
            try:
                done = await self._ask("light", number, ComputeFigure(number, name, values or {}, seed), newer)
            except TimeoutError:
                return FigureDone(number, name, problem=f"It was not drawn within {_ANSWER_SECONDS:g} s.")
            if isinstance(done, FigureDone):
                return done
        return FigureDone(number, name, problem="The engine has gone; try again.")

    async def inspect(self, running: Running, what: str, arguments: dict[str, str] | None = None) -> Inspected:
        """Look into a finished run's process: structure, weights, … (`run/inspecting`)."""
        number = next(self._numbers)
        return await self._look_into(running.kind, Inspect(running.run, number, what, arguments or {}))

    async def keep(self, running: Running, path: str, model: str = "") -> Inspected:
        """Have a model of a run's living process saved as `path` (.keras): the one of this name in the code, "" for
        the one that was trained last."""
        number = next(self._numbers)
        return await self._look_into(running.kind, Keep(running.run, number, path, model))

    async def _look_into(self, kind: HostKind, request: Inspect | Keep) -> Inspected:
        number = request.request
        try:
            done = await self._ask(kind, number, request)
        except TimeoutError:
            return Inspected(number, problem=f"It did not answer within {_ANSWER_SECONDS:g} s.")
        if isinstance(done, Inspected):
            return done
        return Inspected(number, problem="The engine has gone; run the code again.")

    async def close(self) -> None:
        """Leave: what waits only for this window ends, runs that go on do so, hosts live on until idle."""
        connections, self._connections = list(self._connections.values()), {}
        for connection in connections:
            await connection.close()

    async def stop(self, *, force: bool = False) -> None:
        """End the hosts that this engine is connected to (for `doctor` and tests)."""
        connections, self._connections = list(self._connections.values()), {}
        for connection in connections:
            await connection.send(Stop(force))
            await connection.wait_gone()

    def host_pid(self, kind: HostKind) -> int | None:
        """The process of a connected host."""
        connection = self._connections.get(kind)
        return connection.pid if connection is not None and connection.pid else None

    # -------------------------------------------------------------- connections

    async def _connected(self, kind: HostKind) -> Connection:
        async with self._opening[kind]:
            connection = self._connections.get(kind)
            if connection is None or connection.gone:
                connection = self._line(kind)
                try:
                    await connection.open()
                except asyncio.CancelledError:
                    await connection.close()
                    raise
                self._connections[kind] = connection
            return connection

    def _line(self, kind: HostKind) -> Connection:
        connection = Connection(kind, self.window, self._take, self._gone, self._state, stays=self._stays)
        connection.awaited = lambda: self._awaits(connection)
        return connection

    def _awaits(self, connection: Connection) -> bool:
        """Whether more of a run is to come by this line, or an answer."""
        asked = any(question.connection is connection for question in self._asked.values())
        return asked or any(running.kind == connection.kind for running in self._running.values())

    async def _living(self, kind: HostKind) -> Connection | None:
        """A connection to a host of that kind, if there is one already."""
        async with self._opening[kind]:
            if (connection := self._connections.get(kind)) is not None and not connection.gone:
                return connection
            connection = self._line(kind)
            if not await connection.open_living():
                return None
            self._connections[kind] = connection
            return connection

    async def _ask(
        self, kind: HostKind, number: int, request: ComputeFigure | Inspect | Keep, newer: OnScene | None = None
    ) -> FigureDone | Inspected | None:
        """The answer to a request; None where the host goes first. Raises TimeoutError where it is silent for long."""
        connection = await self._connected(kind)
        question = self._asked[number] = _Question(connection, newer)
        try:
            await connection.send(request)
            if connection.gone:  # between finding it and sending: nobody else will say so
                return None
            return await question.wait()
        finally:
            del self._asked[number]
            given_up = question.answer.cancelled() or not question.answer.done()
            if isinstance(request, ComputeFigure) and given_up:
                connection.tell(DropFigure(number))

    def _state(self, kind: HostKind, state: str, sentence: str) -> None:
        if self._on_state is not None:
            self._on_state(kind, state, sentence)

    def _take(self, connection: Connection, event: Event) -> None:
        if isinstance(event, _RUN_EVENTS):
            running = self._running.get(event.run)
            if running is not None:
                running.take(event)
                if running.ended is not None:
                    del self._running[event.run]
        elif isinstance(event, (FigureDone, Inspected)):
            if (question := self._asked.get(event.request)) is not None:
                question.take(event)
        elif isinstance(event, Refused) and event.run in self._running:
            self._running.pop(event.run).refuse(event)

    def _gone(self, connection: Connection, what: str) -> None:
        if self._connections.get(connection.kind) is connection:
            del self._connections[connection.kind]
        for name, running in list(self._running.items()):
            if running.kind == connection.kind:
                del self._running[name]
                running.lose(what)
        for question in list(self._asked.values()):
            if question.connection is connection and not question.answer.done():
                question.answer.set_result(None)
