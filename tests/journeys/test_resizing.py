"""The window changes its size while something goes on in it: nothing is lost, and nothing stops."""

from __future__ import annotations

import re
from pathlib import Path

from tests.journeys.steps import answer_is, leads_to, open_code, tap, turn_to
from tests.ptykit import Terminal, tutor

SLOW = """\
from tutor import track

for epoch in track(2000):
    loss = sum(1 / n for n in range(1, 300_000)) / (epoch + 1)
    track.log(loss=loss)
"""
SIZES = ((60, 15), (20, 5), (300, 80), (59, 14), (20, 5), (1, 1), (80, 24), (120, 34))


def through_all_sizes(window: Terminal, last: str) -> None:
    """Through sizes large and small, some at once after another, to the last one."""
    for size in SIZES:
        window.resize(*size)
        small = size[0] < 60 or size[1] < 15
        if size != (1, 1):
            window.until(lambda t, small=small: ("Too small" in t.text) == small)
    window.until(last)
    assert "Traceback" not in window.text


def epoch(window: Terminal) -> int:
    found = re.search(r"epoch\s+(\d+) of", window.text)
    return int(found.group(1)) if found else 0


def test_while_a_training_goes_on(home: Path) -> None:
    with tutor(home, "open", "1.3", size=(120, 34)) as window:
        window.until("1 of ")
        open_code(window, "train-in-keras")
        answer_is(window, SLOW)
        tap(window, "f5").until(lambda t: epoch(t) > 2)
        before = epoch(window)
        through_all_sizes(window, "train-in-keras.py")
        window.until(lambda t: epoch(t) > before)
        window.resize(20, 5).until("Too small")
        window.resize(80, 24).until(lambda t: epoch(t) > before + 5)
        window.press("ctrl+c").until("stopped").until("track.log")


def test_while_a_figure_runs(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(120, 34)) as window:
        window.until("1 of ")
        turn_to(window, "One step downhill").at_rest()
        window.press("enter").until("space run").at_rest()
        window.press("z", "space").until("space pause")
        through_all_sizes(window, "gradient descent")
        window.until("50/50").until("space run")


def test_while_something_is_typed(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(120, 34)) as window:
        window.until("1 of ")
        open_code(window, "gradient")
        answer_is(window, "def grad_loss(w, x, y):\n    kept = 41")
        through_all_sizes(window, "kept = 41")
        window.type(" + 1").until("kept = 41 + 1")
        window.resize(20, 5).until("Too small")
        window.type("never heard").resize(100, 30).until("kept = 41 + 1").at_rest()
        assert "never heard" not in window.text
        assert leads_to(window) == "leave"
