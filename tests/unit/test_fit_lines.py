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
    assert fits.head(FitStarted("r", 0, "keras", "m", 12, first=10)) == "training m, 2 epochs"


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


def fits_of(*starts: FitStarted) -> RunState:
    """Each of these trainings with all its epochs, the loss of which falls on and on."""
    state, loss = RunState("r", "b", graded=False), 1.0
    for start in starts:
        state.apply(start)
        for epoch in range(start.first, start.epochs):
            loss /= 2
            state.apply(EpochEnded("r", start.fit, epoch, {"loss": loss}, 1.0 + epoch - start.first))
        state.apply(FitEnded("r", start.fit, "done", start.epochs - start.first, 1.0))
    return state


def test_fits_of_one_model_go_on_in_one_curve() -> None:
    state = fits_of(*(FitStarted("r", at, "keras", "m", 1, samples=10, after=at - 1) for at in range(8)))
    (fit,) = state.fits
    assert fit.curves["loss"].points() == (tuple(map(float, range(1, 9))), tuple(0.5**at for at in range(1, 9)))
    assert (fit.epochs_done, fit.started.epochs, fit.done, fit.seconds) == (8, 8, 1.0, 8.0)
    assert fit.samples_a_second == 10.0


def test_fits_of_other_models_are_trainings_of_their_own() -> None:
    state = fits_of(FitStarted("r", 0, "keras", "a", 2), FitStarted("r", 1, "keras", "b", 3))
    assert [fit.epochs_done for fit in state.fits] == [2, 3] and state.fit_of(0) is state.fits[0]


def test_epochs_that_count_as_done_before_were_not_trained_here() -> None:
    (fit,) = fits_of(FitStarted("r", 0, "keras", "m", 15, samples=10, first=10)).fits
    assert (fit.epochs_done, fit.passed, fit.done) == (15, 5.0, 1.0) and fit.samples_a_second == 10.0
    assert fit.ended is not None and fits.end(fit, fit.ended).startswith("trained 5 epochs")
    assert fit.curves["loss"].points()[0] == (11.0, 12.0, 13.0, 14.0, 15.0)


def test_a_fit_that_begins_where_the_last_has_ended_is_not_counted_twice() -> None:
    (fit,) = fits_of(FitStarted("r", 0, "keras", "m", 10), FitStarted("r", 1, "keras", "m", 15, first=10, after=0)).fits
    assert (fit.epochs_done, fit.started.epochs) == (15, 15)


def test_a_stop_within_an_epoch_is_said_and_its_part_is_not_counted_as_a_whole() -> None:
    state = RunState("r", "b", graded=False)
    state.apply(FitStarted("r", 0, "keras", "m", 2, batches=10, samples=100))
    state.apply(EpochEnded("r", 0, 0, {"loss": 0.5}, 5.0, share=0.5))
    state.apply(FitEnded("r", 0, "stopped", 1, 5.0))
    fit = state.fits[0]
    assert fit.samples_a_second == 10.0
    assert fit.ended is not None and fits.end(fit, fit.ended).startswith("stopped in epoch 1, after 5.0 s")
