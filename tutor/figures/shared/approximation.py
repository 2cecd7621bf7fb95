"""A curve and one hidden layer of sigmoid neurons that follows it: ŷ(x) = ∑ vₖ σ(wₖx + bₖ) + b on −1 … 1.

picked: neurons taken one after the other from a list of candidates, each time the one that makes the squared error
smallest once all output weights are solved for (orthogonal least squares: Chen, Cowan and Grant, Orthogonal least
squares learning algorithm for radial basis function networks, IEEE Trans. Neural Networks 2, 1991); then all their
weights tuned together (Levenberg and Marquardt: Marquardt, J. SIAM 11, 1963).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Curve: TypeAlias = Callable[[Array], Array]
X: Array = np.linspace(-1.0, 1.0, 201)
"""Where errors are measured, and where the curve is known unless only points of it are."""
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 30, 50)
"""Numbers of hidden neurons that a learner can choose."""
POINTS, NOISE = 20, 0.25
JUMP, LOW, HIGH = 0.205, -0.6, 0.8


def _bumps(x: Array) -> Array:
    return np.asarray(1.8 * np.exp(-(((x + 0.45) / 0.12) ** 2)) + 1.1 * np.exp(-(((x - 0.4) / 0.3) ** 2)) - 0.9)


TARGETS: dict[str, Curve] = {
    "wave": lambda x: np.sin(5 * x),
    "bumps": _bumps,
    "zigzag": lambda x: 2 / np.pi * np.arcsin(np.sin(2.5 * np.pi * x)),
    "jump": lambda x: np.where(x < JUMP, LOW, HIGH),
}


@dataclass(frozen=True)
class Neurons:
    """w, b, v: weights in, biases and weights out of the hidden neurons, shape (H,); b_out: bias of the output."""

    w: Array
    b: Array
    v: Array
    b_out: float

    def parts(self, x: Array) -> Array:
        """vₖ σ(wₖx + bₖ): what each neuron adds, shape (n, H)."""
        return self.v * sigmoid(x[:, None] * self.w + self.b)

    def __call__(self, x: Array, /) -> Array:
        return np.asarray(self.parts(x).sum(axis=1) + self.b_out)


def sigmoid(o: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * o)))


def sample(target: str, noisy: bool, seed: int) -> tuple[Array, Array]:
    """What the network is fitted to: the whole curve, or a few points with an error in each y."""
    if not noisy:
        return X, TARGETS[target](X)
    chance = np.random.default_rng(seed)
    x = np.sort(chance.uniform(-1, 1, POINTS))
    return x, TARGETS[target](x) + NOISE * chance.normal(size=POINTS)


@cache
def candidates() -> tuple[Array, Array]:
    """Weights and biases of 400 neurons: 40 places for the step, 10 steepnesses."""
    slopes, places = np.meshgrid(np.geomspace(2.0, 200.0, 10), np.linspace(-1.05, 1.05, 40), indexing="ij")
    return slopes.ravel(), (-slopes * places).ravel()


@lru_cache(64)
def found(target: str, noisy: bool, seed: int, count: int) -> Neurons:
    """The neurons for this task: picked; where the whole curve is known, also tuned.

    Tuning can end in a worse place from more neurons. Then those of the next smaller size are taken, and the rest stay
    unused: what few can do, many can.
    """
    x, y = sample(target, noisy, seed)
    if noisy:
        return picked(x, y, count)
    net = tuned(picked(x, y, count), x, y, rounds=25 if count <= 8 else 12 if count <= 16 else 6)
    fewer = max((size for size in SIZES if size < count), default=0)
    if not fewer:
        return net
    small = found(target, noisy, seed, fewer)
    if ((small(x) - y) ** 2).sum() >= ((net(x) - y) ** 2).sum():
        return net
    unused = np.zeros(count - len(small.w))
    w, b, v = (np.concatenate([part, unused]) for part in (small.w, small.b, small.v))
    return Neurons(w, b, v, small.b_out)


def picked(x: Array, y: Array, count: int, least: float = 1e-3) -> Neurons:
    """At most `count` neurons: fewer where they meet the points exactly already. least: the share of a candidate that
    those before it cannot say, for it to be taken."""
    w, b = candidates()
    columns = sigmoid(x[:, None] * w + b)
    centred = columns - columns.mean(axis=0)
    sizes = (centred**2).sum(axis=0)
    left = sizes.copy()  # of each candidate's square, what those chosen cannot say
    rest, chosen = y - y.mean(), []
    basis = np.zeros((len(x), 0))
    enough = 1e-20 * float(rest @ rest)
    for _ in range(count):
        new = left > least * np.maximum(sizes, 1e-6)
        best = int(np.where(new, (rest @ centred) ** 2 / np.where(new, left, 1.0), 0.0).argmax())
        if not new[best] or float(rest @ rest) <= enough:
            break
        chosen.append(best)
        q = centred[:, best]
        for _ in range(2):  # twice is enough: once leaves rounding errors
            q = q - basis @ (basis.T @ q)
        q = q / np.linalg.norm(q)
        basis = np.column_stack([basis, q])
        rest = rest - q * (q @ rest)
        left = left - (q @ centred) ** 2
    outputs = np.column_stack([columns[:, chosen], np.ones(len(x))])
    solved = np.asarray(np.linalg.lstsq(outputs, y, rcond=1e-12)[0], np.float64)
    return Neurons(w[chosen], b[chosen], solved[:-1], float(solved[-1]))


def tuned(neurons: Neurons, x: Array, y: Array, rounds: int) -> Neurons:
    """All weights moved together to make the squared error smaller; never larger than before."""
    damping = 1e-3
    rest = neurons(x) - y
    for _ in range(rounds):
        s = sigmoid(x[:, None] * neurons.w + neurons.b)
        slope = neurons.v * s * (1 - s)
        jacobian = np.column_stack([slope * x[:, None], slope, s, np.ones(len(x))])
        square = jacobian.T @ jacobian
        square[np.diag_indices_from(square)] *= 1 + damping
        square[np.diag_indices_from(square)] += 1e-9
        moves = np.split(np.linalg.solve(square, jacobian.T @ rest), np.arange(1, 4) * len(neurons.w))
        tried = Neurons(neurons.w - moves[0], neurons.b - moves[1], neurons.v - moves[2], neurons.b_out - moves[3][0])
        left = tried(x) - y
        better = float(left @ left) < float(rest @ rest)
        damping = max(damping / 5, 1e-8) if better else damping * 8
        if better:
            neurons, rest = tried, left
    return neurons


def errors(curve: Curve, target: str) -> tuple[float, float]:
    """(mean, largest) distance to the target; the largest also from both sides of a jump."""
    off = np.abs(curve(X) - TARGETS[target](X))
    largest = float(off.max())
    if target == "jump":
        there = float(curve(np.array([JUMP]))[0])
        largest = max(largest, abs(there - LOW), abs(there - HIGH))
    return float(off.mean()), largest
