"""Following a run from the command line: what it prints, plots and trains, and ctrl+c."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from tutor.commands.running.fits import Fit
from tutor.engine.client.engine import Engine, Running
from tutor.engine.client.which_host import kind_for
from tutor.messages.events import Ended, Note, Output, Plotted, Queued, RunEvent, RunWaits, Started
from tutor.messages.jobs import Job, Rubric
from tutor.messages.training import BatchEnded, EpochEnded, FitEnded, FitStarted
from tutor.messages.verdicts import Judged, Verdict

if TYPE_CHECKING:
    from tutor.commands.paper import Paper
    from tutor.commands.session import Session
    from tutor.plots.scene import Scene

PATIENCE = 0.3
"""Seconds of waiting after which it is said what is waited for."""
_WAIT: dict[str, str] = {
    "light": "Starting the engine; then it stays ready.",
    "keras": "Starting Keras, about 3 s; then it stays warm.",
}


@dataclass
class Followed:
    """What came of a run. output: what the code printed. stopped: how often ctrl+c was pressed."""

    ended: Ended | None = None
    verdict: Verdict | None = None
    output: str = ""
    stopped: int = 0
    plots: dict[int, Scene] = field(default_factory=dict)


def run_job(session: Session, paper: Paper, job: Job, rubric: Rubric | None = None) -> Followed:
    """Run it and print what comes. Raises EngineError where there is no engine, click.Abort where ctrl+c came
    before there was a run."""
    session.settings.apply()
    follower = PaperFollower(session, paper)
    try:
        return asyncio.run(follower.follow(job, rubric))
    except asyncio.CancelledError:
        raise click.Abort from None
    finally:
        paper.close()


class PaperFollower:
    """Follows one run, and says on paper how it goes."""

    def __init__(self, session: Session, paper: Paper) -> None:
        self._paper = paper
        self._window = session.progress.window
        self._result = Followed()
        self._running: Running | None = None
        self._fits: dict[int, Fit] = {}
        self._graded = False
        self._stopping: asyncio.Task[None] | None = None

    async def follow(self, job: Job, rubric: Rubric | None) -> Followed:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        loop.add_signal_handler(signal.SIGINT, self._interrupted, loop, task)
        engine = Engine(window=self._window, stays=False)
        self._graded = rubric is not None
        patience = loop.call_later(PATIENCE, self._say, _WAIT[kind_for(job, rubric)])
        try:
            self._running = await engine.run(job, rubric)
            async for event in self._running:
                patience.cancel()
                self._take(event)
        finally:
            patience.cancel()
            if self._running is not None and self._running.ended is None:
                await self._running.kill()
            await engine.close()
            loop.remove_signal_handler(signal.SIGINT)
        self._finish()
        return self._result

    def _interrupted(self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[object]) -> None:
        """Once: gracefully. Twice: at once. Before there is a run, or a third time: leave."""
        self._result.stopped += 1
        if self._running is None or self._result.stopped > 2:
            task.cancel()
            return
        if self._result.stopped == 1:
            self._paper.note("Stopping; ctrl+c again ends it at once.")
            self._stopping = loop.create_task(self._running.cancel())
        else:
            self._stopping = loop.create_task(self._running.kill())

    def _say(self, sentence: str) -> None:
        if self._paper.live:
            self._paper.status(sentence)
        else:
            self._paper.note(sentence)

    # -------------------------------------------------------------- events

    def _take(self, event: RunEvent) -> None:
        paper = self._paper
        match event:
            case Queued():
                paper.note(_waits(event))
            case RunWaits():
                paper.note(f"{event.what[:1].upper()}{event.what[1:]}." if event.what else "It goes on.")
            case Started():
                paper.status("checking …" if self._graded else "running …")
            case Output(stream="tutor"):
                paper.note(event.text.rstrip("\n"))
            case Output():
                self._result.output += event.text
                paper.out(event.text, err=event.stream == "err")
            case Plotted():
                self._result.plots[event.index] = event.scene
            case Note():
                paper.note(event.text)
            case Judged():
                self._result.verdict = event.verdict
            case Ended():
                self._result.ended = event
            case _:
                self._train(event)

    def _train(self, event: RunEvent) -> None:
        paper = self._paper
        match event:
            case FitStarted():
                fit = self._fits[event.fit] = Fit(event)
                paper.line(fit.head())
            case BatchEnded():
                fit = self._fits[event.fit]
                fit.batch(event)
                paper.status(fit.bar(paper.ascii))
            case EpochEnded():
                fit = self._fits[event.fit]
                fit.epoch(event)
                if paper.live:
                    paper.status(fit.bar(paper.ascii))
                elif fit.counts(event.epoch + 1):
                    paper.line(fit.line(event))
            case FitEnded():
                fit = self._fits[event.fit]
                if paper.live and len(fit.curves.get("loss", ())) > 1:
                    paper.picture(fit.scene())
                paper.line(fit.end(event))
                if not paper.live and len(fit.curves.get("loss", ())) > 1:
                    paper.words(fit.scene())

    def _finish(self) -> None:
        for _, scene in sorted(self._result.plots.items()):
            self._paper.picture(scene)


def _waits(event: Queued) -> str:
    """block may be "": whose turn it is has just ended, or has not said its name yet."""
    if event.ahead == 1:
        named = f" ({event.block})" if event.block else ""
        return f"Waiting for another run of yours{named} to end."
    now = f"; {event.block} goes on now" if event.block else ""
    return f"Waiting for {event.ahead} other runs of yours to end{now}."
