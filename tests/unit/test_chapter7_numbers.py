"""The figures of chapter 7 (unrolled-rnn, gates) and the numbers that lessons 7.1 to 7.3 state."""

import math

import numpy as np
import pytest

from tests.lesson_text import answer, source
from tutor import figures, paths
from tutor.figures import gates, unrolled_rnn
from tutor.plots import words
from tutor.plots.scene import Chart, Network

FOLDER = paths.lessons_dir() / "07-recurrent-networks"


def sigmoid(o):
    return 1 / (1 + math.exp(-o))


# ------------------------------------------------------------------ what the lessons state


def test_parameters():
    d, units = 3, 4
    plain = units * (d + units) + units
    assert answer(FOLDER / "01-vanilla-rnn.md", "rnn-parameters") == plain == 32
    assert answer(FOLDER / "02-lstm.md", "lstm-parameters") == 4 * plain == 128
    assert answer(FOLDER / "03-gru.md", "gru-parameters") == 3 * plain == 96
    assert 3 * (plain + units) == 108 and "108" in source(FOLDER / "03-gru.md")


def test_the_bias_that_leaves_half_after_twenty_steps():
    assert sigmoid(answer(FOLDER / "02-lstm.md", "bias-for-half")) ** 20 == pytest.approx(0.5)


def test_gates_by_their_bias():
    said = source(FOLDER / "02-lstm.md")
    for bias, share in ((1, "0.73"), (3, "0.95")):
        assert f"{sigmoid(bias):.2f}" == share and share in said
    assert f"{0.5**21:.0e}" == "5e-07" and "5e-7" in said


def test_the_state_with_a_weight_of_one_and_a_half():
    run = unrolled_rnn.unrolled(unrolled_rnn.series("pulse", 0), 1.0, 1.5, "tanh")
    h, said = float(run.h[-1]), source(FOLDER / "01-vanilla-rnn.md")
    for shown in (f"{h:.3f}", f"{1 - h * h:.3f}", f"{1.5 * (1 - h * h):.3f}", f"{1.5**19:.0f}", f"{run.left[1]:.0e}"):
        assert shown.replace("e-0", "e-") in said, shown


def test_two_signals_in_lstm_and_gru():
    x = gates.series("two", 0)
    added, mixed = gates.lstm(x, 5.0, 8.0, 2.0).cell, gates.gru(x, 5.0, 8.0, 2.0).h
    assert abs(added[-1]) < 0.1 and added[3] == pytest.approx(0.9, abs=0.05)
    assert mixed[-1] < -0.7


# ------------------------------------------------------------------ the unrolled network


@pytest.mark.parametrize("phi", ["tanh", "identity"])
@pytest.mark.parametrize("kind", unrolled_rnn.INPUTS)
def test_gradients_are_those_of_tiny_nudges(phi, kind):
    x, step = unrolled_rnn.series(kind, 0)[:8], 1e-6
    value = unrolled_rnn.PHI[phi][0]

    def last(k, h):
        for x_k in x[k:]:
            h = float(value(np.asarray(0.7 * x_k - 1.2 * h)))
        return h

    run = unrolled_rnn.unrolled(x, 0.7, -1.2, phi)
    for k in range(9):
        nudged = (last(k, run.h[k] + step) - last(k, run.h[k] - step)) / (2 * step)
        assert run.left[k] == pytest.approx(nudged, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"wh": "0.5"}, "vanishes"),
        ({"wh": "1.5"}, "slopes of tanh are small"),
        ({"wh": "1.5", "input": "nothing"}, "becomes 2,217"),
        ({"wh": "1", "activation": "identity"}, "it lasts"),
        ({"wh": "0.8", "activation": "identity"}, "it fades"),
        ({"wh": "1.2", "activation": "identity"}, "it grows"),
        ({"wh": "-1.5", "activation": "identity"}, "explodes"),
        ({"wh": "0"}, "Nothing of the gradient"),
        ({"t": "0"}, "has not started"),
    ],
)
def test_words_say_what_becomes_of_the_gradient(values, said):
    assert said in words(figures.compute("unrolled-rnn", values))


def test_the_drawn_network_has_the_same_weights_at_every_step():
    (drawn,) = figures.compute("unrolled-rnn", {"view": "network", "t": "9", "wh": "0.6", "wx": "0.5"}).panels
    assert isinstance(drawn, Network)
    assert [n.label for n in drawn.nodes if n.row == 0] == ["h₆", "h₇", "h₈", "h₉"]
    assert [n.label for n in drawn.nodes if n.row == 1][:3] == ["x₇", "x₈", "x₉"]
    assert {(e.label, e.weight) for e in drawn.edges} == {("w_h 0.6", 0.6), ("w_x 0.5", 0.5)}


# ------------------------------------------------------------------ the gates


def test_what_the_cell_keeps_is_the_product_of_its_forget_gates():
    for keep in (0.0, 1.0, 3.0, 6.0):
        run = gates.lstm(gates.series("one", 0), keep, 8.0, 2.0)
        assert run.cell[-1] / run.cell[2] == pytest.approx(sigmoid(keep) ** 21)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"keep": "0"}, "as good as forgotten"),
        ({"keep": "3"}, "36 %: it is fading"),
        ({"keep": "6"}, "remembered"),
        ({"cell": "gru", "keep": "5"}, "remembered"),
        ({"cell": "gru", "keep": "5", "input": "two"}, "forgotten"),
        ({"t": "0"}, "Nothing has come in"),
        ({"t": "2"}, "stands at 0."),
    ],
)
def test_words_say_how_much_is_kept(values, said):
    assert said in words(figures.compute("gates", values))


def test_gates_lie_between_shut_and_open_and_the_state_between_minus_one_and_one():
    for cell in ("lstm", "gru"):
        for kind in (*gates.INPUTS, "noise"):
            scene = figures.compute("gates", {"cell": cell, "input": kind})
            shown, memory = scene.panels[:2]
            assert isinstance(shown, Chart) and isinstance(memory, Chart)
            assert all(0 <= v <= 1 for line in shown.series for v in line.y)
            assert all(abs(v) <= 1 for line in memory.series if line.label == "h" for v in line.y)


def test_a_cell_can_count_and_a_gru_cannot():
    x = gates.series("many", 0)
    assert gates.lstm(x, 8.0, 8.0, 2.0).cell[-1] > 4
    assert gates.gru(x, 8.0, 8.0, 2.0).h.max() < 1
