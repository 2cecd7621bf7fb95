"""Start-up, pages, and keys that reach the engine and come back, all over a pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.course import make_course
from tests.bench.table import Row, bounded, spread
from tests.ptykit import Terminal, key_bytes, tutor
from tutor import paths
from tutor.course.loader import load_course

SIZE = (100, 30)
NUMPY_CELL = "import time\nimport numpy as np\nprint('sum', np.arange(10).sum(), 'ran at', time.time_ns())\n"
KERAS_CELL = "import time\nimport keras\nkeras.layers.Dense(3)\nprint('ran at', time.time_ns())\n"
HALF_THE_SLOPE = "def grad_loss(w, x, y):\n    return ((w * x - y) * x).sum()\n"


def first_paint(argv: list[str], env: dict[str, str | None]) -> float:
    """Seconds from the start of the process to a screen with at least three lines of text."""
    with Terminal(argv, size=SIZE, env=env) as terminal:
        terminal.until(lambda t: sum(bool(line.strip()) for line in t.screen.display) >= 3)
        return time.perf_counter() - terminal.started


def answer(terminal: Terminal, key: str, wanted: Callable[[Terminal], bool]) -> float:
    """Milliseconds from a key to the screen that answers it."""
    start = time.perf_counter()
    terminal.send(key_bytes(key))
    while not wanted(terminal):
        terminal.read(0.002)
        if time.perf_counter() - start > 30:
            raise AssertionError(f"{key} was never answered:\n{terminal.text}")
    return (time.perf_counter() - start) * 1000


def bench_start(repeat: int) -> Iterator[Row]:
    """The tutor beside a bare Textual app, by turns, so that a noisy machine is noisy for both."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "lessons")
        home = Path(folder) / "home"
        env: dict[str, str | None] = {"DL_TUTOR_HOME": str(home), "DL_TUTOR_COURSE": None}
        argv = [sys.executable, "-m", "tutor", "--course", str(course)]
        cold = first_paint(argv, env)
        ours, bare = [], []
        for _ in range(repeat):
            bare.append(first_paint([sys.executable, "-m", "tests.bench.bare"], env))
            ours.append(first_paint(argv, env))
    ratio = spread(ours)["median"] / spread(bare)["median"]
    detail = f"{spread(ours)['median']:.3f} s beside {spread(bare)['median']:.3f} s; first ever {cold:.2f} s"
    yield bounded("first painted screen, 27 lessons, beside a bare app", ratio, "times", 1.3, detail,
                  ours=spread(ours)["median"], bare=spread(bare)["median"])  # fmt: skip


def bench_pages(repeat: int) -> Iterator[Row]:
    """Opening a lesson from home, and turning its pages: until the page's own title stands on the screen."""
    course = load_course(paths.lessons_dir(), None)
    titles = course.lessons[0].pages[:4]
    opened, turned = [], []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as home, tutor(Path(home), "open", "perceptron", size=SIZE) as terminal:
            terminal.until(titles[0]).still()
            terminal.press("esc").until("Continue").still()
            opened.append(answer(terminal, "enter", lambda t: titles[0] in t.text))
            terminal.still()
            for title in titles[1:]:
                turned.append(answer(terminal, "n", lambda t, title=title: title in t.screen.display[2]))
                terminal.still()
            terminal.press("esc", "q")
    for name, times, bound in (("opening a lesson page", opened, 120), ("turning to the next page", turned, 60)):
        yield bounded(name, spread(times)["median"], "ms", bound, f"max {max(times):.0f}", **spread(times))


@contextlib.contextmanager
def workbench(
    task: str, lesson: str, code: str, *, env: dict[str, str | None] | None = None
) -> Iterator[Terminal]:
    """A window with this task open in the workbench and this draft in it. env: of the window, besides its home."""
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(
            [sys.executable, "-m", "tests.bench.prepare", task, code],
            env={**os.environ, "DL_TUTOR_HOME": home}, check=True,
        )  # fmt: skip
        with tutor(Path(home), "open", lesson, size=SIZE, env=env) as terminal:
            terminal.until(f"{task}.py")
            terminal.still()
            yield terminal
            terminal.press("esc", "q")


def bench_runs(repeat: int) -> Iterator[Row]:
    """F5 to the first event on the screen, engine warm, beside `python file.py` from cold."""
    for name, code, bound in (("numpy", NUMPY_CELL, 80), ("Keras", KERAS_CELL, 150)):
        with workbench("price-by-hand", "perceptron", code) as terminal:
            terminal.press("f5").until(said_at).still()
            times = []
            for _ in range(repeat):
                before = said_at(terminal)
                times.append(answer(terminal, "f5", lambda t, before=before: said_at(t) not in (None, before)))
                terminal.still()
        cold = cold_python(code)
        detail = f"max {max(times):.0f}; python file.py from cold {cold * 1000:,.0f} ms"
        yield bounded(
            f"F5 to the first event, {name} cell", spread(times)["median"], "ms", bound, detail, **spread(times)
        )


def said_at(terminal: Terminal) -> str | None:
    """What the cell printed: each run prints the moment it ran at, so that runs can be told apart."""
    found = re.search(r"ran at (\d+)", terminal.text)
    return found.group(1) if found else None


def cold_python(code: str) -> float:
    """Seconds that `python file.py` takes for the same code."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cell.py"
        path.write_text(code)
        start = time.perf_counter()
        subprocess.run([sys.executable, str(path)], env={**os.environ, "KERAS_BACKEND": "torch"}, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        return time.perf_counter() - start


def bench_check(repeat: int) -> Iterator[Row]:
    """F6 to the verdict of `gradient` on the screen, engine warm."""
    with workbench("gradient", "gradient-descent", HALF_THE_SLOPE) as terminal:
        terminal.press("f6").until("not yet").still()
        times = []
        for _ in range(repeat):
            terminal.press("f5").until(lambda t: "not yet" not in t.text).still()
            times.append(answer(terminal, "f6", lambda t: "not yet" in t.text))
            terminal.still()
    yield bounded(
        "F6 to the verdict of `gradient`", spread(times)["median"], "ms", 120, f"max {max(times):.0f}", **spread(times)
    )
