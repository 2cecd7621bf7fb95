"""Small recurrent networks in numpy, trained by backpropagation through time, for the figures: ready at once.

A plain RNN, an LSTM and a GRU read a sequence, and a softmax on the last state says which class it is. Weights, gates
and the order of the gates are those of Keras (tests hold them to that): LSTM i, f, c, o; GRU z, r, h with
`reset_after=False`. The gradients are tested against finite differences.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating]
Kind = Literal["rnn", "lstm", "gru"]
Start = Literal["orthogonal", "glorot"]

GATES = {"rnn": 1, "lstm": 4, "gru": 3}
"""Blocks of `units` columns in each weight matrix."""


class Trace(NamedTuple):
    """A pass through the sequence. states[t]: shape (n, units), states[0] is zero. kept[t]: what the way back needs."""

    states: list[Array]
    kept: list[tuple[Array, ...]]
    probabilities: Array


class Recurrent:
    """parameters: W (inputs, gates · units), U (units, gates · units), b, then V (units, classes) and c.

    start: how each block of U begins. gate_bias: of the gate that keeps the old state (LSTM: forget, GRU: z).
    """

    def __init__(
        self, kind: Kind, inputs: int, units: int, classes: int, *,
        start: Start = "orthogonal", gate_bias: float = 1.0, seed: int = 0, dtype: type = np.float32,
    ) -> None:  # fmt: skip
        rng = np.random.default_rng(seed)
        gates = GATES[kind]
        self.kind, self.units = kind, units
        draw = _orthogonal if start == "orthogonal" else _glorot
        b = np.zeros(gates * units)
        if kind != "rnn":
            keeps = 1 if kind == "lstm" else 0
            b[keeps * units : (keeps + 1) * units] = gate_bias
        drawn = (
            _glorot(rng, inputs, gates * units),
            draw(rng, units, gates * units),
            b,
            _glorot(rng, units, classes),
            np.zeros(classes),
        )
        self.parameters: list[Array] = [p.astype(dtype) for p in drawn]

    # ------------------------------------------------------------------ forward

    def forward(self, x: Array) -> Trace:
        """x: shape (n, time, inputs)."""
        w, _, b, v, c = self.parameters
        sums = x @ w + b
        step = _FORWARD[self.kind]
        zero = np.zeros((len(x), self.units), w.dtype)
        state: tuple[Array, ...] = (zero, zero)
        states, kept = [zero], []
        for t in range(x.shape[1]):
            state, needed = step(sums[:, t], state, self.parameters[1])
            states.append(state[0])
            kept.append(needed)
        return Trace(states, kept, _softmax(states[-1] @ v + c))

    def scores(self, x: Array, y: npt.NDArray[np.int64]) -> tuple[float, float]:
        """(cross-entropy, share that is right). y: class numbers."""
        p = self.forward(x).probabilities
        return float(-np.log(p[np.arange(len(y)), y] + 1e-7).mean()), float((p.argmax(axis=1) == y).mean())

    # ------------------------------------------------------------------ backward

    def gradients(self, x: Array, y: npt.NDArray[np.int64]) -> list[Array]:
        """Of the mean cross-entropy, in the order of `parameters`."""
        trace = self.forward(x)
        delta = trace.probabilities.copy()
        delta[np.arange(len(y)), y] -= 1
        delta /= len(y)
        d_u, d_sums = self._back(trace, delta)
        d_w = sum((x[:, t].T @ d for t, d in enumerate(d_sums)), np.zeros_like(self.parameters[0]))
        d_b = sum((d.sum(axis=0) for d in d_sums), np.zeros_like(self.parameters[2]))
        return [d_w, d_u, d_b, trace.states[-1].T @ delta, delta.sum(axis=0)]

    def looks_back(self, x: Array, y: npt.NDArray[np.int64]) -> Array:
        """How strongly the score of class y depends on the input of each step: mean length of its slope, (time,)."""
        trace = self.forward(x)
        d_sums = self._back(trace, np.eye(trace.probabilities.shape[1], dtype=x.dtype)[y])[1]
        return np.array([np.linalg.norm(d @ self.parameters[0].T, axis=1).mean() for d in d_sums])

    def _back(self, trace: Trace, delta: Array) -> tuple[Array, list[Array]]:
        """Through time: slopes for U, and for the sums of every step, each (n, gates · units). delta: of the scores."""
        u, v = self.parameters[1], self.parameters[3]
        d_state: tuple[Array, ...] = (delta @ v.T, np.zeros_like(trace.states[0]))
        d_u = np.zeros_like(u)
        d_sums: list[Array] = []
        for t in reversed(range(len(trace.kept))):
            d_sum, d_state = _BACKWARD[self.kind](d_state, trace.states[t], trace.kept[t], u, d_u)
            d_sums.append(d_sum)
        return d_u, d_sums[::-1]


# ------------------------------------------------------------------ one step, forward and back


def _rnn(sums: Array, state: tuple[Array, ...], u: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    h = np.tanh(sums + state[0] @ u)
    return (h, state[1]), (h,)


def _rnn_back(
    d_state: tuple[Array, ...], h: Array, kept: tuple[Array, ...], u: Array, d_u: Array
) -> tuple[Array, tuple[Array, ...]]:
    d_sum = d_state[0] * (1 - kept[0] ** 2)
    d_u += h.T @ d_sum
    return d_sum, (d_sum @ u.T, d_state[1])


def _lstm(sums: Array, state: tuple[Array, ...], u: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    h, c = state
    k = h.shape[1]
    z = sums + h @ u
    i, f, o = _sigmoid(z[:, :k]), _sigmoid(z[:, k : 2 * k]), _sigmoid(z[:, 3 * k :])
    g = np.tanh(z[:, 2 * k : 3 * k])
    new = f * c + i * g
    out = np.tanh(new)
    return (o * out, new), (i, f, g, o, c, out)


def _lstm_back(
    d_state: tuple[Array, ...], h: Array, kept: tuple[Array, ...], u: Array, d_u: Array
) -> tuple[Array, tuple[Array, ...]]:
    d_h, d_c = d_state
    i, f, g, o, c, out = kept
    d_c = d_c + d_h * o * (1 - out * out)
    parts = (d_c * g * i * (1 - i), d_c * c * f * (1 - f), d_c * i * (1 - g * g), d_h * out * o * (1 - o))
    d_sum = np.concatenate(parts, axis=1)
    d_u += h.T @ d_sum
    return d_sum, (d_sum @ u.T, d_c * f)


def _gru(sums: Array, state: tuple[Array, ...], u: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    h = state[0]
    k = h.shape[1]
    gates = _sigmoid(sums[:, : 2 * k] + h @ u[:, : 2 * k])
    z, r = gates[:, :k], gates[:, k:]
    new = np.tanh(sums[:, 2 * k :] + (r * h) @ u[:, 2 * k :])
    return (z * h + (1 - z) * new, state[1]), (z, r, new)


def _gru_back(
    d_state: tuple[Array, ...], h: Array, kept: tuple[Array, ...], u: Array, d_u: Array
) -> tuple[Array, tuple[Array, ...]]:
    d_h = d_state[0]
    z, r, new = kept
    k = h.shape[1]
    d_new = d_h * (1 - z) * (1 - new * new)
    d_reset = d_new @ u[:, 2 * k :].T  # of r · h
    gates = np.concatenate((d_h * (h - new) * z * (1 - z), d_reset * h * r * (1 - r)), axis=1)
    d_u[:, : 2 * k] += h.T @ gates
    d_u[:, 2 * k :] += (r * h).T @ d_new
    before = d_h * z + d_reset * r + gates @ u[:, : 2 * k].T
    return np.concatenate((gates, d_new), axis=1), (before, d_state[1])


_Forward = Callable[[Array, tuple[Array, ...], Array], tuple[tuple[Array, ...], tuple[Array, ...]]]
_Backward = Callable[[tuple[Array, ...], Array, tuple[Array, ...], Array, Array], tuple[Array, tuple[Array, ...]]]
_FORWARD: dict[str, _Forward] = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}
_BACKWARD: dict[str, _Backward] = {"rnn": _rnn_back, "lstm": _lstm_back, "gru": _gru_back}


def _sigmoid(z: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * z)), z.dtype)


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


# ------------------------------------------------------------------ starts


def _glorot(rng: np.random.Generator, inputs: int, outputs: int) -> Array:
    """Glorot and Bengio, 2010, over the whole matrix, as Keras has it."""
    limit = np.sqrt(6 / (inputs + outputs))
    return rng.uniform(-limit, limit, (inputs, outputs))


def _orthogonal(rng: np.random.Generator, inputs: int, outputs: int) -> Array:
    """Rows at right angles and of length 1, over the whole matrix, as Keras has it (Saxe et al., 2014)."""
    q, r = np.linalg.qr(rng.normal(size=(outputs, inputs)))
    return np.asarray((q * np.sign(np.diag(r))).T)


def clip(gradients: list[Array], longest: float) -> None:
    """Shorten the gradients in place where all of them together are longer than this."""
    length = float(np.sqrt(sum(float((g * g).sum()) for g in gradients)))
    if length > longest:
        for g in gradients:
            g *= longest / length
