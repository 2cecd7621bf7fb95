"""A learner's home with something to lose, and a tutor in it that has an ordinary user's rights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.attacks.place import CANARY, Place
from tests.journeys.conftest import processes_of


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all attacks. What it has begun is ended by id."""
    folder = tmp_path_factory.mktemp("attacked")
    with subprocess.Popen([sys.executable, "-c", CANARY], stdout=subprocess.PIPE) as canary:
        assert canary.stdout is not None and canary.stdout.readline() == b"sings\n"
        yield Place(folder, canary)
        canary.kill()
    home = folder / "home"
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in processes_of(home):
            os.kill(pid, number)
        end = time.monotonic() + 5
        while processes_of(home) and time.monotonic() < end:
            os.sched_yield()
