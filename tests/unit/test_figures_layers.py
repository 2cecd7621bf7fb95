"""The figures of lessons 2.1 and 2.2: networks with their values, and curves followed by sigmoid neurons."""

import itertools
import re

import numpy as np
import pytest

from tutor import figures
from tutor.figures import iris_network, mlp, xor_network
from tutor.figures.shared import approximation
from tutor.figures.shared.layered import forward, plane
from tutor.plots import words
from tutor.plots.scene import Network


def parts(name, **values):
    scene = figures.compute(name, {key: str(value) for key, value in values.items()})
    return scene, words(scene)


# ------------------------------------------------------------------ xor


def test_xor_needs_both_hidden_neurons_and_the_activation():
    assert "all four corners of xor are right" in parts("xor-network")[1]
    assert "all four" not in parts("xor-network", v2=0)[1]
    _, said = parts("xor-network", activation="identity")
    assert "no more than one" in said and "2 of 4" in said
    assert "1 of 4 corners is right" in parts("xor-network", b1=-2.25, b2=-0.25, v2=1, activation="relu")[1]


@pytest.mark.parametrize(("corner", "h"), [((0, 0), "(0, 0)"), ((0, 1), "(1, 0)"), ((1, 1), "(1, 1)")])
def test_xor_names_the_hidden_values_at_a_corner(corner, h):
    assert f"hidden neurons give {h}" in parts("xor-network", x1=corner[0], x2=corner[1])[1]


def test_the_identity_draws_one_line_whatever_the_weights():
    chance = np.random.default_rng(0)
    for b1, b2, v2 in chance.uniform(-2, 0.5, (20, 3)):
        y, _ = plane(xor_network.network(b1, b2, v2, "identity"), -0.5, 1.5)
        assert np.allclose(np.diff(y, 2, axis=0), 0) and np.allclose(np.diff(y, 2, axis=1), 0)


# ------------------------------------------------------------------ layers


@pytest.mark.parametrize("depth", [1, 2])
def test_the_drawn_values_are_those_of_the_forward_pass(depth):
    layers = mlp.network(depth, 3, "tanh", 7)
    x = np.array([0.5, -1.0])
    h = x
    for w, b, _ in layers[:-1]:
        h = np.tanh(h @ w + b)
    y = h @ layers[-1].w + layers[-1].b
    assert forward(x, layers)[-1] == pytest.approx(y)
    scene, _ = parts("mlp", hidden=depth, neurons=3, activation="tanh", draw=7, x1=0.5, x2=-1)
    drawn = next(panel for panel in scene.panels if isinstance(panel, Network))
    assert drawn.nodes[-1].level == pytest.approx(float(y[0]))
    assert len(drawn.nodes) == 2 + 3 * depth + 1
    assert len(drawn.edges) == 2 * 3 + 9 * (depth - 1) + 3


def test_a_neuron_keeps_its_weights_when_another_comes():
    for depth in (1, 2):
        small, large = mlp.network(depth, 3, "relu", 5), mlp.network(depth, 4, "relu", 5)
        for a, b in zip(small, large, strict=True):
            rows, columns = a.w.shape
            assert (b.w[:rows, :columns] == a.w).all()


def test_without_activation_the_picture_is_an_even_slope():
    y, _ = plane(mlp.network(2, 5, "identity", 3), -2, 2)
    assert np.allclose(np.diff(y, 2, axis=0), 0) and np.allclose(np.diff(y, 2, axis=1), 0)
    assert "even slope" in parts("mlp", hidden=2, neurons=5, activation="identity", draw=3)[1]


def test_steps_are_counted():
    _, said = parts("mlp", hidden=2, neurons=4, activation="step", draw=29)
    y, _ = plane(mlp.network(2, 4, "step", 29), -2, 2)
    assert f"takes {len(np.unique(y.round(9)))} different values" in said


def test_the_iris_network_has_the_sizes_of_the_data():
    for depth in (1, 3):
        scene, said = parts("iris-network", hidden=depth, neurons=6, row=120)
        assert said.startswith(f"Sizes 4, {'6, ' * depth}3:")
        assert len(scene.panels[0].nodes) == 4 + 6 * depth + 3
    measured, species = iris_network.flowers()
    assert measured.shape == (150, 4) and sorted(set(species)) == [0, 1, 2]


# ------------------------------------------------------------------ universal approximation


@pytest.mark.parametrize(
    ("target", "few", "many", "near"), [("wave", 2, 3, 0.02), ("bumps", 3, 4, 0.01), ("zigzag", 3, 30, 0.02)]
)
def test_more_neurons_come_nearer(target, few, many, near):
    off = [approximation.errors(approximation.found(target, False, 0, h), target)[0] for h in (few, many)]
    assert off[0] > 0.1 and off[1] < near


@pytest.mark.parametrize("target", approximation.TARGETS)
def test_more_neurons_never_do_worse(target):
    x, y = approximation.sample(target, False, 0)
    nets = [approximation.found(target, False, 0, h) for h in approximation.SIZES[:11]]
    off = [float(((net(x) - y) ** 2).sum()) for net in nets]
    assert all(more <= fewer * (1 + 1e-9) for fewer, more in itertools.pairwise(off))
    assert [len(net.w) for net in nets] == list(approximation.SIZES[:11])


def test_a_jump_is_missed_by_half_of_it_at_least():
    for h in (1, 5, 50):
        net = approximation.found("jump", False, 0, h)
        mean, largest = approximation.errors(net, "jump")
        assert mean < 0.05 and largest >= (approximation.HIGH - approximation.LOW) / 2 - 1e-9
        assert "at least 0.7" in parts("universal-approximation", target="jump", h=h)[1]


def test_tuning_never_makes_it_worse():
    for target in approximation.TARGETS:
        x, y = approximation.sample(target, False, 0)
        before = approximation.picked(x, y, 4)
        after = approximation.tuned(before, x, y, 10)
        assert ((after(x) - y) ** 2).sum() <= ((before(x) - y) ** 2).sum()


def test_too_many_neurons_follow_the_noise():
    x, y = approximation.sample("wave", True, 1)
    fitted, off = {}, {}
    for h in (2, 4, 16):
        net = approximation.found("wave", True, 1, h)
        fitted[h], off[h] = np.abs(net(x) - y).mean(), approximation.errors(net, "wave")[0]
    assert fitted[16] < fitted[4] < fitted[2]
    assert off[4] < off[2] and off[4] < off[16] / 2
    said = parts("universal-approximation", data="points", h=16)[1]
    assert float(re.search(r"true curve by (\S+) on average", said)[1]) == pytest.approx(off[16], rel=0.05)


def test_training_goes_on_and_says_how_it_ended():
    first, *_, last = figures.stream("universal-approximation", {"fit": "trained", "h": "3", "target": "bumps"})
    assert words(first).startswith("Training, step 0 of 4000")
    assert words(last).startswith("After 4000 steps")

    def off(scene):
        rows = next(panel.lines for panel in scene.panels if hasattr(panel, "lines"))
        return float(next(line for line in rows if "on average" in line).split()[-1])

    assert off(last) < off(first) / 2
