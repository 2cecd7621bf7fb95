"""The learner's process of one run: begun, listened to, held to its limits, and ended by force where it must be.

Nothing that it says is believed but what `FromLearner` allows: a verdict is none of it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import msgspec

from tutor.engine.host import from_learner
from tutor.engine.host.child_processes import LOADING, ChildProcess, ChildProcesses
from tutor.engine.host.engine_log import log
from tutor.engine.host.event_log import EventLog
from tutor.engine.host.reins import Reins
from tutor.engine.host.run_output import RunOutput
from tutor.engine.host.stopwatch import Stopwatch
from tutor.engine.host.totals import Totals
from tutor.engine.machine import processes
from tutor.errors import EngineError
from tutor.messages import children, endings
from tutor.messages.children import TIME_IS_UP
from tutor.messages.events import Inspected, Note, Reason, RunEvent, RunWaits, Started
from tutor.messages.jobs import HostKind, Job
from tutor.messages.training import FitEnded, FitStarted

GRACE = 1.5
"""Seconds that a process has to end by itself before it is killed."""
MOST_LOGGED = 20_000
"""Letters of a process's last word that go into the log."""
_LOOK_EVERY = 0.25


class LearnerProcess:
    """on_finished(): the learner's code is over, `finished` says how; the process may live on, to be looked into.
    answering: whether the judge may ask it still. seconds: what the code took, pauses not counted."""

    def __init__(
        self,
        job: Job,
        kind: HostKind,
        child_processes: ChildProcesses,
        event_log: EventLog,
        on_finished: Callable[[], None],
    ) -> None:
        self.finished: children.Finished | None = None
        self.seconds = 0.0
        self.answering = job.graded
        self.reins = Reins()
        self.on_inspected: Callable[[Inspected], None] = lambda event: None
        self._job = job
        self._kind = kind
        self._child_processes = child_processes
        self._event_log = event_log
        self._on_finished = on_finished
        self._process: ChildProcess | None = None
        self._totals: Totals | None = None
        self._output = RunOutput(job, event_log, lambda: self.going and self._ending is None, self.stop)
        self._ending: Reason | None = None
        self._ending_note = ""
        self._kill_at = float("inf")
        self._look_at = 0.0
        self._loaded = self._told_start = False

    @property
    def going(self) -> bool:
        """Whether the learner's code runs."""
        return self._process is not None and self.finished is None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.alive

    @property
    def listens(self) -> bool:
        """Whether it can be looked into."""
        return self._process is not None and self._process.alive and self._process.framed.open

    @property
    def pids(self) -> set[int]:
        """Its number, if it was ever begun."""
        return {self._process.pid} if self._process is not None else set()

    # -------------------------------------------------------------- beginning

    def begin(self, peer: socket.socket | None) -> bool:
        """Whether it has begun; if not, `finished` says why. peer: the learner's end of the socket to the judge."""
        self.reins.clock = Stopwatch()
        start = children.Begin("learner", self._kind, "", self._job)
        try:
            process = self._child_processes.begin(start, peer=peer, listen=True, gpu=self._job.gpu)
        except OSError as error:
            self.finished = children.Finished("lost", note=f"The machine could not start the run: {error}.")
            return False
        self._process = process
        self._totals = Totals(self._job, lambda: self._child_processes.family(process), process.folder)
        process.on_message = self._frame
        process.on_printed = self._output.feed
        process.on_closed = self._closed
        process.on_exit = self._exited
        self.reins.take(process)
        if process.fresh and self._kind == "keras":
            self._event_log.add(RunWaits(self._job.run, f"loading Keras{' for the GPU' if self._job.gpu else ''}"))
        else:
            self._say_started(process)
        return True

    def _say_started(self, process: ChildProcess) -> None:
        self._told_start = True
        job, code = self._job, next((one.source for one in reversed(self._job.chunks) if one.learner), "")
        self._event_log.add(Started(job.run, process.pid, job.seed, time.time(), process.fresh, job.graded, code))

    def _has_loaded(self) -> None:
        """The time of a run counts from here: on a slow disk Keras alone may take longer than an exercise may."""
        if not self._loaded and self._process is not None:
            self._loaded, self.reins.clock = True, Stopwatch()
            if not self._told_start:
                self._say_started(self._process)

    # -------------------------------------------------------------- what it says

    def _frame(self, body: memoryview) -> None:
        """One frame: after what was printed before it, and before what was printed after it."""
        if self._process is not None:
            self._process.drain_all()
        self._hear(body)
        self._output.heard()

    def _hear(self, body: memoryview) -> None:
        try:
            message = from_learner.read(body)
        except EngineError:
            self.stop("error", from_learner.FORGED)
            return
        if isinstance(message, Inspected):
            self.on_inspected(self.reins.answered(message))
        elif isinstance(message, children.Loaded):
            self._has_loaded()
        elif isinstance(message, children.Served):
            self.answering = False
        elif isinstance(message, children.Broken):
            log(self._job.run, f"the learner's process could not go on:\n{message.traceback[:MOST_LOGGED]}")
        elif isinstance(message, children.Finished):
            self._finish(message)
        elif self.going and self._ending is None:
            self._output.flush()
            self._add(message)

    def _add(self, event: RunEvent) -> None:
        if isinstance(event, (FitStarted, FitEnded)):
            self.reins.fitting = isinstance(event, FitStarted)
        try:
            self._event_log.add(event)
        except EngineError as error:
            self._event_log.add(Note(self._job.run, str(error)))
        if self._event_log.full:
            self.stop("output", "The run said more than the tutor can keep (64 MB of plots and epochs).")

    # -------------------------------------------------------------- ends

    def stop(self, reason: Reason, note: str = "") -> None:
        """End it by force: the run ends for this reason, unless it has ended already."""
        if self._ending is None and self.finished is None:
            self._ending, self._ending_note = reason, note
        self.kill()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _closed(self) -> None:
        if self.alive:
            if self.finished is None and self._ending is None:
                self._kill_at = time.monotonic() + GRACE / 3  # it is about to end, or has closed what is not its own
            else:
                self.kill()

    def _exited(self, status: int) -> None:
        self.reins.drop()
        if self.finished is None:
            never_began = self._process is not None and self._process.fresh and not self._loaded
            if never_began and self._ending is None:
                self._finish(endings.ended_while_loading(status))
            else:
                self._finish(endings.how_it_ended(status, self._ending, self._ending_note))

    def _finish(self, finished: children.Finished) -> None:
        """The learner's code is over (its process may live on)."""
        if self.finished is not None:
            return
        if self._ending is not None and finished.reason in ("ok", "error"):
            finished = msgspec.structs.replace(finished, reason=self._ending, note=self._ending_note)
        if self._process is not None:
            self._process.drain_all()
        self._output.rest()
        self.finished = finished
        self.seconds = self.reins.clock.seconds
        self._kill_at = float("inf")
        self._on_finished()

    # -------------------------------------------------------------- limits

    @property
    def due(self) -> float:
        """When `tick` is needed next, in monotonic seconds."""
        return min(self._output.due, self._look_at, self._kill_at) if self.going else float("inf")

    def tick(self) -> None:
        now = time.monotonic()
        if now >= self._output.due:
            self._output.flush()
        if now >= self._kill_at:
            self.stop(self._ending or "killed")
        if now >= self._look_at:
            self._look_at = now + _LOOK_EVERY
            if self.going and self.alive and self._process is not None:
                self._look(self._process)

    def _look(self, process: ChildProcess) -> None:
        allowed = self._job.limits.seconds if self._loaded else LOADING
        if self.reins.clock.seconds > allowed and self._ending is None:
            self._out_of_time(process)
        over = self._totals.look() if self._totals is not None else None
        if over is not None:
            self.stop(*over)

    def _out_of_time(self, process: ChildProcess) -> None:
        if self._loaded:
            self._ending, self._ending_note = "time", f"The time for this run, {self._job.limits.seconds:g} s, was up."
        else:
            self._ending, self._ending_note = "lost", f"What the run needs was not loaded within {LOADING:.0f} s."
        self._kill_at = time.monotonic() + GRACE
        processes.send_signal(process.pid, TIME_IS_UP)
