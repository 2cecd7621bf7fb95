"""The engine's host: `python -m tutor.engine.host --kind light|keras`.

It only imports the frameworks, listens, and begins a process for each run. One thread, one selectors loop; nothing
is ever computed in it, because a process forked from one that has run a threaded operation would hang.
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, Union, get_args

import msgspec

from tutor.engine import inside, place, verdicts
from tutor.engine import protocol as p
from tutor.engine.frames import pack
from tutor.engine.nursery import Child, Nursery
from tutor.engine.record import Record
from tutor.engine.runner import Run
from tutor.engine.spawn import Become
from tutor.engine.wire import Wire
from tutor.errors import EngineError

IDLE = 600.0
"""Seconds without a window, a run, or a result that waits to be seen, after which a host ends
(`DL_TUTOR_ENGINE_IDLE` sets another number)."""
_UNSEEN = 24 * 3600.0
_RECORDS_KEPT = 12
_FIGURE_SECONDS = 15.0


class GradeHead(msgspec.Struct, frozen=True, tag="grade"):
    """A Grade, of which the host reads only for which run it is."""

    run: str


_REQUESTS = tuple(kind for kind in get_args(p.Request) if kind is not p.Grade)
_request = msgspec.msgpack.Decoder(Union[(*_REQUESTS, GradeHead)])


class Window:
    """One connection. name: which window it says it is."""

    def __init__(self, host: Host, sock: socket.socket) -> None:
        self.name = ""
        self.host = host
        self.greeted = False
        self.wire = Wire(sock, host.selector, self._message, lambda: host.window_gone(self))
        self.wire.on_drained = lambda: host.feed(self)

    def _message(self, body: memoryview) -> None:
        try:
            request = _request.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.tell(p.Refused(f"The engine did not understand a request ({error})."))
            self.wire.close()
            self.host.window_gone(self)
            return
        self.host.answer(self, request, body)

    def tell(self, event: p.Event) -> None:
        self.wire.send(pack(event))


class Host:
    """Windows on one side, runs on the other."""

    def __init__(self, kind: p.HostKind, listener: socket.socket, selector: selectors.BaseSelector) -> None:
        self.kind = kind
        self.selector = selector
        self.ready: p.Ready | None = None
        self.stopping = False
        self.windows: list[Window] = []
        self.runs: dict[str, Run] = {}
        self._listener = listener
        self._queue: deque[Run] = deque()
        self._current: Run | None = None
        self._nursery = Nursery(selector)
        self._figures: Child | None = None
        self._asked: deque[tuple[Window, p.Figure, float]] = deque()
        self._inspecting: dict[tuple[str, int], Window] = {}
        self._busy_at = time.monotonic()
        self._idle = float(os.environ.get("DL_TUTOR_ENGINE_IDLE") or IDLE)
        selector.register(listener, selectors.EVENT_READ, lambda mask: self._accept())

    # -------------------------------------------------------------- the loop

    def poll(self, timeout: float) -> None:
        """One round: what can be read or written now, then what is due."""
        for key, mask in self.selector.select(timeout):
            if key.fd in self.selector.get_map():  # an earlier callback of this round may have closed it
                key.data(mask)
        if not self._nursery.watched:
            self._nursery.reap()
        now = time.monotonic()
        for run in list(self.runs.values()):
            if now >= run.due:
                run.tick()
        self._look_at_figures(now)

    def serve(self) -> None:
        """Until there is nothing left to do."""
        while not self.stopping:
            self.poll(self._timeout())
            if self._busy():
                self._busy_at = time.monotonic()
            elif time.monotonic() - self._busy_at >= self._idle:
                self.stopping = True

    def _timeout(self) -> float:
        now = time.monotonic()
        wait = min([run.due - now for run in self.runs.values()] + [self._busy_at + self._idle - now, 30.0])
        if self._asked:
            wait = min(wait, 0.5)
        if not self._nursery.watched and self._nursery.children:
            wait = min(wait, 0.05)
        return max(wait, 0.001)

    def _busy(self) -> bool:
        if self.windows or self._current or self._queue:
            return True
        return any(not run.record.seen and run.idle_seconds < _UNSEEN for run in self.runs.values())

    def close(self) -> None:
        """End every process."""
        for child in list(self._nursery.children.values()):
            child.kill()
        self._nursery.sweep(set(self._nursery.children))
        deadline = time.monotonic() + 2.0
        while self._nursery.children and time.monotonic() < deadline:
            self._nursery.reap()
            time.sleep(0.005)

    def let_go(self) -> None:
        """In a forked process: forget the host's sockets without touching what they stand for."""
        for key in list(self.selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.detach()

    # -------------------------------------------------------------- windows

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:  # it went before it was let in
            return
        try:
            place.check_peer(sock)
        except EngineError as error:
            print(error, file=sys.stderr)
            sock.close()
            return
        self.windows.append(Window(self, sock))

    def window_gone(self, window: Window) -> None:
        """Its runs go on; what waits only for it to look ends, once its result was seen."""
        if window in self.windows:
            self.windows.remove(window)
        others = {each.name for each in self.windows}
        for run in self.runs.values():
            run.record.unfollow(window.wire)
            if run.record.window == window.name and window.name not in others and run.record.seen:
                run.leave()

    def feed(self, window: Window) -> None:
        """The window has taken all that was sent: whatever it follows may have more."""
        for run in self.runs.values():
            run.record.feed(window.wire)

    def announce(self, ready: p.Ready) -> None:
        self.ready = ready
        for window in self.windows:
            if window.greeted:
                window.tell(ready)
        if ready.problem:
            waiting, self._queue = list(self._queue), deque()
            for run in waiting:
                del self.runs[run.job.run]
                self._not_installed(run.job, run.record, ready)
        self._next()

    # -------------------------------------------------------------- requests

    def answer(self, window: Window, request: Any, body: memoryview) -> None:
        match request:
            case p.Hello():
                self._greet(window, request)
            case p.Submit(job=job):
                self._submit(window, job)
            case GradeHead(run=name):
                self._grade(name, body)
            case p.Figure():
                self._figure(window, request)
            case p.Stop(force=force):
                self.stopping = force or not (self._current or self._queue)
            case _:
                self._about_a_run(window, request)

    def _greet(self, window: Window, hello: p.Hello) -> None:
        window.name, window.greeted = hello.window, True
        waiting = tuple(name for name, run in self.runs.items() if not run.record.seen)
        window.tell(p.Welcome(p.VERSION, self.kind, os.getpid(), self.ready is not None, waiting))
        if self.ready is not None and self.ready.problem:
            window.tell(self.ready)
        if hello.version != p.VERSION:
            window.tell(
                p.Refused("The engine is of another version.", "Close all windows of the tutor and start again.")
            )

    def _submit(self, window: Window, job: p.Job) -> None:
        if job.run in self.runs:
            window.tell(p.Refused(f"The run {job.run} exists already.", run=job.run))
            return
        self._make_room(window)
        record = Record(job.run, window.name)
        record.follow(window.wire)
        if self.ready is not None and self.ready.problem:
            self._not_installed(job, record, self.ready)
            return
        run = Run(job, self.kind, record, self._nursery)
        run.on_over = lambda: self._over(run)
        run.on_inspected = lambda event: self._inspected(run, event)
        self.runs[job.run] = run
        self._queue.append(run)
        if self._current is not None:
            record.add(p.Queued(job.run, len(self._queue)))
        self._next()

    def _make_room(self, window: Window) -> None:
        """A window's new run replaces its old ones; few results of the past are kept."""
        for run in self.runs.values():
            if run.record.window == window.name:
                run.leave()
        ended = [name for name, run in self.runs.items() if run.state == "ended"]
        for name in ended[: max(0, len(ended) - _RECORDS_KEPT)]:
            self.runs[name].leave()
            del self.runs[name]

    def _not_installed(self, job: p.Job, record: Record, ready: p.Ready) -> None:
        error = p.CodeError("NotInstalled", ready.problem, todo=ready.todo)
        if job.graded:
            record.add(p.Judged(job.run, verdicts.fault_verdict(job, f"{ready.problem} {ready.todo}")))
        record.add(p.Ended(job.run, "error", 0.0, error))

    def _next(self) -> None:
        while self._current is None and self._queue and self.ready is not None:
            self._current = self._queue.popleft()
            self._current.start()

    def _over(self, run: Run) -> None:
        if run in self._queue:
            self._queue.remove(run)
        if self._current is run:
            self._current = None
            self._next()

    def _grade(self, name: str, body: memoryview) -> None:
        run = self.runs.get(name)
        if run is not None:
            run.grade(body)

    def _about_a_run(self, window: Window, request: Any) -> None:
        name = request.run or next(reversed(self.runs), "")
        run = self.runs.get(name)
        if run is None:
            what = "There is no run yet." if not name else f"The run {name} is not known to the engine any more."
            if isinstance(request, p.Inspect):
                window.tell(p.Inspected(request.request, problem=what))
            elif not isinstance(request, p.Seen):
                window.tell(p.Refused(what, "Run the code again.", run=name))
            return
        match request:
            case p.Attach(start=start):
                run.record.follow(window.wire, start)
            case p.Cancel():
                run.cancel()
            case p.Kill():
                run.kill()
            case p.Pause():
                run.pause()
            case p.Resume():
                run.resume()
            case p.SetRate(rate=rate):
                run.set_rate(rate)
            case p.Seen():
                run.record.seen = True
            case p.Inspect():
                self._inspect(window, run, request)

    # -------------------------------------------------------------- looking into a run

    def _inspect(self, window: Window, run: Run, request: p.Inspect) -> None:
        problem = run.inspect(request)
        if problem:
            window.tell(p.Inspected(request.request, problem=problem))
        else:
            self._inspecting[run.job.run, request.request] = window

    def _inspected(self, run: Run, event: p.Inspected) -> None:
        window = self._inspecting.pop((run.job.run, event.request), None)
        if window is not None:
            window.tell(event)

    # -------------------------------------------------------------- figures

    def _figure(self, window: Window, request: p.Figure) -> None:
        if self._figures is None:
            start = inside.Begin("figures", self.kind, "")
            try:
                self._figures = self._nursery.begin(start)
            except OSError as error:
                problem = f"The machine could not start the figures: {error}."
                window.tell(p.FigureDone(request.request, request.name, problem=problem))
                return
            self._figures.on_message = self._figure_done
            self._figures.on_closed = self._figures.kill
            self._figures.on_exit = lambda status: self._figures_ended()
        self._asked.append((window, request, time.monotonic()))
        self._figures.wire.send(pack(request))

    def _figure_done(self, body: memoryview) -> None:
        done = msgspec.msgpack.decode(body, type=p.FigureDone)
        window, _, _ = self._asked.popleft()
        if self._asked:
            self._asked[0] = (*self._asked[0][:2], time.monotonic())
        window.tell(done)

    def _figures_ended(self) -> None:
        self._figures = None
        asked, self._asked = self._asked, deque()
        for window, request, _ in asked:
            problem = "The process that computes the figures has ended; try again."
            window.tell(p.FigureDone(request.request, request.name, problem=problem))

    def _look_at_figures(self, now: float) -> None:
        if self._asked and self._figures is not None and now - self._asked[0][2] > _FIGURE_SECONDS:
            self._figures.kill()


# ------------------------------------------------------------------ beginning and end


def prepare_environment() -> None:
    """Set what numpy, torch and keras read when they are imported."""
    from tutor import paths

    threads = str(max(1, (os.cpu_count() or 2) // 2))
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["OMP_WAIT_POLICY"] = "passive"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, threads)
    home = paths.cache_dir() / "keras"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["KERAS_BACKEND"] = "torch"
    os.environ["KERAS_HOME"] = str(home)


def imports(kind: p.HostKind) -> list[str]:
    """The modules to import ahead, in steps between which windows are answered."""
    light = ["numpy", "tutor.engine.child", "tutor.plot", "tutor.data", "tutor.track", "tutor.figures"]
    light += ["tutor.engine.link", "tutor.engine.inspect", "tutor.grading.answering", "tutor.grading.judge"]
    return light if kind == "light" else [*light, "torch", "keras", "tutor.engine.training"]


def load(host: Host) -> None:
    """Import ahead. Frameworks that are missing become a `problem` that every run is answered with."""
    began = time.monotonic()
    problem = todo = ""
    for name in imports(host.kind):
        host.poll(0)
        try:
            importlib.import_module(name)
        except ImportError as error:
            if name not in ("numpy", "torch", "keras", "tutor.engine.training"):
                print(f"{name} could not be imported ahead: {error}", file=sys.stderr)
                continue
            missing = error.name or name
            problem = f"{missing} is missing or broken in this installation ({error})."
            todo = "Install the tutor again with its dependencies (README.md); dl-tutor doctor says what is found."
            break
    if host.kind == "keras" and not problem:
        from tutor.engine import training

        training.install()
    gc.collect()
    gc.freeze()  # what is imported is shared with every run and never looked at again
    host.announce(p.Ready(time.monotonic() - began, problem, todo))


def listen(path: Path) -> tuple[socket.socket, int] | None:
    """The listening socket and the lock that goes with it, or None where another host is there already."""
    place.own_folder()
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    path.unlink(missing_ok=True)  # left over from a host that was killed: we hold its lock
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    old = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(old)
    listener.listen(16)
    listener.setblocking(False)
    return listener, lock


def settle() -> int:
    """Leave the process that was started: it ends, with status 0, once a byte is written to the descriptor that is
    returned (in a process of its own), and with 1 should that be closed without. So whoever starts a host can wait
    for it to listen, and is not its parent afterwards."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        os._exit(0 if os.read(reading, 1) else 1)
    os.close(reading)
    os.setsid()
    return writing


def hold_back(back: bool) -> None:
    """Let others go first while the imports go on (a raised nice value could not be lowered again)."""
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_BATCH if back else os.SCHED_OTHER, os.sched_param(0))


def run_host(kind: p.HostKind) -> None:
    """Serve until idle, or until told to stop. In a process forked for a run, raises Become."""
    listening = settle()
    path = place.socket_path(kind)
    found = listen(path)
    os.write(listening, b"1")
    os.close(listening)
    if found is None:
        return
    prepare_environment()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    host = Host(kind, found[0], selectors.DefaultSelector())
    try:
        hold_back(True)
        load(host)
        hold_back(False)
        host.serve()
    except Become:
        host.let_go()
        raise
    path.unlink(missing_ok=True)
    host.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tutor.engine.host", description=__doc__)
    parser.add_argument("--kind", choices=("light", "keras"), required=True)
    kind = parser.parse_args().kind
    try:
        run_host(kind)
        return
    except Become as become:
        enter = become.enter
    enter()


if __name__ == "__main__":
    main()
