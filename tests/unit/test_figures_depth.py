"""The figures of lesson 4.3: slopes along a chain, and what a deep network leaves of a gradient."""

import re

import numpy as np
import pytest

from tutor import figures
from tutor.figures import chain_rule
from tutor.figures.vanishing_gradient import PHI, SCALES, back
from tutor.plots import words

# ------------------------------------------------------------------ the chain


def loss(x, y, weights, phi):
    value = chain_rule.PHI[phi][0]
    h = x
    for w in weights:
        h = value(w * h)
    return (h - y) ** 2


@pytest.mark.parametrize("phi", chain_rule.PHI)
def test_slopes_of_the_chain_against_nudges(phi):
    rng = np.random.default_rng(0)
    for _ in range(20):
        x, y, *weights = rng.uniform(0.2, 2, 5) * rng.choice([-1, 1], 5)
        slopes = chain_rule.worked_out(x, y, tuple(weights), phi).slopes
        for k in range(3):
            up, down = [[w + (i == k) * d for i, w in enumerate(weights)] for d in (1e-6, -1e-6)]
            nudged = (loss(x, y, up, phi) - loss(x, y, down, phi)) / 2e-6
            assert slopes[k] == pytest.approx(nudged, rel=1e-5, abs=1e-8)


def test_every_slope_is_the_product_of_its_links():
    chain = chain_rule.worked_out(0.7, 0.2, (1.5, -2.0, 0.5), "tanh")
    for k in (1, 2, 3):
        links = [link.value for link in chain.links if k in link.stands_in]
        assert len(links) == 9 - 2 * k
        assert chain.slopes[k - 1] == pytest.approx(np.prod(links))


@pytest.mark.parametrize(("weight", "count", "shared"), [("w3", 3, 0), ("w2", 5, 2), ("w1", 7, 4)])
def test_lit_rows_are_the_links_of_the_chosen_weight(weight, count, shared):
    scene = figures.compute("chain-rule", {"weight": weight})
    table = scene.panels[0]
    assert len(table.emphasis) == count + 1  # and the row of the products
    assert sum("●" in row for row in table.rows) == count
    assert table.title.count("━━") - 2 == 2 * (4 - int(weight[1]))
    assert f"a product of {count} links" in words(scene)
    assert (f"The first {shared} of them stand in" in words(scene)) == bool(shared)


def test_a_link_of_zero_is_named():
    said = words(figures.compute("chain-rule", {"activation": "relu", "w1": "-1", "weight": "w1"}))
    assert "φ′(o₁)" in said and "are: one link of 0 is enough" in said


# ------------------------------------------------------------------ the vanishing gradient


@pytest.mark.parametrize("phi", PHI)
def test_slopes_of_the_activations(phi):
    value, slope = PHI[phi]
    o = np.array([-3.0, -0.7, 0.4, 2.5])
    assert slope(o) == pytest.approx((value(o + 1e-6) - value(o - 1e-6)) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_what_the_lesson_says_of_depth(seed):
    ten = back(10, "sigmoid", SCALES["glorot"], residual=False, seed=seed)
    assert 1e-6 < ten.kept < 1e-5  # "a few millionths are left"
    relu = back(30, "relu", SCALES["glorot"], residual=False, seed=seed)
    assert 0.66 < relu.factor < 0.75 and 1e-5 < relu.kept < 2e-4  # "about 0.7", "a few hundred-thousandths"
    assert 0.05 < back(30, "relu", SCALES["he"], residual=False, seed=seed).kept < 20
    assert back(30, "relu", SCALES["large"], residual=False, seed=seed).kept > 1e4
    assert all(back(30, "sigmoid", scale, residual=False, seed=seed).kept < 1e-8 for scale in SCALES.values())
    assert 0.5 < back(30, "sigmoid", SCALES["glorot"], residual=True, seed=seed).kept < 2
    assert back(30, "relu", SCALES["he"], residual=True, seed=seed).kept > 1e4  # "does it make every setting good?"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "It vanishes: the first layer learns about 400,000 times more slowly"),
        ({"depth": "30"}, "It vanishes: the first layers do not learn at all"),
        ({"depth": "30", "activation": "relu", "start": "he"}, "It lasts"),
        ({"depth": "10", "activation": "relu"}, "It fades: the first layer learns about 30 times more slowly"),
        ({"depth": "38", "activation": "tanh", "start": "he"}, "It grows: the first layer takes steps about"),
        ({"depth": "30", "activation": "relu", "start": "large"}, "It explodes"),
        ({"depth": "30", "residual": "yes"}, "It lasts"),
    ],
)
def test_words_tell_what_becomes_of_the_gradient(values, said):
    assert said in words(figures.compute("vanishing-gradient", values))


def test_the_line_ends_at_one_and_the_numbers_are_those_of_the_line():
    scene = figures.compute("vanishing-gradient", {"depth": "12", "activation": "tanh"})
    (series,) = scene.panels[0].series
    assert len(series.x) == 12 and series.y[-1] == 1.0
    kept = next(line for line in scene.panels[1].lines if line.startswith("at the first"))
    assert float(re.search(r"[\d.]+$", kept).group()) == pytest.approx(series.y[0], rel=0.05)
