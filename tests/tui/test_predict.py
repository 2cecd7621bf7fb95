"""A prediction's code runs as all code does: within the learner's limits, and its plots and curves are drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tutor.course.model import Choice, Predict, Source, Text
from tutor.messages.events import Ended, Output, RunEvent, Started
from tutor.messages.jobs import Job
from tutor.messages.training import EpochEnded, FitEnded, FitStarted
from tutor.plots.scene import Chart
from tutor.tui.app import TutorApp
from tutor.tui.widgets.predict import PredictTask, Ran

BLOCK = Predict(
    "guess", (), (Choice(True, (Text("it falls"),)), Choice(False, (Text("it rises"),))),
    code=Source("print(1)"), setup=Source("x = 1"), curves=((2.0, 1.0), (1.0, 2.0)),
)  # fmt: skip


class OneRun:
    """An engine that answers a job with these events."""

    def __init__(self, *events: RunEvent) -> None:
        self._events = events
        self.jobs: list[Job] = []

    async def run(self, job: Job) -> AsyncIterator[RunEvent]:
        self.jobs.append(job)
        return self._told()

    async def _told(self) -> AsyncIterator[RunEvent]:
        for event in self._events:
            yield event

    async def unseen(self) -> list[str]:
        return []

    async def close(self) -> None:
        """Nothing to close."""


async def answered(app: TutorApp, pilot: Any) -> PredictTask:
    screen = await turn_to(pilot, 0)
    task = PredictTask(BLOCK, "everything")
    await screen.view.mount(task)
    task.field.focus()
    await pilot.press("1", "enter")
    await settled(pilot)
    return task


async def test_its_job_has_the_settings_limits_and_its_own_setup(window, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    engine = OneRun(Started("r", 1, 0, 0.0), Output("r", "out", "1\n"), Ended("r", "ok", 0.1))
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: engine)
    app = window("everything", seconds=7.0, memory_mb=512)
    async with app.run_test(size=SIZE) as pilot:
        task = await answered(app, pilot)
        assert task.query_one(Ran).printed == "1\n" and task.query_one(Ran).state == ""
    (job,) = engine.jobs
    assert (job.limits.seconds, job.limits.memory_mb, job.graded) == (7.0, 512, False)
    assert [chunk.source.strip() for chunk in job.chunks] == ["x = 1", "print(1)"]


async def test_the_real_curve_is_drawn_over_the_sketches(window, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    epochs = [EpochEnded("r", 0, at, {"loss": 3.0 - at}, 0.1) for at in range(2)]
    end = FitEnded("r", 0, "done", 2, 0.2)
    engine = OneRun(FitStarted("r", 0, "keras", "m", 2), *epochs, end, Ended("r", "ok", 0.1))
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: engine)
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        task = await answered(app, pilot)
        assert task._sketch is not None and task._sketch.scene is not None
        (chart,) = task._sketch.scene.panels
        assert isinstance(chart, Chart)
        assert [tuple(one.y) for one in chart.series] == [(2.0, 1.0), (3.0, 2.0)]
