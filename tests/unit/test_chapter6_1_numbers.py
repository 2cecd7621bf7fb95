"""What lessons 6.1 and 6.2 state in figures, computed here and looked for in their text; and their three figures."""

import re

import numpy as np
import pytest

from tests.lesson_text import answer, says
from tutor import data, figures, paths
from tutor.figures import channels, filter_1d, kernel_stepper
from tutor.figures.shared.kernels import KERNELS, gaussian, kernel, slide, slide2d
from tutor.plots import words

FOLDER = paths.lessons_dir() / "06-convolutional-networks"
SERIES, IMAGES = FOLDER / "01-time-series.md", FOLDER / "02-images.md"


# ------------------------------------------------------------------ what the lessons say


def test_numbers_of_time_series():
    steps = data.load("trace")["x_train"].shape[1]
    assert answer(SERIES, "dense-on-a-series") == steps * 16 + 16 == 4416
    assert answer(SERIES, "places-of-a-window") == len(slide(np.zeros(steps), np.ones(9))) == 267
    assert answer(SERIES, "conv1d-parameters") == 9 * 16 * 16 + 16 == 2320
    strided = slide(np.zeros(steps), np.ones(9))[::4]
    assert answer(SERIES, "stride-outputs") == len(strided) == 67
    assert 44_100 * 16 + 16 == 705_616
    says(SERIES, "4,416", "705,616", "these are 267 places", "2,320", "Sixteen maps of 15 numbers")
    assert len(slide(np.zeros(67), np.ones(9))[::4]) == 15
    assert (4 * (9 - 1) + 9, (9 - 1) + 9) == (41, 17)
    says(SERIES, "reach over 41 steps of the series; with stride 1 it would be 17")


def test_the_example_by_hand():
    np.testing.assert_array_equal(slide(np.array([1, 2, 4, 7, 7, 7.0]), np.array([-1, 0, 1.0])), [3, 5, 3, 0])
    says(SERIES, "Out comes (3, 5, 3, 0)")


def test_numbers_of_images():
    high, wide, colours = data.load("cat")["pixels"].shape
    assert high * wide * colours * 16 + 16 == 522_256
    assert answer(IMAGES, "conv2d-parameters") == 3 * 3 * colours * 16 + 16 == 448
    window = np.array([[1, 1, 8], [1, 8, 8], [1, 8, 1.0]])
    assert answer(IMAGES, "one-window") == slide2d(window, kernel("edges")).item() == 14
    says(IMAGES, "522,256", "448", "gives 14")


def test_the_kernels_are_as_they_are_described():
    sums = {name: kernel(name).sum() for name in KERNELS}
    assert sums == pytest.approx({"blur": 1, "edges": 0, "sharpen": 1, "emboss": 1})
    says(IMAGES, "(−2, −1, 0), (−1, 1, 1) and (0, 1, 2)")
    assert KERNELS["emboss"][0] == ((-2, -1, 0), (-1, 1, 1), (0, 1, 2))


# ------------------------------------------------------------------ filter-1d


def test_filters_do_what_their_names_say():
    line, bent = np.arange(60.0), np.arange(60.0) ** 2 / 2
    for size in (3, 9, 41):
        for name in filter_1d.FILTERS:
            w = filter_1d.weights(name, size)
            level, slope = float(slide(np.ones(60), w)[0]), float(slide(line, w)[1] - slide(line, w)[0])
            assert level == pytest.approx(1.0 if name in ("gaussian", "mean") else 0.0, abs=1e-9)
            assert slope == pytest.approx(1.0 if name in ("gaussian", "mean") else 0.0, abs=1e-9)
        assert slide(line, filter_1d.weights("rise", size)) == pytest.approx(1.0)
        assert slide(bent, filter_1d.weights("bend", size)) == pytest.approx(1.0)


@pytest.mark.parametrize("name", filter_1d.FILTERS)
def test_what_comes_later_is_found_later(name):
    said = words(figures.compute("filter-1d", {"filter": name, "shift": "20"}))
    assert "comes 20 steps later, and so does what comes out" in said and "by 0 at most" in said


def test_rise_finds_where_the_block_begins():
    found = re.search(r"near step (\d+)", words(figures.compute("filter-1d", {"filter": "rise", "noise": "0"})))
    assert found and abs(int(found[1]) - 45) <= 1


def test_the_wider_gaussian_is_the_smoother():
    def jumps(size):
        return float(re.search(r"the output by ([\d.]+)", words(figures.compute("filter-1d", {"size": size})))[1])

    assert jumps("31") < jumps("15") < jumps("3")


def test_a_gaussian_adds_up_and_is_even():
    w = gaussian(9, 2.0)
    assert w.sum() == pytest.approx(1) and w == pytest.approx(w[::-1]) and w[6] / w[4] == pytest.approx(np.exp(-0.5))


# ------------------------------------------------------------------ kernel-stepper


def test_the_worked_sum_is_the_number_in_the_output():
    for place in ("0", "5", "15"):
        scene = figures.compute("kernel-stepper", {"place": place})
        total = re.search(r"sum (.+)", "\n".join(scene.panels[1].lines))[1]
        assert scene.panels[2].marks[0].label == total
        assert f"of the output is {total}." in words(scene)


def test_numbers_stand_on_the_pixels_of_the_window():
    scene = figures.compute("kernel-stepper", {"place": "6", "picture": "slope"})  # row 1, column 2
    assert {(m.x, m.y) for m in scene.panels[0].marks} == {(x, y) for x in (2, 3, 4) for y in (1, 2, 3)}
    assert [m.label for m in scene.panels[0].marks[:3]] == ["3", "4", "5"]


@pytest.mark.parametrize(
    ("stride", "padding", "side"), [(1, 0, 4), (2, 0, 2), (3, 0, 2), (1, 1, 6), (2, 1, 3), (3, 1, 2)]
)
def test_stride_and_padding_decide_the_size(stride, padding, side):
    values = {"stride": str(stride), "padding": str(padding), "place": "35"}
    scene = figures.compute("kernel-stepper", values)
    assert len(scene.panels[2].values) == side and f"give {side} × {side}." in words(scene)
    assert f"Window {side * side} of {side * side}" in words(scene)  # past the last it stays there


def test_a_dot_shows_the_kernel_turned_round():
    values = {"picture": "dot", "kernel": "emboss", "place": "35"}
    output = np.array(figures.compute("kernel-stepper", values).panels[2].values)
    np.testing.assert_allclose(output[0:3, 1:4], 9 * kernel("emboss")[::-1, ::-1])
    assert kernel_stepper.PICTURES["dot"][2][3] == 9


# ------------------------------------------------------------------ channels


def test_sliding_over_a_picture_is_the_double_sum():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(7, 6, 2)), rng.normal(size=(3, 2))
    expected = [[(w[:, :, None] * x[i : i + 3, j : j + 2]).sum(axis=(0, 1)) for j in range(5)] for i in range(5)]
    np.testing.assert_allclose(slide2d(x, w), expected)
    np.testing.assert_allclose(slide2d(x, w, stride=2), np.array(expected)[::2, ::2])


def test_channels_are_those_of_the_cat():
    cat = data.load("cat")["pixels"]
    for c, name in enumerate(channels.NAMES):
        panel = figures.compute("channels", {"show": name}).panels[1]
        np.testing.assert_array_equal(np.array(panel.values), cat[:, :, c])
    assert f"So the {channels.NAMES[int(cat.mean(axis=(0, 1)).argmax())]} channel" in words(figures.compute("channels"))


def test_a_blur_calms_and_a_sharpened_cat_is_livelier():
    blurred = words(figures.compute("channels", {"kernel": "blur", "size": "9"}))
    assert "77 × 120 of 85 × 128" in blurred and "times less than before" in blurred
    assert "times more than before" in words(figures.compute("channels", {"kernel": "sharpen"}))
    assert "add up to 0" in words(figures.compute("channels", {"kernel": "edges"}))
