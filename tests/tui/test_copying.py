"""Copying out of the window: what is sent to the terminal, what is kept in a file, and by which keys."""

from __future__ import annotations

import base64
import re
import stat
from pathlib import Path

import pytest

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tests.tui.test_workbench import no_engine, opened  # noqa: F401
from tutor.following.run_state import RunState
from tutor.messages.events import Ended, Output
from tutor.messages.verdicts import CheckResult, Verdict
from tutor.tui.output import clipboard

STARTER = "def double(x):\n    ...\n"


def payload(request: str) -> str:
    """What a terminal would take."""
    found = re.search(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", request)
    assert found
    return base64.b64decode(found[1]).decode()


def test_the_request_bare_through_tmux_and_through_screen() -> None:
    text = "x = 'déjà'\n" * 300
    bare = clipboard.sequence(text, "")
    assert payload(bare) == text and bare.startswith("\x1b]52;c;") and bare.endswith("\x07")
    through_tmux = clipboard.sequence(text, "tmux")
    wrapped = through_tmux.removeprefix(bare)
    assert wrapped.startswith("\x1bPtmux;\x1b\x1b]52;c;") and wrapped.endswith("\x07\x1b\\")
    assert payload(wrapped.replace("\x1b\x1b", "\x1b")) == text
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", clipboard.sequence(text, "screen"), re.DOTALL)
    assert "".join(pieces) == bare and all(len(piece) <= 768 for piece in pieces)


def test_the_largest_text_that_is_sent() -> None:
    assert len(clipboard.sequence("x" * clipboard.MOST, "")) < 100_100
    assert clipboard.sequence("x" * (clipboard.MOST + 1), "") == ""


def test_the_file_is_the_learners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    texts = {"a\nb\n": "2 lines copied", "one": "1 line copied", "x\n" * 50_000: "50,000 lines are too"}
    for text, said in texts.items():
        told = clipboard.keep(text, {})
        assert said in told and str(clipboard.file()) in told
        assert clipboard.file().read_text() == text
        assert stat.S_IMODE(clipboard.file().stat().st_mode) == 0o600
    assert [one.name for one in clipboard.file().parent.iterdir()] == ["copied.txt"]


def test_where_no_file_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_text("no folder")
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    assert "no file could be written" in clipboard.keep("x", {})
    assert clipboard.keep("x" * 100_000, {}).startswith("Not copied")


def test_tmux_is_asked_where_we_are_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    fake = tmp_path / "tmux"
    fake.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/words\ncat > {tmp_path}/taken\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    clipboard.keep("to tmux", {"TMUX": "/tmp/tmux-1/default,1,0"})
    assert (tmp_path / "taken").read_text() == "to tmux"
    assert (tmp_path / "words").read_text() == "load-buffer -w -\n"


async def copied(pilot) -> str:
    await settled(pilot)
    return clipboard.file().read_text() if clipboard.file().exists() else ""


async def test_the_code_by_a_letter_on_the_page_and_by_ctrl_c_in_the_editor(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 5)
        await pilot.press("y")
        assert await copied(pilot) == STARTER and "2 lines copied; also in" in screen.bottom.notice
        _, bench = await opened(pilot)
        await pilot.press("x", "ctrl+c")
        assert await copied(pilot) == "x" + STARTER and bench.editor.text == "x" + STARTER
        await pilot.press("shift+left", "ctrl+c")
        assert await copied(pilot) == "x"


async def test_results_by_a_letter_and_by_ctrl_c(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        await pilot.press("f4", "y")
        assert await copied(pilot) == ""
        state = RunState("run", "double", True)
        state.apply(Output("run", "out", "printed\n"))
        state.verdict = Verdict(
            "double", "failed", (CheckResult("check_two", "twice two is four", "failed", "yours 5, expected 4"),)
        )
        bench.runner.state = state
        state.ended = Ended("run", "ok", 0.1)
        for key in ("y", "ctrl+c"):
            clipboard.file().unlink(missing_ok=True)
            await pilot.press(key)
            text = await copied(pilot)
            assert "✗ twice two is four" in text and "yours 5, expected 4" in text and text.endswith("printed\n")


async def test_a_page_without_code_says_so(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 0)
        await pilot.press("y")
        await settled(pilot)
        assert "no code" in screen.bottom.notice
