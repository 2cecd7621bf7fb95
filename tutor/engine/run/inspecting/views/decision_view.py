"""View: what a model decides everywhere in the plane of two of its inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.run.inspecting.array_panels import raster
from tutor.engine.run.inspecting.outcomes import Outcome, outcome
from tutor.engine.run.inspecting.subject import Subject, looks_up, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Mark, Scene

VIEW = InspectorView("decision", key="d", place=11)

ROWS, COLUMNS = 36, 64
MOST_MARKS = 60
MARGIN = 0.1
"""Share of the data's range that is shown beyond it."""


def suits(found: Subject) -> bool:
    """Where the inputs are rows of two features or more."""
    inputs = found.data[0] if found.sets else []
    return len(inputs) == 1 and inputs[0].ndim == 2 and inputs[0].shape[1] > 1 and not looks_up(found)


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """A map over two inputs; where there are more, the others stay at their mean."""
    found = subject(namespace, wish)
    found.choose(wish)
    inputs, y = found.data
    if len(inputs) != 1 or inputs[0].ndim != 2 or inputs[0].shape[1] < 2:
        raise EngineError(
            f"{found.name} does not take rows of two or more features: no map of its decisions can be drawn."
        )
    if looks_up(found):
        raise EngineError(f"{found.name} looks its inputs up in an embedding: between whole numbers there is no map.")
    x = inputs[0].astype(float)
    names = [f"x{at}" for at in range(x.shape[1])]
    first = names.index(wish.pick("to_the_right", names, default=names[0]))
    second = names.index(wish.pick("upwards", names, default=names[1]))
    if first == second:
        raise EngineError("A map needs two different features: choose another one for one of the axes.")
    grid, ends = _grid(x, first, second)
    outputs = found.outputs([grid.astype(inputs[0].dtype if inputs[0].dtype.kind == "f" else "float32")])
    outputs = outputs.reshape(len(outputs), -1)
    got = outcome(found, Wish({"data": found.chosen})) if y is not None else None
    values, look = _values(outputs, got)
    low_x, high_x, low_y, high_y = ends
    shown = raster(
        values.reshape(ROWS, COLUMNS), _title(names, first, second, len(names)),
        xlabel=f"{names[first]}: {low_x:.3g} to {high_x:.3g}",
        ylabel=f"{names[second]}: {low_y:.3g} to {high_y:.3g}", marks=_marks(x, got, first, second, ends), **look,
    )  # fmt: skip
    return Scene((shown,), title=f"Decisions of {found.name}", words=_words(values, got, outputs), height=24)


def _grid(x: np.ndarray, first: int, second: int) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """Points of the map, row by row from the top: shape (ROWS·COLUMNS, features). And what its edges stand for."""
    spans = []
    for at in (first, second):
        low, high = float(np.nanmin(x[:, at])), float(np.nanmax(x[:, at]))
        room = MARGIN * (high - low) or 1.0
        spans.append((low - room, high + room))
    across, up = np.linspace(*spans[0], COLUMNS), np.linspace(spans[1][1], spans[1][0], ROWS)
    grid = np.tile(x.mean(axis=0), (ROWS * COLUMNS, 1))
    grid[:, first], grid[:, second] = np.tile(across, ROWS), np.repeat(up, COLUMNS)
    return grid, (*spans[0], *spans[1])


def _values(outputs: np.ndarray, got: Outcome | None) -> tuple[np.ndarray, dict[str, Any]]:
    """What the map shows, and in which look: a chance of class 1, the class, or the number itself."""
    if outputs.shape[1] > 1:
        return outputs.argmax(axis=1).astype(float), {"low": 0.0, "high": outputs.shape[1] - 1.0, "tint": "heat"}
    value = outputs[:, 0]
    if got is not None and got.classes:
        chances = value.min() >= 0 and value.max() <= 1
        if chances:
            return value, {"low": 0.0, "high": 1.0, "tint": "heat"}
        return value, {"signed": True}
    return value, {"tint": "heat"}


def _marks(
    x: np.ndarray, got: Outcome | None, first: int, second: int, ends: tuple[float, float, float, float]
) -> tuple[Mark, ...]:
    """Some of the samples where they lie, by their right class."""
    if got is None or not got.classes:
        return ()
    low_x, high_x, low_y, high_y = ends
    some = np.linspace(0, len(got.truth) - 1, min(MOST_MARKS, len(got.truth))).astype(int)
    return tuple(
        Mark(
            float((x[at, first] - low_x) / (high_x - low_x) * (COLUMNS - 1)),
            float((high_y - x[at, second]) / (high_y - low_y) * (ROWS - 1)),
            got.classes[got.truth[at]].replace("-1", "-"),
        )
        for at in some
    )  # fmt: skip


def _title(names: list[str], first: int, second: int, count: int) -> str:
    rest = "" if count == 2 else ", the others at their mean"
    return f"{names[first]} to the right, {names[second]} upwards{rest}"


def _words(values: np.ndarray, got: Outcome | None, outputs: np.ndarray) -> str:
    if outputs.shape[1] > 1:
        classes, counts = np.unique(values.astype(int), return_counts=True)
        parts = [f"{100 * count / len(values):.0f} % to class {at}" for at, count in zip(classes, counts, strict=True)]
        return f"Of this map {', '.join(parts)}; the labels are samples with their right class."
    if got is not None and got.classes:
        border = 0.5 if values.min() >= 0 and values.max() <= 1 else 0.0
        share = float((values > border).mean())
        where = f"{100 * share:.0f} % of this map is decided as {got.classes[1]}, where the output is above {border:g}"
        return f"{where}; the labels are samples."
    return f"The output goes from {values.min():.4g} to {values.max():.4g} over this map."
