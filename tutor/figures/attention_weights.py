"""Attention weights of six symbols: what each position looks at, and what it brings back.

    s_ij = q_i · k_j / √d        a_i = softmax(s_i)        out_i = ∑_j a_ij v_j

Symbols and positions have drawn vectors of d entries, each 1 or −1: the product of a vector with itself is d, of two
different ones about ±√d. A query asks for a symbol or for a position, and the keys say what stands where. That is how
the weights can be read (Vaswani et al., 2017, section 3.2.1).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Pick, Raster, Scene, Slider, TablePanel
from tutor.words import short

Floats = npt.NDArray[np.float64]

WORD = "banana"
SIZES = (4, 8, 16, 32, 64, 128, 256)
CONTROLS = (
    Pick("asks", "query asks", "same", ("same", "before", "first", "random"), help="for what the queries ask"),
    Slider("row", "row", 4, 1, len(WORD), 1, whole=True, help="position whose query is worked out"),
    Slider("d", "d", 16, SIZES[0], SIZES[-1], stops=SIZES, log=True, whole=True, help="entries of a query and a key"),
    Pick("scaled", "divide by √d", "yes", ("yes", "no"), help="whether the scores are divided by the root of d"),
    Pick("mask", "mask", "none", ("none", "causal"), help="causal: a position sees itself and those before it"),
    Slider("draw", "draw", 1, 1, 5, 1, whole=True, help="other vectors"),
)
_ASKED = {
    "same": "its own symbol",
    "before": "the position before it",
    "first": "the first position",
    "random": "nothing in particular, as its vector is drawn at random",
}


def draw(s: ControlValues) -> Scene:
    """All weights as a heatmap, and one row worked out."""
    row = int(s["row"]) - 1
    scores = scores_of(s.word("asks"), int(s["d"]), s.word("scaled") == "yes", int(s["draw"]))
    seen = np.tri(len(WORD), dtype=bool) if s.word("mask") == "causal" else np.ones_like(scores, bool)
    weights = softmax(np.where(seen, scores, -np.inf))
    return Scene(
        panels=(heatmap(weights), worked(scores, seen, weights, row)),
        words=in_words(weights, seen, row, s.word("asks"), s.word("scaled") == "yes", int(s["d"])),
        shares=(46, 26),
        height=13,
    )


def scores_of(asks: str, d: int, scaled: bool, seed: int) -> Floats:
    """Shape (6, 6): row i has the products of query i with every key."""
    rng = np.random.default_rng(seed)
    symbols = {symbol: rng.choice((-1.0, 1.0), d) for symbol in sorted(set(WORD))}
    places = rng.choice((-1.0, 1.0), (len(WORD) + 1, d))  # the last one stands for "before the first"
    others = rng.choice((-1.0, 1.0), (len(WORD), d))
    of_symbols = np.array([symbols[symbol] for symbol in WORD])
    keys = of_symbols if asks == "same" else places[:-1]
    queries = {
        "same": of_symbols,
        "before": places[[i - 1 for i in range(len(WORD))]],
        "first": np.broadcast_to(places[0], (len(WORD), d)),
        "random": others,
    }[asks]
    return np.asarray(queries @ keys.T / (np.sqrt(d) if scaled else 1.0))


def softmax(scores: Floats) -> Floats:
    """Of each row; −∞ becomes 0."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def brought(weights: Floats) -> dict[str, float]:
    """How much of each symbol the output holds, where the values say which symbol it is."""
    return {symbol: float(sum(a for a, v in zip(weights, WORD, strict=True) if v == symbol)) for symbol in "abn"}


# ------------------------------------------------------------------ the picture


def heatmap(weights: Floats) -> Raster:
    """Row i: where position i looks."""
    labels = tuple(f"{i + 1} {symbol}" for i, symbol in enumerate(WORD))
    shown = tuple(map(tuple, weights.round(2).tolist()))
    return Raster(
        shown, title="weights: row looks at column", low=0.0, high=1.0, numbers=True,
        rows=labels, columns=labels, tint="heat",
    )  # fmt: skip


def worked(scores: Floats, seen: npt.NDArray[np.bool_], weights: Floats, row: int) -> TablePanel:
    """The scores and weights of one row."""
    lines = [
        (f"{j + 1} {symbol}", short(float(scores[row, j]), 3) if seen[row, j] else "hidden", f"{weights[row, j]:.3f}")
        for j, symbol in enumerate(WORD)
    ]
    best = int(weights[row].argmax())
    return TablePanel(
        ("key", "score", "weight"), tuple(lines), title=f"Query {row + 1} ({WORD[row]})", right=(1, 2),
        emphasis=(best,),
    )  # fmt: skip


def in_words(weights: Floats, seen: npt.NDArray[np.bool_], row: int, asks: str, scaled: bool, d: int) -> str:
    """What the row asks for, what it looks at and brings back, and how evenly the rows look."""
    mine = weights[row]
    top = [j for j in range(len(mine)) if mine[j] > 0.99 * mine.max()]
    places = " and ".join(str(j + 1) for j in top) if len(top) < 3 else ", ".join(str(j + 1) for j in top)
    place = "position" if len(top) == 1 else "positions"
    share = f"{mine[top[0]]:.3f}" + (" each" if len(top) > 1 else "")
    text = f"Query {row + 1} asks for {_ASKED[asks]}. It looks most at {place} {places}, with a weight of {share}."
    parts = ", ".join(f"{v:.2f} of {symbol}" for symbol, v in brought(mine).items())
    text += f" If the values are the symbols, it brings back {parts}."
    if asks == "before" and row == 0:
        text += " Nothing stands before the first position, so its weights are chance."
    if asks in ("before", "first") and not seen[row, 0 if asks == "first" else max(row - 1, 0)]:
        text += " What it asks for is hidden from it."
    sharp = float(weights.max(axis=1).mean())
    how = "divided by √d" if scaled else "not divided by √d"
    return f"{text} With d = {d} and scores {how}, the largest weight of a row is {sharp:.2f} on average."
