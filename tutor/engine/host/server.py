"""The engine's host: `python -m tutor.engine.host --kind light|keras`.

It only imports the frameworks, listens, and begins a process for each run (`run_desk.py`). One thread, one selectors
loop; nothing is ever computed in it, because a process forked from one that has run a threaded operation would hang.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from tutor import files, paths
from tutor.engine.host import before_loading, child_processes
from tutor.engine.host.host import Host
from tutor.engine.host.listening import listen
from tutor.engine.host.starting import DEVICES, Become
from tutor.engine.machine import entries, host_lock, limits, processes, resources, sockets
from tutor.engine.machine.confinement import own_memory
from tutor.messages.events import Ready
from tutor.messages.jobs import HostKind


def prepare_environment(kind: HostKind) -> None:
    """Set what numpy, torch and keras read when they are imported. The GPU is hidden: a run that is to have one is
    started afresh, and sees it (`starting.py`)."""
    if "CUDA_VISIBLE_DEVICES" in os.environ:
        os.environ[DEVICES] = os.environ["CUDA_VISIBLE_DEVICES"]
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ.update(resources.thread_variables(kind))
    home = paths.cache_dir() / "keras"
    with contextlib.suppress(OSError):  # a full or read-only disk: Keras does without
        files.private_folder(home)
    os.environ["KERAS_BACKEND"] = "torch"
    os.environ["KERAS_HOME"] = str(home)


def load(host: Host, path: Path, ahead: str) -> None:
    """Import what the function `ahead` says, once there is memory for it. Frameworks that are missing become a problem
    that every run is answered with. path: of the socket."""
    host.wait_until(lambda: before_loading.reason(host.kind, path))
    began = time.monotonic()
    problem = todo = ""
    for found in cast(Iterator[tuple[str, str] | str], entries.look_up(ahead)(host.kind)):
        if isinstance(found, str):
            host.listening.say(found)
        else:
            problem, todo = found
        host.poll(0)
        if host.stopping:
            return
    host.listening.say("")
    gc.collect()
    gc.freeze()  # what is imported is shared with every run and never looked at again
    host.announce(Ready(time.monotonic() - began, problem, todo))
    host.prepare()


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


def heed_signals(host: Host) -> None:
    """Have the host told between two rounds of its loop: a handler could come in the middle of a frame. SIGHUP: whoever
    does not find its socket asks it to look."""
    told, telling = socket.socketpair()
    telling.setblocking(False)
    signal.set_wakeup_fd(telling.detach())
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: None)

    def hear(mask: int) -> None:
        came = told.recv(64)
        if signal.SIGTERM in came:
            host.send_away()
        elif signal.SIGHUP in came:
            host.look_home()

    host.selector.register(told, selectors.EVENT_READ, hear)


def run_host(kind: HostKind, path: Path, ahead: str) -> None:
    """Serve until idle, or until told to stop. In a process forked for a run, raises Become."""
    processes.close_to_others()  # whoever could take its sockets could say that an answer passes
    begun = settle()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    listening = listen(path)
    os.write(begun, b"1")
    os.close(begun)
    if listening is None:
        return
    prepare_environment(kind)
    limits.allow_files()
    child_processes.clear_folders()
    before_loading.retire_others(path)
    own_memory.possible()  # tried while this process is small, and before the first run wants to know
    host = Host(kind, listening, selectors.DefaultSelector())
    heed_signals(host)
    try:
        hold_back(True)
        with host_lock.crashes_told(listening.lock):
            load(host, path, ahead)
        hold_back(False)
        host.serve()
    except Become:
        host.let_go()
        raise
    listening.leave()
    host.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tutor.engine.host", description=__doc__)
    parser.add_argument("--kind", choices=("light", "keras"), required=True)
    parser.add_argument("--socket", type=Path, help="where to listen (default: where a window of this code looks)")
    parser.add_argument("--ahead", required=True, help="module:function that imports ahead of the runs")
    words = parser.parse_args()
    try:
        run_host(words.kind, words.socket or sockets.socket_path(words.kind), words.ahead)
        return
    except Become as become:
        start, numbers = become.start, become.numbers
    entries.look_up(f"{entries.RUN}:enter_forked")(start, *numbers)
