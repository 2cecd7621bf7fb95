"""Carry a job through the engine from a plain command: show its events, and let ctrl+c cancel it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click
from msgspec.structs import replace

from tutor.commands.session import Session
from tutor.commands.showing import Show
from tutor.engine import protocol as p
from tutor.engine.client import Engine, Running


def carry_out(
    session: Session, job: p.Job, rubric: p.Rubric | None = None, *, quiet: bool = False
) -> tuple[p.Ended, p.Verdict | None]:
    """Run the job to its end. Raises EngineError where no engine can be started, KeyboardInterrupt where it was
    cancelled before it began."""
    settings = session.settings
    settings.apply()
    limits = replace(job.limits, memory_mb=settings.memory_mb, seconds=settings.seconds or job.limits.seconds)
    return asyncio.run(_follow(session, replace(job, limits=limits), rubric, quiet))


async def _follow(
    session: Session, job: p.Job, rubric: p.Rubric | None, quiet: bool
) -> tuple[p.Ended, p.Verdict | None]:
    engine = Engine(window=session.window, on_state=None if quiet else _say_state)
    show = Show(session, quiet=quiet)
    verdict: p.Verdict | None = None
    try:
        running = await engine.run(job, rubric)
        with _cancelled_by_ctrl_c(running):
            async for event in running:
                show.event(event)
                if isinstance(event, p.Judged):
                    verdict = event.verdict
        assert running.ended is not None
        return running.ended, verdict
    finally:
        show.close()
        await engine.close()


def _say_state(_: p.HostKind, state: str, sentence: str) -> None:
    if state != "ready" and sentence:
        click.echo(sentence, err=True)


@contextmanager
def _cancelled_by_ctrl_c(running: Running) -> Iterator[None]:
    """Once: stop gracefully. Twice: end it at once."""
    loop = asyncio.get_running_loop()
    sent: list[asyncio.Task[None]] = []

    def pressed() -> None:
        if sent:
            sent.append(loop.create_task(running.kill()))
        else:
            click.echo("Stopping; ctrl+c again ends it at once.", err=True)
            sent.append(loop.create_task(running.cancel()))

    loop.add_signal_handler(signal.SIGINT, pressed)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
