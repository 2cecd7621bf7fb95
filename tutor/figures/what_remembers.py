"""A plain RNN, an LSTM and a GRU, trained side by side to remember the first symbol of a sequence.

    x₁, …, x_T    symbols, each one of 4, drawn at random        the class: x₁

The last state of each has to hold what came first (Hochreiter and Schmidhuber, 1997, have tasks of this kind). Same
sequences in the same order, same size of the state, same steps. How each starts is on controls, because it decides.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.multilayer import Adam
from tutor.figures.shared.recurrent import Kind, Recurrent, Start, clip
from tutor.figures.shared.training_pace import paced
from tutor.plots.scene import Chart, Guide, Pick, Raster, Scene, Series, Slider
from tutor.words import short

SYMBOLS, UNITS, BATCH, STEPS, EVERY, RATE, LONGEST, HELD = 4, 24, 32, 600, 10, 0.01, 1.0, 300
LENGTHS = (10, 15, 30, 45)
LEARNED = 0.95
FAINTEST = -6.0
"""Shading: powers of ten of the largest slope of a row, down to this one."""
KINDS: dict[Kind, str] = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
CONTROLS = (
    Slider("length", "length", 30, LENGTHS[0], LENGTHS[-1], stops=LENGTHS, whole=True, help="symbols in a sequence"),
    Pick("start", "U starts", "orthogonal", ("orthogonal", "glorot"), help="how the weights between states begin"),
    Slider("bias", "gate bias", 1, 1, 3, stops=(1, 3), whole=True, help="at first, of the gate that keeps the state"),
    Slider("draw", "draw", 1, 1, 5, 1, whole=True, help="other sequences, another start"),
)


class RaceStanding(NamedTuple):
    """accuracy: after each `EVERY` steps, from 0. before, now: how strongly each step counts, shape (time,)."""

    accuracy: list[float]
    before: npt.NDArray[np.floating]
    now: npt.NDArray[np.floating]


Race = dict[Kind, RaceStanding]
Sequences = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]


def draw(s: ControlValues) -> Iterator[Scene]:
    """The accuracy of each as it grows, and how far back each looks."""
    length = int(s["length"])
    for race in paced(train(length, s.word("start"), s["bias"], int(s["draw"]))):
        yield scene(race, length)


def sequences(rng: np.random.Generator, count: int, length: int) -> Sequences:
    """One-hot symbols, shape (count, length, 4), and the first symbol of each."""
    symbols = rng.integers(0, SYMBOLS, (count, length))
    return np.eye(SYMBOLS, dtype=np.float32)[symbols], symbols[:, 0]


def train(length: int, start: str, bias: float, seed: int) -> Iterator[Race]:
    """How all three stand, before and after each `EVERY` steps."""
    held = sequences(np.random.default_rng(10_000 + seed), HELD, length)
    few = held[0][:40], held[1][:40]
    how: Start = "orthogonal" if start == "orthogonal" else "glorot"
    networks = {
        kind: Recurrent(kind, SYMBOLS, UNITS, SYMBOLS, start=how, gate_bias=bias, seed=seed) for kind in KINDS
    }
    optimizers = {kind: Adam(RATE) for kind in KINDS}
    before = {kind: net.looks_back(*few) for kind, net in networks.items()}
    race = {kind: RaceStanding([net.scores(*held)[1]], before[kind], before[kind]) for kind, net in networks.items()}
    yield race
    rng = np.random.default_rng(seed)
    for _ in range(STEPS // EVERY):
        batches = [sequences(rng, BATCH, length) for _ in range(EVERY)]
        for kind, net in networks.items():
            for batch in batches:
                gradients = net.gradients(*batch)
                clip(gradients, LONGEST)
                optimizers[kind].step(net.parameters, gradients)
            accuracy = [*race[kind].accuracy, net.scores(*held)[1]]
            race[kind] = RaceStanding(accuracy, before[kind], net.looks_back(*few))
        yield dict(race)


@functools.cache
def guessing(length: int) -> float:
    """Share that is right for who sees which symbols come how often, but not where: the commonest of them."""
    symbols = np.random.default_rng(0).integers(0, SYMBOLS, (2_000, length))
    most = np.max([(symbols == k).sum(axis=1) for k in range(SYMBOLS)], axis=0)
    return float(most.mean() / length)


# ------------------------------------------------------------------ the picture


def scene(race: Race, length: int) -> Scene:
    """Accuracy over the steps, and two shaded rows for each network."""
    return Scene(panels=(curves(race, length), shading(race)), words=in_words(race, length), shares=(37, 41), height=14)


def curves(race: Race, length: int) -> Chart:
    """Share of held-out sequences whose first symbol each names. The axes stand still."""
    series = []
    for k, (kind, name) in enumerate(KINDS.items()):
        accuracy = race[kind].accuracy
        steps = tuple(float(EVERY * i) for i in range(len(accuracy)))
        series.append(Series(steps, tuple(accuracy), name, colour=k, dash=k))
    return Chart(
        tuple(series),
        title="share that is right",
        xlabel="step",
        xlimits=(0.0, float(STEPS)),
        ylimits=(0.0, 1.0),
        guides=(Guide("y", guessing(length), "commonest"),),
        whole_x=True,
    )


def shading(race: Race) -> Raster:
    """How much the right score depends on each symbol, in powers of ten of the largest of its row."""
    rows, labels = [], []
    for kind, name in KINDS.items():
        for label, slopes in ((f"{name} 0", race[kind].before), ("now", race[kind].now)):
            wide = np.repeat(powers(slopes), max(30 // len(slopes), 1))  # short sequences fill the same width
            rows += [tuple(wide.tolist())] * 3
            labels.append(label)
    return Raster(
        tuple(rows),
        title="looks at, in powers of ten",
        low=FAINTEST,
        high=0.0,
        rows=tuple(labels),
        xlabel="first … last",
        tint="heat",
    )


def powers(slopes: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Powers of ten of the largest, no fainter than FAINTEST."""
    slopes = np.nan_to_num(np.asarray(slopes, float))
    largest = float(slopes.max())
    if largest <= 0:
        return np.full(len(slopes), FAINTEST)
    return np.asarray(np.maximum(np.log10(np.maximum(slopes / largest, 1e-30)), FAINTEST))


# ------------------------------------------------------------------ the words


def learned_at(accuracy: list[float]) -> int | None:
    """The step from which on the accuracy never was below LEARNED again, None where it is below at the end."""
    below = [i for i, a in enumerate(accuracy) if a < LEARNED]
    first = below[-1] + 1 if below else 0
    return EVERY * first if first < len(accuracy) else None


def in_words(race: Race, length: int) -> str:
    """Who has learned it and when, and what each looks at; every claim from the numbers."""
    done = EVERY * (len(race["rnn"].accuracy) - 1)
    shares = ", ".join(f"{name} {race[kind].accuracy[-1]:.2f}" for kind, name in KINDS.items())
    if done < STEPS:
        return f"Training: step {done} of {STEPS}. Right so far: {shares}."
    when = {name: learned_at(race[kind].accuracy) for kind, name in KINDS.items()}
    there = sorted((step, name) for name, step in when.items() if step is not None)
    text = f"Right on held-out sequences after {STEPS} steps: {shares}."
    if not there:
        return f"{text} None of the three has learned it. {_reach(race, length)}"
    order = ", ".join(f"the {name} from step {step}" for step, name in there)
    text += f" At least {LEARNED:.2f} for good: {order}."
    missing = [name for name, step in when.items() if step is None]
    if missing:
        text += f" Not there yet: {' and '.join(missing)}."
    return f"{text} {_reach(race, length)}"


def _reach(race: Race, length: int) -> str:
    """How much of the largest slope the first symbol had, at the start."""
    told = []
    for kind, name in KINDS.items():
        slopes = race[kind].before
        told.append(f"{name} {short(float(slopes[0] / slopes.max()), 2)}")
    return f"Before training the slope at the first of {length} symbols was {', '.join(told)} of the largest."
