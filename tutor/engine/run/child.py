"""A process of its own for one run: the learner's code, the judge, or the live figures.

Forked from the host, or started afresh with `python -m tutor.engine.run.child PARENT CONTROL PEER` (numbers of the
host's process and of two sockets, -1 for none): from `enter` on both are alike.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import os
import signal
import socket
import sys
import tempfile
import traceback
from typing import NoReturn

from tutor.engine.machine import limits, processes
from tutor.engine.machine.confinement import holding
from tutor.engine.run import figure_server, judge_link, learner_code, loaded_ahead, run_side
from tutor.engine.run.descriptors import close_all_but, high
from tutor.messages import children
from tutor.messages.children import SIGNALS
from tutor.messages.decoding import MessageDecoder
from tutor.messages.frames import Unpacker, pack

_MOST_LOGGED = 20_000
_begin: MessageDecoder[children.Begin] = MessageDecoder(children.Begin)
_BUILTINS = dict(vars(builtins))


def enter_forked(start: children.Begin, parent: int, control: int, peer: int, out: int, err: int) -> NoReturn:
    """The first step of a forked process: everything of the host's is closed, then `start` is done."""
    try:
        gc.collect()  # the host's objects go, before the numbers of their descriptors are used again
        os.setsid()
        processes.die_with_parent(parent)
        nothing = os.open(os.devnull, os.O_RDWR)
        control, peer, out, err, nothing = high(control), high(peer), high(out), high(err), high(nothing)
        os.dup2(nothing, 0)
        os.dup2(out if out >= 0 else nothing, 1)
        if err >= 0 or start.role == "rerun":
            os.dup2(err if err >= 0 else nothing, 2)
        close_all_but({0, 1, 2, control, peer})
        _give_up(start)
    except BaseException as error:  # noqa: BLE001 - the last word of a process that never got going
        os.write(2, f"A run could not begin: {error!r}\n".encode())
        os._exit(3)
    enter(start, control, peer)


def enter_fresh(words: list[str]) -> NoReturn:
    """The first step of a process started afresh."""
    parent, control, peer = map(int, words)
    os.setsid()
    processes.die_with_parent(parent)
    control, peer = high(control), high(peer)
    unpacker = Unpacker()
    sock = socket.socket(fileno=os.dup(control))
    while True:  # one frame, and not a byte more: the rest belongs to whoever reads next
        data = sock.recv(unpacker.missing)
        if not data:
            os._exit(0)
        for body in unpacker.feed(data):
            sock.close()
            start = _begin.read(body)
            _give_up(start)  # before there are threads: each would keep what it may
            loaded_ahead.load_afresh(start.kind)
            enter(start, control, peer)


def _give_up(start: children.Begin) -> None:
    """From here on the process of the learner's code reaches its own alone, and the others cannot be reached."""
    if start.reach is None:
        processes.close_to_others()
        return
    processes.open_to_user()
    limits.before_confined()
    holding.confine(start.reach, start.folder)


def enter(start: children.Begin, control: int, peer: int) -> NoReturn:
    """Do what this process is for, then end it: nothing of the host's way out is ever taken."""
    status = 0
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM, signal.SIGHUP))
        _streams()
        _own_folder(start.folder)
        sock = socket.socket(fileno=control)
        other = socket.socket(fileno=peer) if peer >= 0 else None
        if start.role in ("judge", "figures"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        if start.role in ("learner", "rerun"):
            learner_code.be_learner(start, sock, other)
        elif start.role == "judge":
            judge_link.be_judge(start, sock, other)
        else:
            figure_server.serve(sock)
    except BaseException as error:  # noqa: BLE001 - a fault of the tutor's own: it goes to the engine's log
        status = _way_out(start, error, control)
    finally:
        with contextlib.suppress(OSError, ValueError):
            run_side.flush()
        os._exit(status)


def _way_out(start: children.Begin, error: BaseException, control: int) -> int:
    """The exit status of a process that `error` ends. What the learner's code did to the built-in functions is undone
    first, as writing a traceback takes them."""
    vars(builtins).update(_BUILTINS)
    if start.role == "judge":  # whatever it is, there was no verdict yet; standard error is the engine's log
        traceback.print_exception(error, file=sys.__stderr__)
    if isinstance(error, (EOFError, ConnectionError, KeyboardInterrupt)):
        return 0
    if isinstance(error, SystemExit):
        return 1
    with contextlib.suppress(OSError, ValueError):
        if start.role == "learner":
            text = "".join(traceback.format_exception(error))[-_MOST_LOGGED:]
            os.set_blocking(control, True)
            socket.socket(fileno=os.dup(control)).sendall(pack(children.Broken(text)))
        elif start.role == "figures":
            traceback.print_exception(error, file=sys.__stderr__)
    return children.BROKEN


def _own_folder(folder: str) -> None:
    """Relative names and temporary files of this process go into `folder`, which the host removes afterwards."""
    os.chdir(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = folder


def _streams() -> None:
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process lives
    for name, fd in (("stdout", 1), ("stderr", 2)):
        stream = open(fd, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    from tutor.engine.run import child  # one module object, whatever name it was started under

    child.enter_fresh(sys.argv[1:])
