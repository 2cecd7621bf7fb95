"""One connection from a window to a host: found or started, kept, lost."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections import deque
from collections.abc import Callable

from tutor import paths
from tutor.engine.client import host_start
from tutor.engine.client.silence import Silence
from tutor.engine.machine import processes, sockets
from tutor.errors import EngineError
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import Event, HostWaits, Ready, Welcome
from tutor.messages.frames import Unpacker, pack
from tutor.messages.jobs import HostKind
from tutor.messages.requests import VERSION, Hello, Request

_START_SECONDS = 60.0
_AGAIN = 0.02
"""Seconds between the first two attempts to start a host, where one that ends holds its place still."""
_SELDOM = 0.5
"""Seconds between later ones."""
_LAST_WORDS = 1.0
"""Seconds in which what is to be said to a host has to go out when we leave."""
PULSE = 5.0
"""Seconds of silence after which a host that owes something is asked whether it is there."""
_event: MessageDecoder[Event] = MessageDecoder(Event)


class Connection:
    """on_event(line, event); on_gone(line, sentence) once; on_state(kind, state, sentence). awaited(): whether the host
    owes an answer, or more of a run."""

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
        self._hello_words = Hello(VERSION, window, stays)
        self._path = sockets.socket_path(kind)
        self._on_event = on_event
        self._on_gone = on_gone
        self._on_state = on_state
        self.awaited: Callable[[], bool] = lambda: False
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._pulse: asyncio.Task[None] | None = None
        self._welcomes: deque[asyncio.Future[Welcome]] = deque()
        self._ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self.shown: tuple[str, ...] = ()
        self._met = self._heard = self._closing = False
        self._why = ""

    # -------------------------------------------------------------- beginning

    async def open(self) -> None:
        """Connect, starting a host where there is none. Raises EngineError where it will not start."""
        if await self.open_living():
            return
        self._on_state(self.kind, "starting", _STARTING[self.kind])
        if squatted := paths.squatted():
            self._on_state(self.kind, "elsewhere", squatted)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self._start_until_connected()
        except (OSError, EngineError) as error:  # TimeoutError is an OSError
            sentence = str(error) if isinstance(error, EngineError) else f"The engine did not start: {error}."
            if isinstance(error, TimeoutError):
                sentence = f"The engine did not answer within {_START_SECONDS:g} s."
            self._on_state(self.kind, "failed", sentence)
            few = isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)
            todo = "Say `ulimit -n 1024` in this shell, and try again." if few else ""
            raise EngineError(sentence, todo or f"Its log is {host_start.log_file(self.kind)}.") from error

    async def open_living(self) -> bool:
        """Connect to a host that listens already. False where there is none, or where it goes before it has answered:
        the socket of one that is being killed may take a connection still. One that hangs is ended."""
        processes.close_to_others()  # what this window shows is believed
        sockets.own_folder()
        sock = await self._reach()
        if sock is None:
            return False
        pid = sockets.check_peer(sock)
        reader, self._writer = await asyncio.open_unix_connection(sock=sock)
        self._reading = reading = asyncio.create_task(self._read(reader))
        self._welcomes.clear()
        welcome, silence = self._hello(), self._silence(pid)
        while not (welcome.done() or reading.done()):
            self._replaced(await silence.step(welcome, reading))
        if self._met:
            self._pulse = asyncio.create_task(self._feel_pulse(pid))
        return self._met

    async def _reach(self) -> socket.socket | None:
        """A socket that is connected to the host's, None where nobody listens."""
        silence = self._silence()
        while True:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            sock.setblocking(False)
            try:
                sock.connect(str(self._path))
            except OSError as error:
                sock.close()
                if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
                    return None
                if not isinstance(error, BlockingIOError):  # it lets nobody in, and many wait already
                    raise
                self._replaced(await silence.step())
            else:
                return sock

    def _silence(self, pid: int = 0) -> Silence:
        return Silence(self._path, pid, lambda sentence: self._on_state(self.kind, "silent", sentence))

    def _replaced(self, why: str) -> None:
        if why:
            self._on_state(self.kind, "replaced", f"{why} Another one starts.")

    async def _start_until_connected(self) -> None:
        """Raises EngineError where a host does not start."""
        silence, pause = self._silence(), _AGAIN
        while not await self._start_and_connect():
            if broken := await host_start.broken_import(self._path, crashed=True):
                raise EngineError(broken)
            self._replaced(await silence.step(seconds=pause))
            pause = min(2 * pause, _SELDOM)

    async def _start_and_connect(self) -> bool:
        """False where one that is about to end was in the way. The process that is started ends as soon as a host
        listens (`host.settle`), be it another."""
        process = await host_start.start(self.kind, self._path)
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            raise
        if status:
            raise EngineError(f"The engine did not start: {host_start.last_line(host_start.log_file(self.kind))}")
        return await self.open_living()

    # -------------------------------------------------------------- going on

    async def _read(self, reader: asyncio.StreamReader) -> None:
        unpacker = Unpacker()
        what = "The engine has ended unexpectedly. It starts again with the next run."
        try:
            while data := await reader.read(1 << 16):
                self._heard = True
                for body in unpacker.feed(data):
                    self._take(_event.read(body))
        except (OSError, EngineError) as error:
            what = f"The connection to the engine broke ({error}). It starts again with the next run."
        if not self._ready.done():
            what = await host_start.broken_import(self._path, self.pid) or what
        self._lost(self._why or what)

    async def _feel_pulse(self, pid: int) -> None:
        """Where the host owes something and says nothing for long, ask whether it is there; should it hang, it is
        ended, and so is this line."""
        while not self.gone:
            self._heard = False
            await asyncio.sleep(PULSE)
            if self._heard or not (self.awaited() or not self._ready.done()):
                continue
            welcome, silence = self._hello(), self._silence(pid)
            while not welcome.done():
                try:
                    why = await silence.step(welcome)
                except EngineError as error:
                    self._lost(str(error))
                    return
                self._why = f"{why} It starts again with the next run." if why else self._why
                if self._heard:
                    silence.heard()
                    self._heard = False

    def _hello(self) -> asyncio.Future[Welcome]:
        """Say who we are, at the beginning and whenever the host is to show that it is there. Its answers come in the
        order of the questions."""
        welcome: asyncio.Future[Welcome] = asyncio.get_running_loop().create_future()
        self._welcomes.append(welcome)
        self.tell(self._hello_words)
        return welcome

    def _take(self, event: Event) -> None:
        if isinstance(event, Welcome):
            self.pid, self.shown, self._met = event.pid, event.shown, True
            if self._welcomes and not (welcome := self._welcomes.popleft()).done():
                welcome.set_result(event)
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
        self.gone, self._why = True, what
        if self._pulse is not None and self._pulse is not asyncio.current_task():
            self._pulse.cancel()
        futures: list[asyncio.Future[Welcome] | asyncio.Future[Ready]] = [*self._welcomes, self._ready]
        for future in futures:
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
            raise EngineError(self._why, f"Its log is {host_start.log_file(self.kind)}.") from None
        if ready.problem:
            raise EngineError(ready.problem, ready.todo)

    async def runs(self) -> tuple[str, ...]:
        """Ids of the runs that go on or wait to be seen. All that the host had to say before has come by then."""
        if self.gone:
            return ()
        try:
            welcome = self._hello()
            await self.drain()
            return (await asyncio.shield(welcome)).runs
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
            with contextlib.suppress(TimeoutError):  # one that hangs takes nothing
                await asyncio.wait_for(self.drain(), _LAST_WORDS)
            self._writer.close()
        tasks = [task for task in (self._reading, self._pulse) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lost("The window has left.")

    async def wait_gone(self) -> None:
        """Until the host has closed the line."""
        self._closing = True
        if self._reading is not None:
            await self._reading


_STARTING: dict[HostKind, str] = {
    "light": "The engine is starting.",
    "keras": "Keras is being loaded in the background; this takes some seconds once.",
}
