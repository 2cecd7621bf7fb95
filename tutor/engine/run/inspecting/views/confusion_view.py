"""View: how often each class was taken for which."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.run.inspecting.array_panels import raster
from tutor.engine.run.inspecting.outcomes import MOST_CLASSES, outcome, score
from tutor.engine.run.inspecting.subject import Subject, predicts_numbers, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Scene

VIEW = InspectorView("confusion", key="c", place=9)


def suits(found: Subject) -> bool:
    """Where classes are predicted, as far as loss and targets tell."""
    return not predicts_numbers(found)


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
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
    words = score(got, found)
    off = counts - np.diag(np.diag(counts))
    if off.any():
        i, j = np.unravel_index(off.argmax(), off.shape)
        often = "once" if off[i, j] == 1 else f"{off[i, j]:.0f} times"
        words += f" The most frequent mistake: a {got.classes[i]} taken for a {got.classes[j]}, {often}."
    return Scene((shown,), title=f"Confusion matrix of {found.name}", words=words, height=len(got.classes) + 5)
