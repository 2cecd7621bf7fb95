"""What a window may do to a run that goes on: pause it, set its learning rate, watch its layers, interrupt it."""

from __future__ import annotations

import signal

from tutor.engine.host.child_processes import ChildProcess
from tutor.engine.host.keeping import Keeping, cannot_be_kept
from tutor.engine.host.stopwatch import Stopwatch
from tutor.engine.machine import processes
from tutor.messages import children
from tutor.messages.events import Inspected
from tutor.messages.requests import Inspect, Keep


class Reins:
    """Of one run. clock: its time, in which pauses do not count. fitting: whether a training goes on."""

    def __init__(self) -> None:
        self.clock = Stopwatch()
        self.fitting = False
        self._learner: ChildProcess | None = None
        self._keeping = Keeping()
        self._watched: children.WatchOrder | None = None

    def take(self, learner: ChildProcess) -> None:
        """From now on the reins are those of this process."""
        self._learner = learner
        if self._watched is not None:
            learner.tell(self._watched)

    def pause(self) -> bool:
        """A training waits between two batches; any other code is stopped where it is. Whether it did go on."""
        if self._learner is None or not self.clock.running:
            return False
        self.clock.pause()
        if self.fitting:
            self._learner.tell(children.PauseOrder())
        else:
            processes.signal_group(self._learner.pid, signal.SIGSTOP)
        return True

    @property
    def paused(self) -> bool:
        return not self.clock.running

    def resume(self) -> None:
        """Let it go on, whatever has stopped it."""
        self.clock.resume()
        if self._learner is not None:
            self._learner.tell(children.ResumeOrder())
            processes.signal_group(self._learner.pid, signal.SIGCONT)

    def interrupt(self) -> None:
        """As ctrl+c would: training ends with its batch."""
        self.resume()
        if self._learner is not None:
            processes.send_signal(self._learner.pid, signal.SIGINT)

    def set_rate(self, rate: float) -> None:
        if self._learner is not None:
            self._learner.tell(children.RateOrder(rate))

    def watch(self, gradients: bool, layers: bool, *, going: bool) -> None:
        """What trainings tell besides losses, also those that are still to come."""
        self._watched = children.WatchOrder(gradients, layers)
        if going and self._learner is not None:
            self._learner.tell(self._watched)

    def inspect(self, request: Inspect | Keep) -> str:
        """Pass `request` on. Returns why that cannot be done, else ""."""
        if self._learner is None or not self._learner.alive:
            return "The process of this run has ended; run the code again to look into it."
        if isinstance(request, Inspect):
            self._learner.tell(request)
            return ""
        try:
            fd = self._keeping.begin(request)
        except OSError as error:
            return cannot_be_kept(error)
        self._learner.tell(request, fd)
        return ""

    def answered(self, event: Inspected) -> Inspected:
        """What the window is told of it."""
        return self._keeping.end(event)

    def drop(self) -> None:
        """The process has ended."""
        self._keeping.drop()
