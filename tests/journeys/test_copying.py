"""Copying out of the program in real terminals: what arrives at the terminal itself, bare and through a real tmux."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import processes_of
from tests.ptykit import Terminal
from tests.sample_course import write_course

STARTER = "def double(x):\n    ...\n"


class Listening(Terminal):
    """Keeps what the program sends."""

    sent = b""

    def _answer(self, data: bytes) -> None:
        self.sent += data
        super()._answer(data)

    def copied(self) -> str:
        """The text of the last request to copy, "" before there is a whole one."""
        found = re.findall(rb"\x1b\]52;[a-z0-9]*;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)", self.sent)
        return base64.b64decode(found[-1]).decode() if found else ""


def to_the_code(terminal: Terminal) -> None:
    terminal.until("Some prose").at_rest()
    for title in ("How many", "twice five", "Put these", "sky blue", "Write double"):
        terminal.press("n").until(title)
    terminal.at_rest()


def words(course: Path) -> list[str]:
    return [sys.executable, "-m", "tutor", "--course", str(course), "open", "everything"]


def test_a_terminal_is_asked_to_take_the_code(home: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path)
    with Listening(words(course), env={"DL_TUTOR_HOME": str(home)}) as terminal:
        to_the_code(terminal)
        terminal.press("y").until("2 lines copied")
        assert terminal.copied() == STARTER
        kept = home / "state" / "copied.txt"
        assert kept.read_text() == STARTER and kept.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[str]:
    """The name of a tmux server of our own, ended afterwards."""
    name = f"tutor-{os.getpid()}"
    yield name
    subprocess.run(["tmux", "-L", name, "kill-server"], check=False, capture_output=True)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
def test_inside_tmux_its_buffer_has_the_code(home: Path, tmp_path: Path, socket: str) -> None:
    course = write_course(tmp_path)
    argv = ["tmux", "-L", socket, "-f", "/dev/null", "new-session", *words(course)]
    with Listening(argv, env={"DL_TUTOR_HOME": str(home), "TMUX": None}) as terminal:
        terminal.processes = lambda: processes_of(home)
        to_the_code(terminal)
        terminal.press("y").until("2 lines copied")
        shown = subprocess.run(["tmux", "-L", socket, "show-buffer"], capture_output=True, text=True, check=False)
        assert shown.stdout == STARTER
        terminal.until(lambda t: t.copied() == STARTER)
