"""View: what layers give for a sample, value by value, and how many units are dead or saturated."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.run.inspecting.array_panels import histogram, raster
from tutor.engine.run.inspecting.capture import Taken, capture
from tutor.engine.run.inspecting.layer_values import activation_of, channels
from tutor.engine.run.inspecting.subject import Subject, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Panel, Scene, TablePanel
from tutor.words import number

VIEW = InspectorView("activations", key="a", place=3, sample=True)

SATURATED = {"tanh": (-0.99, 0.99), "sigmoid": (0.01, 0.99)}
DEAD_IN_WORDS = 0.3
"""Share of dead or saturated units from which on it is pointed out."""


def suits(found: Subject) -> bool:
    return True


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """Layer by layer: the values for one sample, their histogram over many, dead and saturated units."""
    found = subject(namespace, wish)
    inputs, called = found.sample(wish)
    taken = capture(found, inputs)
    one = {each.name: each for each in taken if each.gave is not None}
    if not one:
        raise EngineError(f"No layer of {found.name} gives a tensor.")
    name = wish.pick("layer", list(one))
    batch = found.many() if found.sets else inputs
    many = {each.name: each for each in capture(found, batch) if each.gave is not None}
    value, all_values = one[name].gave, many[name].gave
    assert value is not None and all_values is not None
    panels: tuple[Panel, ...] = (
        raster(_flat(value[0], one[name]), f"{name}, {called}", signed=bool(value.min() < 0), tint="heat"),
        histogram(all_values, f"over {len(all_values)} samples"),
        _table(many, name, wish.rows - 12),
    )
    return Scene(
        panels,
        title=f"Activations of {found.name}",
        words=_words(name, many[name]) + skipped(taken),
        shares=(4, 3, 5),
        height=16,
    )


def skipped(taken: list[Taken]) -> str:
    """A sentence about the layers whose output is no tensor, "" where all are."""
    names = [each.name for each in taken if each.gave is None]
    return f" What {', '.join(names)} gives is no tensor: it is left out." if names else ""


def _flat(value: np.ndarray, one: Taken) -> np.ndarray:
    """As a picture: a row of units, or the first channel beside the next; of what has depth, slice below slice."""
    if value.ndim <= 1:
        size = value.size
        rows = max(1, round((size / 4) ** 0.5)) if size > 32 else 1
        padded = np.full(rows * -(-size // rows), np.nan)
        padded[:size] = value.ravel()
        return padded.reshape(rows, -1)
    if value.ndim == 2:
        return value
    maps = channels(value[None], one.layer)
    maps = maps.reshape(len(maps), -1, maps.shape[-1])
    return np.concatenate(list(maps[: min(len(maps), 6)]), axis=-1)


def dead_and_saturated(one: Taken) -> tuple[float | None, float | None]:
    """Shares of units that are never above 0 (of a relu), and of values at the ends (of tanh, sigmoid); None where the
    layer has no such activation."""
    assert one.gave is not None
    kind = activation_of(one.layer)
    units = one.gave.reshape(-1, one.gave.shape[-1])
    if kind == "relu":
        return float((units <= 0).all(axis=0).mean()), None
    if kind in SATURATED:
        low, high = SATURATED[kind]
        return None, float(((units < low) | (units > high)).mean())
    return None, None


def _table(many: dict[str, Taken], chosen: str, most: int) -> TablePanel:
    """Layers around the chosen one, as many as there is room for."""
    names = list(many)
    most, at = max(most, 3), names.index(chosen)
    start = min(max(at - most // 2, 0), max(len(names) - most, 0))
    shown = names[start : start + most]
    rows = tuple(_row(many[name]) for name in shown)
    return TablePanel(
        ("layer", "mean", "std", "dead", "saturated"), rows, right=(1, 2, 3, 4), emphasis=(shown.index(chosen),)
    )


def _row(one: Taken) -> tuple[str, ...]:
    assert one.gave is not None
    dead, saturated = dead_and_saturated(one)
    return (
        one.name, number(float(one.gave.mean())), number(float(one.gave.std())),
        f"{100 * dead:.0f} %" if dead is not None else "", f"{100 * saturated:.0f} %" if saturated is not None else "",
    )  # fmt: skip


def _words(name: str, many: Taken) -> str:
    assert many.gave is not None
    low, high = float(many.gave.min()), float(many.gave.max())
    broken = int((~np.isfinite(many.gave)).sum())
    if broken:
        of = f"{broken:,} of the {many.gave.size:,} values that {name} gives"
        return f"{of} are nan or inf: the training has diverged."
    said = [f"{name} gives values from {number(low)} to {number(high)} over {len(many.gave)} samples."]
    dead, saturated = dead_and_saturated(many)
    if dead is not None:
        hint = " They learn no more: a smaller learning rate helps." if dead > DEAD_IN_WORDS else ""
        said.append(f"{100 * dead:.0f} % of its units are dead, 0 for every sample.{hint}")
    if saturated is not None:
        hint = " There the slope is almost 0." if saturated > DEAD_IN_WORDS else ""
        said.append(f"{100 * saturated:.0f} % of its values are saturated.{hint}")
    return " ".join(said)
