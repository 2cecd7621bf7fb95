"""Every figure that the text of lessons 2.3 and 2.4 states, computed here and then looked for in the text."""


import numpy as np
import pytest

from tests.lesson_text import says, tasks
from tutor import data, paths

FOLDER = paths.lessons_dir() / "02-multi-layer-perceptrons"
COLUMNS = ["RM", "CRIM", "INDUS", "NOX", "AGE", "TAX"]


ACTIVATIONS, KERAS = FOLDER / "03-activation-functions.md", FOLDER / "04-mlp-in-keras.md"


def sigmoid(o):
    return 1 / (1 + np.exp(-o))


def test_table_of_sigmoid_and_tanh():
    at = np.array([-5.0, -1.0, 0.0, 1.0, 5.0])
    says(ACTIVATIONS, "| $\\sigma(o)$ | " + " | ".join(["0.0067", "0.2689", "0.5", "0.7311", "0.9933"]))
    assert sigmoid(at) == pytest.approx([0.0067, 0.2689, 0.5, 0.7311, 0.9933], abs=5e-5)
    says(ACTIVATIONS, "| $\\tanh(o)$ | " + " | ".join(["-0.9999", "-0.7616", "0", "0.7616", "0.9999"]))
    assert np.tanh(at) == pytest.approx([-0.9999, -0.7616, 0, 0.7616, 0.9999], abs=5e-5)
    assert 2 * sigmoid(2 * at) - 1 == pytest.approx(np.tanh(at))


def test_slopes_of_the_saturated_sigmoid():
    assert sigmoid(5) * (1 - sigmoid(5)) == pytest.approx(0.0066, abs=1e-4)
    assert sigmoid(10) * (1 - sigmoid(10)) == pytest.approx(0.000045, abs=1e-6)
    says(ACTIVATIONS, "0.0066", "0.000045")


def test_softmax_by_hand():
    powers = np.exp([2.0, 1.0, 0.0])
    says(ACTIVATIONS, *(f"{v:.3f}" for v in powers[:2]), f"{powers.sum():.3f}")
    says(ACTIVATIONS, *(f"{v:.4f}" for v in powers / powers.sum()))
    says(ACTIVATIONS, f"{sigmoid(2):.4f}")
    assert np.exp(3) / (np.exp(3) + np.exp(1)) == pytest.approx(sigmoid(2))


def relu_line(w, steps=50, rho=0.005):
    """Losses on the way of one ReLU neuron from w and b = 0, the last one included."""
    boston = data.load("boston")
    x, y = boston["RM"], boston["PRICE"]
    b, losses = 0.0, []
    for _ in range(steps + 1):
        on = w * x + b > 0
        error = (w * x + b) * on - y
        losses.append((error**2).mean())
        w, b = w - rho * 2 * (error * on * x).mean(), b - rho * 2 * (error * on).mean()
    return losses


def test_the_dead_neuron_stays_and_the_other_arrives():
    dead, alive = relu_line(-0.5), relu_line(0.5)
    assert set(dead) == {dead[0]}
    says(ACTIVATIONS, f"is {dead[0]:.0f} at the start", f"from {alive[0]:.0f} to {alive[-1]:.0f}")


def test_nearly_half_of_fresh_networks_with_a_relu_output_are_dead_on_raw_boston():
    """As Keras draws weights (Glorot, uniform), here in numpy and over many more seeds than the lesson takes."""
    x = data.load("boston")[COLUMNS]
    chance = np.random.default_rng(0)

    def dead(table):
        a, b = np.sqrt(6 / 106), np.sqrt(6 / 101)
        hidden = np.maximum(table @ chance.uniform(-a, a, (6, 100)), 0)
        return (hidden @ chance.uniform(-b, b, (100, 1)) <= 0).all()

    assert 0.33 < np.mean([dead(x) for _ in range(400)]) < 0.5
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    assert np.mean([dead(scaled) for _ in range(100)]) < 0.1


def test_parameter_counts():
    exercise = tasks(KERAS)["count-parameters"]
    names: dict = {}
    exec(exercise.solutions[0].code, names)
    count = names["count_parameters"]
    assert (count([10, 20, 3]), count([10, 20]), count([20, 3])) == (283, 220, 63)
    assert count([4, 100, 3]) == 803 and count([6, 100, 1]) == 801
    says(KERAS, "220 + 63 = 283", "= 803 parameters", "= 801 parameters")


def test_memory_of_283_parameters():
    says(KERAS, f"{283 * 4:,} bytes", f"{283 * 4 / 1024:.2f} KB")


def test_the_line_through_the_rooms_on_held_out_districts():
    boston = data.load("boston")
    order = np.random.default_rng(1).permutation(506)
    x, y = boston["RM"][order], boston["PRICE"][order]
    slope, intercept = np.polyfit(x[:400], y[:400], 1)
    says(KERAS, f"intercept: {((slope * x[400:] + intercept - y[400:]) ** 2).mean():.1f}")
