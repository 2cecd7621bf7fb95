"""What goes over the line: bytes for a key, a page, an epoch, and what finding them takes. Profile SSH, 100x30."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import Row, bounded
from tests.journeys.steps import answer_is, open_code
from tests.ptykit import Terminal, key_bytes, tutor
from tutor.tui.output.cells import CellGrid
from tutor.tui.output.changes import Changes

SIZE = (100, 30)
SSH: dict[str, str | None] = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22", "COLORTERM": None}
LETTERS = "the quick brown fox jumps over 12 lazy dogs"
SECONDS = 10.0
CODE = "\n".join(f"def f{n}(x, y):\n    return {n} * x + y" for n in range(12)) + "\n"
LONG_FIT = """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(0)
x = rng.normal(size=(150, 4)).astype("float32")
y = (x[:, 0] > 0).astype("int32")
layers = [keras.Input((4,)), layers.Dense(256, activation="relu"), layers.Dense(2, activation="softmax")]
model = keras.Sequential(layers)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=EPOCHS, batch_size=30, verbose=0)
print("trained through")
"""


@contextmanager
def window(*words: str) -> Iterator[Terminal]:
    with tempfile.TemporaryDirectory() as home, tutor(Path(home), *words, size=SIZE, env=SSH) as terminal:
        terminal.until(lambda t: "1 of " in t.text).still()
        yield terminal
        terminal.press("esc", "esc", "esc", "q")


def sent(terminal: Terminal, key: bytes) -> int:
    """Bytes that came for this key."""
    before = terminal.received
    terminal.send(key)
    terminal.still(0.25)
    return terminal.received - before


def p95(values: list[int]) -> int:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def bare(*keys: str) -> list[int]:
    """Bytes of the bare app for these keys."""
    env = {**SSH, "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0"}
    with Terminal([sys.executable, "-m", "tests.bench.bare_page"], size=SIZE, env=env) as terminal:
        terminal.until("def f0").still()
        return [sent(terminal, key_bytes(key) if len(key) > 1 else key.encode()) for key in keys]


def bench_keys() -> Iterator[Row]:
    """A letter in the editor, and a page-down."""
    with window("open", "gradient-descent") as terminal:
        open_code(terminal, "gradient")
        answer_is(terminal, CODE)
        terminal.still(1.5)  # the draft is saved, and said to be
        letters = [sent(terminal, letter.encode()) for letter in LETTERS]
    theirs = bare(*LETTERS)
    yield bounded("a letter in the editor, p95", p95(letters), "bytes", 400,
                  f"median {statistics.median(letters):.0f}; bare app: {p95(theirs)}")  # fmt: skip
    pages = []
    with window("open", "gradient-descent") as terminal:
        for _ in range(4):
            pages.append(sent(terminal, key_bytes("pagedown")))
            terminal.press("n").still()
        turns = [sent(terminal, b"n") for _ in range(4)]
    below = bare("f8", "pagedown", "pagedown", "pagedown")[1:]
    yield bounded("page-down, largest", max(pages), "bytes", 5000,
                  f"turning a page: {max(turns)}; bare app: {max(below)}")  # fmt: skip


def bench_epochs() -> Iterator[Row]:
    """A live curve: bytes an epoch at a slow pace of epochs, and bytes a second at full speed."""
    with window("open", "introduction-wrap-up") as terminal:
        open_code(terminal, "train-in-keras")
        answer_is(terminal, LONG_FIT.replace("EPOCHS", "1000000"))
        terminal.send(key_bytes("f5"))
        terminal.until("training  epoch", limit=90)
        start, before = time.perf_counter(), terminal.received
        while time.perf_counter() - start < SECONDS:
            terminal.read(0.1)
        rate = (terminal.received - before) / (time.perf_counter() - start)
        terminal.press("ctrl+c").until("stopped")
    yield bounded("a training at full speed", rate / 1000, "kB/s", 6, "whatever its speed")
    with window("open", "introduction-wrap-up") as terminal:
        open_code(terminal, "train-in-keras")
        slow = LONG_FIT.replace("EPOCHS", "12").replace(
            "batch_size=30,", "batch_size=30, callbacks=[keras.callbacks.LambdaCallback("
            "on_epoch_end=lambda epoch, logs: __import__('time').sleep(1))],")  # fmt: skip
        answer_is(terminal, slow)
        terminal.send(key_bytes("f5"))
        terminal.until("epoch 3 of", limit=90)
        start = terminal.received
        terminal.until("epoch 11 of", limit=90)
        each = (terminal.received - start) / 8
    yield bounded("one epoch on a live curve", each, "bytes", 1500, "mean of 8")


def recorded() -> list[tuple[int, int, str]]:
    """Frames of a journey, as Textual writes them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frames.jsonl"
        argv = [sys.executable, "-m", "tests.journeys.recorded", str(file), "open", "gradient-descent"]
        with Terminal(argv, size=SIZE, env={**SSH, "DL_TUTOR_HOME": str(Path(folder) / "home")}) as terminal:
            terminal.until(lambda t: "1 of " in t.text).still()
            terminal.press("pagedown", "n", "n", "n", "pagedown", "n")
            open_code(terminal, "gradient")
            answer_is(terminal, CODE)
            terminal.type(LETTERS).press("esc", "esc", "q")
        return [tuple(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def bench_filter() -> Iterator[Row]:
    """Milliseconds a frame for reading it and finding what changed."""
    frames = [frame for frame in recorded() if len(frame[2]) > 200]
    grid, changes = CellGrid(*SIZE), Changes(*SIZE)
    times, written = [], 0
    for columns, rows, data in frames:
        assert (columns, rows) == SIZE
        start = time.perf_counter()
        grid.feed(data)
        out = "".join(changes.row(y, grid.lines[y]) for y in sorted(grid.dirty)) + changes.cursor(*grid.cursor)
        times.append((time.perf_counter() - start) * 1000)
        grid.dirty.clear()
        written += len(out)
    share = written / sum(len(data) for _, _, data in frames)
    worst = sorted(times)[round(0.95 * len(times)) - 1]
    yield bounded("the filter, a frame, p95", worst, "ms", 2,
                  f"median {statistics.median(times):.2g}, max {max(times):.2g}, {len(times)} frames; "
                  f"{100 * share:.0f} % of the characters are sent")  # fmt: skip


def bench_line(repeat: int) -> Iterator[Row]:
    """All that concerns the line."""
    os.environ.pop("COLORTERM", None)
    yield from bench_keys()
    yield from bench_epochs()
    yield from bench_filter()
