"""A machine that others use too: memory that is short, and a run that waits for another."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.samples import moons
from tests.journeys.steps import answer_is, open_code, tap
from tests.ptykit import tutor


def test_keras_waits_for_memory_says_so_and_goes_on(home: Path, tmp_path: Path) -> None:
    free = tmp_path / "free"
    free.write_text("600")
    with tutor(home, "open", "1.3", size=(80, 24), env={"DL_TUTOR_FREE_MB": str(free)}) as window:
        open_code(window, "train-in-keras")
        answer_is(window, moons(0.01, 5))
        tap(window, "f5").until("waiting for memory: 1.0 GB needed, 0.6 GB free · ")
        tap(window, "ctrl+c").until("stopped")
        tap(window, "f5").until("waiting for memory: 1.0 GB needed, 0.6 GB free · ")
        free.write_text("4000")
        window.until("epoch 5 of 5", limit=120)
        window.hang_up()


def test_a_second_window_waits_for_what_trains_alone_and_is_told_so(home: Path) -> None:
    with tutor(home, "open", "1.3", size=(80, 24)) as one, tutor(home, "open", "1.2", size=(80, 24)) as two:
        answer_is(open_code(one, "train-in-keras"), "import keras\nprint('trains')\nwhile True:\n    pass\n")
        tap(one, "f5").until("trains", limit=120)
        answer_is(open_code(two, "gradient"), "print(6 * 7)\n")
        tap(two, "f5").until("42")
        answer_is(two, "import keras\nprint(7 * 7)\n")
        tap(two, "f6").until("waiting for train-in-keras to end")
        two.until("This begins when train-in-keras ends, as runs take turns. ctrl+c gives it up.")
        assert "Left behind" not in two.text
        tap(one, "ctrl+c").until("stopped")
        two.until("not yet: 0 of 4 checks")
        assert "This begins" not in two.text and "waiting for" not in two.text
        for window in (one, two):
            window.hang_up()
