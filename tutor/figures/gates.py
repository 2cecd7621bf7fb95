"""LSTM and GRU with one unit, over time: what the gates do, and what the cell and the state make of it.

    LSTM    C_t = f_t C_{t−1} + i_t g_t        h_t = o_t tanh(C_t)        (Hochreiter and Schmidhuber, 1997; Gers, 2000)
    GRU     h_t = (1 − z_t) h_{t−1} + z_t g_t                            (Cho et al., 2014)

The weights are set by hand: the gate that lets something in listens to the size of the input, as one that was trained
to note what is large would, and the gates that keep and let out have a bias only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Chart, Guide, Pick, Scene, Series, Slider, Stepper, TextPanel
from tutor.words import short

Array = npt.NDArray[np.float64]

STEPS = 24
INPUTS: dict[str, dict[int, float]] = {
    "one": {3: 1.0},
    "two": {3: 1.0, 14: -1.0},
    "many": {2: 1.0, 6: 1.0, 10: 1.0, 14: 1.0, 18: 1.0},
}
"""step: value; all others are 0."""
CONTROLS = (
    Stepper("t", "t", STEPS, STEPS, help="how many steps have been taken"),
    Pick("cell", "cell", "lstm", ("lstm", "gru"), help="which of the two"),
    Slider("keep", "keep", 3.0, -4.0, 8.0, 0.5, help="LSTM: bias of the forget gate. GRU: minus the bias of z"),
    Slider("open", "open", 8.0, 0.0, 12.0, 1.0, help="how strongly an input opens the gate that lets it in"),
    Slider("out", "out", 2.0, -4.0, 6.0, 0.5, help="LSTM: bias of the output gate. GRU: bias of the reset gate"),
    Pick("input", "inputs", "one", (*INPUTS, "noise"), help="one, two or many signals among zeros, or noise"),
)
SHUT = -4.0
"""Bias of the LSTM's input gate: shut while nothing comes in."""


class GatedPass(NamedTuple):
    """x: x₁ … x_T. gates: letter and values of each gate. kept: the factor of the old value, step by step. cell: C, of
    an LSTM only. h: the states."""

    x: Array
    gates: dict[str, Array]
    kept: Array
    cell: Array
    h: Array


def draw(s: ControlValues) -> Scene:
    """Gates above or left, memory below or right, and the sum worked out at step t."""
    t, cell = int(s["t"]), s.word("cell")
    x = series(s.word("input"), s.seed)
    run = (lstm if cell == "lstm" else gru)(x, s["keep"], s["open"], s["out"])
    return Scene(
        panels=(gates(run, t), memory(run, t), worked_out(run, t)),
        words=in_words(run, t, cell),
        shares=(30, 30, 16),
        height=14,
    )


def series(kind: str, seed: int) -> Array:
    """The inputs."""
    if kind == "noise":
        return np.asarray(np.random.default_rng(seed + 5).normal(0, 0.5, STEPS))
    x = np.zeros(STEPS)
    for step, value in INPUTS[kind].items():
        x[step - 1] = value
    return x


def sigmoid(o: Array | float) -> Array:
    """Right at both ends."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * np.asarray(o))))


def lstm(x: Array, keep: float, opened: float, out: float) -> GatedPass:
    """The forget and output gates have a bias only; the candidate is tanh(2x)."""
    f, o = np.full(STEPS, sigmoid(keep)), np.full(STEPS, sigmoid(out))
    i, g = sigmoid(opened * np.abs(x) + SHUT), np.tanh(2 * x)
    c, cells = 0.0, []
    for k in range(STEPS):
        c = f[k] * c + i[k] * g[k]
        cells.append(c)
    cell = np.array(cells)
    return GatedPass(x, {"f": f, "i": i, "o": o}, f, cell, o * np.tanh(cell))


def gru(x: Array, keep: float, opened: float, out: float) -> GatedPass:
    """The update gate opens for an input; the candidate is tanh(2x + r · h)."""
    z, r = sigmoid(opened * np.abs(x) - keep), np.full(STEPS, sigmoid(out))
    h, states = 0.0, []
    for k in range(STEPS):
        h = (1 - z[k]) * h + z[k] * np.tanh(2 * x[k] + r[k] * h)
        states.append(h)
    return GatedPass(x, {"z": z, "r": r}, 1 - z, np.array([]), np.array(states))


def gates(run: GatedPass, t: int) -> Chart:
    """Every gate between shut (0) and open (1)."""
    steps = tuple(range(1, t + 1))
    lines = [
        Series(steps, tuple(values[:t].tolist()), label, colour=k, dash=k % 3)
        for k, (label, values) in enumerate(run.gates.items())
    ]
    return Chart(
        series=tuple(lines), title="gates: 0 shut, 1 open", xlabel="step",
        xlimits=(1.0, float(STEPS)), ylimits=(-0.05, 1.05), whole_x=True,
    )  # fmt: skip


def memory(run: GatedPass, t: int) -> Chart:
    """Input, cell and state."""
    steps = tuple(range(1, t + 1))
    lines = [Series(steps, tuple(run.x[:t].tolist()), "x", kind="stem", colour=1, dash=2)]
    if len(run.cell):
        lines.append(Series(steps, tuple(run.cell[:t].tolist()), "C", colour=3))
    lines.append(Series(steps, tuple(run.h[:t].tolist()), "h", colour=0, dash=1 if len(run.cell) else 0))
    top = max(float(np.abs(run.cell).max(initial=0.0)), float(np.abs(run.x).max()), 1.0) * 1.1
    return Chart(
        series=tuple(lines), title="memory", xlabel="step",
        xlimits=(1.0, float(STEPS)), ylimits=(-top, top), guides=(Guide("y", 0.0),), whole_x=True,
    )  # fmt: skip


def worked_out(run: GatedPass, t: int) -> TextPanel:
    """The numbers of step t."""
    if t == 0:
        return TextPanel(("nothing yet",), title="t = 0")
    rows = [("x", run.x[t - 1]), *((label, values[t - 1]) for label, values in run.gates.items())]
    rows += [("C", run.cell[t - 1])] if len(run.cell) else []
    rows.append(("h", run.h[t - 1]))
    return TextPanel(tuple(f"{label:<3}{short(float(value), 3):>9}" for label, value in rows), title=f"t = {t}")


def in_words(run: GatedPass, t: int, cell: str) -> str:
    """How much of the first signal, or of the first step, is left at step t: the product of what was kept since."""
    if t == 0:
        return "Nothing has come in yet."
    came = np.flatnonzero(run.x)
    start = int(came[0]) + 1
    what = "cell" if cell == "lstm" else "state"
    if t <= start:
        return f"At step {t} the {what} stands at {short(float((run.cell if cell == 'lstm' else run.h)[t - 1]), 3)}."
    left = float(np.prod(run.kept[start:t]))
    span = f"{t - start} step{'s' * (t - start > 1)}"
    per = "f" if cell == "lstm" else "1 − z"
    text = f"Of what the {what} held at step {start}, the factors {per} of the next {span} keep {amount(left)}"
    return text + ending(left)


def amount(left: float) -> str:
    """As a percentage where that can be read."""
    return f"{short(100 * left, 3)} %" if left >= 1e-4 else short(left, 2)


def ending(left: float) -> str:
    """Whether it remembers."""
    if left > 0.5:
        return ": it is remembered."
    return ": it is fading." if left > 0.05 else ": it is as good as forgotten."
