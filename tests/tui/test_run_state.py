"""What is known of a run, event by event."""

from __future__ import annotations

import math

import pytest

from tutor.following.fit_scene import fit_scene
from tutor.following.fit_state import FitState
from tutor.following.fit_words import words
from tutor.following.run_state import KERAS_WAIT, RunState
from tutor.following.shown_text import MOST
from tutor.messages.events import Ended, Output, Queued, RunWaits, Started
from tutor.messages.training import EpochEnded, FitStarted
from tutor.plots.scene import Chart, TextPanel
from tutor.tui.widgets.workbench.training_view import progress_line


def fit(epochs: int = 10, batches: int = 5) -> FitState:
    return FitState(FitStarted("r", 0, "keras", "sequential", epochs, batches=batches, samples=100))


def test_the_phases_of_a_run() -> None:
    state = RunState("r", "b", False)
    state.apply(Queued("r", 2))
    assert "waiting for 2 other runs of yours to end" in state.waiting(3.0)
    assert state.queued.startswith("This begins when 2 other runs of yours end")
    state.apply(Queued("r", 1, block="train-in-keras"))
    assert state.waiting(3.0) == "waiting for train-in-keras to end · 3 s"
    assert state.queued.startswith("This begins when train-in-keras ends")
    state.apply(RunWaits("r", "waiting for memory: 1.0 GB needed, 0.6 GB free"))
    assert state.waiting(300.0) == "waiting for memory: 1.0 GB needed, 0.6 GB free · 300 s"
    state.apply(Started("r", 1, 7, 0.0))
    assert (state.phase, state.seed, state.waiting_for, state.queued) == ("running", 7, "", "")
    state.apply(Output("r", "out", "a"))
    state.apply(Output("r", "out", "b"))
    state.apply(Output("r", "err", "c"))
    assert state.output == [("out", "ab"), ("err", "c")]
    state.apply(Ended("r", "ok", 0.1))
    assert not state.going


def test_output_is_bounded() -> None:
    state = RunState("r", "b", False)
    for _ in range(5):
        state.apply(Output("r", "out", "x" * 100_000))
    assert state.text.size == MOST


def test_progress_and_time_left() -> None:
    state = fit()
    assert state.done == 0.0 and state.seconds_left is None
    state.epoch_ended(EpochEnded("r", 0, 4, {"loss": 1.0}, 2.0))
    assert state.done == pytest.approx(0.5)
    assert state.seconds_left == pytest.approx(2.0)
    assert state.samples_a_second == pytest.approx(100 * 10 * 0.5 / 2.0)


def test_the_best_epoch_is_that_of_the_validation_loss() -> None:
    state = fit()
    for epoch, (train, val) in enumerate([(3.0, 3.0), (2.0, 1.0), (1.0, 2.0)]):
        state.epoch_ended(EpochEnded("r", 0, epoch, {"loss": train, "val_loss": val}, 1.0))
    assert state.best() == ("val_loss", 2, 1.0)


def test_a_loss_that_is_no_number_is_said_with_its_epoch() -> None:
    state = fit()
    for epoch, loss in enumerate([1.0, 5.0, math.nan]):
        state.epoch_ended(EpochEnded("r", 0, epoch, {"loss": loss}, 1.0))
    assert "epoch 3" in words(state) and "learning rate" in words(state)


def test_the_scene_has_both_curves_and_counts_epochs_from_one() -> None:
    state = fit()
    state.epoch_ended(EpochEnded("r", 0, 0, {"loss": 2.0, "val_loss": 2.5}, 1.0))
    chart, figures = fit_scene(state).panels
    assert isinstance(chart, Chart) and isinstance(figures, TextPanel)
    assert [series.label for series in chart.series] == ["train", "val"]
    assert chart.series[0].x == (1.0,)


def test_a_run_that_is_lost_ends_its_training_and_tells_how_long_it_took() -> None:
    state = RunState("r", "b", False)
    state.apply(Started("r", 1, 7, 0.0))
    state.apply(FitStarted("r", 0, "keras", "sequential", 10, batches=5, samples=100))
    state.apply(EpochEnded("r", 0, 0, {"loss": 1.0}, 1.0))
    state.apply(Ended("r", "lost", 0.0, note="The engine is gone."))
    assert state.ended is not None and state.ended.seconds > 0.0
    assert state.fit is not None and state.fit.over and state.fit.seconds_left is None
    line = progress_line(state.fit, 70, False).plain
    assert line.startswith("lost") and "left" not in line


def test_words_for_one_epoch_and_for_a_loss_that_stays() -> None:
    state = fit()
    state.epoch_ended(EpochEnded("r", 0, 0, {"loss": 1.5}, 1.0))
    assert words(state) == "After one epoch the loss is 1.5."
    state.epoch_ended(EpochEnded("r", 0, 1, {"loss": 1.5}, 1.0))
    assert "as after the first" in words(state)


def test_waiting_says_for_what_how_long_and_when_it_is_unusual() -> None:
    state = RunState("r", "b", False, waiting_for=KERAS_WAIT)
    assert "starting Keras" in state.waiting(2.0) and "2 s" in state.waiting(2.0)
    assert "longer than usual" in state.waiting(20.0) and "ctrl+c" in state.waiting(20.0)


def test_a_run_that_shows_nothing_is_silent() -> None:
    state = RunState("r", "b", False)
    state.apply(Ended("r", "ok", 0.1))
    assert state.silent
    state = RunState("r", "b", False)
    state.apply(Output("r", "out", "a"))
    state.apply(Ended("r", "ok", 0.1))
    assert not state.silent
