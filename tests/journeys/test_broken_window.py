"""A window that breaks gives the terminal back, says two lines, and loses nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.journeys.steps import answer_is, open_code
from tests.ptykit import Terminal, tutor

BREAKS = """
import sys
from tutor.tui.screens.{module} import {screen}

def broken(self, *values):
    raise RuntimeError("the picture has no frame")

{screen}.{action} = broken
from tutor.cli import main
sys.argv = ["dl-tutor", *sys.argv[1:]]
main()
"""


def breaking(home: Path, module: str, screen: str, action: str, *words: str) -> Terminal:
    """The tutor, one of whose actions is broken."""
    code = BREAKS.format(module=module, screen=screen, action=action)
    return Terminal([sys.executable, "-c", code, *words], size=(100, 32), env={"DL_TUTOR_HOME": str(home)})


def test_two_lines_are_left_on_the_screen_and_the_rest_is_in_a_log(home: Path) -> None:
    with breaking(home, "home", "HomeScreen", "action_move") as window:
        window.until("Begin").press("down")
        assert window.wait() == 3
        (log,) = (home / "cache" / "faults").glob("*.log")
        said = window.text.replace("\n", "")
        assert said.startswith("The window broke (RuntimeError: the picture has no frame)")
        assert "Your draft and your standing are on disk." in said
        assert log.name in said
        assert "Traceback" not in window.text
        assert "RuntimeError: the picture has no frame" in log.read_text("utf-8")


def test_the_draft_in_a_window_that_broke_is_there_again(home: Path) -> None:
    with breaking(home, "lesson", "LessonScreen", "action_flip", "open", "1.2") as window:
        window.until("1 of ")
        open_code(window, "gradient")
        answer_is(window, "def grad_loss(w, x, y):\n    half = 1")
        window.type(" + 41")
        window.send(b"\x1b[19~")
        assert window.wait() == 3
    with tutor(home, size=(100, 32)) as window:
        window.until("gradient.py").until("half = 1 + 41")
