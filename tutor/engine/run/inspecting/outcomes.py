"""Views: what a model gives beside what is right: confusion matrix, worst mistakes, scatter and residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.run.inspecting.array_panels import histogram, pooled, raster, tiles
from tutor.engine.run.inspecting.subject import Subject, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.plots.scene import Chart, Guide, Panel, Scene, Series, TablePanel
from tutor.words import number

MOST_LOOKED_AT = 2_000
"""Samples that are predicted for one view."""
MOST_CLASSES = 30
MOST_MISTAKES = 24
MOST_POINTS = 600
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


# ------------------------------------------------------------------ views


def predictions(namespace: dict[str, Any], wish: Wish) -> Scene:
    """Sample by sample: what is right, what is given, how sure."""
    found = subject(namespace, wish)
    got = outcome(found, wish)
    if not got.classes:
        return residuals(namespace, wish.again())
    shown = max(wish.rows - 2, 3)
    start = wish.number("from_sample", max(0, len(got.truth) - shown))
    rows = [_line(got, at) for at in range(start, min(start + shown, len(got.truth)))]
    wrong = tuple(at for at, row in enumerate(rows) if row[3])
    table = TablePanel(("sample", "true", "predicted", "", "probability"), tuple(rows), right=(0, 4), emphasis=wrong)
    return Scene(
        (table, _tally(got)), title=f"Predictions of {found.name}", words=_score(got, found), shares=(1, 1), height=16
    )


def _line(got: Outcome, at: int) -> tuple[str, ...]:
    right, said = got.classes[got.truth[at]], got.classes[got.said[at]]
    return str(at), right, said, "✗" if right != said else "", f"{100 * got.chance[at, got.said[at]]:.0f} %"


def _tally(got: Outcome) -> TablePanel:
    rows = []
    for at, name in enumerate(got.classes[:MOST_CLASSES]):
        of_class, as_class = got.truth == at, got.said == at
        both = int((of_class & as_class).sum())
        found_share = f"{100 * both / of_class.sum():.0f} %" if of_class.any() else ""
        right_share = f"{100 * both / as_class.sum():.0f} %" if as_class.any() else ""
        rows.append((name, str(int(of_class.sum())), found_share, right_share))
    return TablePanel(("class", "samples", "recall", "precision"), tuple(rows), right=(1, 2, 3))


def _score(got: Outcome, found: Subject) -> str:
    broken = int((~np.isfinite(got.outputs).all(axis=1)).sum())
    if broken:
        return f"{broken:,} of the {len(got.truth):,} outputs are nan or inf: the training has diverged."
    right = int((got.truth == got.said).sum())
    of = f" of {found.chosen}" if found.chosen else ""
    cut = f" (the first {MOST_LOOKED_AT:,})" if found.count > MOST_LOOKED_AT else ""
    accuracy = f"accuracy {100 * right / len(got.truth):.1f} %."
    return f"{right:,} of {len(got.truth):,} samples{of}{cut} are right: {accuracy}{found.remark}"


def confusion(namespace: dict[str, Any], wish: Wish) -> Scene:
    """How often each class was taken for which."""
    found = subject(namespace, wish)
    got = outcome(found, wish)
    if not got.classes:
        raise EngineError(
            f"{found.name} predicts numbers, not classes.", "The view of predictions shows its residuals."
        )
    if len(got.classes) > MOST_CLASSES:
        raise EngineError(f"{found.name} knows {len(got.classes)} classes; up to {MOST_CLASSES} are shown.")
    counts = np.zeros((len(got.classes), len(got.classes)))
    np.add.at(counts, (got.truth, got.said), 1)
    shown = raster(
        counts, "rows: true, columns: predicted", numbers=True, low=0.0, tint="heat", rows=got.classes,
        columns=got.classes, ylabel="true", xlabel="predicted",
    )  # fmt: skip
    words = _score(got, found)
    off = counts - np.diag(np.diag(counts))
    if off.any():
        i, j = np.unravel_index(off.argmax(), off.shape)
        often = "once" if off[i, j] == 1 else f"{off[i, j]:.0f} times"
        words += f" The most frequent mistake: a {got.classes[i]} taken for a {got.classes[j]}, {often}."
    return Scene((shown,), title=f"Confusion matrix of {found.name}", words=words, height=len(got.classes) + 5)


def mistakes(namespace: dict[str, Any], wish: Wish) -> Scene:
    """The samples that were given the least chance for what is right; as pictures where they are pictures."""
    found = subject(namespace, wish)
    got = outcome(found, wish)
    surprise = got.surprise
    wrong = np.arange(len(surprise)) if not got.classes else np.flatnonzero(got.truth != got.said)
    if not len(wrong):
        raise EngineError(f"There is no mistake in {found.chosen or 'these data'}: {_score(got, found)}")
    worst = wrong[np.argsort(-surprise[wrong], kind="stable")][:MOST_MISTAKES]
    panels: tuple[Panel, ...] = (_worst(got, worst[: max(wish.rows - 2, 3)]),)
    pictures = _pictures(found.data[0][0][worst])
    shares: tuple[int, ...] = (1,)
    if pictures is not None:
        chosen = wish.number("mistake", len(worst) - 1)
        names = [f"{_named(got, got.said[at])}/{_named(got, got.truth[at])}" for at in worst]
        panels = (
            tiles(pictures, names, chosen, "predicted/true, the worst first", legend=False),
            raster(pictures[chosen], f"sample {worst[chosen]}: {names[chosen]}", legend=False), *panels,
        )  # fmt: skip
        shares = (4, 3, 3)
    words = _score(got, found) if got.classes else _fit(got)
    first = worst[0]
    words += f" Worst: sample {first}, {_named(got, got.said[first])} predicted for {_named(got, got.truth[first])}."
    return Scene(panels, title=f"Worst mistakes of {found.name}", words=words, shares=shares, height=18)


def _named(got: Outcome, value: Any) -> str:
    return got.classes[int(value)] if got.classes else number(float(value))


def _worst(got: Outcome, worst: np.ndarray) -> TablePanel:
    if got.classes:
        lines = [_line(got, at) for at in worst]
        rows = [(sample, right, given, chance) for sample, right, given, _, chance in lines]
        return TablePanel(("sample", "true", "predicted", "probability"), tuple(rows), right=(0, 3))
    rows = [
        (str(at), number(got.truth[at]), number(got.said[at]), number(got.said[at] - got.truth[at])) for at in worst
    ]
    return TablePanel(("sample", "true", "predicted", "residual"), tuple(rows), right=(0, 1, 2, 3))


def _pictures(samples: np.ndarray) -> np.ndarray | None:
    """Grey pictures, shape (count, height, width), of samples that are pictures; None of others."""
    if samples.ndim == 4:
        samples = samples.mean(axis=-1 if samples.shape[-1] in (1, 3, 4) else 1)
    if samples.ndim == 2:
        side = round(samples.shape[1] ** 0.5)
        if side < 8 or side * side != samples.shape[1] or samples.min() < 0:
            return None
        samples = samples.reshape(-1, side, side)
    if samples.ndim != 3 or min(samples.shape[1:]) < 8:
        return None
    return np.stack([pooled(each.astype(float), 1_000) for each in samples])


def residuals(namespace: dict[str, Any], wish: Wish) -> Scene:
    """Predicted against right, and how the differences are spread."""
    found = subject(namespace, wish)
    got = outcome(found, wish)
    if got.classes:
        raise EngineError(f"{found.name} predicts classes: its mistakes are in the confusion matrix.")
    some = np.linspace(0, len(got.truth) - 1, min(MOST_POINTS, len(got.truth))).astype(int)
    ends = (float(np.nanmin([got.truth.min(), got.said.min()])), float(np.nanmax([got.truth.max(), got.said.max()])))
    scatter = Chart(
        (Series(tuple(map(float, got.truth[some])), tuple(map(float, got.said[some])), "samples", "points"),
         Series(ends, ends, "exact", "line", dash=1)),
        xlabel="true", ylabel="predicted", title="predicted against true",
    )  # fmt: skip
    left = Chart(
        (Series(tuple(map(float, got.said[some])), tuple(map(float, (got.said - got.truth)[some])), "", "points"),),
        xlabel="predicted", ylabel="residual", guides=(Guide("y", 0.0),), title="residuals",
    )  # fmt: skip
    panels = (scatter, left, histogram(got.said - got.truth, "how often", "residual"))
    return Scene(
        panels, title=f"Residuals of {found.name}", words=_fit(got) + found.remark, shares=(4, 4, 3), height=16
    )


def _fit(got: Outcome) -> str:
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
