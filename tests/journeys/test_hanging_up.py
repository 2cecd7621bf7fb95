"""The connection drops, wherever the learner is: what was done is on the disk, and nothing stays behind but a run."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import processes_of
from tests.journeys.samples import moons
from tests.journeys.steps import answer_is, back, leave, open_code, open_results, tap, turn_to
from tests.ptykit import REST, Terminal, tutor
from tutor.tui.life.left_behind import SOON

SIZE = (100, 32)
HANGS_UP = 129
HALF = "def grad_loss(w, x, y):\n    half = 1"


def epoch(window: Terminal) -> int:
    found = re.search(r"epoch (\d+) of", window.text)
    return int(found.group(1)) if found else 0


def training(window: Terminal, epochs: int = 3000) -> Terminal:
    open_code(window, "train-in-keras")
    answer_is(window, moons(0.01, epochs))
    return tap(window, "f5").until(lambda t: epoch(t) > 3, limit=120)


def at_home(window: Terminal) -> None:
    window.press("esc").until("Continue")


def on_a_page(window: Terminal) -> None:
    turn_to(window, "The slope, exactly")


def in_the_editor(window: Terminal) -> None:
    answer_is(open_code(window, "gradient"), HALF)
    tap(window, *" + 41").until("half = 1 + 41")


def awaiting_a_verdict(window: Terminal) -> None:
    slow = "import time\ndef grad_loss(w, x, y):\n    time.sleep(0.2)\n    return 2 * ((w * x - y) * x).sum()\n"
    answer_is(open_code(window, "gradient"), slow)
    tap(window, "f6").until("checking")


def while_training(window: Terminal) -> None:
    training(window)


def training_large(window: Terminal) -> None:
    tap(training(window), "f4").until("stop and keep")


def with_a_figure_running(window: Terminal) -> None:
    turn_to(window, "One step downhill").press("tab", "enter").until("space run")
    tap(window, "space").at_rest()


def in_the_inspector(window: Terminal) -> None:
    training_large(window)
    tap(window, "i").until("85 parameters")


def in_the_table_of_runs(window: Terminal) -> None:
    training(window, 20).until("trained", limit=60)
    open_results(window).press("r").until("run 1")


def finding(window: Terminal) -> None:
    window.press("/").type("slope").until("esc")


PLACES: list[tuple[Callable[[Terminal], None], str, str, bool]] = [
    (at_home, "1.2", "", False),
    (on_a_page, "1.2", "", False),
    (in_the_editor, "1.2", "half = 1 + 41", False),
    (awaiting_a_verdict, "1.2", "time.sleep(0.2)", True),
    (while_training, "1.3", "epochs=3000", True),
    (training_large, "1.3", "epochs=3000", True),
    (with_a_figure_running, "1.2", "", False),
    (in_the_inspector, "1.3", "epochs=3000", True),
    (in_the_table_of_runs, "1.3", "epochs=20", False),
    (finding, "1.2", "", False),
]
"""How to get there, in which lesson, what is in the draft then, and whether a run goes on afterwards."""


def hosts_left(home: Path) -> list[str]:
    """Command lines of what is left of this home."""
    found = []
    for pid in processes_of(home):
        try:
            found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def none_left(home: Path) -> None:
    end = time.monotonic() + 20
    while left := hosts_left(home):
        assert time.monotonic() < end, left
        os.sched_yield()


@pytest.mark.parametrize(("go_there", "lesson", "draft", "run"), PLACES, ids=[one[0].__name__ for one in PLACES])
def test_nothing_is_lost_and_nothing_stays_but_a_run(
    home: Path, go_there: Callable[[Terminal], None], lesson: str, draft: str, run: bool
) -> None:
    with tutor(home, "open", lesson, size=SIZE) as window:
        window.until(" of ")
        go_there(window)
        assert window.hang_up() == HANGS_UP
        assert "Traceback" not in window.text and "Error" not in window.text
    drafts = "".join(path.read_text() for path in (home / "state" / "drafts").rglob("*.py"))
    assert draft in drafts
    assert list((home / "state").rglob("place*")), sorted((home / "state").rglob("*"))
    if run:
        left = hosts_left(home)
        assert left and all("tutor.engine.host" in words for words in left)
    else:
        none_left(home)


def test_the_next_window_shows_the_curve_it_missed_and_the_rest(home: Path) -> None:
    with tutor(home, "open", "1.3", size=SIZE) as window:
        stood = epoch(training(window, 400))
        window.hang_up()
    with tutor(home, size=SIZE) as window:
        window.until("train-in-keras.py").until(lambda t: epoch(t) > stood, limit=60)
        window.until("epoch 400 of 400", limit=120).until("trained")
        assert "The loss fell from" in window.text and "best epoch" in window.text
        window.hang_up()
    none_left(home)


def test_elsewhere_it_is_said_that_a_run_was_left_behind(home: Path) -> None:
    with tutor(home, "open", "1.3", size=SIZE) as window:
        back(back(training(window, 3000))).until("Continue")
        window.hang_up()
    with tutor(home, "open", "1.1", size=(80, 24)) as window:
        window.until("Left behind while it ran: train-in-keras (1.3). Open it to see.")
        window.hang_up()
    with tutor(home, "open", "1.3", size=SIZE) as window:
        turn_to(window, "Train it")
        tap(window, "e").until(lambda t: epoch(t) > 3, limit=60)
        tap(window, "ctrl+c").until("stopped")
        leave(window)
    none_left(home)
    with tutor(home, "open", "1.1", size=SIZE) as window:
        window.until("1 of ").at_rest(SOON + REST)  # until it has looked, and is through with it
        assert "Left behind" not in window.text
        window.hang_up()


def test_a_verdict_that_came_meanwhile_counts(home: Path) -> None:
    with tutor(home, "open", "1.2", size=SIZE) as window:
        awaiting_a_verdict(window)
        window.hang_up()
    with tutor(home, size=SIZE) as window:
        window.until("gradient.py").until("passed", limit=60)
        window.hang_up()
    attempts = "".join(path.read_text() for path in (home / "state" / "attempts").glob("*.jsonl"))
    assert '"passed"' in attempts
