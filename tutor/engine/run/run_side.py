"""The learner's process as seen from inside: what it tells the host, and what the host asks of it.

`current` is None outside of a run, so that a learner's file also works in plain Python.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import assert_never

from tutor.engine.run.code_errors import OutOfTime
from tutor.messages import children, output_order
from tutor.messages.children import SIGNALS, TIME_IS_UP
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import Inspected, Note, Plotted
from tutor.messages.frames import Unpacker, pack
from tutor.messages.requests import Inspect, Keep
from tutor.messages.training import Paused
from tutor.plots.scene import Scene

_orders: MessageDecoder[children.ToLearner] = MessageDecoder(children.ToLearner)

_LOOK_UP = 0.5
"""Seconds after which a wait looks whether a signal has ended it."""


class RunSide:
    """The connection of one run to its host. `cancelled`: the learner asked for its end. `paused`: seconds spent
    in pauses so far."""

    def __init__(self, run: str, sock: socket.socket, streams: tuple[int, ...] = ()) -> None:
        self.run = run
        self.cancelled = False
        self.paused = 0.0
        self.rate: float | None = None  # asked for, not yet set
        self.fits = 0
        self.training = 0  # loops that end by themselves when `cancelled` is set
        self.over = False
        self.unfinished: list[Callable[[], None]] = []  # what ends the loops that an exception has left
        self.fit = -1  # the training that goes on
        self.watched = children.WatchOrder(False, False)
        self.inspections: list[Inspect | Keep] = []
        self.answer: Callable[[Inspect | Keep], Inspected] | None = None
        self._sock = sock
        self._streams = streams  # our own descriptors of what is printed: the code may close or replace its own
        self._sent = 0
        self._handed: list[int] = []  # descriptors that came with requests to keep a model
        self._unpacker = Unpacker()
        self._lock = threading.RLock()
        self._busy = 1  # until `listen`: nothing may be interrupted before there is somebody to catch it
        self._pending: BaseException | None = None
        self._waiting = False

    # -------------------------------------------------------------- out

    def send(self, event: children.FromLearner) -> None:
        """Tell the host, after what was printed before. A signal that comes meanwhile waits until the frame is
        whole."""
        frame = pack(event)
        with self._lock:
            self._busy += 1
            try:
                flush()
                self._mark()
                self._sock.sendall(frame)
            finally:
                self._busy -= 1
            self._raise_pending()

    def _mark(self) -> None:
        """Say among what is printed that a frame belongs here."""
        self._sent += 1
        for fd in self._streams:
            with contextlib.suppress(OSError):  # nobody reads there any more: then there is no order to keep
                os.write(fd, output_order.mark(self._sent))

    def note(self, text: str) -> None:
        """A word of the tutor's own, shown among the output."""
        self.send(Note(self.run, text))

    # -------------------------------------------------------------- in

    def poll(self) -> None:
        """Deal with what the host asked for; while paused, wait here. Called between batches."""
        self._read(block=False)
        if not self._waiting:
            return
        began = time.monotonic()
        self._tell_pause(True)
        while self._waiting:
            self._read(block=True)
            self.serve()
        self.paused += time.monotonic() - began
        self._tell_pause(False, time.monotonic() - began)

    def _tell_pause(self, on: bool, seconds: float = 0.0) -> None:
        if self.training:
            self.send(Paused(self.run, self.fit, on, seconds))

    def serve(self) -> None:
        """Answer whoever looks into this process, where it may be looked into: between two epochs, in a pause."""
        while self.inspections and self.answer is not None:
            self.send(self.answer(self.inspections.pop(0)))

    def wait(self) -> Inspect | Keep:
        """The next inspection asked for. Raises EOFError when the host is gone."""
        while not self.inspections:
            self._read(block=True)
        return self.inspections.pop(0)

    def kept_file(self) -> int:
        """The descriptor that came with the first request to keep a model that is not answered yet."""
        return self._handed.pop(0)

    def _read(self, block: bool) -> None:
        ready, _, _ = select.select([self._sock], [], [], _LOOK_UP if block else 0)
        if not ready:
            return
        data, handed, _, _ = socket.recv_fds(self._sock, 65536, 4)
        self._handed += handed
        if not data:
            raise EOFError("The tutor's engine has gone.")
        for body in self._unpacker.feed(data):
            self._obey(_orders.read(body))

    def _obey(self, asked: children.ToLearner) -> None:
        match asked:
            case children.PauseOrder():
                self._waiting = True
            case children.ResumeOrder():
                self._waiting = False
            case children.RateOrder(rate=rate):
                self.rate = rate
            case children.WatchOrder():
                self.watched = asked
            case Inspect() | Keep():
                self.inspections.append(asked)
            case _:
                assert_never(asked)

    # -------------------------------------------------------------- signals

    def on_cancel(self, number: int, frame: FrameType | None) -> None:
        """Signal handler: once, loops that train end by themselves and anything else is interrupted; twice,
        everything is."""
        if self.over:
            return
        again, self.cancelled = self.cancelled, True
        self._waiting = False
        if again or not self.training:
            self._interrupt(KeyboardInterrupt())

    def on_time(self, number: int, frame: FrameType | None) -> None:
        """Signal handler: the time is up."""
        if not self.over:
            self._interrupt(OutOfTime())

    def listen(self) -> None:
        """From here on signals interrupt; one that came before does so now."""
        self._busy -= 1
        self._raise_pending()

    def _raise_pending(self) -> None:
        if not self._busy and self._pending is not None:
            pending, self._pending = self._pending, None
            raise pending

    def _interrupt(self, error: BaseException) -> None:
        if self._busy:
            self._pending = error
        else:
            raise error


current: RunSide | None = None


def begin(run: str, sock: socket.socket, streams: tuple[int, ...] = ()) -> RunSide:
    """Make this process the one of `run`. streams: descriptors of what it prints, where somebody reads that."""
    global current
    current = RunSide(run, sock, streams)
    signal.signal(signal.SIGINT, current.on_cancel)
    signal.signal(TIME_IS_UP, current.on_time)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    return current


def flush() -> None:
    """Pass on what was printed. The learner's code may have closed or replaced the streams."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError, TypeError):
            continue


def send_plot(index: int, scene: Scene) -> bool:
    """Show `scene` as plot number `index` of this run (the same index again replaces it). False outside of a run."""
    if current is None:
        return False
    current.send(Plotted(current.run, index, scene))
    return True
