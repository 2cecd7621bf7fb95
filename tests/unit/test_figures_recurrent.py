"""The networks and the two figures of lessons 7.4 and 8.1: gradients, what the words say, what the lessons claim."""

import functools
import itertools

import numpy as np
import pytest

from tutor import figures
from tutor.figures import attention_weights, what_remembers
from tutor.figures.shared.recurrent import GATES, Recurrent, clip
from tutor.plots import words


@pytest.mark.parametrize("start", ["orthogonal", "glorot"])
@pytest.mark.parametrize("kind", GATES)
def test_gradients_are_the_slopes_of_the_loss(kind, start):
    rng = np.random.default_rng(0)
    net = Recurrent(kind, 3, 5, 4, start=start, seed=1, dtype=np.float64)
    x, y = rng.normal(size=(6, 7, 3)), rng.integers(0, 4, 6)

    def loss():
        p = net.forward(x).probabilities
        return -np.log(p[np.arange(6), y]).mean()

    for p, claimed in zip(net.parameters, net.gradients(x, y), strict=True):
        slope = np.zeros_like(p)
        for place in np.ndindex(p.shape):
            before = p[place]
            p[place] = before + 1e-6
            above = loss()
            p[place] = before - 1e-6
            slope[place] = (above - loss()) / 2e-6
            p[place] = before
        assert claimed == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("kind", GATES)
def test_how_far_back_it_looks_is_the_slope_of_the_score(kind):
    rng = np.random.default_rng(1)
    net = Recurrent(kind, 3, 5, 4, seed=2, dtype=np.float64)
    x, y = rng.normal(size=(2, 6, 3)), np.array([1, 3])

    def scores(inputs):
        state = net.forward(inputs).states[-1]
        return (state @ net.parameters[3] + net.parameters[4])[np.arange(2), y]

    sizes = np.zeros((2, 6))
    for t in range(6):
        slopes = []
        for j in range(3):
            step = np.zeros_like(x)
            step[:, t, j] = 1e-6
            slopes.append((scores(x + step) - scores(x - step)) / 2e-6)
        sizes[:, t] = np.linalg.norm(slopes, axis=0)
    assert net.looks_back(x, y) == pytest.approx(sizes.mean(axis=0), rel=1e-5)


def test_starts_are_orthogonal_or_not_and_the_bias_is_that_of_the_gate_that_keeps():
    for kind in GATES:
        u = Recurrent(kind, 4, 6, 4, dtype=np.float64).parameters[1]
        assert u @ u.T == pytest.approx(np.eye(6), abs=1e-12)
        other = Recurrent(kind, 4, 6, 4, start="glorot", dtype=np.float64).parameters[1]
        assert not np.allclose(other @ other.T, np.eye(6), atol=0.1)
    lstm, gru = (Recurrent(kind, 4, 2, 4, gate_bias=3).parameters[2] for kind in ("lstm", "gru"))
    assert lstm.tolist() == [0, 0, 3, 3, 0, 0, 0, 0] and gru.tolist() == [3, 3, 0, 0, 0, 0]


def test_clipping_shortens_all_together():
    gradients = [np.array([3.0, 0.0]), np.array([[4.0]])]
    clip(gradients, 10.0)
    assert gradients[1][0, 0] == 4.0
    clip(gradients, 1.0)
    assert gradients[0] == pytest.approx([0.6, 0.0]) and gradients[1][0, 0] == pytest.approx(0.8)


# ------------------------------------------------------------------ what remembers


@functools.cache
def ended(length, start, bias, draw=1):
    *_, race = what_remembers.train(length, start, bias, draw)
    return race


def right(race):
    return {kind: standing.accuracy[-1] for kind, standing in race.items()}


def test_at_keras_defaults_the_plain_one_learns_thirty_steps_and_open_gates_turn_it_round():
    closed, opened = ended(30, "orthogonal", 1), ended(30, "orthogonal", 3)
    assert right(closed)["rnn"] > 0.95 and max(right(closed)["lstm"], right(closed)["gru"]) < 0.6
    assert min(right(opened)["lstm"], right(opened)["gru"]) > 0.95
    for kind in ("lstm", "gru"):  # open gates let slopes from far back through
        assert shares(opened[kind].before)[0] > 3 * shares(closed[kind].before)[0]
    assert np.array_equal(closed["rnn"].before, opened["rnn"].before)  # it has no gate


def shares(slopes):
    return slopes / slopes.max()


def test_short_sequences_are_learned_by_all_and_the_first_symbol_stands_out():
    race = ended(10, "orthogonal", 3)
    assert min(right(race).values()) > 0.95
    for standing in race.values():
        between = standing.now[3:7].max()  # an LSTM's output gate may follow the last symbol, too
        assert standing.now[0] > 3 * between and standing.before[0] < 3 * standing.before[3:7].max()


def test_words_tell_who_got_there_and_when():
    race = ended(30, "orthogonal", 1)
    said = what_remembers.in_words(race, 30)
    step = what_remembers.learned_at(race["rnn"].accuracy)
    assert f"the RNN from step {step}." in said and "Not there yet: LSTM and GRU." in said
    lost = {kind: s._replace(accuracy=[0.25] * len(s.accuracy)) for kind, s in race.items()}
    assert "None of the three" in what_remembers.in_words(lost, 30)
    assert "Not there yet" not in what_remembers.in_words(ended(10, "orthogonal", 3), 10)


@pytest.mark.parametrize(
    ("accuracy", "step"), [([0.2, 0.96, 0.97], 10), ([0.2, 0.96, 0.9], None), ([0.2, 1, 0.9, 1], 30), ([1.0], 0)]
)
def test_learned_means_for_good(accuracy, step):
    assert what_remembers.learned_at(accuracy) == step


def test_the_picture_grows_and_its_axes_stand_still():
    scenes = list(itertools.islice(figures.stream("what-remembers", {"length": "10"}), 3))
    charts = [scene.panels[0] for scene in scenes]
    lengths = [len(chart.series[0].x) for chart in charts]
    assert lengths[0] == 1 and lengths == sorted(lengths)
    assert len({(chart.xlimits, chart.ylimits) for chart in charts}) == 1
    assert words(scenes[0]).startswith("Training: step 0 of 600.")
    raster = scenes[0].panels[1]
    assert {len(row) for row in raster.values} == {30} and raster.rows == (
        "RNN 0",
        "now",
        "LSTM 0",
        "now",
        "GRU 0",
        "now",
    )


def test_slopes_that_are_all_zero_are_shaded_all_the_same():
    assert what_remembers.powers(np.zeros(4)).tolist() == [-6.0] * 4
    assert what_remembers.powers(np.array([1e-9, 0.01, 1.0])).tolist() == [-6.0, -2.0, 0.0]


def test_naming_the_commonest_is_what_counting_gives():
    assert what_remembers.guessing(12) == pytest.approx(0.405, abs=0.01)


# ------------------------------------------------------------------ attention


def weights_of(**values):
    return np.array(figures.compute("attention-weights", values).panels[0].values)


@pytest.mark.parametrize("asks", ["same", "before", "first", "random"])
@pytest.mark.parametrize("mask", ["none", "causal"])
def test_rows_of_weights_add_up_to_one_and_the_mask_hides(asks, mask):
    weights = weights_of(asks=asks, mask=mask)
    assert weights.sum(axis=1) == pytest.approx(np.ones(6), abs=0.031)  # the picture rounds each to 0.01
    assert (np.triu(weights, 1) == 0).all() == (mask == "causal")


@pytest.mark.parametrize("draw", "12345")
def test_each_kind_of_query_finds_what_it_asks_for(draw):
    same = weights_of(asks="same", d="64", draw=draw)
    for i, j in itertools.product(range(6), repeat=2):
        assert (same[i, j] > 0.2) == (attention_weights.WORD[i] == attention_weights.WORD[j])
    before = weights_of(asks="before", d="64", draw=draw)
    assert before.argmax(axis=1).tolist()[1:] == [0, 1, 2, 3, 4]
    assert weights_of(asks="first", d="64", draw=draw).argmax(axis=1).tolist() == [0] * 6


@pytest.mark.parametrize("draw", "12345")
def test_scores_that_are_not_divided_make_up_their_mind_by_chance(draw):
    sharp = weights_of(asks="random", d="256", scaled="no", draw=draw).max(axis=1)
    even = weights_of(asks="random", d="256", draw=draw).max(axis=1)
    assert sharp.mean() > even.mean() + 0.2


def test_the_prediction_of_the_lesson():
    assert weights_of(asks="random", d="256", scaled="no", row="4")[3].max() > 0.95


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"asks": "same", "row": "4"}, "looks most at positions 2, 4, 6"),
        ({"asks": "before", "row": "1"}, "its weights are chance"),
        ({"asks": "before", "row": "3"}, "looks most at position 2,"),
        ({"asks": "before", "row": "4", "mask": "causal"}, "looks most at position 3,"),
    ],
)
def test_words_say_what_a_row_looks_at(values, said):
    assert said in words(figures.compute("attention-weights", values))


def test_what_is_brought_back_is_a_mixture_of_the_symbols():
    assert attention_weights.brought(np.array([0.1, 0.2, 0.3, 0.1, 0.2, 0.1])) == pytest.approx(
        {"a": 0.4, "b": 0.1, "n": 0.5}
    )
