"""A recurrent network with one unit, unrolled over time: its states on the way forward, its gradient on the way back.

    h_k = φ(w_x x_k + w_h h_{k−1})        ∂h_t/∂h_k = ∏_{j = k+1 … t} φ′(o_j) w_h

Every step multiplies by the same weight and by a slope of the activation, so that what is left of the gradient shrinks
or grows geometrically (Hochreiter, 1991; Bengio, Simard and Frasconi, 1994).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Chart, Edge, Guide, Network, Node, Panel, Pick, Scene, Series, Slider, Stepper
from tutor.words import short

Array = npt.NDArray[np.float64]

STEPS = 20
SHOWN = 3
"""Steps of the drawn network."""
PHI: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "tanh": (np.tanh, lambda o: 1 - np.tanh(o) ** 2),
    "identity": (lambda o: o, lambda o: np.ones_like(o)),
}
INPUTS = ("pulse", "waves", "noise", "nothing")
CONTROLS = (
    Stepper("t", "t", STEPS, STEPS, help="how many steps the network has taken"),
    Slider("wh", "w_h", 0.8, -2.0, 2.0, 0.1, help="recurrent weight: from one state to the next"),
    Slider("wx", "w_x", 1.0, -2.0, 2.0, 0.25, help="weight of the input"),
    Pick("input", "inputs", "pulse", INPUTS, help="the series: a 1 and then zeros, waves, noise, or zeros only"),
    Pick("activation", "φ", "tanh", tuple(PHI), help="activation"),
    Pick("view", "view", "both", ("network", "states", "gradient", "both"), help="what is shown"),
)
_SMALLEST = 1e-30
"""Sizes below it count as 0."""


class Unrolled(NamedTuple):
    """x: x₁ … x_t. h: h₀ … h_t. left: ∂h_t/∂h_k for k = 0 … t, the last one 1."""

    x: Array
    h: Array
    left: Array


def draw(s: ControlValues) -> Scene:
    """The steps so far, and what is left of the gradient on its way back from the last of them."""
    t, wh, phi, view = int(s["t"]), s["wh"], s.word("activation"), s.word("view")
    run = unrolled(series(s.word("input"), s.seed)[:t], s["wx"], wh, phi)
    panels: dict[str, tuple[Panel, ...]] = {
        "network": (network(run, s["wx"], wh),),
        "states": (states(run),),
        "gradient": (gradient(run),),
        "both": (states(run), gradient(run)),
    }
    return Scene(panels=panels[view], words=in_words(run, wh, phi, view), height=11 if view == "network" else 13)


def series(kind: str, seed: int) -> Array:
    """The inputs x₁ … x₂₀."""
    k = np.arange(STEPS)
    if kind == "pulse":
        return np.where(k == 0, 1.0, 0.0)
    if kind == "waves":
        return np.sin(2 * np.pi * k / 8)
    if kind == "noise":
        return np.asarray(np.random.default_rng(seed + 3).normal(0, 0.7, STEPS))
    return np.zeros(STEPS)


def unrolled(x: Array, wx: float, wh: float, phi: str) -> Unrolled:
    """Forward from h₀ = 0, then back."""
    value, slope = PHI[phi]
    h, links = [0.0], []
    for x_k in x:
        o = np.asarray(wx * x_k + wh * h[-1])
        h.append(float(value(o)))
        links.append(float(slope(o)) * wh)
    left = np.cumprod([1.0, *links[::-1]])[::-1]
    return Unrolled(x, np.array(h), np.where(np.abs(left) < _SMALLEST, 0.0, left))


def name(letter: str, k: int) -> str:
    """h₁₂ for h and 12."""
    return letter + str(k).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def network(run: Unrolled, wx: float, wh: float) -> Network:
    """The last steps, drawn: a column for each state, and below it the input that comes in next."""
    t = len(run.x)
    first = max(t - SHOWN, 0)
    nodes: list[Node] = []
    for column, k in enumerate(range(first, t + 1)):
        nodes.append(Node(column, 0, name("h", k), short(run.h[k], 3), _level(run.h[k])))
        coming = Node(column, 1, name("x", k + 1), short(run.x[k], 3), _level(run.x[k])) if k < t else None
        nodes.append(coming or Node(column, 1, "…" if t < STEPS else "end"))
    edges = []
    for column in range(t - first):
        edges.append(Edge(2 * column, 2 * column + 2, f"w_h {short(wh, 2)}", wh))
        edges.append(Edge(2 * column + 1, 2 * column + 2, f"w_x {short(wx, 2)}", wx))
    return Network(tuple(nodes), tuple(edges), title=f"t = {t}: the same two weights at every step")


def _level(value: float) -> float:
    return float(np.clip(abs(value), 0.0, 1.0))


def states(run: Unrolled) -> Chart:
    """Inputs and states over time."""
    t = len(run.x)
    top = max(float(np.abs(run.h).max()), float(np.abs(run.x).max(initial=0.0)), 1.0) * 1.1
    return Chart(
        series=(
            Series(tuple(range(1, t + 1)), tuple(run.x.tolist()), "input x", kind="stem", colour=1, dash=2),
            Series(tuple(range(t + 1)), tuple(run.h.tolist()), "state h", kind="path", colour=0),
        ),
        title="forward: input and state", xlabel="step", xlimits=(0.0, float(STEPS)), ylimits=(-top, top),
        guides=(Guide("y", 0.0),), whole_x=True,
    )  # fmt: skip


def gradient(run: Unrolled) -> Chart:
    """The size of ∂h_t/∂h_k for each k, in powers of ten; where nothing is left, the line ends."""
    t = len(run.x)
    sizes = np.abs(run.left)
    shown = np.where(sizes > 0, sizes, np.nan)
    low, high = min(float(np.nanmin(shown)) / 3, 1e-4), max(float(np.nanmax(shown)) * 3, 1e2)
    return Chart(
        series=(
            Series(tuple(range(t + 1)), tuple(shown.tolist()), kind="path", colour=2),
        ),
        title=f"back: size of ∂{name('h', t)}/∂h at each step", xlabel="step", yscale="log",
        xlimits=(0.0, float(STEPS)), ylimits=(low, high), guides=(Guide("y", 1.0),), whole_x=True,
    )  # fmt: skip


def in_words(run: Unrolled, wh: float, phi: str, view: str) -> str:
    """What the state has come to; what is left of the gradient at h₁, and which factor made it so."""
    t = len(run.x)
    if t == 0:
        return "The network has not started: h₀ = 0."
    told = f"After {t} step{'s' * (t > 1)} the state is {name('h', t)} = {short(run.h[t], 3)}."
    if view in ("network", "states"):
        made = f"w_x {name('x', t)} + w_h {name('h', t - 1)}"
        numbers = f"{short(run.x[t - 1], 3)} and {name('h', t - 1)} = {short(run.h[t - 1], 3)}"
        made = f"tanh({made})" if phi == "tanh" else made
        return f"{told} It is {made}, with {name('x', t)} = {numbers}."
    if t == 1:
        return f"{told} Its gradient has no step to go back yet."
    return f"{told} {back_in_words(run, wh, phi)}"


def back_in_words(run: Unrolled, wh: float, phi: str) -> str:
    """From h_t back to h₁."""
    t, kept = len(run.x), abs(float(run.left[1]))
    if kept == 0:
        return "Nothing of the gradient arrives at h₁."
    steps = "one step" if t == 2 else f"{t - 1} steps"
    text = f"Back over {steps} to h₁, a gradient of 1 becomes {short(kept, 2)}"
    if t > 2:
        text += f", a factor of {short(kept ** (1 / (t - 1)), 3)} a step on average"
    text += ending(kept)
    if phi == "tanh" and abs(wh) > 1 and kept < 1:
        text += f" And that with |w_h| = {short(abs(wh), 2)}: the slopes of tanh are small where the state is near ±1."
    return text


def ending(kept: float) -> str:
    """Whether it vanishes, fades, lasts, grows or explodes."""
    if kept < 1e-1:
        return ": it vanishes." if kept < 1e-2 else ": it fades."
    if kept > 1e1:
        return ": it explodes." if kept > 1e2 else ": it grows."
    return ": it lasts."
