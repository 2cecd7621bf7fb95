"""Scenes in words, and numbers on axes: computed from the data."""

import math

import pytest

from tutor.plots import words
from tutor.plots.reduce import reduce_minmax
from tutor.plots.scene import Bars, Chart, Histogram, Mark, Raster, Scene, Series, TablePanel, TextPanel, Tiles
from tutor.plots.ticks import tick_labels, ticks

X = tuple(float(i) for i in range(40))


def chart(y, label="", x=X, **more):
    return Chart((Series(tuple(x), tuple(y), label),), xlabel="epoch", **more)


def test_falling_curve_says_from_where_to_where_and_where_it_is_flat():
    text = words(chart([max(1.0 - i / 10, 0.1) for i in range(40)], "loss"))
    assert text == "Loss falls from 1 to 0.1 (lowest 0.1 at epoch 9), flat from epoch 9 on."


@pytest.mark.parametrize(
    ("y", "said"),
    [
        ([2.0] * 40, "is flat at 2"),
        ([float(i) for i in range(40)], "rises from 0 to 39"),
        ([(-1.5) ** i for i in range(40)], "diverges from epoch"),
        ([1.5**i for i in range(40)], "diverges"),
        ([(-1.0) ** i for i in range(40)], "swings between −1 and 1"),
        ([abs(i - 20.0) for i in range(40)], "is lowest 0 at epoch 20, and rises to 19"),
        ([-abs(i - 20.0) for i in range(40)], "is highest 0 at epoch 20, and falls to −19"),
    ],
)
def test_trends(y, said):
    assert said in words(chart(y))


def test_missing_values_are_said():
    y = [1.0 / (i + 1) for i in range(40)]
    assert "1 value is missing, the first at epoch 7" in words(chart([*y[:7], math.nan, *y[8:]]))
    assert "10 values are missing, from epoch 30 on" in words(chart([*y[:30], *[math.inf] * 10]))
    assert "has no values" in words(chart([math.nan] * 40, "loss"))


def test_gap_between_training_and_validation():
    train, val = [1 / (i + 1) for i in range(40)], [1 / (i + 1) + 0.01 * i for i in range(40)]
    panel = Chart((Series(X, tuple(train), "train"), Series(X, tuple(val), "val")), xlabel="epoch")
    assert "The gap between training and validation ends at 0.39 (training is lower), growing: 0.2 half-way." in words(
        panel
    )
    below = Chart((Series((1.0, 2.0), (2.0, 1.028), "train"), Series((1.0, 2.0), (1.9, 0.8804), "val")))
    assert "The gap between training and validation ends at 0.148 (validation is lower)." in words(below)


def test_one_point_at_the_end_is_not_flat():
    assert words(chart([1.507, 0.578, 0.273], "loss", (1.0, 2.0, 3.0))) == "Loss falls from 1.507 to 0.273."
    level = chart([1.0, 0.1, 0.1, 0.1, 0.1], "loss", (1.0, 2.0, 3.0, 4.0, 5.0))
    assert words(level) == "Loss falls from 1 to 0.1 (lowest 0.1 at epoch 2), flat from epoch 2 on."


def test_what_falls_tenfold_each_epoch_is_flat_on_a_plain_axis_alone():
    y = [10.0**-i for i in range(10)]
    assert "flat from epoch 2 on" in words(chart(y, "loss", range(10)))
    assert "flat" not in words(chart(y, "loss", range(10), yscale="log"))


def test_most_lie_where_most_lie_else_the_fullest_bin_is_named():
    edges = (0.0, 1.0, 2.0, 3.0)
    assert "most lie between 1 and 2 (9)" in words(Histogram(edges, (3.0, 9.0, 1.0)))
    assert "the fullest bin is between 1 and 2 (4)" in words(Histogram(edges, (3.0, 4.0, 3.0)))
    assert "each of the 3 bins holds 20" in words(Histogram(edges, (20.0, 20.0, 20.0)))


def test_points_say_their_ranges_and_how_they_run():
    panel = Chart((Series(X, tuple(2 * x for x in X), kind="points"),), xlabel="rooms", ylabel="price")
    assert words(panel) == ("Price: 40 points, rooms 0 to 39, price 0 to 78; they rise together (correlation 1).")


def test_marks_bars_histograms_rasters_tables():
    assert "Marked: w₀ at 1, 2." in words(chart(X, marks=(Mark(1, 2, "w₀"),)))
    assert words(Bars(("cat", "dog"), ((0.25, 0.75),))) == "cat 0.25, dog 0.75. Largest: dog."
    assert "most lie between 1 and 2 (9)" in words(Histogram((0.0, 1.0, 2.0), (3.0, 9.0)))
    assert "to 8 (q, column 1)" in words(Raster(((5.0, 1.0), (0.0, 8.0)), rows=("p", "q")))
    assert words(TablePanel(("a", "b"), (("1", "2"),), "T")) == "T: 1 row with a, b."


def test_a_scene_keeps_its_own_words_and_else_joins_those_of_its_panels():
    assert words(Scene((TextPanel(("a", "b")),), words="mine")) == "mine"
    assert words(Scene((TextPanel(("a", "b")), TextPanel(("c",))))) == "a b c"
    assert words(Scene((), words="ρ = 2·10⁻² → w₁₀"), ascii=True).isascii()


def test_ticks_are_round_and_their_texts_differ():
    assert ticks(0, 1, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert tick_labels(ticks(0, 300_000, 3)) == ["0", "100k", "200k", "300k"]
    for low, high in ((0, 1e-6), (1.0, 1.0001), (-5e8, 5e8), (1e20, 3e20), (0.1, 0.35)):
        texts = tick_labels(ticks(low, high, 4))
        assert len(set(texts)) == len(texts) and all(len(t) <= 9 for t in texts), texts


def test_reduction_keeps_the_extremes_of_each_part_and_the_gaps():
    x = [float(i) for i in range(10_000)]
    y = [math.sin(i / 300) for i in range(10_000)]
    y[1234], y[8000] = 9.0, math.nan
    new_x, new_y = reduce_minmax(x, y, 100)
    assert len(new_x) <= 400 and (1234.0, 9.0) in zip(new_x, new_y, strict=True)
    assert new_x[0] == 0.0 and new_x[-1] == 9999.0 and any(math.isnan(v) for v in new_y)


def test_tiles_say_where_the_largest_value_is_and_which_are_dead():
    dark, light = ((0.0, 0.0), (0.0, 0.0)), ((0.0, 1.0), (0.5, 0.25))
    text = words(Tiles((dark, light), ("0", "1"), title="conv: 2 maps"))
    assert text.startswith("conv: 2 maps: 2 pictures of 2 x 2, values from 0 to 1; ")
    assert "the largest is in 1, row 0, column 1." in text
    assert text.endswith("Nothing but zeros: 1 of 2.")
    assert words(Tiles(())) == "Grids of values: 0 pictures."
