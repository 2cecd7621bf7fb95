"""One run as the host leads it: its processes, its limits, its events, its end."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Literal, cast

import msgspec

from tutor.engine.host.child_processes import LOADING, ChildProcess, ChildProcesses
from tutor.engine.host.event_log import EventLog
from tutor.engine.host.printed import Printed
from tutor.engine.host.rerun import Rerun
from tutor.engine.host.stopwatch import Stopwatch
from tutor.engine.machine import limits, processes
from tutor.errors import EngineError
from tutor.messages import children, endings
from tutor.messages.children import TIME_IS_UP
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import Ended, Inspected, Note, Output, Reason, RunEvent, RunWaits, Started
from tutor.messages.jobs import HostKind, Job
from tutor.messages.output_order import InOrder
from tutor.messages.requests import Inspect, Keep
from tutor.messages.training import FitEnded, FitStarted
from tutor.messages.verdicts import Judged

GRACE = 1.5
"""Seconds that a process has to end by itself before it is killed."""
IDLE = 600.0
"""Seconds that a finished process waits to be looked into."""
MOST_LOGGED = 20_000
"""Letters of a process's last word that go into the log."""
MOST_PROCESSES = 64
"""Processes that a run may have at one time."""
_LOOK_EVERY = 0.25

_from_learner: MessageDecoder[children.FromLearner] = MessageDecoder(children.FromLearner)
_from_judge: MessageDecoder[children.FromJudge] = MessageDecoder(children.FromJudge)


class HostedRun:
    """States, in order: queued, going (the learner's code runs), judging, ended. on_over() is called when the next
    run may begin."""

    def __init__(self, job: Job, kind: HostKind, record: EventLog, nursery: ChildProcesses) -> None:
        self.job = job
        self.kind = kind
        self.record = record
        self.nursery = nursery
        self.state: Literal["queued", "going", "judging", "ended"] = "queued"
        self.learner: ChildProcess | None = None
        self.judge: ChildProcess | None = None
        self.on_over: Callable[[], None] = lambda: None
        self.on_inspected: Callable[[Inspected], None] = lambda event: None
        self._ends = socket.socketpair() if job.graded else None
        self._reruns: list[Rerun] = []
        self._clock = Stopwatch()
        self._printed = Printed(job.limits.output_kb * 1024, self._say)
        self._order = InOrder(lambda stream, data: self._print(cast(Literal["out", "err"], stream), data))
        self._finished: children.Finished | None = None
        self._seconds = 0.0
        self._judged = False
        self._ending: Reason | None = None
        self._ending_note = ""
        self._kill_at = float("inf")
        self._look_at = 0.0
        self._cancels = 0
        self._fitting = self._loaded = self._told_start = False
        self._watched: children.WatchOrder | None = None
        self._answering = job.graded
        self._ended_at = 0.0

    # -------------------------------------------------------------- beginning

    def start(self) -> None:
        """Begin the learner's process. Events of its failure come as those of a run."""
        self.state = "going"
        self._clock = Stopwatch()
        peer = self._ends[0] if self._ends else None
        start = children.Begin("learner", self.kind, "", self.job)
        try:
            child = self.nursery.begin(start, peer=peer, listen=True, gpu=self.job.gpu)
        except OSError as error:
            self._finished = children.Finished("lost", note=f"The machine could not start the run: {error}.")
            self._end()
            return
        self.learner = child
        child.on_message = self._from_learner
        child.on_printed = self._order.feed
        child.on_closed = lambda: self._learner_closed()
        child.on_exit = self._learner_exited
        if self._watched is not None:
            child.tell(self._watched)
        if child.fresh and self.kind == "keras":
            self.record.add(RunWaits(self.job.run, f"loading Keras{' for the GPU' if self.job.gpu else ''}"))
        else:
            self._say_started(child)

    def _say_started(self, child: ChildProcess) -> None:
        self._told_start = True
        job, code = self.job, next((one.source for one in reversed(self.job.chunks) if one.learner), "")
        self.record.add(Started(job.run, child.pid, job.seed, time.time(), child.fresh, job.graded, code))

    def _has_loaded(self) -> None:
        """The time of a run counts from here: on a slow disk Keras alone may take longer than an exercise may."""
        if not self._loaded and self.learner is not None:
            self._loaded, self._clock = True, Stopwatch()
            if not self._told_start:
                self._say_started(self.learner)

    def grade(self, body: memoryview) -> None:
        """Begin the judge, which alone gets `body` (a Grade message): the caller wipes it afterwards."""
        if self._ends is None or self.judge is not None or self.state == "ended":
            return
        start = children.Begin("judge", self.kind, "", self.job, msgspec.Raw(body))
        try:
            judge = self.nursery.begin(start, peer=self._ends[1])
        except OSError as error:
            self._add_verdict(f"The machine could not start the judge: {error}.")
            return
        self.judge = judge
        judge.on_message = self._from_judge
        judge.on_closed = judge.kill
        judge.on_exit = self._judge_exited
        if self._finished is not None:
            self._tell_judge()

    # -------------------------------------------------------------- what the learner's process says

    def _from_learner(self, body: memoryview) -> None:
        """One frame: after what was printed before it, and before what was printed after it."""
        if self.learner is not None:
            self.learner.drain_all()
        self._hear(body)
        self._order.heard()

    def _hear(self, body: memoryview) -> None:
        try:
            message = _from_learner.read(body)
        except EngineError:
            self._stop("error", "The code wrote into the tutor's own connection.")
            return
        if isinstance(message, Inspected):
            self.on_inspected(message)
        elif isinstance(message, children.Loaded):
            self._has_loaded()
        elif isinstance(message, children.Served):
            self._answering = False
        elif isinstance(message, children.Broken):
            self._log(f"the learner's process could not go on:\n{message.traceback[:MOST_LOGGED]}")
        elif isinstance(message, children.Finished):
            self._finish(message)
        elif self.state == "going" and self._ending is None:
            self._printed.flush()
            self._note_fit(message)
            self._add(message)

    def _note_fit(self, message: object) -> None:
        if isinstance(message, FitStarted):
            self._fitting = True
        elif isinstance(message, FitEnded):
            self._fitting = False

    def _add(self, event: RunEvent) -> None:
        try:
            self.record.add(event)
        except EngineError as error:
            self.record.add(Note(self.job.run, str(error)))
        if self.record.full:
            self._stop("output", "The run said more than the tutor can keep (64 MB of plots and epochs).")

    def _flush_printed(self) -> None:
        if self.learner is not None:
            self.learner.drain_all()
        self._order.rest()
        self._printed.flush()

    def _print(self, stream: Literal["out", "err"], data: bytes) -> None:
        if self.state != "going" or self._ending is not None:
            return
        self._printed.feed(stream, data)
        if self._printed.over:
            self._printed.flush()
            self._stop("output", f"The run printed more than {self.job.limits.output_kb} kB and was ended there.")

    def _say(self, stream: Literal["out", "err"], text: str) -> None:
        self.record.add(Output(self.job.run, stream, text))

    # -------------------------------------------------------------- ends of the learner's code

    def _stop(self, reason: Reason, note: str = "") -> None:
        """End the run by force."""
        if self._ending is None and self._finished is None:
            self._ending, self._ending_note = reason, note
        if self.learner is not None:
            self.learner.kill()

    def _learner_closed(self) -> None:
        if self.learner is not None and self.learner.alive:
            if self._finished is None and self._ending is None:
                self._kill_at = time.monotonic() + GRACE / 3  # it is about to end, or has closed what is not its own
            else:
                self.learner.kill()

    def _learner_exited(self, status: int) -> None:
        if self._finished is None:
            self._finish(endings.how_it_ended(status, self._ending, self._ending_note))

    def _finish(self, finished: children.Finished) -> None:
        """The learner's code is over (its process may live on)."""
        if self._finished is not None:
            return
        if self._ending is not None and finished.reason in ("ok", "error"):
            finished = msgspec.structs.replace(finished, reason=self._ending, note=self._ending_note)
        self._flush_printed()
        self._finished = finished
        self._seconds = self._clock.seconds
        self._kill_at = float("inf")
        if self.job.graded and not self._judged:
            self.state = "judging"
            self._tell_judge()
        else:
            self._end()

    def _tell_judge(self) -> None:
        if self.judge is not None and self._finished is not None:
            self.judge.tell(endings.outcome(0, self._finished, self._seconds))

    # -------------------------------------------------------------- what the judge says

    def _from_judge(self, body: memoryview) -> None:
        if self._judged:
            return
        try:
            message = _from_judge.read(body)
        except EngineError as error:
            self._log(f"the judge said what cannot be understood: {error}")
            self._add_verdict("The judge ended without a verdict.")
            return
        if isinstance(message, children.AskFresh):
            self._rerun(message.seed)
            return
        self.record.add(message)
        if isinstance(message, Judged):
            self._judged = True
            if self._finished is None:  # judged without waiting for the code's end
                self._stop("killed")
            else:
                self._end()

    def _rerun(self, seed: int) -> None:
        assert self.judge is not None
        job = msgspec.structs.replace(self.job, seed=seed)
        rerun = Rerun(job, self.kind, len(self._reruns) + 1, self.nursery, self.judge)
        self._reruns.append(rerun)
        rerun.start()

    def _judge_exited(self, status: int) -> None:
        if not self._judged:
            self._log(f"the judge ended without a verdict, {endings.status_words(status)}")
            self._add_verdict("The judge ended without a verdict.")

    def _log(self, sentence: str) -> None:
        """Into the engine's log, which the host's standard error is."""
        print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {self.job.run}: {sentence}", file=sys.stderr, flush=True)

    def _add_verdict(self, fault: str) -> None:
        """The host's own verdict, where the judge gave none. Never a pass."""
        if self._judged:
            return
        self._judged = True
        self.record.add(Judged(self.job.run, endings.without_judge(self.job, self._finished, fault)))
        if self._finished is not None:
            self._end()
        else:
            self._stop("killed")

    # -------------------------------------------------------------- the end

    def _end(self) -> None:
        if self.state == "ended":
            return
        if self.job.graded and not self._judged:
            self._add_verdict("The run ended before the judge.")
            return
        self.state = "ended"
        self._ended_at = time.monotonic()
        for end in self._ends or ():
            end.close()
        for rerun in self._reruns:
            rerun.kill()
        if self.judge is not None:
            self.judge.kill()
        finished = self._finished or children.Finished("lost")
        roots = {child.pid for child in (self.learner,) if child is not None}
        left = self.nursery.sweep(roots)
        note = finished.note or endings.left_behind_note(left)
        alive = self.learner is not None and self.learner.alive and self.learner.wire.open
        self.record.add(
            Ended(self.job.run, finished.reason, self._seconds, finished.error, note, finished.own_mb, left, alive)
        )
        self.on_over()

    @property
    def idle_seconds(self) -> float:
        """How long ago it ended; 0 before that."""
        return time.monotonic() - self._ended_at if self.state == "ended" else 0.0

    def leave(self) -> None:
        """End the process that waits to be looked into."""
        if self.state == "ended" and self.learner is not None:
            self.learner.kill()

    # -------------------------------------------------------------- what the window asks

    def cancel(self) -> None:
        """Once: gracefully. Again: at once."""
        self._cancels += 1
        if self.state == "queued":
            self._finished = children.Finished("cancelled")
            self._end()
        elif self.state == "judging":
            self._cancel_judging()
        elif self.state == "going" and self._cancels > 1:
            self.kill()
        elif self.state == "going" and self.learner is not None:
            self._resume()
            processes.send_signal(self.learner.pid, signal.SIGINT)

    def _cancel_judging(self) -> None:
        assert self._finished is not None
        self._finished = msgspec.structs.replace(self._finished, reason="cancelled")
        self._add_verdict("")

    def kill(self) -> None:
        if self.state == "queued":
            self.cancel()
        elif self.state == "judging":
            self._cancel_judging()
        elif self.state == "going":
            self._stop("cancelled")
        self.leave()

    def give_up(self, why: str) -> None:
        """The host has to go: what the run has said so far is all."""
        if self.state == "queued":
            self._finished = children.Finished("lost", note=why)
            self._end()
        elif self.state == "judging":
            self._add_verdict(why)
        elif self.state == "going":
            self._stop("killed", why)

    def pause(self) -> None:
        """A training waits between two batches; any other code is stopped where it is."""
        if self.state != "going" or self.learner is None or not self._clock.running:
            return
        self._clock.pause()
        if self._fitting:
            self.learner.tell(children.PauseOrder())
        else:
            processes.signal_group(self.learner.pid, signal.SIGSTOP)
        self.record.add(Note(self.job.run, "Paused."))

    def resume(self) -> None:
        if not self._clock.running:
            self._resume()
            self.record.add(Note(self.job.run, "Goes on."))

    def _resume(self) -> None:
        self._clock.resume()
        if self.learner is not None:
            self.learner.tell(children.ResumeOrder())
            processes.signal_group(self.learner.pid, signal.SIGCONT)

    def set_rate(self, rate: float) -> None:
        if self.state == "going" and self.learner is not None:
            self.learner.tell(children.RateOrder(rate))

    def watch(self, gradients: bool, layers: bool) -> None:
        """What trainings tell besides losses, also those that are still to come."""
        self._watched = children.WatchOrder(gradients, layers)
        if self.state == "going" and self.learner is not None:
            self.learner.tell(self._watched)

    def inspect(self, request: Inspect | Keep) -> str:
        """Pass `request` on: a training answers at the end of its epoch. Returns why that cannot be done, else ""."""
        if self.state != "ended" and not (self.state == "going" and self._fitting and not self.job.graded):
            return "The run goes on: a training answers at the end of an epoch, other code once it is over."
        if self.learner is None or not self.learner.alive:
            return "The process of this run has ended; run the code again to look into it."
        self.learner.tell(request)
        return ""

    # -------------------------------------------------------------- time

    @property
    def due(self) -> float:
        """When `tick` is needed next, in monotonic seconds."""
        if self.state == "queued":
            return float("inf")
        if self.state == "ended":
            return self._leave_at if self.learner is not None and self.learner.alive else float("inf")
        return min(self._printed.due, self._look_at, self._kill_at)

    @property
    def _leave_at(self) -> float:
        """A process that does not notice that the judge has gone (its code loops in a call) is not waited for."""
        return self._ended_at + (GRACE / 3 if self._answering else IDLE)

    def tick(self) -> None:
        now = time.monotonic()
        if self.state == "ended":
            if now >= self._leave_at:
                self.leave()
            return
        if now >= self._printed.due:
            self._printed.flush()
        if now >= self._kill_at:
            self._stop(self._ending or "killed")
        if now >= self._look_at:
            self._look_at = now + _LOOK_EVERY
            self._look()

    def _look(self) -> None:
        if self.state == "going" and self.learner is not None and self.learner.alive:
            if self._clock.seconds > (self.job.limits.seconds if self._loaded else LOADING) and self._ending is None:
                self._out_of_time(self.learner)
            if self.job.gpu and limits.held_mb(self.learner.pid) > self.job.limits.memory_mb + limits.GPU_MB:
                self._stop("memory", f"The run took more than {self.job.limits.memory_mb:,} MB and was ended.")
            count = len(processes.belonging({self.learner.pid}))
            if count > MOST_PROCESSES:
                self._stop("killed", f"The run started more than {MOST_PROCESSES} processes and was ended.")
        elif self.state == "judging" and self._judging_seconds > endings.judge_seconds(self.job.limits):
            self._add_verdict("The judge took too long.")
        for rerun in self._reruns:
            rerun.look()

    @property
    def _judging_seconds(self) -> float:
        return self._clock.seconds - self._seconds

    def _out_of_time(self, learner: ChildProcess) -> None:
        if self._loaded:
            self._ending, self._ending_note = "time", f"The time for this run, {self.job.limits.seconds:g} s, was up."
        else:
            self._ending, self._ending_note = "lost", f"What the run needs was not loaded within {LOADING:.0f} s."
        self._kill_at = time.monotonic() + GRACE
        processes.send_signal(learner.pid, TIME_IS_UP)
