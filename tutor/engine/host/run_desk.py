"""A host's runs: begun in turn, kept for those who come back, and what windows ask of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import assert_never

from tutor.engine.host.child_processes import ChildProcesses
from tutor.engine.host.event_log import EventLog
from tutor.engine.host.hosted_run import HostedRun
from tutor.engine.host.run_queue import RunQueue
from tutor.engine.host.window_link import WindowLink
from tutor.messages import endings
from tutor.messages.events import Ended, Inspected, Ready, Refused, RunWaits
from tutor.messages.jobs import HostKind, Job
from tutor.messages.requests import (
    AboutRun,
    Attach,
    Cancel,
    Inspect,
    Keep,
    Kill,
    Pause,
    Resume,
    Seen,
    SetRate,
    Watch,
)
from tutor.messages.verdicts import CodeError, Judged

_RECORDS_KEPT = 12


class RunDesk:
    """on_over(): a run has ended, and the next may begin. queue: those that wait, and those that go on."""

    def __init__(self, kind: HostKind, child_processes: ChildProcesses, on_over: Callable[[], None]) -> None:
        self.runs: dict[str, HostedRun] = {}
        self.queue = RunQueue(kind)
        self._kind = kind
        self._child_processes = child_processes
        self._on_over = on_over
        self._problem: Ready | None = None
        self._inspecting: dict[tuple[str, int], WindowLink] = {}

    @property
    def unseen(self) -> tuple[str, ...]:
        """Ids of runs that go on or wait to be seen."""
        return tuple(name for name, run in self.runs.items() if not run.event_log.seen)

    def of_windows(self, windows: Collection[str]) -> tuple[str, ...]:
        """Ids of those of them that were begun in one of these windows."""
        return tuple(name for name in self.unseen if self.runs[name].event_log.window in windows)

    def open(self, ready: Ready) -> None:
        """The imports are done: runs may begin, or all end with the same problem."""
        if ready.problem:
            self._problem = ready
            for run in self.queue.abandon():
                del self.runs[run.job.run]
                _not_installed(run.job, run.event_log, ready)
        self.queue.open = True
        self.queue.look()

    # -------------------------------------------------------------- runs begin

    def submit(self, window: WindowLink, job: Job, waits_for: str) -> None:
        """waits_for: what the host waits for before any run may begin, "" for nothing."""
        if job.run in self.runs:
            window.tell(Refused(f"The run {job.run} exists already.", run=job.run))
            return
        self._make_room(window)
        event_log = EventLog(job.run, window.name)
        event_log.follow(window.framed)
        if self._problem is not None:
            _not_installed(job, event_log, self._problem)
            return
        run = HostedRun(job, self._kind, event_log, self._child_processes)
        run.on_over = lambda: self._over(run)
        run.learner.on_inspected = lambda event: self._inspected(run, event)
        self.runs[job.run] = run
        if waits_for:
            event_log.add(RunWaits(job.run, waits_for))
        self.queue.add(run)

    def _make_room(self, window: WindowLink) -> None:
        """A window's new run replaces its old ones; few results of the past are kept."""
        for run in self.runs.values():
            if run.event_log.window == window.name:
                run.leave()
        ended = [name for name, run in self.runs.items() if run.state == "ended"]
        for name in ended[: max(0, len(ended) - _RECORDS_KEPT)]:
            self.runs[name].leave()
            del self.runs[name]

    def _over(self, run: HostedRun) -> None:
        self.queue.over(run)
        self._on_over()

    def grade(self, name: str, body: memoryview) -> None:
        """body: a Grade message as it came."""
        run = self.runs.get(name)
        if run is not None:
            run.grade(body)

    # -------------------------------------------------------------- windows come and go

    def window_gone(self, window: WindowLink, *, elsewhere: bool) -> None:
        """Its runs go on where it stays, paused ones too, and end otherwise; what waits only for it to look ends, once
        its result was seen. elsewhere: whether a window of the same name is there still."""
        for run in list(self.runs.values()):
            run.event_log.unfollow(window.framed)
            if run.event_log.window != window.name or elsewhere:
                continue
            if not window.stays:
                run.event_log.seen = True
                run.kill()
            elif run.event_log.seen:
                run.leave()
            else:
                run.resume()

    def feed(self, window: WindowLink) -> None:
        """The window has taken all that was sent: whatever it follows may have more."""
        for run in self.runs.values():
            run.event_log.feed(window.framed)

    # -------------------------------------------------------------- what they ask

    def ask(self, window: WindowLink, request: AboutRun) -> None:
        """A request about a run; run "": the newest."""
        name = request.run or next(reversed(self.runs), "")
        run = self.runs.get(name)
        if run is None:
            _unknown(window, request, name)
            return
        match request:
            case Attach(start=start):
                run.event_log.follow(window.framed, start)
            case Cancel():
                run.cancel()
            case Kill():
                run.kill()
            case Pause():
                run.pause()
            case Resume():
                run.resume()
            case SetRate(rate=rate):
                run.set_rate(rate)
            case Seen():
                run.event_log.seen = True
            case Watch(gradients=gradients, layers=layers):
                run.watch(gradients, layers)
            case Inspect() | Keep():
                self._inspect(window, run, request)
            case _:
                assert_never(request)

    def _inspect(self, window: WindowLink, run: HostedRun, request: Inspect | Keep) -> None:
        problem = run.inspect(request)
        if problem:
            window.tell(Inspected(request.request, problem=problem))
        else:
            self._inspecting[run.job.run, request.request] = window

    def _inspected(self, run: HostedRun, event: Inspected) -> None:
        window = self._inspecting.pop((run.job.run, event.request), None)
        if window is not None:
            window.tell(event)


def _unknown(window: WindowLink, request: AboutRun, name: str) -> None:
    what = "There is no run yet." if not name else f"The run {name} is not known to the engine any more."
    if isinstance(request, (Inspect, Keep)):
        window.tell(Inspected(request.request, problem=what))
    elif not isinstance(request, Seen):
        window.tell(Refused(what, "Run the code again.", run=name))


def _not_installed(job: Job, event_log: EventLog, ready: Ready) -> None:
    error = CodeError("NotInstalled", ready.problem, todo=ready.todo)
    if job.graded:
        event_log.add(Judged(job.run, endings.fault_verdict(job, f"{ready.problem} {ready.todo}")))
    event_log.add(Ended(job.run, "error", 0.0, error))
