"""The numpy network of the figures against Keras: the same losses, and the same weights after the same steps."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.figures.shared import multilayer as mlp

keras = pytest.importorskip("keras")

OPTIMIZERS = {
    "sgd": (lambda: mlp.SGD(0.1), lambda: keras.optimizers.SGD(0.1)),
    "momentum": (lambda: mlp.SGD(0.05, 0.9), lambda: keras.optimizers.SGD(0.05, momentum=0.9)),
    "adam": (lambda: mlp.Adam(0.01), lambda: keras.optimizers.Adam(0.01)),
}
LOSSES = {
    "softmax": "sparse_categorical_crossentropy", "sigmoid": "binary_crossentropy", "identity": "mean_squared_error",
}  # fmt: skip
OURS_TO_KERAS = {"identity": "linear"}


def batch(output: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(40, 4)).astype("float32")
    if output == "softmax":
        return x, rng.integers(0, 3, 40)
    y = rng.normal(size=(40, 3)).astype("float32")
    return x, (y > 0).astype("float32") if output == "sigmoid" else y


def twin(net: mlp.MLP, hidden: str, output: str, l2: float) -> keras.Model:
    """A Keras model with the same weights."""
    model = keras.Sequential([keras.Input(shape=(4,))])
    for units, activation in ((8, hidden), (5, hidden), (3, OURS_TO_KERAS.get(output, output))):
        penalty = keras.regularizers.L2(l2) if l2 else None
        model.add(keras.layers.Dense(units, activation=activation, kernel_regularizer=penalty))
    model.set_weights([each for pair in zip(net.weights, net.biases, strict=True) for each in pair])
    return model


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(("hidden", "output", "l2"), [
    ("relu", "softmax", 0.0), ("tanh", "sigmoid", 0.01), ("sigmoid", "identity", 0.0), ("relu", "softmax", 0.02),
])  # fmt: skip
def test_steps_are_those_of_keras(optimizer: str, hidden: str, output: str, l2: float) -> None:
    ours, theirs = OPTIMIZERS[optimizer]
    net = mlp.MLP((4, 8, 5, 3), hidden, output, seed=1, l2=l2)
    model = twin(net, hidden, output, l2)
    model.compile(optimizer=theirs(), loss=LOSSES[output], metrics=["accuracy"])
    x, y = batch(output)
    history = model.fit(x, y, epochs=5, batch_size=40, validation_data=(x, y), verbose=0).history
    epochs = list(net.fit(x, y, 5, ours(), batch=40, validation=(x, y)))
    np.testing.assert_allclose([one.loss for one in epochs], history["loss"], rtol=1e-4)
    np.testing.assert_allclose([one.val_loss for one in epochs], history["val_loss"], rtol=1e-4)
    if output == "softmax":
        np.testing.assert_allclose([one.accuracy for one in epochs], history["accuracy"], atol=1e-6)
    weights = [each for pair in zip(net.weights, net.biases, strict=True) for each in pair]
    for mine, theirs_ in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs_, atol=2e-4)


def test_gradients_are_slopes() -> None:
    net = mlp.MLP((4, 6, 3), "tanh", "softmax", seed=2, l2=0.05)
    net.weights = [w.astype(np.float64) for w in net.weights]
    net.biases = [b.astype(np.float64) for b in net.biases]
    x, y = batch("softmax")
    for parameter, gradient in zip(net.parameters, net.gradients(x, y), strict=True):
        place = (0,) * parameter.ndim
        before, h = parameter[place], 1e-3
        parameter[place] = before + h
        above = net.scores(x, y)[0]
        parameter[place] = before - h
        below = net.scores(x, y)[0]
        parameter[place] = before
        assert gradient[place] == pytest.approx((above - below) / (2 * h), abs=1e-4)


def test_dropout_leaves_the_mean_and_is_off_outside_of_training() -> None:
    net = mlp.MLP((4, 2000, 3), seed=0, dropout=0.5)
    x, _ = batch("softmax")
    kept = net._forward(x, net.rng)[0][1]
    whole = net.layers(x)[1]
    assert 0.45 < np.mean(kept[whole > 0] == 0) < 0.55
    assert kept.mean() == pytest.approx(whole.mean(), rel=0.05)
    np.testing.assert_array_equal(net.predict(x), net.predict(x))


def test_dropped_units_get_no_gradient() -> None:
    net = mlp.MLP((4, 50, 3), "tanh", seed=0, dropout=0.6)
    x, y = batch("softmax")
    state = net.rng.bit_generator.state
    mask = net._forward(x[:1], net.rng)[1][0]
    net.rng.bit_generator.state = state
    first = net.gradients(x[:1], y[:1], training=True)[0]
    dropped = mask[0] == 0
    assert dropped.any() and not first[:, dropped].any() and first[:, ~dropped].any()
