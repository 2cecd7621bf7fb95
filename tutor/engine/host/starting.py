"""Beginning a process for a run: forked from the host, or started afresh (`machine/forking.py` decides)."""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import NamedTuple

import msgspec

from tutor.engine.machine import limits
from tutor.engine.machine.entries import RUN
from tutor.engine.machine.forking import forks
from tutor.messages.children import SIGNALS, Begin
from tutor.messages.frames import pack

DEVICES = "DL_TUTOR_CUDA_DEVICES"
"""What the user's own CUDA_VISIBLE_DEVICES said before the host hid every GPU."""


HELD_BACK = (*SIGNALS, signal.SIGTERM, signal.SIGHUP)
"""Until a forked process has handlers of its own: with those of the host it would tell the host of what it was sent."""


class Become(BaseException):
    """Raised in a forked process. It unwinds the host's frames, so that nothing of the host's is left in sight; then
    `enter_forked(start, *numbers)` of the run's own module is called.

    numbers: the host's process, and the descriptors control, peer, out and err, -1 for none."""

    def __init__(self, start: Begin, numbers: tuple[int, int, int, int, int]) -> None:
        super().__init__()
        self.start = start
        self.numbers = numbers


class Begun(NamedTuple):
    """A process just begun. control: our end of its socket. out, err: what it prints, as pipes to read
    (None where nobody listens). greeting: the first frame to send over control, b"" where it needs none."""

    pid: int
    control: socket.socket
    out: int | None
    err: int | None
    fresh: bool
    greeting: bytes


def begin(start: Begin, *, peer: socket.socket | None = None, listen: bool, gpu: bool = False) -> Begun:
    """Begin a process for `start`. peer: its end of a socket to another process, closed here. listen: whether
    what it prints is read (else it goes nowhere). Raises OSError where the machine cannot start one more, and
    Become in a forked process itself."""
    if problem := limits.too_few_files():
        raise OSError(problem)
    ours, theirs = socket.socketpair()
    pipes = [*os.pipe(), *os.pipe()] if listen else []
    fork = forks(gpu)
    try:
        if fork:
            pid = _fork(start, theirs, peer, pipes)
        else:
            pid = _spawn(start, theirs, peer, pipes, gpu)
    except OSError:
        ours.close()
        for fd in pipes[::2]:
            os.close(fd)
        raise
    finally:
        theirs.close()
        if peer is not None:
            peer.close()
        for fd in pipes[1::2]:
            os.close(fd)
    out, err = (pipes[0], pipes[2]) if listen else (None, None)
    return Begun(pid, ours, out, err, not fork, b"" if fork else pack(start))


def _fork(start: Begin, control: socket.socket, peer: socket.socket | None, pipes: list[int]) -> int:
    parent = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        pid = os.fork()
    except OSError:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)
        raise
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)
        return pid
    # the host wipes the rubric behind itself, this process's copy of it included: so the judge takes one of its own
    start = msgspec.structs.replace(start, rubric=msgspec.Raw(bytes(memoryview(start.rubric))))
    out, err = (os.dup(pipes[1]), os.dup(pipes[3])) if pipes else (-1, -1)
    raise Become(start, (parent, os.dup(control.fileno()), os.dup(peer.fileno()) if peer else -1, out, err))


def _spawn(start: Begin, control: socket.socket, peer: socket.socket | None, pipes: list[int], gpu: bool) -> int:
    handed = [control.fileno(), peer.fileno() if peer else -1]
    for fd in handed:
        if fd >= 0:
            os.set_inheritable(fd, True)
    nothing = os.open(os.devnull, os.O_RDWR)
    out, err = pipes[1::2] or (nothing, nothing if start.role == "rerun" else 2)  # 2: the engine's log
    actions = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, err, 2)]
    words = [sys.executable, "-P", "-m", RUN, str(os.getpid()), *map(str, handed)]
    environment = dict(os.environ)
    devices = environment.pop(DEVICES, None)
    if gpu:
        environment.pop("CUDA_VISIBLE_DEVICES", None)
        environment.update({"CUDA_VISIBLE_DEVICES": devices} if devices is not None else {})
    try:
        return os.posix_spawn(sys.executable, words, environment, file_actions=actions, setsigmask=SIGNALS)
    finally:
        os.close(nothing)
