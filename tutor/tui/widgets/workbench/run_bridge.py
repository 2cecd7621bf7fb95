"""From the engine's stream of events to a RunState, and to redraws no faster than the terminal should get them.

The one bridge between engine and widgets: events change the state at once, drawing follows at the rate of
pictures, so a slow terminal drops frames and never data.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget

from tutor.errors import TutorError
from tutor.following.run_state import KERAS_WAIT, LIGHT_WAIT, RunState
from tutor.messages.events import Ended
from tutor.messages.jobs import Job, Rubric
from tutor.messages.verdicts import Judged, Verdict
from tutor.tui.door import tutor_of

if TYPE_CHECKING:
    from tutor.engine.client.engine import Engine
    from tutor.engine.client.running import Running

PATIENCE = 0.3
"""Seconds of waiting after which it is said what is waited for."""
TOO_LATE = 2.0
"""Seconds after a ctrl+c within which another one is still meant for the run."""


class Runner:
    """One run at a time. draw: called with the state when there is something new; judged: waited for before a verdict
    is drawn, so that what is shown is on disk; done: once at the end."""

    def __init__(
        self,
        owner: Widget,
        draw: Callable[[RunState], None],
        judged: Callable[[RunState, Verdict], Awaitable[None]],
        done: Callable[[RunState], None],
    ) -> None:
        self._owner, self._draw, self._judged, self._done = owner, draw, judged, done
        self.state: RunState | None = None
        self._running: Running | None = None
        self.last: Running | None = None  # its process may live on, to be looked into
        self._dirty = False
        self._timer: Timer | None = None
        self._waiting: Timer | None = None
        self._cancelled = 0
        self._cancelled_at = -math.inf
        self._watching = False

    @property
    def just_cancelled(self) -> bool:
        """Whether a key that was to end the run may have come when it had ended."""
        return time.monotonic() - self._cancelled_at < TOO_LATE

    @property
    def going(self) -> bool:
        return self.state is not None and self.state.going

    def start(self, engine: Engine, job: Job, rubric: Rubric | None = None) -> None:
        """Begin; what happens is told by `draw` and `done`."""
        self._begin(RunState(job.run, job.block, job.graded), engine.run(job, rubric))

    async def take_up(self, engine: Engine, block: str) -> bool:
        """Follow a run of this block that goes on, or ended unseen, since its window closed; whether there is one."""
        mine = [run for run in await engine.unseen() if run.rpartition("-")[0] == block]
        if not mine or self.going:
            return False
        running = await engine.attach(mine[-1])
        if running is None:
            return False

        async def opened() -> Running:
            return running

        self._begin(RunState(mine[-1], block, False), opened())
        return True

    def _begin(self, state: RunState, opening: Awaitable[Running]) -> None:
        self.state = state
        self._cancelled = 0
        self._running = None
        rate = tutor_of(self._owner).terminal.picture_rate
        self._timer = self._owner.set_interval(1 / rate, self._tick)
        self._owner.set_timer(PATIENCE, self._say_waiting)
        self._owner.run_worker(self._follow(state, opening), group="run", exit_on_error=False)
        self._draw(self.state)

    async def _follow(self, state: RunState, opening: Awaitable[Running]) -> None:
        try:
            self._running = self.last = await opening
            if self._cancelled:
                await self._running.cancel()
            if self._watching:
                await self._running.watch(gradients=True, layers=True)
            async for event in self._running:
                if isinstance(event, Judged):
                    await self._judged(state, event.verdict)
                first = state.phase == "waiting"
                state.apply(event)
                self._dirty = True
                if first or isinstance(event, Judged):
                    self._tick()
        except TutorError as error:
            state.apply(Ended(run=state.run, reason="lost", seconds=0.0, note=str(error)))
        finally:
            if self._timer is not None:
                self._timer.stop()
            if state.ended is None:
                state.apply(Ended(run=state.run, reason="lost", seconds=0.0, note="The run was lost."))
            self._running = None
            self._dirty = False
            self._draw(state)
            self._done(state)

    def _tick(self) -> None:
        if self._dirty and self.state is not None:
            self._dirty = False
            self._draw(self.state)

    def _say_waiting(self) -> None:
        state = self.state
        if state is None or not state.going or not (state.phase == "waiting" or state.graded):
            return
        if state.phase == "waiting" and not state.waiting_for:
            keras = self._running is None or getattr(self._running, "kind", "light") == "keras"
            state.waiting_for = KERAS_WAIT if keras else LIGHT_WAIT
        self._draw(state)
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self._owner.set_timer(1.0, self._say_waiting)

    def pause(self) -> None:
        """Pause the training that goes on, or let it go on."""
        running, fit = self._running, self.state.fit if self.state is not None else None
        if running is not None and fit is not None:
            call = running.resume() if fit.paused else running.pause()
            self._owner.run_worker(call, group="steer", exit_on_error=False)

    def watch(self) -> None:
        """From now on, have trainings tell of gradients and layers, too."""
        if not self._watching and self._running is not None:
            self._owner.run_worker(self._running.watch(gradients=True, layers=True), group="steer", exit_on_error=False)
        self._watching = True

    def steer(self, what: str) -> str:
        """Pause, stop, or another learning rate ("slower", "faster"), of the training that goes on. Returns what is to
        be said of it, "" for nothing."""
        fit = self.state.fit if self.state is not None else None
        if fit is None or fit.over:
            return ""
        if what == "pause":
            self.pause()
        elif what == "stop":
            self.cancel()
        elif not math.isfinite(fit.rate):
            return "This training has not said yet which learning rate it has."
        else:
            self.set_rate(fit.rate * (2.0 if what == "faster" else 0.5))
        return ""

    def set_rate(self, rate: float) -> None:
        """Another learning rate for the training that goes on; a note of the run says what came of it."""
        if self._running is not None:
            self._owner.run_worker(self._running.set_rate(rate), group="steer", exit_on_error=False)

    def cancel(self) -> None:
        """Stop gracefully; the second time, end it at once."""
        self._cancelled += 1
        self._cancelled_at = time.monotonic()
        running = self._running
        if running is not None:
            call = running.cancel() if self._cancelled == 1 else running.kill()
            self._owner.run_worker(call, group="cancel", exit_on_error=False)
