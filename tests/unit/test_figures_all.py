"""Live figures: the whole space of their parameters, and the numbers that lessons 1.1 and 1.2 land on."""

import itertools
import random
import re

import msgspec
import numpy as np
import pytest

from tutor import figures, paths
from tutor.figures import FigureError, gradient_descent, neuron
from tutor.figures.shared.boston import rooms_and_prices
from tutor.plots import PlotLook, natural_height, render, words
from tutor.plots.scene import Drawing, Pick, Scene, Slider, Stepper


def ends(control):
    match control:
        case Pick():
            return list(control.options)
        case Drawing():
            size = control.width * control.height // 4
            return ["", "f" * size, "8" + "0" * (size - 1)]
        case Stepper():
            return ["0", "1", str(control.last)]
        case Slider():
            return [repr(control.low), repr(control.high)]


def anywhere(control, chance):
    match control:
        case Pick():
            return chance.choice(control.options)
        case Drawing():
            return "".join(chance.choices("0123456789abcdef", k=control.width * control.height // 4))
        case Stepper():
            return str(chance.randint(0, control.last))
        case Slider():
            return repr(chance.uniform(control.low, control.high))


def sampled(name):
    """Corners of the parameter space (at most 200 of them) and 50 points inside."""
    controls = figures.controls(name)
    chance = random.Random(0)
    corners = list(itertools.product(*map(ends, controls)))
    chance.shuffle(corners)
    some = 4 if figures.trains(name) else 1  # each of these takes its time
    for values in corners[: 200 // some]:
        yield {c.name: v for c, v in zip(controls, values, strict=True)}
    for _ in range(50 // some):
        yield {c.name: anywhere(c, chance) for c in controls}


def shown(name, values, whole):
    """The last scene; of a figure that trains one of the first ones, where it need not be the whole training."""
    scenes = figures.stream(name, values)
    return list(scenes)[-1] if whole or not figures.trains(name) else list(itertools.islice(scenes, 3))[-1]


@pytest.mark.parametrize("name", figures.names())
def test_the_whole_parameter_space_gives_pictures_and_words(name):
    for i, values in enumerate(sampled(name)):
        scene = shown(name, values, whole=i % 25 == 0)
        assert words(scene).endswith(".") and "nan" not in words(scene) and "inf" not in words(scene), values
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(scene), type=Scene) == scene
        if i % 25 == 0:
            for width in (78, 40, 150):
                assert len(render(scene, width, natural_height(scene, width), PlotLook())) > 5
            plain = "\n".join(row.plain for row in render(scene, 120, 40, PlotLook(ascii=True)))
            assert plain.isascii() and not questions(plain) - questions(words(scene)), values
            assert words(scene, ascii=True).count("?") == words(scene).count("?"), values


def questions(text):
    """Words with a ? where no sentence ends: a letter that found no spelling."""
    return {word for word in text.split() if "?" in word.rstrip("?") or word.startswith("?")}


@pytest.mark.parametrize("name", figures.names())
def test_a_figure_is_a_pure_function_of_its_values(name):
    values = {} if figures.trains(name) else next(iter(sampled(name)))
    assert figures.compute(name, values) == figures.compute(name, dict(values))


@pytest.mark.parametrize("name", figures.names())
def test_controls_stand_at_the_values_after_clipping(name):
    for control in figures.controls(name):
        if isinstance(control, Slider):
            for text, end in (("1e30", control.high), ("-1e30", control.low)):
                scene = next(figures.stream(name, {control.name: text}))
                assert next(c.value for c in scene.controls if c.name == control.name) == end
        if isinstance(control, Stepper):
            scene = next(figures.stream(name, {control.name: "2.6"}))
            assert next(c.value for c in scene.controls if c.name == control.name) == 3


def test_a_value_may_be_a_sum():
    scene = figures.compute("gradient-descent", {"rho": "1/20234.6"})
    assert scene.controls[0].value == pytest.approx(4.942e-5, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("neurone", {}, "neuron"),
        ("neuron", {"w3": "1"}, "w"),
        ("neuron", {"gate": "xnor"}, "xor"),
        ("gradient-descent", {"rho": "fast"}, "rho"),
        ("gradient-descent", {"rho": ""}, "rho"),
        ("gradient-descent", {"rho": "nan"}, "rho"),
    ],
)
def test_what_is_unknown_is_said_with_the_nearest(name, values, said):
    with pytest.raises(FigureError) as caught:
        figures.compute(name, values)
    assert said in str(caught.value) and caught.value.todo


# ------------------------------------------------------------------ the neuron


def test_neuron_works_out_the_sum():
    values = {"x1": "0.5", "x2": "1", "w1": "2", "w2": "-1", "b": "0.25", "activation": "sigmoid"}
    scene = figures.compute("neuron", values)
    assert words(scene) == "The sum is o = 0.25, and the sigmoid makes 0.5622 of it."


@pytest.mark.parametrize(
    ("gate", "w1", "w2", "b", "count"),
    [("and", 1, 1, -1.5, 4), ("or", 1, 1, -0.5, 4), ("xor", 1, 1, -0.5, 3), ("and", 0, 0, 1, 1), ("or", 1, 1, -1.5, 2)],
)
def test_neuron_counts_the_corners_of_a_gate(gate, w1, w2, b, count):
    assert sum(neuron.gate_right(w1, w2, b, gate)) == count
    said = words(figures.compute("neuron", {"gate": gate, "w1": str(w1), "w2": str(w2), "b": str(b)}))
    assert (f"{count} of 4" in said) or (count == 4 and "All four" in said)


def test_no_weights_do_xor():
    chance = np.random.default_rng(0)
    assert all(sum(neuron.gate_right(*chance.normal(0, 3, 3), "xor")) < 4 for _ in range(2_000))


def test_the_sign_of_the_picture_is_that_of_the_sum():
    for phi in neuron.PHI:
        raster = figures.compute("neuron", {"activation": phi, "w1": "1", "w2": "0", "b": "-0.5"}).panels[1]
        assert all(row[0] < 0 < row[-1] for row in raster.values)


# ------------------------------------------------------------------ gradient descent


def test_the_best_weight_and_the_largest_rate():
    line = rooms_and_prices()
    assert line.best == pytest.approx(3.65335, abs=5e-6)
    assert 1 / line.sxx == pytest.approx(4.942e-5, rel=1e-4)
    w = 2.5
    assert float(line.loss(w)) == pytest.approx(((w * line.x - line.y) ** 2).sum())
    assert line.slope(w) == pytest.approx(2 * ((w * line.x - line.y) * line.x).sum())


@pytest.mark.parametrize(("rho", "end"), [(1e-5, 3.6329), (1e-6, 1.2363), (5e-5, -0.9534)])
def test_ten_steps_land_where_the_lesson_says(rho, end):
    path = gradient_descent.descend(rooms_and_prices(), 0.0, rho, 10)
    assert len(path) == 11 and path[-1] == pytest.approx(end, abs=5e-5)


@pytest.mark.parametrize(
    ("rho", "said"),
    [("1e-7", "slowly"), ("1e-5", "each step shorter"), ("4e-5", "closer each time"), ("5e-5", "diverging")],
)
def test_words_tell_how_descent_goes(rho, said):
    assert said in words(figures.compute("gradient-descent", {"rho": rho}))


def test_the_path_lies_on_the_curve_with_its_ends_marked():
    chart = figures.compute("gradient-descent", {"steps": "10"}).panels[0]
    curve, path = chart.series
    assert path.y == pytest.approx(np.interp(path.x, curve.x, curve.y), rel=0.01)
    assert [m.label for m in chart.marks] == ["w₀", "w₁₀"]


def test_views():
    panels = {v: len(figures.compute("gradient-descent", {"view": v}).panels) for v in ("loss", "data", "both")}
    assert panels == {"loss": 2, "data": 2, "both": 3}


@pytest.mark.parametrize("name", figures.names())
def test_a_figure_knows_no_other(name):
    text = (paths.PACKAGE / "figures" / f"{name.replace('-', '_')}.py").read_text("utf-8")
    known = re.findall(r"(?:from|import) tutor\.figures\b(?!\.shared)", text)
    assert not known, "what two figures need is in tutor/figures/shared/"
