"""One run as the host leads it: the learner's process, the judge beside it, its events, its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import msgspec

from tutor.engine.host.child_processes import ChildProcesses
from tutor.engine.host.event_log import EventLog
from tutor.engine.host.judging import Judging
from tutor.engine.host.learner_process import GRACE, LearnerProcess
from tutor.messages import children, endings
from tutor.messages.events import Ended, Note
from tutor.messages.jobs import HostKind, Job
from tutor.messages.requests import Inspect, Keep
from tutor.messages.verdicts import Checked, Judged, Verdict

IDLE = 600.0
"""Seconds that a finished process waits to be looked into."""
_LOOK_EVERY = 0.25


class HostedRun:
    """States, in order: queued, going (the learner's code runs), judging, ended. on_over() is called when the next
    run may begin."""

    def __init__(self, job: Job, kind: HostKind, event_log: EventLog, child_processes: ChildProcesses) -> None:
        self.job = job
        self.event_log = event_log
        self.state: Literal["queued", "going", "judging", "ended"] = "queued"
        self.learner = LearnerProcess(job, kind, child_processes, event_log, self._code_is_over)
        self.on_over: Callable[[], None] = lambda: None
        self._child_processes = child_processes
        self._judging = Judging(job, kind, child_processes, self._judge_said, self._add_verdict) if job.graded else None
        self._cancels = 0
        self._look_at = 0.0
        self._ended_at = 0.0

    # -------------------------------------------------------------- beginning

    def start(self) -> None:
        """Begin the learner's process. Events of its failure come as those of a run."""
        self.state = "going"
        if not self.learner.begin(self._judging.learners_end if self._judging is not None else None):
            self._end()

    def grade(self, body: memoryview) -> None:
        """Begin the judge, which alone gets `body` (a Grade message): the caller wipes it afterwards."""
        if self._judging is not None and self.state != "ended":
            self._judging.begin(body)

    # -------------------------------------------------------------- the code, and then the judge

    def _code_is_over(self) -> None:
        assert self.learner.finished is not None
        if self._judging is not None and not self._judging.judged:
            self.state = "judging"
            self._judging.code_is_over(self.learner.finished, self.learner.seconds)
        else:
            self._end()

    def _judge_said(self, event: Checked | Judged) -> None:
        self.event_log.add(event)
        if isinstance(event, Judged):
            self._has_verdict()

    def _add_verdict(self, fault: str, verdict: Verdict | None = None) -> None:
        """The host's own verdict, where the judge gave none. Never a pass."""
        if self._judging is None or self._judging.judged:
            return
        self._judging.judged = True
        verdict = verdict or endings.without_judge(self.job, self.learner.finished, fault)
        self.event_log.add(Judged(self.job.run, verdict))
        self._has_verdict()

    def _has_verdict(self) -> None:
        if self.learner.finished is not None:
            self._end()
        else:  # judged without waiting for the code's end
            self.learner.stop("killed")

    # -------------------------------------------------------------- the end

    def _end(self) -> None:
        if self.state == "ended":
            return
        if self._judging is not None and not self._judging.judged:
            self._add_verdict("The run ended before the judge.")
            return
        self.state = "ended"
        self._ended_at = time.monotonic()
        if self._judging is not None:
            self._judging.close()
        finished = self.learner.finished or children.Finished("lost")
        left = self._child_processes.sweep(self.learner.pids)
        note = finished.note or endings.left_behind_note(left)
        seconds, alive = self.learner.seconds, self.learner.listens
        self.event_log.add(
            Ended(self.job.run, finished.reason, seconds, finished.error, note, finished.own_mb, left, alive)
        )
        self.on_over()

    @property
    def idle_seconds(self) -> float:
        """How long ago it ended; 0 before that."""
        return time.monotonic() - self._ended_at if self.state == "ended" else 0.0

    def leave(self) -> None:
        """End the process that waits to be looked into."""
        if self.state == "ended":
            self.learner.kill()

    # -------------------------------------------------------------- what the window asks

    def cancel(self) -> None:
        """Once: gracefully. Again: at once."""
        self._cancels += 1
        if self.state == "queued":
            self._never_begins(children.Finished("cancelled"))
        elif self.state == "judging":
            self._cancel_judging()
        elif self.state == "going" and self._cancels > 1:
            self.kill()
        elif self.state == "going":
            self.learner.reins.interrupt()

    def _never_begins(self, finished: children.Finished) -> None:
        self.learner.finished = finished
        self._end()

    def _cancel_judging(self) -> None:
        assert self.learner.finished is not None
        self.learner.finished = msgspec.structs.replace(self.learner.finished, reason="cancelled")
        self._add_verdict("")

    def kill(self) -> None:
        if self.state == "queued":
            self.cancel()
        elif self.state == "judging":
            self._cancel_judging()
        elif self.state == "going":
            self.learner.stop("cancelled")
        self.leave()

    def give_up(self, why: str) -> None:
        """The host has to go: what the run has said so far is all."""
        if self.state == "queued":
            self._never_begins(children.Finished("lost", note=why))
        elif self.state == "judging":
            self._add_verdict(why)
        elif self.state == "going":
            self.learner.stop("killed", why)
            if not self.learner.alive:
                self._end()

    def pause(self) -> None:
        if self.state == "going" and self.learner.reins.pause():
            self.event_log.add(Note(self.job.run, "Paused."))

    def resume(self) -> None:
        if self.learner.reins.paused:
            self.learner.reins.resume()
            self.event_log.add(Note(self.job.run, "Goes on."))

    def set_rate(self, rate: float) -> None:
        if self.state == "going":
            self.learner.reins.set_rate(rate)

    def watch(self, gradients: bool, layers: bool) -> None:
        """What trainings tell besides losses, also those that are still to come."""
        self.learner.reins.watch(gradients, layers, going=self.state == "going")

    def inspect(self, request: Inspect | Keep) -> str:
        """Pass `request` on: a training answers at the end of its epoch. Returns why that cannot be done, else ""."""
        reins = self.learner.reins
        if self.state != "ended" and not (self.state == "going" and reins.fitting and not self.job.graded):
            return "The run goes on: a training answers at the end of an epoch, other code once it is over."
        return reins.inspect(request)

    # -------------------------------------------------------------- time

    @property
    def due(self) -> float:
        """When `tick` is needed next, in monotonic seconds."""
        if self.state == "queued":
            return float("inf")
        if self.state == "ended":
            return self._leave_at if self.learner.alive else float("inf")
        return min(self.learner.due, self._look_at if self._judging is not None else float("inf"))

    @property
    def _leave_at(self) -> float:
        """A process that does not notice that the judge has gone (its code loops in a call) is not waited for."""
        return self._ended_at + (GRACE / 3 if self.learner.answering else IDLE)

    def tick(self) -> None:
        now = time.monotonic()
        if self.state == "ended":
            if now >= self._leave_at:
                self.leave()
            return
        self.learner.tick()
        if self._judging is not None and now >= self._look_at:
            self._look_at = now + _LOOK_EVERY
            self._look(self._judging)

    def _look(self, judging: Judging) -> None:
        if self.state == "judging":
            took = self.learner.reins.clock.seconds - self.learner.seconds
            if took > endings.judge_seconds(self.job.limits):
                self._add_verdict("", endings.checks_too_long(self.job))
        judging.look()
