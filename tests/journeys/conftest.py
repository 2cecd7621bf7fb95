"""A learner's home for each journey, and no engine of it left behind."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


def processes_of(home: Path) -> list[int]:
    """Processes that belong to this home: their environment names it, or their words its sockets, as those of a host
    do, which an ordinary user cannot look into."""
    wanted = f"DL_TUTOR_HOME={home}".encode()
    tag = hashlib.sha256(str(home).encode()).hexdigest()[:8].encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
                if (b"--socket" in words and tag in words) or wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue  # it has ended, or is not ours to look at
    return found


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty home. Its engine hosts, which would live on for ten minutes, are ended by id at the end."""
    folder = tmp_path / "home"
    folder.mkdir()
    yield folder
    for pid in processes_of(folder):
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            continue
    end = time.monotonic() + 10
    while processes_of(folder):
        assert time.monotonic() < end, "processes of this journey live on"
        time.sleep(0.05)  # polling for their end, which has no event to wait for
