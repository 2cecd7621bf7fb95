"""Raw against standardised columns of Iris: the figure of lesson 4.5 comes out as the lesson says, for every draw."""

import functools
import itertools

import numpy as np
import pytest

from tutor import figures
from tutor.figures import preprocessing as figure
from tutor.plots import words

DRAWS = (1, 2, 3)
GUESSING = np.log(3)


@functools.cache
def ended(rate, unit="cm", draw=1):
    """The histories of both, raw and standardised, after all epochs."""
    *_, histories = figure.train(rate, figure.UNITS[unit], "sgd", draw)
    return histories


@pytest.mark.parametrize("draw", DRAWS)
def test_at_a_rate_of_a_tenth(draw):
    raw, standard = ended(0.1, draw=draw)
    assert len(raw) == len(standard) == 100
    assert figure.rises(raw) > 25  # "goes up again and again"
    assert 0.15 < figure.settled(raw) < 0.4  # "stays between 0.15 and 0.4"
    assert figure.rises(standard) < 15 and figure.settled(standard) < 0.06  # "almost steadily, below 0.06"
    assert max(e.loss for e in standard[-10:]) < max(e.loss for e in raw[-10:])


@pytest.mark.parametrize("draw", DRAWS)
def test_at_a_small_rate_the_raw_one_is_ahead(draw):
    raw, standard = ended(0.01, draw=draw)
    assert figure.settled(raw) < figure.settled(standard)
    assert figure.rises(standard) == 0


@pytest.mark.parametrize("draw", DRAWS)
def test_the_standardised_one_stands_rates_that_the_raw_one_does_not(draw):
    raw, standard = ended(0.3, draw=draw)
    assert figure.settled(raw) > 0.4 and figure.settled(standard) < 0.06
    # each at its better rate: the standardised one has come further
    assert figure.settled(standard) < 0.5 * figure.settled(ended(0.01, draw=draw)[0])


@pytest.mark.parametrize("draw", DRAWS)
def test_millimetres_spoil_the_raw_one_alone(draw):
    raw, standard = ended(0.1, "mm", draw)
    assert figure.settled(raw) == pytest.approx(GUESSING, abs=0.02)  # "learns nothing at all"
    in_cm = ended(0.1, "cm", draw)[1]
    assert figure.settled(standard) == pytest.approx(figure.settled(in_cm), abs=0.02)


def test_columns_are_standardised_by_the_training_rows():
    rows, held, y, held_y = figure.split(1.0, 1)
    assert rows.shape == (105, 4) and held.shape == (45, 4) and len(y) == 105 and len(held_y) == 45
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    assert z.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12) and z.std(axis=0) == pytest.approx(np.ones(4))
    in_mm = figure.split(10.0, 1)[0]
    assert in_mm[:, 2] == pytest.approx(10 * rows[:, 2]) and in_mm[:, [0, 1, 3]] == pytest.approx(rows[:, [0, 1, 3]])


def test_the_picture_grows_and_its_axes_stand_still():
    scenes = list(itertools.islice(figures.stream("preprocessing"), 3))
    charts = [scene.panels[0] for scene in (*scenes, figure.scene(ended(0.1), "cm"))]
    lengths = [len(chart.series[0].x) for chart in charts]
    assert lengths[0] == 1 and lengths == sorted(lengths) and lengths[-1] == 100
    assert len({(chart.xlimits, chart.ylimits) for chart in charts}) == 1
    assert words(scenes[0]) == "Training: epoch 1 of 100."


@pytest.mark.parametrize(
    ("rate", "unit", "said"),
    [
        (0.1, "cm", "Standardising pays here"),
        (0.01, "cm", "the raw columns are ahead"),
        (0.1, "mm", "no better than guessing"),
    ],
)
def test_words_tell_what_came_out(rate, unit, said):
    assert said in figure.scene(ended(rate, unit), unit).words


def test_numbers_too_large_are_said_and_leave_no_line():
    first = ended(0.1)[0][0]
    lost = [first._replace(loss=float("nan")) for _ in range(100)]
    fine = ended(0.1)[1]
    scene = figure.scene((lost, fine), "cm")
    assert "broke down" in scene.words and "nan" not in scene.words
    assert "nan" not in " ".join(scene.panels[1].lines)
