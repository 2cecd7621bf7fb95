"""Following a run from the command line: what it prints, plots and trains, and ctrl+c."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import click

from tutor.commands.running import fits
from tutor.commands.running.printed_lines import PrintedLines
from tutor.engine.client.engine import TO_SAY, Engine
from tutor.engine.client.running import Running
from tutor.engine.client.which_host import kind_for
from tutor.following.fit_state import FitState
from tutor.following.run_state import RunState
from tutor.following.shown_text import ShownText
from tutor.messages.events import Ended, Note, Output, Plotted, Queued, RunEvent, RunWaits, Started
from tutor.messages.jobs import Job, Rubric
from tutor.messages.training import BatchEnded, Changed, EpochEnded, FitEnded, FitStarted, Paused
from tutor.messages.verdicts import Checked, Judged

if TYPE_CHECKING:
    from tutor.commands.paper import Paper
    from tutor.commands.session import Session

PATIENCE = 0.3
"""Seconds of waiting after which it is said what is waited for."""
GRACE = 2.0
"""Seconds that an engine has to end a run, before it is left."""
_WAIT: dict[str, str] = {
    "light": "Starting the engine; then it stays ready.",
    "keras": "Starting Keras, about 3 s; then it stays warm.",
}


@dataclass
class Followed:
    """What came of a run. state: all that is known of it. stopped: how often ctrl+c was pressed."""

    state: RunState
    stopped: int = 0

    @property
    def ended(self) -> Ended:
        """How it ended."""
        assert self.state.ended is not None
        return self.state.ended


def run_job(session: Session, paper: Paper, job: Job, rubric: Rubric | None = None) -> Followed:
    """Run it and print what comes. Raises EngineError where there is no engine, click.Abort where ctrl+c came
    before there was a run."""
    session.settings.apply()
    state = RunState(job.run, job.block, rubric is not None, text=ShownText(sys.maxsize))
    follower = PaperFollower(session, paper, state)
    try:
        return asyncio.run(follower.follow(job, rubric))
    except asyncio.CancelledError:
        raise click.Abort from None
    finally:
        paper.close()


class PaperFollower:
    """Follows one run, and says on paper how it goes."""

    def __init__(self, session: Session, paper: Paper, state: RunState) -> None:
        self._paper, self._state = paper, state
        self._window = session.progress.window
        self._result = Followed(state)
        self._printed = PrintedLines(paper)
        self._running: Running | None = None
        self._stopping: asyncio.Task[None] | None = None

    async def follow(self, job: Job, rubric: Rubric | None) -> Followed:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        loop.add_signal_handler(signal.SIGINT, self._interrupted, loop, task)
        engine = Engine(window=self._window, stays=False, on_state=self._engine_state)
        patience = loop.call_later(PATIENCE, self._say, _WAIT[kind_for(job, rubric)])
        try:
            self._running = await engine.run(job, rubric)
            async for event in self._running:
                patience.cancel()
                self._take(event)
        finally:
            patience.cancel()
            if self._running is not None and self._running.ended is None:
                with contextlib.suppress(TimeoutError):  # an engine that hangs takes nothing
                    await asyncio.wait_for(self._running.kill(), GRACE)
            await engine.close()
            loop.remove_signal_handler(signal.SIGINT)
        self._finish()
        return self._result

    def _interrupted(self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[object]) -> None:
        """Once: gracefully. Twice: at once, whether the engine answers or not. Before there is a run, or a third time:
        leave."""
        self._result.stopped += 1
        if self._running is None or self._result.stopped > 2:
            task.cancel()
            return
        if self._result.stopped == 1:
            self._paper.note("Stopping; ctrl+c again ends it at once.")
            self._stopping = loop.create_task(self._running.cancel())
        else:
            self._stopping = loop.create_task(self._running.kill())
            loop.call_later(GRACE, task.cancel)

    def _engine_state(self, kind: str, state: str, sentence: str) -> None:
        if state in TO_SAY:
            self._paper.note(sentence)

    def _say(self, sentence: str) -> None:
        if self._paper.live:
            self._paper.status(sentence)
        else:
            self._paper.note(sentence)

    # -------------------------------------------------------------- events

    def _take(self, event: RunEvent) -> None:
        """Know it, and say it."""
        self._state.apply(event)
        paper = self._paper
        match event:
            case Queued():
                paper.note(_waits(event))
            case RunWaits():
                paper.note(f"{event.what[:1].upper()}{event.what[1:]}." if event.what else "It goes on.")
            case Started():
                paper.status("checking …" if self._state.graded else "running …")
            case Output(stream="tutor"):
                paper.note(event.text.rstrip("\n"))
            case Output():
                self._printed.take(event)
            case Note():
                paper.note(event.text)
            case FitStarted() | BatchEnded() | EpochEnded() | FitEnded():
                self._train(event, self._state.fit_of(event.fit))
            case Plotted() | Changed() | Paused() | Checked() | Judged() | Ended():
                pass  # plots and the verdict are told at the end
            case _:
                assert_never(event)

    def _train(self, event: FitStarted | BatchEnded | EpochEnded | FitEnded, fit: FitState) -> None:
        paper = self._paper
        match event:
            case FitStarted():
                paper.line(fits.head(event))
            case BatchEnded():
                paper.status(fits.bar(fit, paper.ascii))
            case EpochEnded():
                if paper.live:
                    paper.status(fits.bar(fit, paper.ascii))
                elif fits.has_line(fit.epochs_done, fit.started.epochs):
                    paper.line(fits.epoch_line(event, fit.started.epochs, fit.epochs_done))
            case FitEnded():
                scene = fits.loss_scene(fit)
                if paper.live and scene is not None:
                    paper.picture(scene)
                paper.line(fits.end(fit, event))
                if not paper.live and scene is not None:
                    paper.words(scene)

    def _finish(self) -> None:
        self._printed.rest()
        for _, scene in sorted(self._state.plots.items()):
            self._paper.picture(scene)


def _waits(event: Queued) -> str:
    """block may be "": whose turn it is has just ended, or has not said its name yet."""
    if event.ahead == 1:
        named = f" ({event.block})" if event.block else ""
        return f"Waiting for another run of yours{named} to end."
    now = f"; {event.block} goes on now" if event.block else ""
    return f"Waiting for {event.ahead} other runs of yours to end{now}."
