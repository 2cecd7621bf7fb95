"""View: the samples that a model gets most wrong; as pictures where they are pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.run.inspecting.array_panels import pooled, raster, tiles
from tutor.engine.run.inspecting.outcomes import Outcome, fit_words, line_of, outcome, score
from tutor.engine.run.inspecting.subject import Subject, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Panel, Scene, TablePanel
from tutor.words import number

VIEW = InspectorView("mistakes", key="e", place=10)

MOST_MISTAKES = 24


def suits(found: Subject) -> bool:
    return True


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """The samples that were given the least chance for what is right; as pictures where they are pictures."""
    found = subject(namespace, wish)
    got = outcome(found, wish)
    surprise = got.surprise
    wrong = np.arange(len(surprise)) if not got.classes else np.flatnonzero(got.truth != got.said)
    if not len(wrong):
        raise EngineError(f"There is no mistake in {found.chosen or 'these data'}: {score(got, found)}")
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
    words = score(got, found) if got.classes else fit_words(got)
    first = worst[0]
    words += f" Worst: sample {first}, {_named(got, got.said[first])} predicted for {_named(got, got.truth[first])}."
    return Scene(panels, title=f"Worst mistakes of {found.name}", words=words, shares=shares, height=18)


def _named(got: Outcome, value: Any) -> str:
    return got.classes[int(value)] if got.classes else number(float(value))


def _worst(got: Outcome, worst: np.ndarray) -> TablePanel:
    if got.classes:
        lines = [line_of(got, at) for at in worst]
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
