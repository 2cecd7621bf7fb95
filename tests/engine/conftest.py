"""Real hosts, one of each kind for all tests here, under a home of their own."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tutor.engine.client.engine import Engine
from tutor.engine.client.running import Running
from tutor.engine.machine import entries, processes
from tutor.following.shown_text import ShownText
from tutor.messages.events import Ended, Note, Output, RunEvent
from tutor.messages.jobs import Chunk, Job, Limits

_numbers = itertools.count()
PATIENCE = 60.0


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for all hosts of these tests, which must leave no process behind."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_TUTOR_HOME", str(folder))
        patch.setenv("DL_TUTOR_ENGINE_IDLE", "120")
        patch.delenv("DL_TUTOR_ENGINE_START", raising=False)
        yield folder
        asyncio.run(stop_hosts(patch))


async def stop_hosts(patch: pytest.MonkeyPatch) -> None:
    for start in ("fork", "fresh"):
        patch.setenv("DL_TUTOR_ENGINE_START", start)
        engine = Engine(window="last")
        pids = []
        for kind in ("light", "keras"):
            if await engine._living(kind) is not None:
                await engine._connections[kind].runs()
                pids.append(engine.host_pid(kind))
        await engine.stop(force=True)
        for pid in pids:
            assert pid is not None
            await until(lambda pid=pid: pid not in processes.table())


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    """A window of its own."""
    engine = Engine(window=f"test-{os.getpid()}-{next(_numbers)}")
    yield engine
    await engine.close()


@pytest.fixture
async def unheld(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Engine]:
    """A window whose runs are not confined, as on a system that has nothing for it."""
    monkeypatch.setattr(entries, "AHEAD", "tests.engine.unheld_ahead:load")
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    engine = Engine(window="unheld")
    yield engine
    await engine.stop(force=True)


@pytest.fixture(params=["fork", "fresh"])
async def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Engine]:
    """A window whose runs are forked, then one whose runs are started afresh."""
    monkeypatch.setenv("DL_TUTOR_ENGINE_START", request.param)
    engine = Engine(window=f"{request.param}-{os.getpid()}-{next(_numbers)}")
    yield engine
    await engine.close()


async def until(condition) -> None:
    """Wait for a condition; the time only bounds a test that is broken."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def job(source: str, **options) -> Job:
    """A job with one chunk of the learner's own."""
    limits = Limits(**{name: options.pop(name) for name in list(options) if name in Limits.__struct_fields__})
    run = options.pop("run", f"run-{next(_numbers)}")
    return Job(run, "block", (Chunk("block.py", source, learner=True),), limits=limits, **options)


async def events_of(running: Running) -> list[RunEvent]:
    async with asyncio.timeout(PATIENCE):
        return [event async for event in running]


async def run(engine: Engine, source: str, **options) -> list[RunEvent]:
    """All events of a run of `source`."""
    return await events_of(await engine.run(job(source, **options)))


async def first(running: Running, kind: type) -> RunEvent:
    """Wait for the first event of that kind."""
    async with asyncio.timeout(PATIENCE):
        async for event in running:
            if isinstance(event, kind):
                return event
    raise AssertionError(f"no {kind.__name__} came")


def printed(events: list[RunEvent], stream: str = "out") -> str:
    text = ShownText()
    for event in events:
        if isinstance(event, Output):
            text.take(event)
    return "".join(said for name, said in text.pieces if name == stream)


def ended(events: list[RunEvent]) -> Ended:
    (last,) = [event for event in events if isinstance(event, Ended)]
    assert events[-1] is last
    return last


def notes(events: list[RunEvent]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Note))
