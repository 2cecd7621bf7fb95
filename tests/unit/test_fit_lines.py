"""A training on the command line: its lines are made from what the one fold knows of it."""

from __future__ import annotations

import pytest

from tutor.commands.running import fits
from tutor.following.run_state import RunState
from tutor.messages.events import Output
from tutor.messages.training import BatchEnded, EpochEnded, FitEnded, FitStarted
from tutor.plots.scene import Chart


def followed(*losses: float, epochs: int = 4, batches: int = 0) -> RunState:
    state = RunState("r", "b", graded=False)
    state.apply(FitStarted("r", 0, "keras", "m", epochs, batches=batches, samples=100, parameters=1_000))
    for at, loss in enumerate(losses):
        state.apply(EpochEnded("r", 0, at, {"loss": loss, "val_loss": 2 * loss}, 1.0 + at))
    return state


def test_what_is_trained_stands_first() -> None:
    assert fits.head(followed().fits[0].started) == "training m, 1,000 parameters, 100 samples, 4 epochs"


def test_the_bar_counts_epochs_and_the_batches_of_the_one_that_goes_on() -> None:
    state = followed(0.5, batches=10)
    assert fits.bar(state.fits[0], ascii=True).startswith("epoch 2 of 4  #####---------------")
    state.apply(BatchEnded("r", 0, 1, 8, {"loss": 0.25}, 1.8))
    bar = fits.bar(state.fits[0], ascii=True)
    assert bar.startswith("epoch 2 of 4  #########-----------") and bar.endswith("loss 0.2500")


@pytest.mark.parametrize(("total", "lines"), [(4, 4), (90, 31), (0, 28)])
def test_a_long_training_has_some_thirty_lines(total: int, lines: int) -> None:
    assert sum(fits.has_line(epoch, total) for epoch in range(1, (total or 1_000) + 1)) == lines


def test_the_end_says_what_came_of_it_and_the_curve_has_the_validation() -> None:
    fit = followed(0.5, 0.25).fits[0]
    end = fits.end(fit, FitEnded("r", 0, "early", 2, 3.0, note="Enough."))
    assert end == "ended early, after 2 epochs in 3.0 s: loss 0.2500  val_loss 0.5000. Enough."
    scene = fits.loss_scene(fit)
    assert scene is not None and isinstance(scene.panels[0], Chart)
    drawn = {one.label: tuple(one.y) for one in scene.panels[0].series}
    assert drawn == {"train": (0.5, 0.25), "val": (1.0, 0.5)}
    assert fits.loss_scene(followed(0.5).fits[0]) is None


def test_the_tutors_own_words_are_not_what_the_code_has_printed() -> None:
    state = followed()
    for stream, text in (("out", "a\n"), ("tutor", "cut off\n"), ("err", "b\n")):
        state.apply(Output("r", stream, text))
    assert state.printed == "a\nb\n"
