"""View: the gradients of the layers, now and epoch by epoch, and how large a step is beside the weights."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.run import fit_memory
from tutor.engine.run.inspecting.subject import Subject, parts_of, subject
from tutor.engine.run.inspecting.taking import first_of, shaped
from tutor.engine.run.inspecting.wish import Wish
from tutor.engine.run.layer_pulses import norm
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.messages.training import LayerPulse
from tutor.plots.scene import Chart, Panel, Scene, Series, TablePanel
from tutor.words import number

VIEW = InspectorView("gradients", key="g", place=7, watched=True)

MOST_ROWS = 64
"""Samples whose loss the gradient is of."""
VANISHED = 1e-3
EXPLODED = 1e3
MOST_LINES = 8


@dataclass
class Slope:
    """The gradient of one layer. norm: of all of it. size: root mean square of one weight's. weight: norm of the
    weights. there: whether the loss depends on the layer."""

    name: str
    norm: float
    size: float
    weight: float
    there: bool = True


def suits(found: Subject) -> bool:
    return True


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """A table of layers, and a line for each over the epochs that were watched."""
    found = subject(namespace, wish)
    slopes = _of_keras(found, wish) if found.is_keras else _of_torch(found)
    if not slopes:
        raise EngineError(f"{found.name} has nothing that learns.")
    pulses = fit_memory.of(found.model).pulses if found.is_keras else []
    last = {one.name: one for one in pulses[-1][1]} if pulses else {}
    table = TablePanel(
        ("layer", "gradient", "per weight", "weights", "update/weights"),
        tuple(_row(slope, last.get(slope.name)) for slope in slopes), "norms, layer by layer", right=(1, 2, 3, 4),
    )  # fmt: skip
    panels: tuple[Panel, ...] = (table, *_history(pulses))
    words = " ".join([*_words(slopes, pulses), *_steps(last), *_hint(found, pulses)]) + found.remark
    return Scene(panels, title=f"Gradients of {found.name}", words=words, shares=(1, 1)[: len(panels)], height=16)


def _row(slope: Slope, pulse: LayerPulse | None) -> tuple[str, ...]:
    update = pulse.update if pulse is not None else math.nan
    told = f"{update:.2g}" if math.isfinite(update) else ""
    return slope.name, number(slope.norm), number(slope.size), number(slope.weight), told


# ------------------------------------------------------------------ gradients of now


def _of_keras(found: Subject, wish: Wish) -> list[Slope]:
    """Of the loss on some samples, by torch, without touching what the training has left in the variables."""
    torch, model = sys.modules["torch"], found.model
    found.choose(wish)
    inputs, y = found.data
    if y is None:
        raise EngineError("A gradient is that of a loss, and there are no targets at hand.", "Name some: y = ...")
    learning = (layer for layer in fit_memory.layers_of(model) if layer.trainable_variables)
    layers = {layer.name: layer.trainable_variables for layer in learning}
    values = [variable.value for variables in layers.values() for variable in variables]
    if not values:
        return []
    rows = min(MOST_ROWS, len(found.many()[0]))
    with torch.enable_grad():
        given = model(shaped(model, [each[:rows] for each in inputs]), training=False)
        loss = loss_of(model, y[:rows], given)
        found_gradients = iter(torch.autograd.grad(loss, values, allow_unused=True))
    return [
        _slope(name, [next(found_gradients) for _ in variables], [variable.value for variable in variables])
        for name, variables in layers.items()
    ]


def loss_of(model: Any, y: np.ndarray, given: Any) -> Any:
    """The compiled loss of one output, and what the layers add; no metric hears of it. Raises EngineError without."""
    keras = sys.modules["keras"]
    loss = getattr(model, "loss", None)
    if loss is None:
        raise EngineError(
            "The model is not compiled with a loss, and a gradient is that of one.", "model.compile(loss=...)"
        )
    if isinstance(loss, dict):
        loss = next(iter(loss.values()))
    elif isinstance(loss, (list, tuple)):
        loss = loss[0]
    given = first_of(given)
    function = keras.losses.get(loss)
    target = keras.ops.convert_to_tensor(y)
    if not isinstance(function, keras.losses.Loss) and len(given.shape) == len(target.shape) + 1:
        target = keras.ops.expand_dims(target, -1)  # as Loss objects do by themselves
    if "sparse" not in str(getattr(function, "name", getattr(function, "__name__", ""))):
        target = keras.ops.cast(target, given.dtype)
    return sum(model.losses, keras.ops.mean(function(target, given)))


def _of_torch(found: Subject) -> list[Slope]:
    """What the last `backward` has left."""
    modules = parts_of(found.model, found.name)
    parts = [(name, list(module.parameters(recurse=False))) for name, module in modules.items()]
    slopes = [_slope(name, [each.grad for each in values], values) for name, values in parts if values]
    if slopes and not any(each.there for each in slopes):
        raise EngineError(f"{found.name} holds no gradients.", "They are there after loss.backward().")
    return slopes


def _slope(name: str, gradients: list[Any], values: list[Any]) -> Slope:
    there = [each.detach() for each in gradients if each is not None]
    weight = norm(each.detach() for each in values)
    if not there:
        return Slope(name, math.nan, math.nan, weight, there=False)
    whole = norm(there)
    return Slope(name, whole, whole / math.sqrt(sum(each.numel() for each in there)), weight)


# ------------------------------------------------------------------ epoch by epoch


def _history(pulses: list[tuple[int, tuple[LayerPulse, ...]]]) -> tuple[Chart, ...]:
    if not pulses:
        return ()
    names = [one.name for one in pulses[-1][1]]
    if len(names) > MOST_LINES:  # the first and the last ones tell whether it vanishes on the way
        names = names[: MOST_LINES // 2] + names[-MOST_LINES // 2 :]
    series = []
    for name in names:
        points = [(at + 1, one.gradient) for at, layers in pulses for one in layers if one.name == name]
        x = tuple(float(at) for at, _ in points)
        y = tuple(value if math.isfinite(value) and value > 0 else math.nan for _, value in points)
        series.append(Series(x, y, label=name, kind="line" if len(x) > 1 else "points"))
    if not any(math.isfinite(value) for one in series for value in one.y):
        return ()
    return (Chart(tuple(series), title="gradient, epoch by epoch", xlabel="epoch", yscale="log", whole_x=True),)


# ------------------------------------------------------------------ words


def _words(slopes: list[Slope], pulses: list[tuple[int, tuple[LayerPulse, ...]]]) -> list[str]:
    broken = [slope.name for slope in slopes if slope.there and not math.isfinite(slope.norm)]
    if broken:
        where = ", ".join(broken)
        return [f"The gradient of {where} is no number: it has exploded. A smaller learning rate, or clipping, helps."]
    known = [slope for slope in slopes if math.isfinite(slope.norm)]
    if not known:
        return ["No layer has a gradient: the loss does not depend on any weight."]
    if all(slope.norm == 0 for slope in known):
        return ["Every gradient is 0: nothing is learned here, either at a minimum or because all units are dead."]
    said = []
    first, last = known[0], max(known[1:] or known, key=lambda slope: slope.size)
    if len(known) > 1 and first.size < VANISHED * last.size:
        how = f"{last.size / first.size:,.0f} times smaller than in {last.name}" if first.size else "0"
        said.append(f"It vanishes on the way back: a weight's gradient in {first.name} is {how}.")
    total = math.sqrt(sum(slope.norm**2 for slope in known))
    growth = _growth(pulses)
    if total > EXPLODED or growth > EXPLODED:
        what = (
            f"its norm is {number(total)}"
            if total > EXPLODED
            else f"it has grown {growth:,.0f} times since the first epoch"
        )
        said.append(f"It explodes: {what}. A smaller learning rate, or clipping, helps.")
    if not said:
        said.append(
            f"The whole gradient has norm {number(total)}; it neither vanishes nor explodes from layer to layer."
        )
    silent = [slope.name for slope in known if slope.norm == 0]
    if silent:
        said.append(f"No gradient reaches {', '.join(silent)}.")
    return said


def _growth(pulses: list[tuple[int, tuple[LayerPulse, ...]]]) -> float:
    """How many times larger the last epoch's gradient is than the first's, 0 where unknown."""
    if len(pulses) < 2:
        return 0.0
    first, last = (math.sqrt(sum(one.gradient**2 for one in layers)) for _, layers in (pulses[0], pulses[-1]))
    return last / first if first else 0.0


def _steps(last: dict[str, LayerPulse]) -> list[str]:
    """About the size of a step, where the last one was watched."""
    sizes = {name: one.update for name, one in last.items() if math.isfinite(one.update)}
    if not sizes:
        return []
    name = max(sizes, key=lambda each: sizes[each])
    size = sizes[name]
    said = f"The last step changed {name} by {size:.1g} of its weights, the most of all layers"
    if size > 0.1:
        return [f"{said}: much; steps of about 0.001 are usual."]
    if size < 1e-6:
        return [f"{said}: next to nothing; it hardly learns any more."]
    return [f"{said}; about 0.001 is usual."]


def _hint(found: Subject, pulses: list[Any]) -> list[str]:
    if pulses or not found.is_keras:
        return []
    return ["Epoch by epoch it is taken while a training runs with this view asked for: run it again."]
