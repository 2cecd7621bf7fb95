"""Lines that are printed over, as progress bars do: one line, redrawn, in the window, on a terminal and in a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.steps import leave
from tests.ptykit import Terminal, tutor
from tests.sample_course import RUN, lesson_text, make_course
from tutor import paths
from tutor.progress import Progress

BARS = r"""
import pathlib, sys, time
def wait_for(name):
    while not pathlib.Path(GATE, name).exists():
        time.sleep(0.01)
for i in range(11):
    sys.stderr.write(f"\r{i}/20 ")
wait_for("half")
for i in range(11, 21):
    sys.stderr.write(f"\r{i}/20 ")
print("\nabc\b\b\bXYZ")
for i in range(4):
    sys.stderr.write(f"\r{i:3}%|{'#' * i:3}|")
    print("epoch", i)
wait_for("whole")
sys.stderr.write("\r100%|###|\n")
print("sum\r", end="")
"""
"""GATE: a folder in which files say that it may go on."""
LINES = ["XYZ", "epoch 0", "epoch 1", "epoch 2", "epoch 3", "100%|###|", "sum"]


def code(gate: Path) -> str:
    gate.mkdir()
    return f"GATE = {str(gate)!r}{BARS}"


def rows(window: Terminal) -> list[str]:
    return [row.strip() for row in window.screen.display if row.strip()]


def test_on_a_terminal_it_changes_in_place(home: Path, tmp_path: Path) -> None:
    gate, file = tmp_path / "gate", tmp_path / "bars.py"
    file.write_text(code(gate))
    env: dict[str, str | None] = {"DL_TUTOR_HOME": str(home)}
    with Terminal([sys.executable, "-m", "tutor", "run", str(file)], env=env) as terminal:
        terminal.until("10/20")
        assert rows(terminal)[-1] == "10/20"
        (gate / "half").touch()
        terminal.until("epoch 3").until("3%|###|")
        assert rows(terminal)[-6:] == [*LINES[:5], "3%|###|"]
        (gate / "whole").touch()
        assert terminal.wait() == 0
        assert rows(terminal)[-9:-1] == ["20/20", *LINES]


def test_in_a_pipe_the_last_state_alone_is_written(home: Path, tmp_path: Path) -> None:
    gate, file = tmp_path / "gate", tmp_path / "bars.py"
    file.write_text(code(gate))
    (gate / "half").touch()
    (gate / "whole").touch()
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "run", str(file)], capture_output=True, text=True,
        env={**os.environ, "DL_TUTOR_HOME": str(home)},
    )  # fmt: skip
    assert done.stdout == "\nXYZ\nepoch 0\nepoch 1\nepoch 2\nepoch 3\nsum\n"
    assert [line for line in done.stderr.splitlines() if "|" in line or "/20" in line] == ["20/20", "100%|###|"]


def test_in_the_window(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_TUTOR_HOME", str(home))
    gate = tmp_path / "gate"
    folder = make_course(
        tmp_path / "course", {"basics": {"sums": lesson_text("sums", f"## One\n\n{RUN}")}}, title="Small"
    )
    Progress(paths.state_dir(), course="small").drafts.save("hello", code(gate))
    with tutor(home, "open", "sums", size=(80, 40), env={"DL_TUTOR_COURSE": str(folder)}) as window:
        window.until("One").press("e").until("hello.py").at_rest()
        window.press("f5").until("10/20")
        assert not [row for row in rows(window) if row.endswith("9/20")]
        (gate / "half").touch()
        window.until(lambda t: "3%|###|" in rows(t) and "epoch 3" in rows(t))
        (gate / "whole").touch()
        window.until(lambda t: "sum" in rows(t))
        shown = rows(window)
        at = shown.index("20/20")
        assert shown[at : at + 8] == ["20/20", *LINES]
        assert leave(window) == 0
