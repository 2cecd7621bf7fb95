"""What a model gives beside what is right: what the views of predictions, confusion and mistakes share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.run.inspecting.subject import Subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.words import number

MOST_LOOKED_AT = 2_000
"""Samples that are predicted for one view."""
MOST_CLASSES = 30
TINY = 1e-12


@dataclass
class Outcome:
    """What came out. outputs: shape (n, units). classes: names of the classes; empty where numbers are predicted.

    truth, said: class numbers, or the values themselves (shape (n,)). chance: shape (n, classes), of a classification.
    """

    outputs: np.ndarray
    classes: tuple[str, ...]
    truth: np.ndarray
    said: np.ndarray
    chance: np.ndarray

    @property
    def surprise(self) -> np.ndarray:
        """How wrong each is: minus the log of the chance given to the truth, or the residual's size."""
        if not self.classes:
            return np.asarray(np.abs(self.said - self.truth))
        right = self.chance[np.arange(len(self.truth)), self.truth]
        return np.asarray(-np.log(np.maximum(right, TINY)))


def outcome(found: Subject, wish: Wish) -> Outcome:
    """Predict the chosen data. Raises EngineError where there are no targets, or several values for each sample."""
    found.choose(wish, default="validation data")
    inputs, y = found.data
    if y is None:
        raise EngineError(
            f"There are no targets at hand for {found.chosen or 'these data'}.", "Name them in the code: y = ..."
        )
    outputs = found.outputs([each[:MOST_LOOKED_AT] for each in inputs])
    y = np.asarray(y[:MOST_LOOKED_AT])
    if outputs.ndim == 1:
        outputs = outputs[:, None]
    if outputs.ndim != 2:
        raise EngineError(
            f"{found.name} gives {outputs.ndim - 1}-dimensional outputs: what is wrong in them is not shown."
        )
    units = outputs.shape[1]
    if units > 1:
        return _many(outputs, y, found)
    flat = y.reshape(len(y), -1)[:, 0].astype(float)
    values = set(np.unique(flat[np.isfinite(flat)]).tolist())
    if values <= {0.0, 1.0} or values == {-1.0, 1.0}:
        return _two(outputs[:, 0], flat, found)
    return Outcome(outputs, (), flat, outputs[:, 0], np.zeros((0, 0)))


def _many(outputs: np.ndarray, y: np.ndarray, found: Subject) -> Outcome:
    units = outputs.shape[1]
    if y.ndim == 2 and y.shape[1] == units:
        if not np.allclose(y.sum(axis=1), 1) or y.min() < 0:
            raise EngineError(f"{found.name} predicts {units} numbers for each sample: only one is looked at here.")
        truth = y.argmax(axis=1)
    elif y.size == len(y) and np.all(y == np.round(y)) and y.min() >= 0 and y.max() < units:
        truth = y.reshape(-1).astype(int)
    else:
        raise EngineError(f"{found.name} gives {units} numbers for each sample, the targets have shape {y.shape}.")
    chance = outputs if _are_chances(outputs) else _softmax(outputs)
    return Outcome(outputs, tuple(map(str, range(units))), truth, outputs.argmax(axis=1), chance)


def _two(outputs: np.ndarray, y: np.ndarray, found: Subject) -> Outcome:
    signs = bool((y == -1).any())
    border = 0.0 if signs or _gives_logits(found) else 0.5
    truth, said = (y > 0).astype(int), (outputs > border).astype(int)
    one = outputs if border == 0.5 else 1 / (1 + np.exp(-np.clip(outputs, -30, 30)))
    one = np.clip(one, 0, 1)
    names = ("-1", "1") if signs else ("0", "1")
    return Outcome(outputs[:, None], names, truth, said, np.stack([1 - one, one], axis=1))


def _gives_logits(found: Subject) -> bool:
    loss: Any = getattr(found.model, "loss", None)
    if hasattr(loss, "get_config"):
        return bool(loss.get_config().get("from_logits", False))
    return "WithLogits" in type(loss).__name__


def _are_chances(outputs: np.ndarray) -> bool:
    return bool(outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=1e-3))


def _softmax(outputs: np.ndarray) -> np.ndarray:
    exps = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(exps / exps.sum(axis=1, keepdims=True))


# ------------------------------------------------------------------ in words


def line_of(got: Outcome, at: int) -> tuple[str, ...]:
    """One sample as a row: its number, what is right, what is said, a mark where that differs, how sure it is."""
    right, said = got.classes[got.truth[at]], got.classes[got.said[at]]
    return str(at), right, said, "✗" if right != said else "", f"{100 * got.chance[at, got.said[at]]:.0f} %"


def score(got: Outcome, found: Subject) -> str:
    """How many are right, of a classification."""
    broken = int((~np.isfinite(got.outputs).all(axis=1)).sum())
    if broken:
        return f"{broken:,} of the {len(got.truth):,} outputs are nan or inf: the training has diverged."
    right = int((got.truth == got.said).sum())
    of = f" of {found.chosen}" if found.chosen else ""
    cut = f" (the first {MOST_LOOKED_AT:,})" if found.count > MOST_LOOKED_AT else ""
    accuracy = f"accuracy {100 * right / len(got.truth):.1f} %."
    return f"{right:,} of {len(got.truth):,} samples{of}{cut} are right: {accuracy}{found.remark}"


def fit_words(got: Outcome) -> str:
    """How far predicted numbers are off."""
    left = got.said - got.truth
    if not np.isfinite(left).all():
        return f"{(~np.isfinite(left)).sum()} of the {len(left)} outputs are nan or inf: the training has diverged."
    spread = float(((got.truth - got.truth.mean()) ** 2).sum())
    off, squares = float(np.abs(left).mean()), float(np.sqrt((left**2).mean()))
    said = [f"On average it is off by {number(off)} (root mean square {number(squares)})."]
    if spread:
        share = 1 - float((left**2).sum()) / spread
        better = (
            f"explains {100 * share:.0f} % of the variance"
            if share > 0
            else "is worse than predicting the mean every time"
        )
        said.append(f"It {better}.")
    mean, width = float(left.mean()), float(left.std())
    if width and abs(mean) > 0.5 * width:
        said.append(f"It predicts too {'much' if mean > 0 else 'little'}, by {number(abs(mean))} on average.")
    return " ".join(said)
