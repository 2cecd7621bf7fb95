"""What it costs to watch a training: drawing, keeping, looking into the model, and a run of a million steps."""

from __future__ import annotations

import asyncio
import math
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.engine import FIT, LENET, memory_mb, own_home
from tests.bench.screens import workbench
from tests.bench.table import Row, bounded, spread
from tests.journeys.steps import tap
from tutor.engine.client.engine import Engine
from tutor.following.fit_scene import FitLook, fit_scene
from tutor.following.fit_state import FitState
from tutor.following.run_state import RunState
from tutor.messages.training import EpochEnded, FitEnded, FitStarted
from tutor.plots.drawing import render
from tutor.plots.look import PlotLook
from tutor.runs import Runs
from tutor.submitting import AS_WRITTEN, job_for_file
from tutor.tui.widgets.workbench.earlier_runs import History

STEPS = 10_000
MILLION = """
from tutor import track
loss = 2.0
for step in track(1_000_000):
    loss = 0.9999 * loss + 0.0001
    track.log(loss=loss, val_loss=loss + 0.1)
print("all done")
"""


def long_fit() -> FitState:
    """10,000 epochs with a noisy loss and its validation."""
    random.seed(0)
    fit = FitState(FitStarted("r", 0, "keras", "sequential", STEPS, samples=100))
    for at in range(STEPS):
        loss = 2 * math.exp(-at / 2500) + random.gauss(0.3, 0.05)
        fit.epoch_ended(EpochEnded("r", 0, at, {"loss": loss, "val_loss": loss + 0.1}, 0.01 * at))
    return fit


def bench_curves(repeat: int) -> Iterator[Row]:
    """Curves of 10,000 steps, two series, drawn anew: in a small window's workbench, and over a large window."""
    fit = long_fit()
    for width, height, bound in ((80, 12, 10), (110, 30, 10)):
        times = []
        for _ in range(max(repeat, 5) * 4):
            start = time.perf_counter()
            render(fit_scene(fit, FitLook(), [], width), width, height, PlotLook())
            times.append((time.perf_counter() - start) * 1000)
        name = f"curves of 10,000 steps, two series, drawn in {width}x{height}"
        yield bounded(name, spread(times)["median"], "ms", bound, f"max {max(times):.0f}", **spread(times))


async def looked_into(engine: Engine, repeat: int) -> Iterator[Row]:
    """Milliseconds from the question to the answer, for each view of LeNet, warm."""
    running = await engine.run(job_for_file("bench.py", LENET, bounds=AS_WRITTEN))
    async for _ in running:
        pass
    rows = []
    for view in (await engine.inspect(running, "structure")).names:
        await engine.inspect(running, view)
        times = []
        for sample in range(repeat):
            start = time.perf_counter()
            answer = await engine.inspect(running, view, {"sample": str(sample)})
            times.append((time.perf_counter() - start) * 1000)
            assert not answer.problem, answer.problem
        rows.append(bounded(f"inspector, LeNet: {view}", spread(times)["median"], "ms", 100, f"max {max(times):.0f}"))
    return iter(rows)


async def watched(engine: Engine, folder: Path) -> float:
    """Share of a fit, in percent, that streaming with gradients and layers, the window's state and its history take."""
    history, spent = History(Runs(folder)), 0.0
    running = await engine.run(job_for_file("bench.py", FIT, bounds=AS_WRITTEN))
    await running.watch(gradients=True, layers=True)
    state, fit = RunState(running.run, "bench", False), None
    async for event in running:
        start = time.perf_counter()
        state.apply(event)
        spent += time.perf_counter() - start
        fit = event if isinstance(event, FitEnded) else fit
    start = time.perf_counter()
    assert fit is not None and state.fit is not None
    history.keep(state, FIT, "lesson")
    spent += time.perf_counter() - start
    return 100 * (fit.overhead + spent) / fit.seconds


async def measure(repeat: int) -> list[Row]:
    engine = Engine(window=f"bench-{os.getpid()}")
    try:
        await engine.warm("keras")
        rows = list(await looked_into(engine, repeat))
        with tempfile.TemporaryDirectory() as folder:
            shares = [await watched(engine, Path(folder)) for _ in range(repeat)]
    finally:
        await engine.stop(force=True)
    name = "streaming with gradients and layers, and history: share of a fit"
    return [*rows, bounded(name, spread(shares)["median"], "%", 5, f"max {max(shares):.2g}", **spread(shares))]


def bench_million() -> Iterator[Row]:
    """The window after a run of a million steps."""
    with workbench("price-by-hand", "perceptron", MILLION) as terminal:
        tap(terminal, "f5").until("all done", limit=180).still()
        resident, proportional = memory_mb(terminal.pid)
    detail = f"{proportional:.0f} MB without shared"
    yield bounded("window, after a run of 1,000,000 steps", resident, "MB", 80, detail)


def bench_watching(repeat: int) -> Iterator[Row]:
    """All that watching costs."""
    yield from bench_curves(repeat)
    with own_home():
        yield from asyncio.run(measure(repeat))
    yield from bench_million()
