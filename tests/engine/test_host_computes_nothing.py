"""A host only imports and forks: what it has computed with threads would hang the processes that are forked from it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.engine.conftest import ended, run, until
from tests.engine.watched_ahead import WHERE
from tutor.engine.client.engine import Engine
from tutor.engine.machine import entries, sockets

FIT = """
import keras, numpy as np
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(np.ones((8, 2)), np.ones((8, 1)), epochs=2)
"""
NAMES_HEAVY = """
import sys
import tutor.engine.host.server
print([name for name in ("numpy", "keras", "torch") if name in sys.modules])
"""


def test_the_hosts_own_code_imports_nothing_heavy():
    """As a fresh interpreter sees it: what is loaded ahead is loaded by the function that the host is told."""
    done = subprocess.run([sys.executable, "-c", NAMES_HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_keras_host_makes_no_tensor_and_starts_no_thread(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    operations = tmp_path / "operations"
    operations.touch()
    path = sockets.socket_path("keras")
    sockets.own_folder()
    words = [sys.executable, "-P", "-m", entries.HOST, "--kind", "keras", "--socket", str(path)]
    words += ["--ahead", "tests.engine.watched_ahead:load"]
    root = str(Path(__file__).parents[2])
    subprocess.run(words, check=True, env={**os.environ, WHERE: str(operations), "PYTHONPATH": root}, timeout=60)
    engine = Engine(window="host-computes", stays=False)
    for _ in range(2):
        assert ended(await run(engine, FIT, own=True)).reason == "ok"
    pid = engine.host_pid("keras")
    assert len(os.listdir(f"/proc/{pid}/task")) == 1
    noted = operations.read_text().splitlines()
    assert [line for line in noted if line.startswith("host")] == []
    assert any(line.startswith("run aten.") for line in noted)  # the net is up: what runs compute is in it
    await engine.stop(force=True)
    await until(lambda: not os.path.exists(f"/proc/{pid}"))
