"""What the engine costs: the stream of a fit, and memory of a run and of the window."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.screens import NUMPY_CELL, workbench
from tests.bench.table import Row, bounded, spread
from tutor.engine.client.engine import Engine
from tutor.messages.events import Ended
from tutor.messages.training import FitEnded
from tutor.submitting import AS_WRITTEN, job_for_file

FIT = """
import keras, numpy as np
rng = np.random.default_rng(0)
x, y = rng.normal(size=(150, 4)).astype("float32"), rng.integers(0, 3, 150)
layers = [keras.Input(shape=(4,))] + [keras.layers.Dense(256, activation="relu") for _ in range(3)]
model = keras.Sequential(layers + [keras.layers.Dense(3, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=100, batch_size=30, validation_split=0.2)
"""
LENET = """
import keras, numpy as np
x, y = np.random.default_rng(0).random((500, 32, 32, 1), dtype="float32"), np.arange(500) % 10
L = keras.layers
model = keras.Sequential([
    keras.Input(shape=(32, 32, 1)), L.Conv2D(6, 5, activation="tanh"), L.AveragePooling2D(2),
    L.Conv2D(16, 5, activation="tanh"), L.AveragePooling2D(2), L.Conv2D(120, 5, activation="tanh"), L.Flatten(),
    L.Dense(84, activation="tanh"), L.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x, y, epochs=2, batch_size=32)
"""


async def run_to_end(engine: Engine, code: str) -> tuple[FitEnded | None, Ended]:
    """The end of the (last) fit and of the run. Raises AssertionError where the code failed."""
    fit = None
    running = await engine.run(job_for_file("bench.py", code, bounds=AS_WRITTEN))
    async for event in running:
        if isinstance(event, FitEnded):
            fit = event
    assert running.ended is not None and running.ended.reason == "ok", running.ended
    return fit, running.ended


async def measure(repeat: int) -> list[Row]:
    """Share of a fit that streaming takes, and memory that runs have of their own."""
    engine = Engine(window=f"bench-{os.getpid()}")
    try:
        await engine.warm("keras")
        fits = [await run_to_end(engine, FIT) for _ in range(repeat)]
        _, lenet = await run_to_end(engine, LENET)
        _, small = await run_to_end(engine, NUMPY_CELL)
    finally:
        await engine.stop(force=True)
    shares = [100 * fit.overhead / fit.seconds for fit, _ in fits if fit is not None]
    seconds = spread([fit.seconds for fit, _ in fits if fit is not None])["median"]
    own = spread([ended.own_mb for _, ended in fits])["median"]
    return [
        bounded("streaming of a fit (3x256, 100 epochs): our share", spread(shares)["median"], "%", 5,
                f"of {seconds:.2f} s; max {max(shares):.2g}", **spread(shares)),
        bounded("memory of its own, a run of 3x256", own, "MB", 40),
        bounded("memory of its own, a run of LeNet", lenet.own_mb, "MB", 60),
        bounded("memory of its own, a numpy cell", small.own_mb, "MB", 40),
    ]  # fmt: skip


@contextlib.contextmanager
def own_home() -> Iterator[Path]:
    """A home of its own meanwhile, so that no host of the learner's is used or ended."""
    before = os.environ.get("DL_TUTOR_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["DL_TUTOR_HOME"] = home
        try:
            yield Path(home)
        finally:
            if before is None:
                del os.environ["DL_TUTOR_HOME"]
            else:
                os.environ["DL_TUTOR_HOME"] = before


def bench_engine(repeat: int) -> Iterator[Row]:
    """The stream of a fit, and memory."""
    with own_home():
        yield from asyncio.run(measure(repeat))


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional memory of one process, in MB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:] if ":" in line}
    return sizes["Rss"] / 1024, sizes["Pss"] / 1024


def bench_window() -> Iterator[Row]:
    """The window after a page, a figure, the editor and a run."""
    with workbench("price-by-hand", "perceptron", NUMPY_CELL) as terminal:
        terminal.press("f5").until("sum 45").still()
        resident, proportional = memory_mb(terminal.pid)
    yield bounded(
        "window, after a page, the editor and a run", resident, "MB", 60, f"{proportional:.0f} MB without shared"
    )
