"""The figures of chapter 5: what they draw is what their words say, and what the lessons say of them."""

import itertools

import numpy as np
import pytest

from tests.lesson_text import source
from tests.unit.test_chapter5_numbers import file
from tutor import figures
from tutor.figures import dropout_masks, early_stopping, weight_decay
from tutor.figures.shared import held_back
from tutor.plots import words
from tutor.plots.scene import Guide, Raster


def curves(hidden, dropout, split):
    """Training and validation losses on Iris."""
    run = list(early_stopping.training(hidden, dropout, split))
    return [epoch.loss for epoch in run], [epoch.val_loss for epoch in run]


def said(name, **values):
    return words(figures.compute(name, {key: str(value) for key, value in values.items()}))


# ------------------------------------------------------------------ early stopping


@pytest.mark.parametrize(
    ("losses", "patience", "wanted"),
    [
        ([0.9, 0.5, 0.6, 0.7, 0.4, 0.45, 0.41, 0.42], 3, (4, 7, 3, True)),
        ([0.9, 0.5, 0.6, 0.7, 0.4, 0.45, 0.41, 0.42], 4, (4, 7, 3, False)),
        ([0.9, 0.5, 0.6, 0.7, 0.4], 1, (1, 2, 1, True)),
        ([3, 2, 2, 2, 1], 2, (1, 3, 2, True)),
        ([1.0], 1, (0, 0, 0, False)),
    ],
)
def test_the_counter_of_early_stopping(losses, patience, wanted):
    assert held_back.waited(losses, patience) == wanted


def test_iris_is_held_back_by_chance_and_standardised_with_the_training_rows():
    rows = held_back.iris(0)
    assert rows.x.shape == (105, 4) and rows.x_val.shape == (45, 4)
    assert rows.x.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert rows.x.std(axis=0) == pytest.approx(np.ones(4))
    assert abs(rows.x_val.mean(axis=0)).max() > 0.01
    assert set(rows.y_val.tolist()) == {0, 1, 2}
    assert (held_back.iris(1).y_val != rows.y_val).any()


def test_on_iris_the_validation_loss_turns_while_the_training_loss_falls():
    loss, val_loss = curves(64, 0.0, 0)
    best = int(np.argmin(val_loss))
    assert len(loss) == early_stopping.EPOCHS and 5 < best < 20  # "for about a dozen epochs"
    assert val_loss[-1] > 2 * val_loss[best] and loss[-1] < 0.02
    text = said("early-stopping", hidden=64, split=0, patience=10)
    assert f"goes back to epoch {best + 1}," in text and "overfitting" in text


def test_training_stops_when_the_counter_reaches_the_patience():
    goes_on = figures.compute("early-stopping", {"patience": "10", "after": "go-on"})
    stopped = figures.compute("early-stopping", {"patience": "10", "after": "stop"})
    (guide,) = goes_on.panels[0].guides
    assert isinstance(guide, Guide) and guide.at == len(stopped.panels[0].series[1].x)
    best = stopped.panels[0].marks[0].x
    assert guide.at - best == 10
    assert f"stops after epoch {guide.at:g}" in words(stopped)
    assert len(goes_on.panels[0].series[0].x) == early_stopping.EPOCHS


def test_too_little_patience_stops_too_soon():
    """What the lesson says may go wrong with a patience of 1 does so for some split."""
    assert any("Too soon" in said("early-stopping", patience=1, split=split) for split in range(5))


def test_a_patience_that_is_not_reached_draws_no_line():
    scene = figures.compute("early-stopping", {"patience": "40", "hidden": "4", "split": "3"})
    _, val_loss = curves(4, 0.0, 3)
    assert held_back.waited(val_loss, 40).over == bool(scene.panels[0].guides)
    if not scene.panels[0].guides:
        assert "does not reach 40" in words(scene)


def test_dropout_keeps_the_validation_loss_down():
    for split in range(3):
        _, plain = curves(64, 0.0, split)
        _, thinned = curves(64, 0.5, split)
        assert thinned[-1] < 0.6 * plain[-1]


@pytest.mark.parametrize("name", ["early-stopping", "weight-decay"])
def test_steps_are_the_beginning_of_the_whole_training(name):
    """Whether the figure trains for them or has trained already."""
    before = figures.compute(name, {"epochs": "20", "split" if name == "early-stopping" else "points": "7"})
    whole = figures.compute(name, {"split" if name == "early-stopping" else "points": "7"})
    after = figures.compute(name, {"epochs": "20", "split" if name == "early-stopping" else "points": "7"})
    assert after == before
    for part, line in zip(before.panels[0].series, whole.panels[0].series, strict=True):
        assert line.y[: len(part.y)] == part.y and len(line.y) > len(part.y)


def test_a_training_grows_and_is_kept():
    made = []

    def start():
        made.append(1)
        return iter(range(10))

    runs = held_back.Trainings(most=1)
    assert list(runs.follow("a", 5, start))[-1] == [0, 1, 2, 3, 4]
    assert list(runs.follow("a", 3, start)) == [[0, 1, 2]] and len(made) == 1
    assert list(runs.follow("a", 8, start))[-1] == list(range(8)) and len(made) == 2
    list(runs.follow("b", 2, start))
    assert list(runs.follow("a", 3, start))[-1] == [0, 1, 2] and len(made) == 4


# ------------------------------------------------------------------ weight decay


def last(strength, points=0):
    return weight_decay.state_of(list(weight_decay.training(held_back.clouds(points), strength, points)))


def test_the_weights_shrink_as_the_penalty_grows():
    squares = [float((weight_decay.all_weights(last(s).net) ** 2).sum()) for s in (0.0, 1e-3, 0.01, 0.1, 1.0)]
    assert all(later < 0.6 * earlier for earlier, later in itertools.pairwise(squares))
    assert squares[0] > 200 and squares[-1] < 0.01


@pytest.mark.parametrize("points", range(4))
def test_a_penalty_keeps_the_loss_on_new_points_down(points):
    without, with_it = last(0.0, points), last(0.01, points)
    assert without.val_loss[-1] > 2 * with_it.val_loss[-1] and without.loss[-1] < with_it.loss[-1]
    assert "overfitting." in said("weight-decay", points=points)
    assert "no overfitting" in said("weight-decay", points=points, **{"lambda": 0.01})


def test_far_too_large_a_penalty_leaves_a_coin_toss():
    state = last(1.0)
    assert state.loss[-1] == pytest.approx(np.log(2), abs=0.01) == state.val_loss[-1]
    assert "underfitting" in said("weight-decay", **{"lambda": 1})


def test_the_losses_shown_are_those_without_the_penalty():
    state = last(0.1)
    rows = held_back.clouds(0)
    p = state.net.predict(rows.x)[:, 0]
    assert state.loss[-1] == pytest.approx(-np.log(np.where(rows.y == 1, p, 1 - p)).mean(), rel=1e-3)


def test_the_histogram_counts_every_weight():
    scene = figures.compute("weight-decay", {"view": "weights"})
    assert sum(scene.panels[1].counts) == 2 * 64 + 64 * 64 + 64


def test_the_border_has_the_side_of_each_class():
    scene = figures.compute("weight-decay", {"view": "border", "lambda": "0.01"})
    picture = scene.panels[1]
    assert isinstance(picture, Raster) and len(picture.marks) == 60
    assert picture.values[0][-1] > 0.5 and picture.values[-1][0] < -0.5  # class 1 lies up and right
    assert sum(mark.label == "x" for mark in picture.marks) == 30


# ------------------------------------------------------------------ dropout


def test_the_share_that_is_off_is_the_rate():
    for rate in (0.2, 0.5, 0.9):
        masks = [dropout_masks.drawn(step, rate, 0.0, 0) for step in range(1, 51)]
        share = np.mean([[mask.mean() for mask in each[1:]] for each in masks])
        assert share == pytest.approx(1 - rate, abs=0.03)
        assert all(each[0].all() for each in masks)  # the inputs have a rate of their own


def test_what_is_off_stays_off_while_the_rate_rises():
    low, high = dropout_masks.drawn(3, 0.3, 0.2, 0), dropout_masks.drawn(3, 0.6, 0.4, 0)
    assert all((high_mask <= low_mask).all() for low_mask, high_mask in zip(low, high, strict=True))


def test_neurons_that_are_off_have_no_connections():
    network = figures.compute("dropout-masks", {"rate": "0.5", "input_rate": "0.3", "step": "4"}).panels[0]
    off = {at for at, node in enumerate(network.nodes) if not node.level}
    assert off and not any(edge.start in off or edge.end in off for edge in network.edges)
    whole = figures.compute("dropout-masks", {"mode": "inference"}).panels[0]
    assert len(whole.edges) == 4 * 5 + 5 * 4 + 4 * 3 and all(node.level for node in whole.nodes)


def test_each_step_has_its_own_mask_and_each_row_too():
    first, second = (dropout_masks.drawn(step, 0.5, 0.0, 0)[1] for step in (1, 2))
    assert (first != second).any() and (first[0] != first[1]).any()
    assert "6 different networks" in said("dropout-masks", rate=0.5)
    assert "the same network" in said("dropout-masks", rate=0)
    assert "1 of 9 hidden neurons is on" in said("dropout-masks", rate=0.9)
    assert "2." in said("dropout-masks", rate=0.5) and "1 / (1 − 0.8) = 5" in said("dropout-masks", rate=0.8)


def test_the_lessons_show_the_figures():
    for name, figure in (("01", "early-stopping"), ("02", "weight-decay"), ("03", "dropout-masks")):
        assert f"{{figure}} {figure}" in source(file(name))
