"""View: the weights of a layer as a heatmap and a histogram, and what training has changed of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tutor.engine.run import fit_memory
from tutor.engine.run.inspecting.array_panels import histogram, raster, tiles
from tutor.engine.run.inspecting.subject import Subject, parts_of, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Chart, Panel, Scene, Series
from tutor.words import number

VIEW = InspectorView("weights", key="w", place=2, watched=True)

SHOWN = ("now", "before training", "change")


def suits(found: Subject) -> bool:
    return True


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """The arrays of one layer: kernel, bias, or what else it has."""
    found = subject(namespace, wish)
    layers = {name: arrays for name, arrays in _arrays(found).items() if arrays}
    if not layers:
        raise EngineError(f"{found.name} has no weights yet.", "They are made when it first sees data.")
    name = wish.pick("layer", list(layers))
    which = wish.pick("array", list(layers[name]))
    value = layers[name][which]
    start = _start(found, name, which)
    shown = wish.pick("show", SHOWN) if start is not None else "now"
    picture = {"now": value, "before training": start, "change": value - start if start is not None else None}[shown]
    assert picture is not None
    panels: tuple[Panel, ...] = (
        _picture(picture, which, wish) if found.is_keras else _torch_picture(picture, which, wish, found, name),
        histogram(picture, "how often", which),
    )
    changes = _changes(found, name)
    if changes is not None:
        panels = (*panels, changes)
    return Scene(
        panels,
        title=f"{name} of {found.name}",
        words=_words(name, which, value, start),
        shares=(3, 2, 3)[: len(panels)],
        height=16,
    )


def _picture(value: np.ndarray, which: str, wish: Wish) -> Panel:
    """A kernel of a convolution as a tile for each output channel, anything else as a grid."""
    shape = f"{which}, shape {tuple(value.shape)}"
    if value.ndim == 4:  # (height, width, in, out)
        channel = wish.number("input_channel", value.shape[2] - 1)
        shown = np.moveaxis(value[:, :, channel, :], -1, 0)
        return tiles(shown, [str(at) for at in range(len(shown))], -1, f"{shape}, for input {channel}", signed=True)
    flat = value.reshape(-1, value.shape[-1]) if value.ndim > 1 else value[None, :]
    return raster(flat, shape, signed=True, ylabel="inputs", xlabel="units")


def _torch_picture(value: np.ndarray, which: str, wish: Wish, found: Subject, layer: str) -> Panel:
    """The same of a torch module, in torch's order: output units first; a transposed convolution has its inputs
    there."""
    shape = f"{which}, shape {tuple(value.shape)}"
    turned = "Transpose" in type(parts_of(found.model, found.name)[layer]).__name__
    if value.ndim == 4:
        by_input = value if turned else np.swapaxes(value, 0, 1)
        channel = wish.number("input_channel", len(by_input) - 1)
        shown = by_input[channel]
        return tiles(shown, [str(at) for at in range(len(shown))], -1, f"{shape}, for input {channel}", signed=True)
    if value.ndim < 2:
        return raster(value.reshape(1, -1), shape, signed=True, ylabel="", xlabel="units")
    down, right = ("inputs", "units") if turned else ("units", "inputs")
    return raster(value.reshape(len(value), -1), shape, signed=True, ylabel=down, xlabel=right)


def _words(name: str, which: str, value: np.ndarray, start: np.ndarray | None) -> str:
    finite = np.isfinite(value)
    if not finite.all():
        return f"{(~finite).sum():,} of the {value.size:,} numbers of {name} are nan or inf: the training has diverged."
    said = [
        f"{value.size:,} numbers from {number(float(value.min()))} to {number(float(value.max()))}, mean "
        f"{number(float(value.mean()))}, standard deviation {number(float(value.std()))}."
    ]
    near = float((np.abs(value) < 1e-3).mean())
    if value.size >= 8 and near > 0.2 and "bias" not in which:
        said.append(f"{100 * near:.0f} % are nearly 0.")
    if start is not None:
        size = float(np.linalg.norm(start))
        moved = float(np.linalg.norm(value - start))
        if not moved:
            said.append("Training has not changed them.")
        elif size:
            said.append(f"Training has moved them by {100 * moved / size:.0f} % of their size.")
        else:
            said.append(f"They began at 0; training has moved them by {number(moved)}.")
    return " ".join(said)


def _arrays(found: Subject) -> dict[str, dict[str, np.ndarray]]:
    """For each layer its arrays by name."""
    if not found.is_keras:
        return {
            name: {each: value.detach().cpu().numpy() for each, value in part.named_parameters(recurse=False)}
            for name, part in parts_of(found.model, found.name).items()
        }
    return {layer.name: fit_memory.arrays_of(layer) for layer in fit_memory.layers_of(found.model)}


def _start(found: Subject, layer: str, which: str) -> np.ndarray | None:
    """The same array as it was before the first training, where that is known."""
    if not found.is_keras:
        return None
    return fit_memory.of(found.model).first.get(layer, {}).get(which)


def _changes(found: Subject, layer: str) -> Chart | None:
    """How far the layer's weights have gone from where they began, epoch by epoch, where that was watched."""
    pulses = fit_memory.of(found.model).pulses if found.is_keras else []
    points = [(at + 1, 100 * one.change) for at, layers in pulses for one in layers if one.name == layer]
    if not points:
        return None
    x, y = zip(*points, strict=True)
    finite = tuple(value if math.isfinite(value) else math.nan for value in y)
    if all(math.isnan(value) for value in finite):
        return None
    series = Series(tuple(map(float, x)), finite, kind="line" if len(points) > 1 else "points")
    return Chart((series,), title="change since the start, %", xlabel="epoch", whole_x=True)
