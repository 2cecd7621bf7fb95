"""View: what one output pixel of a convolution was computed from."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.run.inspecting.array_panels import raster
from tutor.engine.run.inspecting.capture import Taken, capture
from tutor.engine.run.inspecting.layer_values import activation_of
from tutor.engine.run.inspecting.subject import Subject, kinds_of, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Panel, Scene, TextPanel
from tutor.words import number

VIEW = InspectorView("pixel", key="x", place=5, sample=True)


def suits(found: Subject) -> bool:
    """Where there is a convolution over pictures."""
    return "Conv2D" in kinds_of(found)


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """The patch, the kernel, their products and their sum, for one pixel of a convolution's output."""
    found = subject(namespace, wish)
    name, one = _convolution(found, wish)
    layer = one.layer
    assert one.gave is not None and one.given is not None
    ends = {"row": one.gave.shape[1] - 1, "column": one.gave.shape[2] - 1}
    channel = wish.number("channel", one.gave.shape[3] - 1)
    row, column = (wish.number(axis, last) for axis, last in ends.items())
    kernel = layer.get_weights()[0][..., channel]
    bias = float(layer.get_weights()[1][channel]) if layer.use_bias else 0.0
    patch = patch_of(one.given[0], kernel.shape[:2], tuple(layer.strides), layer.padding, row, column)
    total, gave, kind = float((patch * kernel).sum()), float(one.gave[0, row, column, channel]), activation_of(layer)
    words = (
        f"{patch.size} products add up to {number(total)}; with the bias {number(bias)} that is {number(total + bias)}"
        + (f", and {kind} makes it {number(gave)}." if kind else ".")
    )
    deep = wish.number("input_channel", kernel.shape[-1] - 1)
    sums = (f"channel {channel}, row {row}, column {column}", f"sum      {number(total)}", f"bias     {number(bias)}",
            f"{kind or 'output':<8} {number(gave)}")  # fmt: skip
    panels: tuple[Panel, ...] = (
        raster(patch[..., deep], "input patch", numbers=True, legend=False, signed=bool(patch.min() < 0)),
        raster(kernel[..., deep], "kernel", numbers=True, legend=False, signed=True),
        raster((patch * kernel)[..., deep], "products", numbers=True, legend=False, signed=True),
        TextPanel(sums, title="the pixel"),
    )
    return Scene(panels, title=f"One pixel of {name}", words=words, shares=(2, 2, 2, 2), height=12)


def _convolution(found: Subject, wish: Wish) -> tuple[str, Taken]:
    """The chosen one. Raises EngineError where there is none whose pixels can be explained."""
    taken = capture(found, found.sample(wish)[0])
    layers = {each.name: each for each in taken if type(each.layer).__name__ == "Conv2D" and each.gave is not None}
    if not layers:
        raise EngineError(f"{found.name} has no Conv2D layer.", "One pixel is explained for these.")
    name = wish.pick("layer", list(layers))
    layer = layers[name].layer
    if layer.data_format != "channels_last" or tuple(layer.dilation_rate) != (1, 1) or layer.groups != 1:
        raise EngineError(f"{name} is dilated, grouped, or has its channels first: such a pixel is not explained.")
    return name, layers[name]


def patch_of(
    image: np.ndarray, size: tuple[int, ...], strides: tuple[int, ...], padding: str, row: int, column: int
) -> np.ndarray:
    """What lies under the kernel for one output pixel, zeros where it reaches over the edge. image: shape (height,
    width, channels)."""
    before = [0, 0]
    if padding == "same":
        for axis in (0, 1):
            length = image.shape[axis]
            need = max((-(-length // strides[axis]) - 1) * strides[axis] + size[axis] - length, 0)
            before[axis] = need // 2
    top, left = row * strides[0] - before[0], column * strides[1] - before[1]
    patch = np.zeros((size[0], size[1], image.shape[2]))
    for i in range(size[0]):
        for j in range(size[1]):
            if 0 <= top + i < image.shape[0] and 0 <= left + j < image.shape[1]:
                patch[i, j] = image[top + i, left + j]
    return patch
