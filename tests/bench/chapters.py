"""What the course itself takes: its live figures at a key, and the trainings of chapters 6 and 7."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Iterator

from msgspec.structs import replace

from tests.bench.engine import own_home
from tests.bench.table import Row, bounded, spread
from tutor import figures, paths, submitting
from tutor.course import loader
from tutor.engine.client.engine import Engine
from tutor.messages.events import Output
from tutor.messages.jobs import Chunk
from tutor.messages.training import FitEnded

SEEDS = range(5)
UNSEEN_DIGITS = """
import numpy as np
from tutor import data
digits = data.load("mnist5k")
unseen = np.random.default_rng(0).permutation(5000)[4000:]
x_unseen = np.pad(digits["images"][unseen], ((0, 0), (2, 2), (2, 2)))[..., None].astype("float32") / 255
print("right on", (model.predict(x_unseen, verbose=0).argmax(axis=1) == digits["labels"][unseen]).mean())
"""
UNSEEN_SERIES = """
from tutor import data
trace = data.load("trace")
print("right on", (model.predict(trace["x_test"], verbose=0).argmax(axis=1) == trace["y_test"]).mean())
"""


async def trained(engine: Engine, exercise: str, score: str) -> tuple[list[float], list[float]]:
    """Seconds from the request to the end of the fit, and the share that is right afterwards, for each seed."""
    course = loader.load_course(paths.lessons_dir(), None)
    entry, _ = loader.find_task(course, exercise)
    lesson = loader.load_lesson(course, entry.id)
    task = loader.task_of(lesson, exercise)
    seconds, right = [], []
    for seed in SEEDS:
        job, _ = submitting.job_for_exercise(course, lesson, task, task.solutions[0].code, bounds=submitting.AS_WRITTEN)
        job = replace(job, graded=False, seed=seed, chunks=(*job.chunks, Chunk("score", score)))
        start, printed = time.perf_counter(), ""
        async for event in await engine.run(job):
            if isinstance(event, FitEnded):
                seconds.append(time.perf_counter() - start)
            if isinstance(event, Output):
                printed += event.text
        right.append(float(re.search(r"right on ([\d.]+)", printed)[1]))
    return seconds, right


async def figure_ms(engine: Engine, name: str, values: dict[str, str], repeat: int) -> list[float]:
    """Milliseconds to the first picture, warm."""
    times = []
    for turn in range(repeat + 1):
        first: list[float] = []
        start = time.perf_counter()
        asking = asyncio.ensure_future(
            engine.figure(name, values, newer=lambda done, first=first: first.append(time.perf_counter()))
        )
        while not first and not asking.done():
            await asyncio.sleep(0.0005)
        if turn:
            times.append(((first[0] if first else time.perf_counter()) - start) * 1000)
        asking.cancel()
        await asyncio.wait([asking])
    return times


async def measure(repeat: int) -> list[Row]:
    engine = Engine(window=f"bench-{os.getpid()}")
    try:
        await engine.warm("light")
        firsts = {name: spread(await figure_ms(engine, name, {}, repeat))["median"] for name in figures.names()}
        slowest = max(firsts, key=lambda name: firsts[name])
        rows = [bounded(f"a figure at a key, the slowest of {len(firsts)}", firsts[slowest], "ms", 50, slowest)]
        pen = spread(await figure_ms(engine, "draw-a-digit", {}, repeat))
        rows.append(bounded("a stroke in draw-a-digit", pen["median"], "ms", 100, f"max {pen['max']:.0f}"))
        start = time.perf_counter()
        await engine.figure("what-remembers")
        rows.append(bounded("what-remembers, all three", time.perf_counter() - start, "s", 60))
        await engine.warm("keras")
        for name, exercise, score, bound, least in (
            ("LeNet, 8 epochs on 4,000 digits", "train-lenet", UNSEEN_DIGITS, 15, 0.92),
            ("Trace", "trace-convnet", UNSEEN_SERIES, 10, 0.95),
        ):
            seconds, right = await trained(engine, exercise, score)
            detail = f"right on {min(right):.3f} to {max(right):.3f}, at least {least} wanted: "
            detail += "reached" if min(right) >= least else "MISSED"
            rows.append(bounded(f"{name}, slowest of 5 seeds", max(seconds), "s", bound, detail))
    finally:
        await engine.stop(force=True)
    return rows


def bench_chapters(repeat: int) -> Iterator[Row]:
    """All that the lessons take."""
    with own_home():
        yield from asyncio.run(measure(repeat))
