"""One run as its window follows it: its events, one after the other, and what can be asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from tutor.engine.client.connection import Connection
from tutor.engine.client.which_host import ends_others
from tutor.messages import endings
from tutor.messages.events import Ended, Queued, Refused, RunEvent, RunWaits, Started
from tutor.messages.jobs import HostKind, Job
from tutor.messages.requests import Cancel, Kill, Pause, Request, Resume, Seen, SetRate, Watch
from tutor.messages.verdicts import Judged


class Running:
    """One run, as an async iterator of its events. The last one is always Ended: where the engine itself goes, it
    says "lost", and for a graded run a verdict "fault" comes before it. Iterate from one task only."""

    def __init__(self, run: str, kind: HostKind, connection: Connection | None, job: Job | None) -> None:
        self.run = run
        self.kind = kind
        self.started: Started | None = None
        self.ended: Ended | None = None
        self._connection = connection
        self._job = job
        self._events: asyncio.Queue[RunEvent] = asyncio.Queue()
        self._queued = False
        self._judged = False
        self._last = -1

    def __aiter__(self) -> AsyncIterator[RunEvent]:
        return self._iterate()

    async def _iterate(self) -> AsyncIterator[RunEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, Ended):
                return

    def take(self, event: RunEvent) -> None:
        """Called by the engine for each event of this run."""
        if self.ended is not None or event.seq <= self._last:
            return
        self._last = event.seq
        self._judged = self._judged or isinstance(event, Judged)
        self._queued = isinstance(event, (Queued, RunWaits))
        if isinstance(event, Started):
            self.started = event
        elif isinstance(event, Ended):
            self.ended = event
            if self._connection is not None:
                self._connection.tell(Seen(self.run))
        self._events.put_nowait(event)

    def lose(self, what: str) -> None:
        """The engine has gone: end this run with what is known. Where its code ends other processes, it was that."""
        if self.ended is not None:
            return
        theirs = (chunk.source for chunk in self._job.chunks if chunk.learner) if self._job is not None else ()
        by_itself = not self._queued and ends_others(theirs)
        if self._job is not None and self._job.graded and not self._judged:
            make = endings.host_ended_verdict if by_itself else endings.fault_verdict
            self.take(Judged(self.run, make(self._job, what), self._last + 1))
        if by_itself:
            self.take(Ended(self.run, "killed", 0.0, endings.HOST_ENDED, what, seq=self._last + 1))
        else:
            self.take(Ended(self.run, "lost", 0.0, note=what, seq=self._last + 1))

    def refuse(self, refused: Refused) -> None:
        """The engine will not carry it out."""
        self.lose(f"{refused.what} {refused.todo}".strip())

    async def _ask(self, request: Request) -> None:
        if self._connection is not None:  # of one that is read from the disk there is nothing to ask any more
            await self._connection.send(request)

    async def cancel(self) -> None:
        """Stop gracefully; called again, at once."""
        await self._ask(Cancel(self.run))

    async def kill(self) -> None:
        """End it at once."""
        await self._ask(Kill(self.run))

    async def pause(self) -> None:
        await self._ask(Pause(self.run))

    async def resume(self) -> None:
        await self._ask(Resume(self.run))

    async def set_rate(self, rate: float) -> None:
        """Change the learning rate of the fit that is going on; a Note says what came of it."""
        await self._ask(SetRate(self.run, rate))

    async def watch(self, *, gradients: bool = False, layers: bool = False) -> None:
        """What trainings tell at epoch ends besides losses, from now on."""
        await self._ask(Watch(self.run, gradients, layers))
