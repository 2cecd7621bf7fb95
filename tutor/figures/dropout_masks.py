"""Dropout on a small network, mask by mask: what is switched off in one step, for one row and for a batch of rows
(Srivastava et al., 2014).
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Edge, Network, Node, Pick, Scene, Slider, Stepper, TextPanel
from tutor.words import short

SIZES = (4, 5, 4, 3)
ROWS = 6
"""Rows of the batch that are shown."""
CONTROLS = (
    Stepper("step", "step", 1, 50, help="each step draws new masks"),
    Slider("rate", "rate", 0.5, 0.0, 0.9, 0.1, help="on the hidden layers"),
    Slider("input_rate", "on inputs", 0.0, 0.0, 0.9, 0.1, help="rate on the inputs"),
    Pick("mode", "mode", "training", ("training", "inference"), help="masks are drawn in training only"),
)
Mask = npt.NDArray[np.bool_]


def idle(s: ControlValues) -> tuple[str, ...]:
    """In use, chance has no say."""
    return ("step", "rate", "input_rate") if s.word("mode") == "inference" else ()


def draw(s: ControlValues) -> Scene:
    """The network of the first row, and the masks of all rows."""
    training = s.word("mode") == "training"
    rate, input_rate = (s["rate"], s["input_rate"]) if training else (0.0, 0.0)
    masks = drawn(int(s["step"]), rate, input_rate, s.seed)
    return Scene(
        panels=(network(masks, training), batch(masks)),
        words=in_words(masks, rate, input_rate, training),
        shares=(50, 25),
        height=15,
    )


def drawn(step: int, rate: float, input_rate: float, seed: int) -> list[Mask]:
    """For the inputs and the hidden layers: which are on, shape (ROWS, size). The numbers behind them depend on the
    step alone, so that what is off stays off while a rate is raised."""
    rng = np.random.default_rng([20, seed, step])
    rates = (input_rate, rate, rate)
    return [rng.random((ROWS, size)) >= p for size, p in zip(SIZES[:-1], rates, strict=True)]


@cache
def weights() -> tuple[npt.NDArray[np.float64], ...]:
    """Some weights, for the looks of the connections."""
    rng = np.random.default_rng(3)
    return tuple(rng.uniform(0.1, 1, size=(a, b)) for a, b in pairwise(SIZES))


def network(masks: list[Mask], training: bool) -> Network:
    """The network of row 0: what is switched off has no connections."""
    on = [*(mask[0].tolist() for mask in masks), [True] * SIZES[-1]]
    places = [(layer, unit) for layer, size in enumerate(SIZES) for unit in range(size)]
    index = {place: at for at, place in enumerate(places)}
    nodes = tuple(Node(layer, unit, level=1.0 if on[layer][unit] else 0.0) for layer, unit in places)
    edges = tuple(
        Edge(index[layer, a], index[layer + 1, b], weight=float(w[a, b]))
        for layer, w in enumerate(weights())
        for a, b in np.ndindex(w.shape)
        if on[layer][a] and on[layer + 1][b]
    )
    title = "The network for row 0" if training else "The network for every row"
    return Network(nodes, edges, title=title, captions=("inputs", "hidden 1", "hidden 2", "output"))


def batch(masks: list[Mask]) -> TextPanel:
    """The masks of all rows: a full circle for what is on."""
    gap = "  "
    head = gap.join(f"{name:<{mask.shape[1]}}" for name, mask in zip(("in", "hid.1", "hid.2"), masks, strict=True))
    lines = [" " * 7 + head, ""]
    for row in range(ROWS):
        circles = gap.join("".join("●" if on else "○" for on in mask[row]) for mask in masks)
        lines += [f"row {row}  {circles}", ""]
    return TextPanel(tuple(lines[:-1]), title="Masks of the batch")


def in_words(masks: list[Mask], rate: float, input_rate: float, training: bool) -> str:
    """How many are on for row 0, what they are multiplied by, and how many networks the batch trains."""
    if not training:
        return "In use, nothing is switched off and nothing is scaled: every row goes through the whole network."
    inputs, *hidden = (int(mask[0].sum()) for mask in masks)
    on = sum(hidden)
    text = f"For row 0, {on} of {sum(SIZES[1:-1])} hidden neurons {'is' if on == 1 else 'are'} on"
    text += f", each multiplied by 1 / (1 − {short(rate)}) = {short(1 / (1 - rate), 3)}." if rate else "."
    if input_rate:
        text += f" {inputs} of {SIZES[0]} inputs {'is' if inputs == 1 else 'are'} on"
        text += f", multiplied by {short(1 / (1 - input_rate), 3)}."
    if 0 in hidden or not inputs:
        text += " No path leads from the inputs to the outputs: this row only teaches biases."
    different = len({row.tobytes() for row in np.concatenate(masks, axis=1)})
    if different > 1:
        return f"{text} The {ROWS} rows go through {different} different networks."
    return f"{text} All {ROWS} rows go through the same network."
