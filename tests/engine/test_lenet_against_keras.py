"""The LeNet of the figures and the small network of lesson 6.4 against Keras."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from tests import make_lenet
from tutor import data
from tutor.figures.shared import lenet


def images(digits, rows, edge):
    pixels = digits["images"][rows].astype("float32") / 255
    return np.pad(pixels, ((0, 0), (edge, edge), (edge, edge)))[..., None]


def test_the_layers_have_as_many_parameters_as_the_lesson_says():
    model = make_lenet.lenet()
    counts = [layer.count_params() for layer in model.layers if layer.count_params()]
    assert counts == [156, 2416, 48120, 10164, 850] and model.count_params() == 61706
    counts = [layer.count_params() for layer in make_lenet.small().layers if layer.count_params()]
    assert counts == [416, 12832, 16416, 165] and 5 * (512 + 1) == 2565


def test_the_figures_compute_what_keras_does():
    model = make_lenet.lenet()
    model.set_weights(lenet.weights())
    digits = data.load("mnist5k")
    rows = list(range(0, 5000, 400))
    theirs = model.predict(images(digits, rows, lenet.EDGE), verbose=0)
    first = keras.Model(model.inputs, model.layers[3].output).predict(images(digits, rows, lenet.EDGE), verbose=0)
    for at, row in enumerate(rows):
        seen = lenet.look(digits["images"][row] / 255)
        np.testing.assert_allclose(seen.says, theirs[at], atol=1e-5)
        np.testing.assert_allclose(seen.maps["pool2"], first[at], atol=1e-4)


def test_the_small_network_knows_0_to_4_and_is_not_tested_on_what_it_learned():
    model = make_lenet.small()
    saved, digits = data.load("lenet"), data.load("mnist5k")
    model.set_weights([saved[f"small_{at}"] for at in range(8)])
    rows = [500 * digit + at for digit in range(5) for at in range(make_lenet.TAUGHT, 500)]
    right = (model.predict(images(digits, rows, 0), verbose=0).argmax(axis=1) == digits["labels"][rows]).mean()
    assert right > 0.95


@pytest.mark.parametrize(("n", "k", "s"), [(6, 4, 1), (6, 4, 2), (7, 3, 2), (5, 2, 2), (7, 2, 3)])
def test_same_padding_is_where_keras_puts_it(n, k, s):
    from tutor.figures.padding_stride_pooling import plan

    axis = plan(n, k, s, "same")
    layer = keras.layers.Conv1D(1, k, strides=s, padding="same", use_bias=False)
    layer.build((1, n, 1))
    weights = np.arange(1.0, k + 1)
    layer.set_weights([weights.reshape(k, 1, 1)])
    theirs = keras.ops.convert_to_numpy(layer(np.ones((1, n, 1), "float32")))[0, :, 0]
    padded = np.pad(np.ones(n), (axis.before, axis.after))
    assert theirs.tolist() == [padded[at * s : at * s + k] @ weights for at in range(axis.places)]
