"""The middle of a host: windows on one side, runs on the other."""

from __future__ import annotations

import os
import selectors
import socket
import sys
import time
from collections.abc import Callable
from functools import partial

from tutor.engine.host.child_processes import ChildProcesses
from tutor.engine.host.figure_desk import FigureDesk
from tutor.engine.host.guarding import guarded
from tutor.engine.host.listening import Listening
from tutor.engine.host.run_desk import RunDesk
from tutor.engine.host.window_link import GradeHead, HostRequest, WindowLink
from tutor.engine.machine import sockets, unseen_results
from tutor.errors import EngineError
from tutor.messages.events import HostWaits, Ready, Refused, RunWaits, Welcome
from tutor.messages.jobs import HostKind
from tutor.messages.requests import VERSION, ComputeFigure, DropFigure, Hello, Stop, Submit

IDLE = 600.0
"""Seconds that a host stays for the next command after one, and for somebody to see a result, which goes to the disk
then (`DL_TUTOR_ENGINE_IDLE` sets another number)."""
_UNMET = 30.0
"""Seconds that it waits for whoever has started it."""
_LOOK_EVERY = 0.5
"""Seconds between two looks whether what a host waits for is there."""
_LOOK_HOME_EVERY = 5.0
"""Seconds between two looks whether its socket still stands."""
_LAST_WORDS = 2.0
"""Seconds that runs get to end in when the system ends their host."""
FAULT = "The tutor's engine has made a mistake with this run; its log says which."
SENT_AWAY = "The tutor's engine was told to end (SIGTERM), as at logout or before the machine goes down."


class Host:
    """Windows on one side, runs on the other."""

    def __init__(self, kind: HostKind, listening: Listening, selector: selectors.BaseSelector) -> None:
        self.kind = kind
        self.selector = selector
        self.listening = listening
        self.ready: Ready | None = None
        self.stopping = False
        self.windows: list[WindowLink] = []
        self._look_home_at = 0.0
        self._waiting = ""
        self._retiring = self._sent_away = self._homeless = False
        self._child_processes = ChildProcesses(selector)
        self._child_processes.windows = lambda: {window.pid for window in self.windows if window.pid}
        self._figures = FigureDesk(kind, self._child_processes)
        self._desk = RunDesk(kind, self._child_processes, self._run_over)
        self._queue = self._desk.queue
        self._busy_at = time.monotonic()
        given = os.environ.get("DL_TUTOR_ENGINE_IDLE")
        self._idle = float(given or IDLE)
        self._after_window = float(given or 0.0)
        self._patience = min(self._idle, _UNMET)
        self._let_in()

    # -------------------------------------------------------------- the loop

    def poll(self, timeout: float) -> None:
        """One round: what can be read or written now, then what is due."""
        for key, mask in self.selector.select(timeout):
            if key.fd in self.selector.get_map():  # an earlier callback of this round may have closed it
                guarded("what came in", partial(key.data, mask), partial(self._leave_out, key))
        if not self._child_processes.watched:
            self._child_processes.reap()
        now = time.monotonic()
        for run in list(self._desk.runs.values()):
            if now >= run.due:
                guarded("a look at a run", run.tick, partial(run.give_up, FAULT))
        if now >= self._queue.due:
            self._queue.look()
        guarded("a look at the figures", self._figures.look)
        if now >= self._look_home_at:
            guarded("a look for its socket", self.look_home)
        if self._busy():
            self._busy_at = now
        elif now - self._busy_at >= self._patience:
            self.stopping = True

    def _leave_out(self, key: selectors.SelectorKey) -> None:
        """What could not be dealt with is not looked at again: it would come again at once, and without end."""
        if key.fileobj is not self.listening.socket and key.fd in self.selector.get_map():
            self.selector.unregister(key.fileobj)

    def serve(self) -> None:
        """Until there is nothing left to do. What nobody has seen by then goes to the disk."""
        while not self.stopping:
            self.poll(self._timeout())
        deadline = time.monotonic() + _LAST_WORDS
        while self._sent_away and self._queue.busy and time.monotonic() < deadline:
            self.poll(0.05)
        for run in self._desk.runs.values():
            if run.state == "ended" and not run.event_log.seen:
                unseen_results.keep(run.job.run, run.event_log.frames)

    def send_away(self) -> None:
        """SIGTERM has come, as the system may send it at logout: what runs have said is kept."""
        self._sent_away = self.stopping = True
        for run in list(self._desk.runs.values()):
            run.give_up(SENT_AWAY)

    def wait_until(self, reason: Callable[[], str]) -> None:
        """Answer windows, and tell them of the reason, for as long as there is one."""
        while not self.stopping and (why := reason()):
            self._say_waiting(why)
            self.poll(min(_LOOK_EVERY, self._timeout()))
        self._say_waiting("")

    def _say_waiting(self, what: str) -> None:
        if what == self._waiting:
            return
        self._waiting = what
        for window in self.windows:
            if window.greeted:
                window.tell(HostWaits(what))
        for run in self._queue.waiting:
            run.event_log.add(RunWaits(run.job.run, what))

    def _timeout(self) -> float:
        now = time.monotonic()
        wait = min([run.due - now for run in self._desk.runs.values()] + [self._queue.due - now])
        wait = min(wait, self._look_home_at - now)
        if not self._busy():
            wait = min(wait, self._busy_at + self._patience - now)
        elif not (self.windows or self._queue.busy):
            unseen = (run for run in self._desk.runs.values() if not run.event_log.seen)
            wait = min(wait, *(self._idle - run.idle_seconds for run in unseen))
        if self._figures.busy:
            wait = min(wait, 0.5)
        if not self._child_processes.watched and self._child_processes.children:
            wait = min(wait, 0.05)
        return max(wait, 0.001)

    def _busy(self) -> bool:
        if self.windows or self._queue.busy:
            return True
        return any(not run.event_log.seen and run.idle_seconds < self._idle for run in self._desk.runs.values())

    def close(self) -> None:
        """End every process."""
        for child in list(self._child_processes.children.values()):
            child.kill()
        self._child_processes.sweep(set(self._child_processes.children))
        deadline = time.monotonic() + 2.0
        while self._child_processes.children and time.monotonic() < deadline:
            self._child_processes.reap()
            time.sleep(0.005)

    def let_go(self) -> None:
        """In a forked process: forget the host's sockets without touching what they stand for."""
        for key in list(self.selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.detach()

    # -------------------------------------------------------------- windows

    def _let_in(self) -> None:
        self.selector.register(self.listening.socket, selectors.EVENT_READ, lambda mask: self._accept())

    def look_home(self) -> None:
        """Where our socket was removed, listen anew. Where another host has its place by then, nobody finds us any
        more: we go as soon as no run goes on."""
        self._look_home_at = time.monotonic() + _LOOK_HOME_EVERY
        if self._homeless or self.listening.stands:
            return
        self.selector.unregister(self.listening.socket)
        if self.listening.anew():
            self._let_in()
        else:
            self._homeless = True
            self.listening.leave()
            self._retire()

    def _retire(self, *, force: bool = False) -> None:
        """End as soon as no run goes on, or at once."""
        self._retiring = True
        self.stopping = self.stopping or force or not self._queue.busy

    def _accept(self) -> None:
        try:
            sock, _ = self.listening.socket.accept()
        except OSError:  # it went before it was let in
            return
        try:
            pid = sockets.check_peer(sock)
        except EngineError as error:
            print(error, file=sys.stderr)
            sock.close()
            return
        self.windows.append(WindowLink(self, sock, pid))

    def window_gone(self, window: WindowLink) -> None:
        """After the last window the host goes; after a command it stays warm for the next."""
        if window in self.windows:
            self.windows.remove(window)
        if window.greeted and not self.windows:
            self._patience = self._after_window if window.stays else self._idle
        self._figures.drop(window.tell)
        self._desk.window_gone(window, elsewhere=window.name in {each.name for each in self.windows})

    def feed(self, window: WindowLink) -> None:
        """The window has taken all that was sent."""
        self._desk.feed(window)

    def prepare(self) -> None:
        """What the first run would have to wait for."""
        guarded("what runs may reach", self._child_processes.prepare)

    def announce(self, ready: Ready) -> None:
        self.ready = ready
        for window in self.windows:
            if window.greeted:
                window.tell(ready)
        self._desk.open(ready)

    # -------------------------------------------------------------- requests

    def answer(self, window: WindowLink, request: HostRequest, body: memoryview) -> None:
        match request:
            case Hello():
                self._greet(window, request)
            case Submit(job=job):
                self._desk.submit(window, job, self._waiting)
            case GradeHead(run=name):
                self._desk.grade(name, body)
            case ComputeFigure():
                self._figures.ask(request, window.tell)
            case DropFigure(request=number):
                self._figures.drop(window.tell, number)
            case Stop(force=force):
                self._retire(force=force)
            case _:
                self._desk.ask(window, request)

    def _greet(self, window: WindowLink, hello: Hello) -> None:
        window.name, window.stays, window.greeted = hello.window, hello.stays, True
        runs, shown = self._desk.unseen, self._desk.of_windows({each.name for each in self.windows})
        window.tell(Welcome(VERSION, self.kind, os.getpid(), self.ready is not None, runs, shown))
        if self.ready is not None and self.ready.problem:
            window.tell(self.ready)
        if self._waiting:
            window.tell(HostWaits(self._waiting))
        if hello.version != VERSION:
            window.tell(
                Refused("The engine is of another version.", "Close all windows of the tutor and start again.")
            )

    def _run_over(self) -> None:
        if self._retiring and not self._queue.busy:
            self.stopping = True
