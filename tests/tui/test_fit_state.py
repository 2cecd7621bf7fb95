"""A training as curves, figures and words."""

from __future__ import annotations

import math
from unittest import mock

import pytest

from tutor.following.fit_scene import FitLook, fit_chart, fit_scene
from tutor.following.fit_state import Earlier, FitState
from tutor.following.fit_words import apart, figures, more_words, words
from tutor.messages.training import BatchEnded, Changed, EpochEnded, FitEnded, FitStarted, LayerPulse, Paused
from tutor.plots.scene import Chart, TextPanel
from tutor.tui.widgets.workbench.training_view import TrainingView, progress_line, shorten


def fit(epochs: int = 100, batches: int = 5, **started) -> FitState:
    return FitState(FitStarted("r", 0, "keras", "sequential", epochs, batches=batches, samples=100, **started))


def told(state: FitState, *rows: dict[str, float], seconds: float = 0.1, **more) -> FitState:
    for row in rows:
        state.epoch_ended(EpochEnded("r", 0, state.epochs_done, row, seconds * (state.epochs_done + 1), **more))
    return state


def overfitted() -> FitState:
    """Validation is best in epoch 10 and rises from there on."""
    rows = [{"loss": 1 / at, "val_loss": 1.2 / at if at <= 10 else 0.12 + 0.02 * (at - 10)} for at in range(1, 31)]
    return told(fit(), *rows)


def test_a_gap_that_grows_is_said_with_the_epoch_since_which_it_does():
    state = overfitted()
    assert state.best() == ("val_loss", 10, pytest.approx(0.12))
    assert "lowest in epoch 10" in words(state) and "grown since epoch 10" in words(state)
    assert "  grows since 10" in figures(state)


def test_no_gap_is_said_to_grow_where_validation_still_falls():
    state = told(fit(), *({"loss": 1 / at, "val_loss": 2 / at} for at in range(1, 31)))
    assert "gap" not in words(state).lower() and not any("grows" in line for line in figures(state))


def test_patience_is_counted_down_as_early_stopping_counts_it():
    state = fit(monitor="val_loss", patience=10)
    told(state, {"loss": 1.0, "val_loss": 0.5}, waited=0)
    assert "waited" not in words(state)
    told(state, {"loss": 0.9, "val_loss": 0.4}, waited=2)
    assert "patience   2 of 10" in figures(state) and "waited 2 of 10" in words(state)


def test_a_metric_that_appears_late_is_drawn_from_where_it_is_known():
    state = told(fit(), {"loss": 3.0}, {"loss": 2.0}, {"loss": 1.0, "val_loss": 1.5}, {"loss": 0.9})
    chart = fit_chart(state)
    assert [series.x for series in chart.series] == [(1.0, 2.0, 3.0, 4.0), (3.0,)]


def test_the_axis_shows_epochs_steps_or_seconds():
    state = told(fit(batches=5), {"loss": 3.0}, {"loss": 2.0}, {"loss": 1.0}, seconds=0.5)
    drawn = {axis: fit_chart(state, FitLook(axis=axis)).series[0].x for axis in ("epoch", "step", "seconds")}
    assert drawn["epoch"] == (1.0, 2.0, 3.0) and drawn["step"] == (5.0, 10.0, 15.0)
    assert drawn["seconds"] == pytest.approx((0.5, 1.0, 1.5))


def test_batches_are_drawn_while_the_first_epoch_goes_on_and_epochs_after_it():
    state = fit(batches=10)
    for batch in range(5):
        state.batch_ended(BatchEnded("r", 0, 0, batch, {"loss": 5.0 - batch}, 0.1))
    assert fit_chart(state).series[0].label == "train, by batch"
    told(state, {"loss": 1.0}, {"loss": 0.9})
    assert fit_chart(state).series[0].label == "train"


def test_of_long_epochs_the_batches_are_drawn_until_there_are_epochs_enough():
    state = fit(batches=10)
    for epoch in range(3):
        for batch in range(10):
            state.batch_ended(BatchEnded("r", 0, epoch, batch, {"loss": 5.0}, 9.0 * epoch + batch))
        if epoch < 2:
            told(state, {"loss": 1.0}, seconds=9.0)
            assert fit_chart(state).series[0].label == "train, by batch"
    assert fit_chart(told(state, {"loss": 0.9}, seconds=9.0)).series[0].label == "train"


def test_metrics_take_turns_and_have_their_own_validation():
    row = {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.1, "val_accuracy": 0.4}
    state = told(fit(), row, row)
    assert state.metrics == ["loss", "accuracy"]
    assert [fit_chart(state, FitLook(metric=at)).ylabel for at in range(3)] == ["loss", "accuracy", "loss"]
    assert len(fit_chart(state, FitLook(metric=1)).series) == 2


def test_what_was_changed_by_hand_is_marked_and_said():
    state = told(fit(), {"loss": 3.0}, {"loss": 2.0}, rate=0.1)
    state.changed(Changed("r", 0, 2, "learning rate", 0.1, 0.05))
    assert [guide.label for guide in fit_chart(state).guides] == ["rate 0.05"]
    assert "set by hand to 0.05 after epoch 2" in words(state) and state.rate == 0.05


def test_a_pause_is_shown_and_its_rest_is_said():
    state = told(fit(), {"loss": 3.0})
    state.was_paused(Paused("r", 0, True))
    assert progress_line(state, 70, False).plain.startswith("paused")
    state.was_paused(Paused("r", 0, False, 12.0))
    assert progress_line(state, 70, False).plain.startswith("training")
    assert any("12 s" in said for said in more_words(state))


def test_earlier_runs_are_thin_lines_below_with_what_differs():
    earlier = Earlier("run 3", {"loss": ((1.0, 2.0), (4.0, 3.0))}, "learning_rate 0.1 -> 0.01")
    state = told(fit(), {"loss": 3.0}, {"loss": 2.0})
    first, last = fit_chart(state, earlier=[earlier]).series
    assert first.label == "run 3" and first.dash == 2 and last.label == "train"
    assert any("learning_rate" in line for line in figures(state, [earlier]))


def test_the_rate_and_the_gradient_are_beside_the_curve_on_request():
    state = told(fit(), {"loss": 3.0}, {"loss": 2.0}, rate=0.1, gradient=4.0)
    assert isinstance(fit_scene(state).panels[1], TextPanel)
    for extra, value in (("rate", 0.1), ("gradient", 4.0)):
        beside = fit_scene(state, FitLook(extra=extra)).panels[1]
        assert isinstance(beside, Chart) and beside.series[0].y == (value, value)
    assert isinstance(fit_scene(told(fit(), {"loss": 1.0}), FitLook(extra="gradient")).panels[1], TextPanel)


def test_vanishing_and_exploding_are_said():
    def pulses(*norms: float) -> tuple[LayerPulse, ...]:
        return tuple(LayerPulse(f"dense_{at}", norm, 1.0, 0.01, 0.1) for at, norm in enumerate(norms))

    vanished = told(fit(), {"loss": 1.0}, gradient=1.0, layers=pulses(1e-6, 1e-3, 1.0))
    assert any("vanishes" in said and "dense_0" in said for said in more_words(vanished))
    exploded = told(fit(), {"loss": 1.0}, gradient=1e5, layers=pulses(10.0, 1e5))
    assert any("explodes" in said and "dense_1" in said for said in more_words(exploded))
    calm = told(fit(), {"loss": 1.0}, gradient=1.0, layers=pulses(0.5, 1.0))
    assert not any("vanishes" in said or "explodes" in said for said in more_words(calm))


def test_nan_is_a_gap_in_the_curve_and_said_with_its_epoch():
    state = told(fit(), {"loss": 1.0}, {"loss": 9.0}, {"loss": math.inf}, {"loss": math.nan})
    assert "since epoch 3" in words(state) and "learning rate" in words(state)
    assert not all(map(math.isfinite, fit_chart(state).series[0].y))


def test_the_causes_are_in_the_lines_where_rows_are_free_and_else_what_fits():
    lost = told(fit(), {"loss": 1.0}, {"loss": math.nan})
    fine = told(fit(), *[{"loss": 1.0 / at, "val_loss": 1.0 + at} for at in range(1, 9)])
    view = TrainingView()
    view._width, view._rows = 80, 13
    with mock.patch.object(TrainingView, "_ascii", False):
        assert " ".join(view._said(lost)) == words(lost) and words(lost).endswith("the inputs are not scaled.")
        assert len(view._said(lost)) == 2 and len(view._said(fine)) == 1
        view._rows = 9
        assert len(view._said(lost)) == 1


def test_words_that_do_not_fit_keep_whole_sentences():
    text = "The loss fell. It is level now. The gap has grown."
    assert shorten(text, 35, False) == "The loss fell. It is level now."
    assert shorten(text, 10, True) == "The los..."


def test_curves_of_one_name_are_drawn_over_each_other():
    state = told(fit(), *({"right__from_scratch": at / 10, "right__tuned": at / 5} for at in range(1, 4)))
    chart = fit_chart(state)
    assert state.metrics == ["right"] and chart.ylabel == "right"
    assert [(series.label, series.y[-1], series.dash) for series in chart.series] == [
        ("from scratch", pytest.approx(0.3), 0), ("tuned", pytest.approx(0.6), 1)
    ]  # fmt: skip
    assert words(state) == "After 3 epochs, right: from scratch 0.3, tuned 0.6."
    assert figures(state)[:3] == ("right", "  from scr 0.3", "  tuned    0.6")


def test_curves_of_one_name_stand_beside_a_loss():
    state = told(fit(), {"loss": 2.0, "right__a": 0.1, "right__b": 0.2, "_odd": 1.0, "__odder": 1.0})
    assert state.metrics[:2] == ["loss", "right"]
    assert [series.label for series in fit_chart(state, FitLook(metric=1)).series] == ["a", "b"]
    assert "After one epoch the loss is 2" in words(state)


def loop(*rows: dict[str, float]) -> FitState:
    return told(FitState(FitStarted("r", 0, "track", "loop", len(rows))), *rows)


def test_words_are_about_the_first_metric_whatever_its_name_and_labels_are_names():
    state = loop(*({"train_loss": 1 / at, "valid_loss": 2 / at} for at in range(1, 6)))
    assert words(state) == "train_loss fell from 1 to 0.2 in 5 epochs."
    assert [fit_chart(state, FitLook(metric=at)).series[0].label for at in (0, 1)] == ["train_loss", "valid_loss"]
    assert fit_chart(loop({"error": 2.0, "val_error": 3.0})).series[0].label == "train"


def test_the_best_epoch_is_of_what_early_stopping_monitors_in_its_direction():
    state = fit(monitor="val_accuracy", mode="max", patience=3)
    rows = zip((0.5, 0.9, 0.7), (3.0, 2.0, 1.0), strict=True)
    told(state, *({"loss": 1.0, "val_loss": loss, "val_accuracy": accuracy} for accuracy, loss in rows))
    assert state.best() == ("val_accuracy", 2, 0.9)
    assert "val_accuracy was highest in epoch 2, 0.9." in words(state)
    assert "best epoch 2" in figures(state)


def test_a_gap_below_zero_says_that_validation_is_lower():
    lines = figures(told(fit(), {"loss": 1.028, "val_loss": 0.8804}))
    at = lines.index("gap        0.1476")
    assert lines[at + 1] == "  validation is lower"


@pytest.mark.parametrize(
    ("names", "cut"),
    [
        (["loss", "accuracy"], ["loss", "accuracy"]),
        (["loss", "class_output_accuracy"], ["loss", "class_ou"]),
        (["class_output_accuracy", "class_output_loss"], ["cla..acy", "cla..oss"]),
        (["my_class_one_loss", "my_class_two_loss"], ["..e_loss", "..o_loss"]),
        (["aaa_12345678_1_zzzzzz", "aaa_12345678_2_zzzzzz"], ["aaa_12345678_1_zzzzzz", "aaa_12345678_2_zzzzzz"]),
    ],
)
def test_names_are_cut_so_that_they_stay_apart(names: list[str], cut: list[str]):
    assert list(apart(names, 8).values()) == cut


def test_what_differs_from_the_last_run_takes_two_lines_at_most_beside_the_curve():
    earlier = Earlier("run 3", {"loss": ((1.0,), (4.0,))}, "one 1 -> 2, " * 20)
    beside = figures(told(fit(), {"loss": 3.0}), [earlier])
    assert len(beside) - beside.index("since run 3") == 3 and all(len(line) <= 26 for line in beside)


def test_runs_that_are_not_drawn_do_not_stretch_the_axis():
    state = told(fit(epochs=3), {"loss": 3.0}, {"loss": 2.0}, {"loss": 1.0})
    long = tuple(float(at) for at in range(1, 101))
    assert fit_chart(state, earlier=[Earlier("run 1", {"other": (long, long)})]).xlimits == (1.0, 3.0)
    assert fit_chart(state, earlier=[Earlier("run 1", {"loss": (long, long)})]).xlimits == (1.0, 100.0)


def test_on_a_logarithmic_axis_what_falls_tenfold_is_not_level():
    state = told(fit(), *({"loss": 10.0**-at} for at in range(12)))
    assert "level" in words(state) and "level" not in words(state, log=True)


def test_the_bar_says_that_it_was_stopped_within_an_epoch():
    state = fit(epochs=2)
    state.epoch_ended(EpochEnded("r", 0, 0, {"loss": 1.0}, 1.0, share=0.5))
    state.ended = FitEnded("r", 0, "stopped", 1, 1.0)
    assert progress_line(state, 80, False).plain.startswith("stopped  in epoch 1 of 2")
