"""One connection from a window to a host: found or started, kept, lost."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from tutor import files, paths
from tutor.engine.machine import entries, sockets
from tutor.errors import EngineError
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import Event, HostWaits, Ready, Welcome
from tutor.messages.frames import Unpacker, pack
from tutor.messages.jobs import HostKind
from tutor.messages.requests import VERSION, Hello, Request

_START_SECONDS = 60.0
_AGAIN = 0.02
"""Seconds between two attempts to start a host, where one that ends holds its place still."""
_LOG_BYTES = 1_000_000
_event: MessageDecoder[Event] = MessageDecoder(Event)


class Connection:
    """on_event(line, event); on_gone(line, sentence) once; on_state(kind, state, sentence)."""

    def __init__(
        self,
        kind: HostKind,
        window: str,
        on_event: Callable[[Connection, Event], None],
        on_gone: Callable[[Connection, str], None],
        on_state: Callable[[HostKind, str, str], None],
        *,
        stays: bool = True,
    ) -> None:
        self.kind = kind
        self.pid = 0
        self.gone = False
        self._hello = Hello(VERSION, window, stays)
        self._path = sockets.socket_path(kind)
        self._on_event = on_event
        self._on_gone = on_gone
        self._on_state = on_state
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._welcome: asyncio.Future[Welcome] = asyncio.get_running_loop().create_future()
        self._ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self.shown: tuple[str, ...] = ()
        self._met = False
        self._closing = False

    # -------------------------------------------------------------- beginning

    async def open(self) -> None:
        """Connect, starting a host where there is none. Raises EngineError where it will not start."""
        if await self.open_living():
            return
        self._on_state(self.kind, "starting", _STARTING[self.kind])
        try:
            async with asyncio.timeout(_START_SECONDS):
                while not await self._start_and_connect():
                    await asyncio.sleep(_AGAIN)
        except (OSError, EngineError) as error:  # TimeoutError is an OSError
            sentence = str(error) if isinstance(error, EngineError) else f"The engine did not start: {error}."
            if isinstance(error, TimeoutError):
                sentence = f"The engine did not answer within {_START_SECONDS:g} s."
            self._on_state(self.kind, "failed", sentence)
            raise EngineError(sentence, f"Its log is {log_file(self.kind)}.") from error

    async def open_living(self) -> bool:
        """Connect to a host that listens already. False where there is none, or where it goes before it has answered:
        the socket of one that is being killed may take a connection still."""
        sockets.own_folder()
        try:
            reader, self._writer = await asyncio.open_unix_connection(str(self._path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        sockets.check_peer(self._writer.get_extra_info("socket"))
        self._reading = asyncio.create_task(self._read(reader))
        await self.send(self._hello)
        await asyncio.wait((self._welcome, self._reading), return_when=asyncio.FIRST_COMPLETED)
        return self._met

    async def _start_host(self) -> asyncio.subprocess.Process:
        environment = dict(os.environ)
        ours = str(paths.PACKAGE.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), ours]))
        words = [sys.executable, "-P", "-m", entries.HOST, "--kind", self.kind, "--socket", str(self._path)]
        words += ["--ahead", entries.AHEAD]
        with open_log(self.kind) as errors:
            return await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
                cwd="/",
                env=environment,
            )

    async def _start_and_connect(self) -> bool:
        """False where one that is about to end was in the way. The process that is started ends as soon as a host
        listens (`host.settle`), be it another."""
        process = await self._start_host()
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            raise
        if status:
            raise EngineError(f"The engine did not start: {last_line(log_file(self.kind))}")
        return await self.open_living()

    # -------------------------------------------------------------- going on

    async def _read(self, reader: asyncio.StreamReader) -> None:
        unpacker = Unpacker()
        what = "The engine has ended unexpectedly. It starts again with the next run."
        try:
            while data := await reader.read(1 << 16):
                for body in unpacker.feed(data):
                    self._take(_event.read(body))
        except (OSError, EngineError) as error:
            what = f"The connection to the engine broke ({error}). It starts again with the next run."
        self._lost(what)

    def _take(self, event: Event) -> None:
        if isinstance(event, Welcome):
            self.pid, self.shown, self._met = event.pid, event.shown, True
            if not self._welcome.done():
                self._welcome.set_result(event)
            if event.ready:
                self._become_ready(Ready(0.0))
        elif isinstance(event, Ready):
            self._become_ready(event)
        elif isinstance(event, HostWaits):
            self._on_state(self.kind, "waiting" if event.what else "starting", event.what or _STARTING[self.kind])
        self._on_event(self, event)

    def _become_ready(self, ready: Ready) -> None:
        if ready.problem:
            self._on_state(self.kind, "failed", f"{ready.problem} {ready.todo}")
        elif not self._ready.done():
            self._on_state(self.kind, "ready", "")
        if not self._ready.done():
            self._ready.set_result(ready)

    def _lost(self, what: str) -> None:
        if self.gone:
            return
        if self._writer is not None:
            self._writer.close()
        if not self._met and not self._closing:
            return  # `open` looks for another
        self.gone = True
        for future in (self._welcome, self._ready):
            if not future.done():
                future.cancel()
        if not self._closing:
            self._on_state(self.kind, "gone", what)
        self._on_gone(self, what)

    async def wait_ready(self) -> None:
        """Until the host has imported what it needs. Raises EngineError where it cannot."""
        try:
            ready = await asyncio.shield(self._ready)
        except asyncio.CancelledError:
            if not self.gone:
                raise
            raise EngineError("The engine has ended while starting.", f"Its log is {log_file(self.kind)}.") from None
        if ready.problem:
            raise EngineError(ready.problem, ready.todo)

    async def runs(self) -> tuple[str, ...]:
        """Ids of the runs that go on or wait to be seen. All that the host had to say before has come by then."""
        try:
            await asyncio.shield(self._welcome)
            self._welcome = asyncio.get_running_loop().create_future()
            await self.send(self._hello)
            return (await asyncio.shield(self._welcome)).runs
        except asyncio.CancelledError:
            if not self.gone:
                raise
            return ()

    # -------------------------------------------------------------- out

    def tell(self, request: Request) -> None:
        """Send without waiting. A line that has gone takes it silently: its end was said already."""
        if self._writer is not None and not self.gone:
            self._writer.write(pack(request))

    async def drain(self) -> None:
        if self._writer is not None and not self.gone:
            try:
                await self._writer.drain()
            except ConnectionError as error:
                self._lost(f"The connection to the engine broke ({error}).")

    async def send(self, request: Request) -> None:
        self.tell(request)
        await self.drain()

    async def close(self) -> None:
        """Leave. What follows here is told that the line has gone."""
        self._closing = True
        if self._writer is not None and not self.gone:
            await self.drain()
            self._writer.close()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._lost("The window has left.")

    async def wait_gone(self) -> None:
        """Until the host has closed the line."""
        self._closing = True
        if self._reading is not None:
            await self._reading


def log_file(kind: HostKind) -> Path:
    """Where a host's own errors go: into the cache, or beside the socket where the cache takes no more."""
    log = paths.cache_dir() / f"engine-{kind}.log"
    beside = paths.socket_dir() / log.name
    return beside if beside.exists() and not log.exists() else log


def open_log(kind: HostKind) -> IO[bytes]:
    """The log, to add to. It goes beside the socket where the learner's disk takes no more: runs shall go on."""
    log = paths.cache_dir() / f"engine-{kind}.log"
    try:
        files.private_folder(log.parent)
        return files.open_private(log, anew=not log.exists() or log.stat().st_size >= _LOG_BYTES)
    except OSError:
        return files.open_private(sockets.own_folder() / log.name, anew=True)


def last_line(log: Path) -> str:
    """The last line of the log that says something."""
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError as error:
        return f"and its log cannot be read ({error})."
    return lines[-1] if lines else "it left no word."


_STARTING: dict[HostKind, str] = {
    "light": "The engine is starting.",
    "keras": "Keras is being loaded in the background; this takes some seconds once.",
}
