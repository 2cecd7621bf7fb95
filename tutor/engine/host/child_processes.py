"""The processes a host has begun: their sockets, their pipes, their ends."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable
from functools import partial

import msgspec

from tutor.engine.host import starting
from tutor.engine.host.framed_socket import FramedSocket
from tutor.engine.host.guarding import guarded
from tutor.engine.machine import processes, sockets
from tutor.engine.machine.confinement import own_memory
from tutor.engine.machine.confinement.readable import Readable
from tutor.messages import children
from tutor.messages.frames import pack
from tutor.messages.reach import Reach

LOADING = 120.0
"""Seconds within which a process that was started afresh has to have imported what it needs."""
_READ = 65536
_FOLDER = "dl-tutor-run-"


def clear_folders() -> None:
    """Remove temporary folders of runs whose host was killed."""
    for folder in sockets.own_folder().glob(f"{_FOLDER}*"):
        host = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if not host.isdigit() or not processes.alive(int(host)):
            shutil.rmtree(folder, ignore_errors=True)


class ChildProcess:
    """One process. family: what was last seen to come of it. on_message(body), on_printed(stream, data), on_closed()
    when its socket is shut, on_exit(status) when it has ended (status as of os.waitstatus_to_exitcode) and all it said
    was read."""

    def __init__(self, owner: ChildProcesses, start: children.Begin, process: starting.Begun) -> None:
        self.owner = owner
        self.role = start.role
        self.folder = start.folder
        self.pid = process.pid
        self.fresh = process.fresh
        self.alive = True
        self.family: set[int] = set()
        self.on_message: Callable[[memoryview], None] = lambda body: None
        self.on_printed: Callable[[str, bytes], None] = lambda stream, data: None
        self.on_closed: Callable[[], None] = lambda: None
        self.on_exit: Callable[[int], None] = lambda status: None
        selector = owner.selector
        self.framed = FramedSocket(
            process.control, selector, lambda body: self.on_message(body), lambda: self.on_closed()
        )
        self._pipes = {"out": process.out, "err": process.err}
        for stream, fd in self._pipes.items():
            if fd is not None:
                os.set_blocking(fd, False)
                selector.register(fd, selectors.EVENT_READ, lambda mask, stream=stream: self.drain(stream, 1))
        if process.greeting:
            self.framed.send(process.greeting)

    def tell(self, message: children.ToLearner | children.ToJudge, fd: int = -1) -> None:
        """Never blocks. fd: a descriptor to hand over; it is closed here."""
        self.framed.send(pack(message), fd)

    def drain(self, stream: str, reads: int) -> None:
        """Take what it printed, a bounded number of reads at once."""
        fd = self._pipes[stream]
        for _ in range(reads):
            if fd is None:
                return
            try:
                data = os.read(fd, _READ)
            except BlockingIOError:
                return
            if not data:
                self._close_pipe(stream)
                return
            guarded("what was made of printed text", partial(self.on_printed, stream, data), self.kill)

    def drain_all(self) -> None:
        for stream in self._pipes:
            self.drain(stream, 16)

    def _close_pipe(self, stream: str) -> None:
        fd = self._pipes[stream]
        if fd is not None:
            self._pipes[stream] = None
            self.owner.selector.unregister(fd)
            os.close(fd)

    def kill(self) -> None:
        """End its process group at once."""
        if self.alive:
            processes.signal_group(self.pid, signal.SIGKILL)

    def ended(self, status: int) -> None:
        """Called by the owner once, when the process has been collected."""
        self.alive = False
        self.drain_all()
        while self.framed.read():
            self.drain_all()
        for stream in self._pipes:
            self._close_pipe(stream)
        self.framed.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        guarded(f"the end of a process ({self.role})", lambda: self.on_exit(status))


class ChildProcesses:
    """All processes of a host. `reap` is to be called when something may have ended."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self.selector = selector
        self.children: dict[int, ChildProcess] = {}
        self.watched = hasattr(os, "pidfd_open")
        self.windows: Callable[[], set[int]] = set
        """The processes of the windows, which no run may signal."""
        self._readable = Readable()
        processes.adopt_orphans()

    def begin(
        self, start: children.Begin, *, peer: socket.socket | None = None, listen: bool = False, gpu: bool = False
    ) -> ChildProcess:
        """Begin a process with a temporary folder of its own. Raises OSError where the machine cannot."""
        folder = tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-", dir=sockets.own_folder())
        start = msgspec.structs.replace(start, folder=folder, reach=self._reach(start))
        try:
            process = starting.begin(start, peer=peer, listen=listen, gpu=gpu)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        child = ChildProcess(self, start, process)
        self.children[process.pid] = child
        if self.watched:
            fd = os.pidfd_open(process.pid)
            self.selector.register(fd, selectors.EVENT_READ, lambda mask: self._over(fd))
        return child

    def prepare(self) -> None:
        """Find out now what runs may reach, so that the first need not wait for it."""
        self._readable.reach()

    def _reach(self, start: children.Begin) -> Reach | None:
        """What the learner's code may reach; the processes of this host may reach what the user may."""
        if start.role not in ("learner", "rerun") or start.job is None:
            return None
        spared = tuple({os.getpid(), *self.windows(), *(self.children)})
        if start.job.own:
            return Reach("own", spared=spared)
        own = (start.job.path,) if start.job.path else ()
        found = self._readable.reach((*start.job.read, *own), gpu=start.job.gpu)
        memory = start.job.limits.memory_mb if own_memory.possible() and not start.job.gpu else 0
        return msgspec.structs.replace(found, spared=spared, memory_mb=memory)

    def _over(self, fd: int) -> None:
        self.selector.unregister(fd)
        os.close(fd)
        self.reap()

    def reap(self) -> None:
        """Collect every process that has ended, orphans of runs included."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            child = self.children.pop(pid, None)
            if child is not None:
                child.ended(os.waitstatus_to_exitcode(status))

    def family(self, child: ChildProcess) -> set[int]:
        """The living processes that come of `child`, itself among them; those whose parents ended are known from the
        last time that this was asked."""
        others = self.children.keys() - {child.pid}
        child.family = processes.family(child.pid, os.getpid(), others, child.family, child.folder)
        return child.family

    def sweep(self, roots: set[int]) -> int:
        """End what the processes `roots` left behind, and orphans that are of no other. Returns how many."""
        others = [child for pid, child in self.children.items() if pid not in roots]
        return processes.sweep(
            roots, os.getpid(), set(self.children), lambda: set().union(*(self.family(child) for child in others))
        )
