"""The same walk in each kind of terminal: the page, a figure, the workbench with a verdict, home. What goes over the
line suits the terminal, byte by byte."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import processes_of
from tests.journeys.steps import answer_is, back, is_out, leads_to, open_code, tap, turn_to
from tests.ptykit import Terminal, tutor

HALF_THE_SLOPE = "def grad_loss(w, x, y):\n    return ((w * x - y) * x).sum()\n"
COLOURS = rb"(?:[34][0-9]|9[0-7]|10[0-7])"
"""SGR parameters that choose a colour."""


def styles(window: Terminal) -> set[bytes]:
    """The parameters of all changes of style that were sent."""
    return set(re.findall(rb"\x1b\[([0-9;:]*)m", bytes(window.raw)))


def walk(window: Terminal, half: str) -> None:
    """half: how this terminal spells the diagnosis."""
    window.until("1 of ")
    open_code(window, "gradient")
    answer_is(window, HALF_THE_SLOPE)
    tap(window, "f6").until(half).at_rest()
    while not is_out(window):
        back(window)
    turn_to(window, "One step downhill")
    window.press("enter").until("steps").until(lambda t: leads_to(t) == "back").at_rest()
    window.press("right").at_rest()
    back(window)
    window.press("esc").until(" leave").at_rest()
    window.press("q")
    assert window.wait() == 0
    assert "Traceback" not in window.text


@pytest.mark.parametrize("term", ["xterm-256color", "screen-256color", "tmux-256color"])
def test_with_256_colours(home: Path, term: str) -> None:
    with tutor(home, "open", "1.2", size=(100, 32), env={"TERM": term, "COLORTERM": None}) as window:
        walk(window, "(wx − y)² is 2(wx")
        sent = styles(window)
    assert any(b"38;5;" in one for one in sent) and any(b"48;5;" in one for one in sent)
    assert not any(b"38;2;" in one or b"48;2;" in one for one in sent)
    grounds = {number for one in sent for number in re.findall(rb"48;5;(\d+)", one)}
    assert {b"233", b"235"} <= grounds, "page and panel are greys that differ"


def test_on_the_linux_console_16_colours_and_7_bits(home: Path) -> None:
    env: dict[str, str | None] = {"TERM": "linux", "COLORTERM": None}
    with tutor(home, "open", "1.2", size=(80, 25), env=env) as window:
        walk(window, "(wx - y)^2 is 2(wx")
        sent = styles(window)
        assert bytes(window.raw).isascii()
        assert b"$p" not in window.raw, "the console prints a letter of such a question"
    assert not any(b"38;" in one or b"48;" in one for one in sent)
    assert any(re.search(rb"(?:^|;)(?:3[1-6]|9[1-6])(?:;|$)", one) for one in sent)


def test_in_the_c_locale_nothing_beyond_7_bits_is_sent(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(80, 24), env={"LANG": "C", "LC_ALL": None, "LC_CTYPE": None}) as window:
        walk(window, "(wx - y)^2 is 2(wx")
        assert bytes(window.raw).isascii()


def test_with_no_color_no_colour_is_sent(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(80, 24), env={"NO_COLOR": "1"}) as window:
        walk(window, "Half the slope")
        for one in styles(window):
            assert not re.search(rb"(?:^|;)" + COLOURS + rb"(?:;|$)", one), one
        assert b"\x1b[7m" in window.raw or any(b"7" in one.split(b";") for one in styles(window))


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (300, 80)], ids=lambda size: "{}x{}".format(*size))
def test_at_this_size(home: Path, size: tuple[int, int]) -> None:
    with tutor(home, "open", "1.2", size=size) as window:
        window.until("1 of ").at_rest()
        if size[0] > 80:
            prose = [line for line in window.screen.display if "In the last lesson" in line]
            assert prose and all(len(line.split("│")[0].strip()) <= 80 for line in prose)
        walk(window, "at -2: yours")


def test_a_terminal_that_only_prints_lines_is_told_what_works(home: Path) -> None:
    with tutor(home, env={"TERM": "dumb"}) as window:
        assert window.wait() == 2
        assert "can only print lines" in window.text and "`check`" in window.text and "doctor" in window.text
        assert b"\x1b" not in window.raw
    with tutor(home, "list", size=(80, 100), env={"TERM": "dumb"}) as window:
        assert window.wait() == 0
        assert "Gradient descent" in window.text and b"\x1b" not in window.raw
    with tutor(home, "keys", size=(60, 200), env={"TERM": "dumb"}) as window:
        assert window.wait() == 0
        lines = bytes(window.raw).decode().splitlines()
        assert max(map(len, lines)) <= 60 and "    (everywhere.slash)" in lines, "folded between words"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_inside_tmux(home: Path) -> None:
    socket = str(home / "tmux")
    program = f"{sys.executable} -m tutor open 1.2"
    try:
        with Terminal(
            ["tmux", "-S", socket, "-f", "/dev/null", "new-session", "-x", "100", "-y", "31", program],
            size=(100, 32), env={"DL_TUTOR_HOME": str(home), "TMUX_TMPDIR": str(home)},
        ) as window:  # fmt: skip
            window.processes = lambda: processes_of(home)
            window.until("1 of ").at_rest()
            window.press("n").until("2 of ").at_rest()
            window.press("?").until("Keys").at_rest()
            window.press("esc").until("2 of ").at_rest()
            window.resize(50, 12).until("Make it larger")
            window.resize(100, 32).until("2 of ").at_rest()
            window.press("esc").until(" leave").at_rest().press("q")
            assert window.wait() == 0
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], capture_output=True, check=False)
