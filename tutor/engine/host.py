"""The engine's host: `python -m tutor.engine.host --kind light|keras`.

It only imports the frameworks, listens, and begins a process for each run (`hub.py`). One thread, one selectors loop;
nothing is ever computed in it, because a process forked from one that has run a threaded operation would hang.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path

from tutor.engine import gate, machine, nursery, place
from tutor.engine import protocol as p
from tutor.engine.hub import Host
from tutor.engine.spawn import DEVICES, Become


def prepare_environment(kind: p.HostKind) -> None:
    """Set what numpy, torch and keras read when they are imported. The GPU is hidden: a run that is to have one is
    started afresh, and sees it (`spawn.py`)."""
    from tutor import paths

    if "CUDA_VISIBLE_DEVICES" in os.environ:
        os.environ[DEVICES] = os.environ["CUDA_VISIBLE_DEVICES"]
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ.update(machine.thread_variables(kind))
    home = paths.cache_dir() / "keras"
    with contextlib.suppress(OSError):  # a full or read-only disk: Keras does without
        home.mkdir(parents=True, exist_ok=True)
    os.environ["KERAS_BACKEND"] = "torch"
    os.environ["KERAS_HOME"] = str(home)


def imports(kind: p.HostKind) -> list[str]:
    """The modules to import ahead, in steps between which windows are answered."""
    light = ["numpy", "tutor.engine.child", "tutor.plot", "tutor.data", "tutor.track", "tutor.figures"]
    light += ["tutor.engine.link", "tutor.engine.inspecting", "tutor.grading.answering", "tutor.grading.judge"]
    return light if kind == "light" else [*light, "torch", "keras", "tutor.engine.training"]


def load(host: Host, path: Path) -> None:
    """Import ahead, once there is memory for it. Frameworks that are missing become a `problem` that every run is
    answered with. path: of the socket."""
    host.wait_until(lambda: gate.reason(host.kind, path))
    began = time.monotonic()
    problem = todo = ""
    for name in imports(host.kind):
        host.poll(0)
        if host.stopping:
            return
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


def heed_sigterm(host: Host) -> None:
    """Have the host told between two rounds of its loop: a handler could come in the middle of a frame."""
    told, telling = socket.socketpair()
    telling.setblocking(False)
    signal.set_wakeup_fd(telling.detach())
    signal.signal(signal.SIGTERM, lambda number, frame: None)

    def hear(mask: int) -> None:
        if signal.SIGTERM in told.recv(64):
            host.send_away()

    host.selector.register(told, selectors.EVENT_READ, hear)


def run_host(kind: p.HostKind, path: Path) -> None:
    """Serve until idle, or until told to stop. In a process forked for a run, raises Become."""
    listening = settle()
    found = listen(path)
    os.write(listening, b"1")
    os.close(listening)
    if found is None:
        return
    prepare_environment(kind)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nursery.clear_folders()
    gate.retire_others(path)
    host = Host(kind, found[0], selectors.DefaultSelector())
    heed_sigterm(host)
    try:
        hold_back(True)
        load(host, path)
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
    parser.add_argument("--socket", type=Path, help="where to listen (default: where a window of this code looks)")
    words = parser.parse_args()
    try:
        run_host(words.kind, words.socket or place.socket_path(words.kind))
        return
    except Become as become:
        arguments = become.arguments
    from tutor.engine import child

    child.enter_forked(*arguments)


if __name__ == "__main__":
    main()
