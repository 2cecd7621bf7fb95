"""View: every feature map of a layer."""

from __future__ import annotations

from typing import Any

from tutor.engine.run.inspecting.array_panels import raster, tiles
from tutor.engine.run.inspecting.capture import Taken, capture
from tutor.engine.run.inspecting.layer_values import channels
from tutor.engine.run.inspecting.subject import Subject, kinds_of, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Panel, Scene
from tutor.words import number

VIEW = InspectorView("maps", key="m", place=4, sample=True)


def suits(found: Subject) -> bool:
    """Where a layer gives feature maps."""
    return any("Conv2" in kind or "Pooling2D" in kind or "Pool2d" in kind for kind in kinds_of(found))


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """All feature maps of a layer for one sample; the chosen one large."""
    found = subject(namespace, wish)
    inputs, called = found.sample(wish)
    layers = {each.name: each for each in capture(found, inputs) if _is_spatial(each)}
    if not layers:
        raise EngineError(
            f"No layer of {found.name} gives feature maps.", "They are what a convolution or a pooling gives."
        )
    name = wish.pick("layer", list(layers))
    gave = layers[name].gave
    assert gave is not None
    pictures = channels(gave, layers[name].layer)
    chosen = wish.number("channel", len(pictures) - 1, help="enter shows what one of its pixels was computed from")
    names = [str(at) for at in range(len(pictures))]
    look: dict[str, Any] = {"signed": bool(pictures.min() < 0), "tint": "heat"}
    empty = sum(1 for each in pictures if not each.any())
    panels: tuple[Panel, ...] = (
        tiles(pictures, names, chosen, f"{name}: {len(pictures)} feature maps", **look),
        raster(pictures[chosen], f"map {chosen}", **look),
    )
    words = (
        f"{name} gives {len(pictures)} maps of {pictures.shape[1]} by {pictures.shape[2]} for {called}. "
        f"Map {chosen} reaches from {number(float(pictures[chosen].min()))} to "
        f"{number(float(pictures[chosen].max()))}; {empty} of {len(pictures)} are 0 everywhere here."
    )
    return Scene(panels, title=f"Feature maps of {found.name}", words=words, shares=(3, 2), height=20)


def _is_spatial(one: Taken) -> bool:
    return one.gave is not None and one.gave.ndim == 4
