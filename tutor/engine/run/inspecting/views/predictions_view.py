"""View: what a model predicts, sample by sample; of numbers, how far they are off."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.run.inspecting.array_panels import histogram
from tutor.engine.run.inspecting.outcomes import MOST_CLASSES, Outcome, fit_words, line_of, outcome, score
from tutor.engine.run.inspecting.subject import Subject, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Chart, Guide, Scene, Series, TablePanel

VIEW = InspectorView("predictions", key="p", place=8)

MOST_POINTS = 600


def suits(found: Subject) -> bool:
    return True


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """Sample by sample: what is right, what is given, how sure."""
    found = subject(namespace, wish)
    got = outcome(found, wish)
    if not got.classes:
        return _residuals(got, found)
    shown = max(wish.rows - 2, 3)
    start = wish.number("from_sample", max(0, len(got.truth) - shown))
    rows = [line_of(got, at) for at in range(start, min(start + shown, len(got.truth)))]
    wrong = tuple(at for at, row in enumerate(rows) if row[3])
    table = TablePanel(("sample", "true", "predicted", "", "probability"), tuple(rows), right=(0, 4), emphasis=wrong)
    return Scene(
        (table, _tally(got)), title=f"Predictions of {found.name}", words=score(got, found), shares=(1, 1), height=16
    )


def _tally(got: Outcome) -> TablePanel:
    rows = []
    for at, name in enumerate(got.classes[:MOST_CLASSES]):
        of_class, as_class = got.truth == at, got.said == at
        both = int((of_class & as_class).sum())
        found_share = f"{100 * both / of_class.sum():.0f} %" if of_class.any() else ""
        right_share = f"{100 * both / as_class.sum():.0f} %" if as_class.any() else ""
        rows.append((name, str(int(of_class.sum())), found_share, right_share))
    return TablePanel(("class", "samples", "recall", "precision"), tuple(rows), right=(1, 2, 3))


def _residuals(got: Outcome, found: Subject) -> Scene:
    """Predicted against right, and how the differences are spread."""
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
        panels, title=f"Residuals of {found.name}", words=fit_words(got) + found.remark, shares=(4, 4, 3), height=16
    )
