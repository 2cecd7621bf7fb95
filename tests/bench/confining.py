"""What it costs that a run is confined: a run and a check of the same code, confined and as a program of one's own."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

from msgspec.structs import replace

from tests.bench.engine import own_home
from tests.bench.screens import HALF_THE_SLOPE, NUMPY_CELL
from tests.bench.table import Row, bounded, spread
from tutor import paths
from tutor.course import loader
from tutor.course.model import Exercise
from tutor.engine.client.engine import Engine
from tutor.messages.jobs import Job, Rubric
from tutor.submitting import AS_WRITTEN, job_for_exercise, job_for_file, new_run

_OF_EACH = 6
"""Runs of a kind for each repeat: a single one is off by more than what is measured."""


def the_check() -> tuple[Job, Rubric]:
    """Of an answer that is half right."""
    course = loader.load_course(paths.lessons_dir(), None)
    entry, _ = loader.find_task(course, "gradient")
    lesson = loader.load_lesson(course, entry.id)
    task = loader.task_of(lesson, "gradient")
    assert isinstance(task, Exercise)
    return job_for_exercise(course, lesson, task, HALF_THE_SLOPE, bounds=AS_WRITTEN)


async def milliseconds(engine: Engine, job: Job, rubric: Rubric | None, *, own: bool) -> float:
    """From the request to the end of the run."""
    job = replace(job, run=new_run("bench"), own=own)
    began = time.perf_counter()
    running = await engine.run(job, rubric)
    async for _ in running:
        pass
    return 1000 * (time.perf_counter() - began)


async def measure(repeat: int) -> list[Row]:
    engine = Engine(window=f"bench-{os.getpid()}")
    rows = []
    try:
        await engine.warm("light")
        cell: tuple[Job, None] = (job_for_file("bench.py", NUMPY_CELL, bounds=AS_WRITTEN), None)
        for key, (job, rubric) in (("F5", cell), ("F6", the_check())):
            took: dict[bool, list[float]] = {False: [], True: []}
            for _ in range(_OF_EACH * repeat):
                for own in (True, False):  # in turn, so that whatever else goes on slows both
                    took[own].append(await milliseconds(engine, job, rubric, own=own))
            confined, free = spread(took[False]), spread(took[True])
            more = confined["median"] - free["median"]
            detail = f"{confined['median']:.1f} ms, {free['median']:.1f} ms without"
            rows.append(bounded(f"{key} confined: more than without", more, "ms", 5, detail, **confined))
    finally:
        await engine.stop(force=True)
    return rows


def bench_confining(repeat: int) -> Iterator[Row]:
    """A run and a check, each with and without."""
    with own_home():
        yield from asyncio.run(measure(repeat))
