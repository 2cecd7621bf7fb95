"""The numbers that lessons 7.4 to 8.2 print, worked out again."""

import itertools
import math

import numpy as np
import pytest

from tutor import data
from tutor.figures import attention_weights


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def rmse(a, b):
    return float(np.sqrt(np.mean((np.asarray(a) - b) ** 2)))


def windows(series, width):
    n = len(series) - width
    return np.stack([series[i : i + width] for i in range(n)]), series[width:]


def test_gates_passed_thirty_times():
    assert sigmoid(1) == pytest.approx(0.731, abs=5e-4) and sigmoid(1) ** 30 == pytest.approx(0.00008, abs=5e-6)
    assert sigmoid(3) == pytest.approx(0.9526, abs=5e-5) and sigmoid(3) ** 30 == pytest.approx(0.233, abs=5e-4)
    assert (sigmoid(3) / sigmoid(1)) ** 30 == pytest.approx(2800, rel=0.01)


def test_sunspots_the_baselines():
    series = data.load("sunspots")["sunspots"]
    assert series[:10].tolist() == [5, 11, 16, 23, 36, 58, 29, 20, 10, 8] and len(series) == 309
    x, y = windows(series, 9)
    table = np.column_stack([x, np.ones(len(x))])
    w = np.linalg.lstsq(table[:-60], y[:-60], rcond=None)[0]
    assert rmse(x[-60:, -1], y[-60:]) == pytest.approx(32.9, abs=0.05)
    assert rmse(table[-60:] @ w, y[-60:]) == pytest.approx(19.1, abs=0.05)
    assert data.load("sunspots")["year"][-60] == 1949 and series.max() == pytest.approx(190.2)


def test_shuffled_windows_look_easier():
    series = data.load("sunspots")["sunspots"]
    x, y = windows(series, 9)
    table = np.column_stack([x, np.ones(len(x))])

    def linear(train, test):
        w = np.linalg.lstsq(table[train], y[train], rcond=None)[0]
        return rmse(table[test] @ w, y[test])

    def nearest(train, test):
        far = ((x[test][:, None] - x[train]) ** 2).sum(axis=2)
        return rmse(y[train][far.argmin(axis=1)], y[test])

    orders = [np.random.default_rng(k).permutation(300) for k in range(5)]
    for model in (linear, nearest):
        shuffled = [model(o[:240], o[240:]) for o in orders]
        assert max(shuffled) < model(np.arange(240), np.arange(240, 300)) - 2


def test_a_soft_look_up():
    keys, values = np.array([[1.0, 0], [0, 1], [1, 1]]), np.array([10.0, 20, 30])
    weights = attention_weights.softmax((keys @ np.array([1.0, 1.0]))[None])[0]
    assert weights == pytest.approx([0.212, 0.212, 0.576], abs=5e-4)
    assert weights @ values == pytest.approx(23.6, abs=0.05)


def test_naming_the_commonest_of_twelve():
    right = 0.0
    for counts in itertools.product(range(13), repeat=3):
        last = 12 - sum(counts)
        if last >= 0:
            all_four = (*counts, last)
            ways = math.factorial(12) / math.prod(map(math.factorial, all_four))
            right += ways / 4**12 * max(all_four) / 12
    assert right == pytest.approx(0.405, abs=5e-4)


def test_boston_and_its_linear_baseline():
    table = data.load("boston")
    x, y = table[["RM", "CRIM", "INDUS", "NOX", "AGE", "TAX"]], table["PRICE"]
    rows = np.random.default_rng(4).permutation(506)
    a = np.column_stack([x, np.ones(506)])
    w = np.linalg.lstsq(a[rows[:380]], y[rows[:380]], rcond=None)[0]
    assert rmse(a[rows[380:]] @ w, y[rows[380:]]) == pytest.approx(6.17, abs=0.006)


def test_iris_and_the_nearest_centroid():
    iris = data.load("iris")
    x, y = iris[list(iris.columns[:4])], iris["species"].astype(int)
    rows = np.random.default_rng(0).permutation(150)
    known, held = rows[:60], rows[60:]
    centroids = np.array([x[known][y[known] == k].mean(axis=0) for k in range(3)])
    guess = ((x[held][:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
    assert (guess == y[held]).mean() == pytest.approx(0.90, abs=1e-9)


def test_trace_and_the_nearest_neighbour():
    trace = data.load("trace")
    far = ((trace["x_test"][:, None] - trace["x_train"]) ** 2).sum(axis=(2, 3))
    assert (trace["y_train"][far.argmin(axis=1)] == trace["y_test"]).mean() == pytest.approx(0.76)
