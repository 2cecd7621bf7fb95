"""The figures of lesson 6.3, and the numbers it prints."""

from __future__ import annotations

import numpy as np
import pytest

from tutor import data, figures
from tutor.figures import feature_maps
from tutor.figures.draw_a_digit import prepared
from tutor.figures.padding_stride_pooling import outputs, plan
from tutor.figures.shared import lenet
from tutor.plots import words
from tutor.plots.scene import Tiles

LAYERS = ((5 * 5 * 1 + 1) * 6, (5 * 5 * 6 + 1) * 16, (400 + 1) * 120, (120 + 1) * 84, (84 + 1) * 10)


def test_the_parameters_of_lenet():
    assert LAYERS == (156, 2416, 48120, 10164, 850) and sum(LAYERS) == 61706
    kernels = [w.size for w in lenet.weights()]
    assert [kernels[at] + kernels[at + 1] for at in range(0, 10, 2)] == list(LAYERS)


def test_the_work_of_lenet():
    work = 28 * 28 * 6 * 25, 10 * 10 * 16 * 150, 400 * 120 + 120 * 84 + 84 * 10
    assert work == (117_600, 240_000, 58_920)
    assert round(100 * sum(work[:2]) / sum(work)) == 86
    assert round(100 * sum(LAYERS[:2]) / sum(LAYERS)) == 4 and round(100 * sum(LAYERS[2:]) / sum(LAYERS)) == 96


def test_the_network_of_the_figures_reads_digits_it_has_not_seen():
    digits = data.load("mnist5k")
    images, labels = digits["images"], digits["labels"]
    others = np.random.default_rng(0).permutation(5000)[4000:]
    right = np.mean([lenet.look(images[at] / 255).best == labels[at] for at in others])
    assert round(100 * right) == 96


def test_the_head_does_not_know_zeros_far_from_the_middle():
    def right(shift):
        return sum(lenet.look(lenet.moved(image, 0, shift)).best == 0 for image in lenet.held_out()[0])

    assert [right(shift) for shift in (3, 4, 5, 6)] == [10, 8, 2, 0]


def test_a_convolution_by_hand():
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(7, 6, 2)), rng.normal(size=(3, 3, 2, 4))
    out = lenet.convolved(x, kernel)
    assert out.shape == (5, 4, 4)
    assert out[3, 1, 2] == pytest.approx((x[3:6, 1:4] * kernel[..., 2]).sum())
    assert lenet.halved(x[:6])[1, 2, 1] == x[2:4, 4:6, 1].max()


# ------------------------------------------------------------------ padding, stride, pooling


@pytest.mark.parametrize(
    ("n", "k", "s", "padding", "places", "zeros"),
    [
        (7, 3, 1, "valid", 5, (0, 0)), (7, 3, 2, "valid", 3, (0, 0)), (6, 4, 1, "same", 6, (1, 2)),
        (6, 3, 2, "same", 3, (0, 1)), (5, 2, 2, "same", 3, (0, 1)), (28, 5, 1, "2", 28, (2, 2)),
        (5, 7, 1, "valid", 0, (0, 0)),
        (5, 7, 1, "1", 1, (1, 1)), (6, 1, 2, "same", 3, (0, 0)),
    ],
)  # fmt: skip
def test_how_often_a_window_fits(n, k, s, padding, places, zeros):
    axis = plan(n, k, s, padding)
    assert (axis.places, (axis.before, axis.after)) == (places, zeros)
    starts = [start for start in range(0, axis.whole, s) if start + k <= axis.whole]
    assert len(starts) == axis.places


def test_what_pooling_gives_with_zeros_around():
    image = np.arange(9.0).reshape(3, 3) + 1
    axis = plan(3, 2, 1, "1")
    assert outputs(axis, image, "max")[0, 0] == 1 and outputs(axis, image, "max")[1, 1] == 5
    assert outputs(axis, image, "average")[0, 0] == 1 and outputs(axis, image, "average")[1, 1] == 3
    assert outputs(axis, image, "sum")[3, 3] == 9


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kernel": "9"}, "does not fit into 7 pixels"),
        ({"size": "3", "kernel": "11", "padding": "1"}, 'or the padding "same"'),
        ({"size": "8", "stride": "2"}, "The last row and column are never looked at"),
        ({"size": "6", "kernel": "4", "padding": "same"}, "The output is as large as the image"),
        ({"step": "0", "op": "sum"}, "Place 1 of 25: the sum"),
        ({"step": "63"}, "Place 25 of 25"),
        ({"size": "32", "step": "63"}, "of 900"),
    ],
)
def test_the_words_say_what_the_window_does(values, said):
    assert said in words(figures.compute("padding-stride-pooling", values))


# ------------------------------------------------------------------ feature maps, drawing


@pytest.mark.parametrize(
    ("layer", "count", "side"), [("conv1", 6, 28), ("pool1", 6, 14), ("conv2", 16, 10), ("pool2", 16, 5)]
)
def test_every_map_of_a_layer_is_there(layer, count, side):
    scene = figures.compute("feature-maps", {"layer": layer, "map": "16"})
    (tiles,) = [panel for panel in scene.panels if isinstance(panel, Tiles)]
    assert len(tiles.pictures) == count and len(tiles.pictures[0]) == side and tiles.chosen == count - 1


@pytest.mark.parametrize(("layer", "by"), [("conv1", 4), ("pool1", 2), ("conv2", 2), ("pool2", 1)])
def test_the_maps_move_with_the_digit(layer, by):
    values = {"digit": "7", "shift": "4", "layer": layer}
    assert f"the maps have moved by {by} pixel" in words(figures.compute("feature-maps", values))
    image = lenet.held_out()[7][0]
    left = lenet.look(lenet.moved(image, 0, -4)).maps[layer]
    assert feature_maps.way(lenet.look(image).maps[layer], left) == -by


def test_what_it_says_of_a_digit_is_right_or_wrong():
    assert "7 (over 99.9 %), which is right" in words(figures.compute("feature-maps", {"digit": "7"}))
    assert "which is wrong: it is a 0" in words(figures.compute("feature-maps", {"digit": "0", "shift": "6"}))


def test_a_drawing_is_moved_to_the_middle_and_loses_nothing():
    pixels = np.zeros((28, 28), np.float32)
    pixels[1:5, 2] = 1
    assert prepared(pixels).sum() == 4
    rows, columns = np.nonzero(prepared(pixels))
    assert set(columns) == {13} or set(columns) == {14}
    assert rows.min() >= 12 and rows.max() <= 15
    pixels[:, 2] = pixels[0, :] = 1
    assert prepared(pixels).sum() == pixels.sum()
    assert not prepared(np.zeros((28, 28), np.float32)).any()


def test_an_empty_drawing_is_said_to_be_one():
    assert words(figures.compute("draw-a-digit", {"drawing": ""})).startswith("Nothing is drawn yet")
