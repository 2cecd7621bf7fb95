"""What the tutor takes of a shared machine: ten windows at once, one at rest, keys while a training takes the cores."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.engine import FIT, memory_mb
from tests.bench.screens import SIZE, answer, workbench
from tests.bench.table import Row, bounded
from tests.journeys.steps import open_code, tap
from tests.ptykit import Terminal, tutor
from tutor.sharing import figure

SSH: dict[str, str | None] = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22", "COLORTERM": None}
WINDOWS = 10
REST = 30.0
KEYS = 40
LINES = 6
FULL_SPEED = FIT.replace("epochs=100", "epochs=100_000")


def family(home: Path) -> set[int]:
    """Processes whose environment names this home."""
    wanted, found = f"DL_TUTOR_HOME={home}".encode(), set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.add(int(entry.name))
        except OSError:
            continue  # it has ended, or is not ours to look at
    return found


def home_of(pid: int) -> Path:
    """The home that this process was given."""
    given = dict(each.split(b"=", 1) for each in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if b"=" in each)
    return Path(os.fsdecode(given[b"DL_TUTOR_HOME"]))


def held_mb(pids: set[int]) -> float:
    """What these processes hold together, each page counted once: their proportional size on a machine on which nobody
    else has the same libraries open."""
    own, files = 0, Counter[str]()
    for pid in pids:
        here, path = Counter[str](), ""
        for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
            name, *words = line.split()
            if not name.endswith(":"):
                path = words[-1] if len(words) > 4 else ""
            elif name == "Rss:":
                here[path] += int(words[0])
            elif name == "Anonymous:":
                here[path] -= int(words[0])
        files |= here  # of each file the most that any of them has
        own += figure(f"/proc/{pid}/smaps_rollup", "Pss_Anon:")
    return (own + sum(files.values())) / 1024


def proportional_mb(pids: set[int]) -> float:
    return sum(memory_mb(pid)[1] for pid in pids)


def cpu_seconds(pids: set[int]) -> float:
    """What these processes have computed so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def bench_crowd() -> Iterator[Row]:
    """Ten windows in ten homes, each with its light host; then a Keras host for one of them."""
    with ExitStack() as stack:
        homes = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(WINDOWS)]
        windows = [stack.enter_context(tutor(home, "open", "gradient-descent", size=SIZE, env=SSH)) for home in homes]
        for window, home in zip(windows, homes, strict=True):
            window.until("1 of ").still().press("n").until("A model with one weight")
            window.until(lambda t, home=home: len(family(home)) >= 2).still()
        every = set().union(*map(family, homes))
        light, shared = held_mb(every), proportional_mb(every)
        windows[0].hang_up()
        keras = stack.enter_context(tutor(homes[0], "open", "introduction-wrap-up", size=SIZE, env=SSH))
        open_code(keras.until(" of "), "train-in-keras")
        tap(keras, "f5").until("trained", limit=120).still()
        more = held_mb(set().union(*map(family, homes))) - light
        for window in (*windows[1:], keras):
            window.hang_up()
    yield bounded(
        f"{WINDOWS} windows in {WINDOWS} homes, each with a light host", light, "MB", 1000,
        f"{len(every)} processes; {shared:.0f} MB by proportional size now; a Keras host and its run add {more:.0f} MB",
        keras=more, proportional=shared,
    )  # fmt: skip


def at_rest(terminal: Terminal, home: Path | None) -> tuple[float, float]:
    """Bytes sent and percent of a core computed while nothing happens, the engine's hosts included."""
    terminal.still(1.0)
    pids = {terminal.pid} | (family(home) if home is not None else set())
    before, computed, start = terminal.received, cpu_seconds(pids), time.perf_counter()
    while time.perf_counter() - start < REST:
        terminal.read(1.0)
    return terminal.received - before, 100 * (cpu_seconds(pids) - computed) / (time.perf_counter() - start)


def bench_rest() -> Iterator[Row]:
    """A page open for 30 s, and the editor; beside a bare Textual app."""
    with Terminal([sys.executable, "-m", "tests.bench.bare"], size=SIZE, env=SSH) as bare:
        bare.until("A page")
        bare_bytes, bare_cpu = at_rest(bare, None)
    with tempfile.TemporaryDirectory() as home, tutor(Path(home), "open", "perceptron", size=SIZE, env=SSH) as window:
        window.until("1 of ")
        of_page = at_rest(window, Path(home))
        window.hang_up()
    with workbench("price-by-hand", "perceptron", "print(1)\n", env=SSH) as window:
        of_editor = at_rest(window, home_of(window.pid))
    detail = f"a bare app {bare_bytes:.0f} bytes, {bare_cpu:.2f} %"
    for name, (sent, cpu) in (("a page", of_page), ("the editor", of_editor)):
        yield bounded(f"at rest for {REST:.0f} s, {name}: sent", sent, "bytes", 0, detail)
        yield bounded(f"at rest for {REST:.0f} s, {name}: computed", cpu, "%", 0.5, detail)


def keys(window: Terminal, name: str) -> list[float]:
    """Milliseconds from a key in the editor to its letter on the screen. name: what the lines written begin with."""
    times = []
    for line in range(LINES):
        written = f"#{name}{line}"
        tap(window, "ctrl+end").still(0.3, limit=1.0)  # letters that come with it overtake the cursor
        tap(window, "enter", *written).until(written)
        for at in range(KEYS):
            letter = "abcdefghijklmnopqrst"[at % 20]
            written += letter
            times.append(answer(window, letter, lambda t, written=written: written in t.text))
            window.read(0.05)
    return times


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def bench_keys() -> Iterator[Row]:
    """Keys in the editor at rest, and while a training takes all it may have."""
    with workbench("train-in-keras", "introduction-wrap-up", FULL_SPEED, env=SSH) as window:
        window.still(1.0)
        rest = keys(window, "rest")
        tap(window, "f5").until("samples/s", limit=120)
        busy = keys(window, "busy")
        assert "training" in window.text
        tap(window, "ctrl+c").until("stopped")
    detail = f"median {statistics.median(busy):.0f}; at rest p95 {p95(rest):.0f}, median {statistics.median(rest):.0f}"
    yield bounded("key to answer while 3x256 trains: p95", p95(busy), "ms", 50, detail, rest=p95(rest))
    yield bounded("key to answer while 3x256 trains, beside at rest: p95", p95(busy) / p95(rest), "times", 2)


def bench_sharing(repeat: int) -> Iterator[Row]:
    """All that others on the machine would feel."""
    for bench in (bench_crowd, bench_rest, bench_keys):
        yield from bench()
