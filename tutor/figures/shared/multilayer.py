"""A multi-layer perceptron in numpy, for the figures that train: ready at once, without Keras.

It starts, steps and counts as Keras does with its defaults (tests hold it to that): Glorot uniform weights and zero
biases, batches in a new order each epoch, losses of an epoch averaged over its batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Hidden = Literal["relu", "tanh", "sigmoid", "identity"]
Output = Literal["softmax", "sigmoid", "identity"]

TINY = 1e-7
"""Probabilities are kept this far from 0 and 1 inside a logarithm, as in Keras."""


def _sigmoid(z: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * z)), z.dtype)


_HIDDEN: dict[Hidden, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(a.dtype)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "sigmoid": (_sigmoid, lambda a: a * (1 - a)),
    "identity": (lambda z: z, np.ones_like),
}
"""Each hidden activation, and its slope from what it gave."""


class MLP:
    """sizes: units of each layer, from the inputs to the outputs: (4, 256, 3). The loss goes with the output: softmax
    and sigmoid have cross-entropy, identity the mean squared error. l2: factor of the sum of all squared weights
    (not biases) in the loss. dropout: share of each hidden layer's outputs that is left out while training, the others
    being scaled up (Srivastava et al., 2014)."""

    def __init__(
        self, sizes: Sequence[int], hidden: Hidden = "relu", output: Output = "softmax", *,
        seed: int = 0, l2: float = 0.0, dropout: float = 0.0,
    ) -> None:  # fmt: skip
        self.rng = np.random.default_rng(seed)
        self.weights: list[Array] = []  # of layer l: shape (sizes[l], sizes[l + 1])
        self.biases: list[Array] = []  # of layer l: shape (sizes[l + 1],)
        for inputs, outputs in pairwise(sizes):
            limit = np.sqrt(6 / (inputs + outputs))  # Glorot and Bengio, 2010
            self.weights.append(self.rng.uniform(-limit, limit, (inputs, outputs)).astype(np.float32))
            self.biases.append(np.zeros(outputs, np.float32))
        self.output, self.l2, self.dropout = output, l2, dropout
        self._activate, self._slope = _HIDDEN[hidden]

    @property
    def parameters(self) -> list[Array]:
        """All weights, then all biases: the arrays themselves, to be changed in place."""
        return [*self.weights, *self.biases]

    # ------------------------------------------------------------------ forward

    def predict(self, x: npt.ArrayLike) -> Array:
        """x: shape (n, inputs). Shape (n, outputs): probabilities, or numbers for the identity."""
        return self.layers(x)[-1]

    def layers(self, x: npt.ArrayLike) -> list[Array]:
        """What every layer gives, the inputs first, nothing dropped."""
        return self._forward(np.asarray(x, np.float32), None)[0]

    def _forward(self, x: Array, rng: np.random.Generator | None) -> tuple[list[Array], list[Array | None]]:
        """Outputs of every layer and the masks on the hidden ones; rng: draws the masks, None while not training."""
        given, masks = [x], []
        last = len(self.weights) - 1
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = given[-1] @ w + b
            mask = None
            if layer == last:
                a = self._put_out(z)
            else:
                a = self._activate(z)
                if rng is not None and self.dropout:
                    mask = (rng.random(a.shape) >= self.dropout).astype(np.float32) / np.float32(1 - self.dropout)
            masks.append(mask)
            given.append(a if mask is None else a * mask)
        return given, masks

    def _put_out(self, z: Array) -> Array:
        if self.output == "softmax":
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return np.asarray(e / e.sum(axis=1, keepdims=True), np.float32)
        return _sigmoid(z) if self.output == "sigmoid" else z

    # ------------------------------------------------------------------ loss

    def penalty(self) -> float:
        """l2 times the sum of all squared weights."""
        return self.l2 * float(sum((w * w).sum() for w in self.weights)) if self.l2 else 0.0

    def scores(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[float, float]:
        """(loss with its penalty, accuracy). y: class numbers for softmax, shape (n,), else shape (n, outputs)."""
        loss, accuracy = self._scores(self.predict(x), self._targets(y))
        return loss + self.penalty(), accuracy

    def _targets(self, y: npt.ArrayLike) -> Array:
        if self.output == "softmax":
            rows: Array = np.eye(len(self.biases[-1]), dtype=np.float32)[np.asarray(y, int)]
            return rows
        targets: Array = np.asarray(y, np.float32)
        return targets[:, None] if targets.ndim == 1 else targets

    def _scores(self, p: Array, y: Array) -> tuple[float, float]:
        if self.output == "identity":
            return float(np.mean((p - y) ** 2)), float("nan")
        q = np.clip(p, TINY, 1 - TINY)
        if self.output == "softmax":
            right = p.argmax(axis=1) == y.argmax(axis=1)
            return float(-np.mean(np.log(q)[y > 0])), float(right.mean())
        return float(-np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))), float(((p > 0.5) == (y > 0.5)).mean())

    # ------------------------------------------------------------------ backward

    def gradients(self, x: npt.ArrayLike, y: npt.ArrayLike, *, training: bool = False) -> list[Array]:
        """Of the loss with its penalty, in the order of `parameters` (Rumelhart, Hinton and Williams, 1986).
        training: with dropout."""
        return self._backward(np.asarray(x, np.float32), self._targets(y), training)[0]

    def _backward(self, x: Array, y: Array, training: bool) -> tuple[list[Array], Array]:
        """The gradients, and what the network gave."""
        given, masks = self._forward(x, self.rng if training else None)
        p = given[-1]
        # softmax and sigmoid with cross-entropy, and the identity with squares, all leave this at the last sums
        scale = (2 if self.output == "identity" else 1) / (len(x) if self.output == "softmax" else y.size)
        delta = (p - y) * np.float32(scale)
        of_weights: list[Array] = []
        of_biases: list[Array] = []
        for layer in reversed(range(len(self.weights))):
            of_weights.insert(0, given[layer].T @ delta + np.float32(2 * self.l2) * self.weights[layer])
            of_biases.insert(0, delta.sum(axis=0))
            if layer:
                mask, a = masks[layer - 1], given[layer]
                delta = delta @ self.weights[layer].T
                if mask is not None:
                    delta = delta * mask
                    a = np.where(mask > 0, a / np.maximum(mask, 1), 0)  # what the layer gave before the mask
                delta = delta * self._slope(a)
        return [*of_weights, *of_biases], p

    # ------------------------------------------------------------------ training

    def fit(
        self, x: npt.ArrayLike, y: npt.ArrayLike, epochs: int, optimizer: Optimizer, *, batch: int = 32,
        validation: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    ) -> Iterator[Epoch]:  # fmt: skip
        """One Epoch after another, from 0. The network is trained as far as it was asked for."""
        x, y = np.asarray(x, np.float32), np.asarray(y)
        targets = self._targets(y)
        for epoch in range(epochs):
            order = self.rng.permutation(len(x))
            sums = np.zeros(2)
            for start in range(0, len(x), batch):
                rows = order[start : start + batch]
                penalty = self.penalty()
                gradients, p = self._backward(x[rows], targets[rows], True)
                loss, accuracy = self._scores(p, targets[rows])
                sums += np.array([loss + penalty, accuracy]) * len(rows)
                optimizer.step(self.parameters, gradients)
            loss, accuracy = sums / len(x)
            held = self.scores(*validation) if validation is not None else (float("nan"), float("nan"))
            yield Epoch(epoch, float(loss), float(accuracy), *held)


class Epoch(NamedTuple):
    """Means over the batches of an epoch, and the scores of the validation data after it (NaN where there is none)."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


class Optimizer(Protocol):
    def step(self, parameters: list[Array], gradients: list[Array]) -> None:
        """Change the parameters in place."""


class SGD:
    """w ← w + v with v ← momentum · v − rate · gradient, as Keras has it."""

    def __init__(self, rate: float = 0.01, momentum: float = 0.0) -> None:
        self.rate, self.momentum = rate, momentum
        self._velocities: list[Array] = []

    def step(self, parameters: list[Array], gradients: list[Array]) -> None:
        if not self._velocities:
            self._velocities = [np.zeros_like(p) for p in parameters]
        for p, g, v in zip(parameters, gradients, self._velocities, strict=True):
            v *= np.float32(self.momentum)
            v -= np.float32(self.rate) * g
            p += v


class Adam:
    """Kingma and Ba, 2015, algorithm 1 in the form of the end of its section 2, as Keras has it: both bias corrections
    in the rate, and eps added to the root of the uncorrected second moment."""

    def __init__(self, rate: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, eps: float = 1e-7) -> None:
        self.rate, self.beta_1, self.beta_2, self.eps = rate, beta_1, beta_2, eps
        self._moments: list[tuple[Array, Array]] = []
        self._steps = 0

    def step(self, parameters: list[Array], gradients: list[Array]) -> None:
        if not self._moments:
            self._moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        self._steps += 1
        rate = self.rate * np.sqrt(1 - self.beta_2**self._steps) / (1 - self.beta_1**self._steps)
        for p, g, (m, v) in zip(parameters, gradients, self._moments, strict=True):
            m += np.float32(1 - self.beta_1) * (g - m)
            v += np.float32(1 - self.beta_2) * (g * g - v)
            p -= np.float32(rate) * m / (np.sqrt(v) + np.float32(self.eps))
