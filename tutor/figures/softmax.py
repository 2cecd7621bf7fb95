"""Softmax: three scores become three probabilities.

    p_k = e^(o_k / T) / ∑_j e^(o_j / T)

The largest score is subtracted from all of them first. That changes nothing, since only differences count, and it
keeps every exponential between 0 and 1.
"""

from __future__ import annotations

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Bars, Panel, Pick, Scene, Slider, TablePanel
from tutor.words import short

_CLASSES = "₁₂₃"
CONTROLS = (
    Slider("o1", "o₁", 2.0, -10.0, 10.0, 0.5, help="score of class 1"),
    Slider("o2", "o₂", 1.0, -10.0, 10.0, 0.5, help="score of class 2"),
    Slider("o3", "o₃", 0.0, -10.0, 10.0, 0.5, help="score of class 3"),
    Slider("add", "add", 0.0, -1000.0, 1000.0, 1.0, help="added to all three scores"),
    Slider("t", "T", 1.0, 0.1, 10.0, log=True, help="temperature: the scores are divided by it"),
    Pick("view", "view", "bars", ("bars", "worked"), help="scores and probabilities as bars, or worked out"),
)
_CLOSE = 1e-9


def draw(s: ControlValues) -> Scene:
    """The scores as bars, the probabilities as bars, and the way from the ones to the others."""
    scores = np.array([s["o1"], s["o2"], s["o3"]]) + s["add"]
    below = (scores - scores.max()) / s["t"]
    powers = np.exp(below)
    p = powers / powers.sum()
    probabilities = Bars(
        tuple("p" + k for k in _CLASSES), (tuple(p.tolist()),), title="Probabilities", limits=(0.0, 1.0)
    )
    if s.word("view") == "bars":
        left = Bars(tuple("o" + k for k in _CLASSES), (tuple(scores.tolist()),), title="Scores")
        panels: tuple[Panel, Panel] = (left, probabilities)
        shares = (1, 1)
    else:
        panels = (probabilities, worked(scores, below, powers, p, s["t"]))
        shares = (28, 34)
    return Scene(panels, words=in_words(scores, p, s["add"], s["t"]), shares=shares, height=12)


def worked(scores: np.ndarray, below: np.ndarray, powers: np.ndarray, p: np.ndarray, t: float) -> TablePanel:
    """A row for each class, and the sums."""
    exponent = "o − max" if t == 1 else "(o − max)/T"
    columns = zip(scores, below, powers, p, strict=True)
    rows = [
        (str(k + 1), short(float(a), 4), short(float(b), 3), short(float(c), 3), share(float(d)))
        for k, (a, b, c, d) in enumerate(columns)
    ]
    rows.append(("sum", "", "", short(float(powers.sum()), 4), "1"))
    return TablePanel(("k", "oₖ", exponent, "exp", "pₖ"), tuple(rows), right=(1, 2, 3, 4), title="Worked out")


def share(p: float) -> str:
    """A probability with four places, or smaller ones in powers of ten."""
    return f"{p:.4f}" if p >= 5e-5 else short(p, 2)


def in_words(scores: np.ndarray, p: np.ndarray, add: float, t: float) -> str:
    """Who gets how much, why, and what the shift and the temperature do to it."""
    order = np.argsort(-scores, kind="stable")
    first, second = (int(k) for k in order[:2])
    shares = ", ".join(f"p{_CLASSES[k]} = {share(float(p[k]))}" for k in range(3))
    text = f"{shares}; together 1."
    gap = float(scores[first] - scores[second]) / t
    if gap < _CLOSE:
        equal = "All three scores are" if scores[order[2]] > scores[first] - _CLOSE else "The two largest scores are"
        text += f" {equal} equal, and so are their probabilities."
    else:
        ahead, ratio = float(scores[first] - scores[second]), float(np.exp(gap))
        text += (
            f" o{_CLASSES[first]} is ahead of o{_CLASSES[second]} by {short(ahead, 3)}, "
            f"so its probability is {short(ratio, 3)} times as large."
        )
    if add:
        text += f" Adding {short(add)} to all scores has changed no probability: only differences count."
    if t > 1:
        text += f" The temperature {short(t, 2)} makes the differences smaller: the shares come closer together."
    elif t < 1:
        text += f" The temperature {short(t, 2)} makes the differences larger: the largest score takes more of all."
    return text
