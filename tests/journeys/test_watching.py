"""Watching a training through a pseudo-terminal: pause, rate, past runs, a prediction, and looking into the model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.journeys.samples import SHAPES, moons
from tests.journeys.steps import answer_is, back, leads_to, leave, open_code, open_results, tap, turn_to
from tests.ptykit import Terminal, tutor


def epoch(window: Terminal) -> int:
    found = re.search(r"epoch (\d+) of", window.text)
    return int(found.group(1)) if found else 0


def test_a_training_is_paused_slowed_stopped_and_compared_with_the_next(home: Path) -> None:
    with tutor(home, "open", "1.3", size=(100, 32)) as window:
        open_code(window, "train-in-keras")
        answer_is(window, moons(0.01, 3000))
        tap(window, "f5").until(lambda t: epoch(t) > 3, limit=90)
        tap(window, "f4").until("stop and keep")
        tap(window, "space").until("paused")
        stands = epoch(window.at_rest())
        tap(window, "-", "space").until(lambda t: epoch(t) > stands).until("0.005")
        tap(window, "l", "x", "g").until("learning rate")
        tap(window, "s").until("stopped")
        tap(window, "f4").until(lambda t: leads_to(t) == "leave")
        answer_is(window, moons(0.05, 40))
        tap(window, "f5").until("trained", limit=60).until("run 1")
        open_results(window).press("r").until("run 2 beside run 1").until("0.01")
        assert leave(window) == 0
    listed = subprocess.run(
        [sys.executable, "-m", "tutor", "runs", "train-in-keras"], capture_output=True, text=True, check=True,
        env={**os.environ, "DL_TUTOR_HOME": str(home)},
    ).stdout  # fmt: skip
    assert "run 1" in listed and "run 2" in listed


def test_a_model_is_looked_into_while_it_trains_and_after(home: Path) -> None:
    with tutor(home, "open", "1.3", size=(80, 24)) as window:
        open_code(window, "train-in-keras")
        answer_is(window, moons(0.01, 3000))
        tap(window, "f5").until(lambda t: epoch(t) > 3, limit=90)
        tap(window, "f4").until("stop and keep")
        tap(window, "i").until("85 parameters").until("8·6 + 6").until("training")
        tap(window, "d").until("of this map")
        tap(window, "g").until("epoch by epoch")
        tap(window, "p").until("accuracy")
        back(window)
        tap(window, "s").until("stopped")
        window.at_rest().press("i").until("85 parameters").at_rest()
        assert "training" not in window.screen.display[0]
        for numbers, said in (("0.5 -0.25", "the typed sample"), ("1 2 3", "3 were typed")):
            window.press("i").until("esc no sample").type(numbers).press("enter").until(said)
        assert leave(window) == 0


def test_feature_maps_lead_to_one_pixel_and_mistakes_are_pictures(home: Path) -> None:
    with tutor(home, "open", "1.3", size=(160, 50)) as window:
        open_code(window, "train-in-keras")
        answer_is(window, SHAPES)
        tap(window, "f5").until("trained", limit=90)
        open_results(window).press("i").until("1,659 parameters")
        window.press("m").until("8 feature maps")
        window.press("enter").until("products add up to")
        window.press("c").until("rows: true").press("e").until("Worst")
        window.press("tab").at_rest()
        window.resize(60, 15)
        window.at_rest()
        window.resize(160, 50)
        window.press("m").until("8 feature maps")
        assert leave(window) == 0


def test_a_fit_that_raises_keeps_its_curve_and_marks_the_line(home: Path) -> None:
    broken = moons(0.01, 30).replace(
        "model.fit(x, y,", "def fail(epoch, logs):\n    if epoch == 6: raise ValueError('my own')\n"
        "model.fit(x, y, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=fail)],",
    )  # fmt: skip
    with tutor(home, "open", "1.3", size=(100, 36)) as window:
        open_code(window, "train-in-keras")
        answer_is(window, broken)
        tap(window, "f5").until("failed", limit=90).until("my own")
        open_results(window).until("loss").press("i").until("85 parameters")
        assert leave(window) == 0


def test_a_training_is_predicted_and_the_real_curve_comes_over_the_choice(home: Path) -> None:
    with tutor(home, "open", "1.3", size=(80, 24)) as window:
        turn_to(window, "Batches of 32")
        window.press("tab", "1", "enter").until("what comes", limit=90).until("You chose 1")
        assert leave(window) == 0
