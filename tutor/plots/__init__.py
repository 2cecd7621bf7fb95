"""Scenes (pictures as data), and what draws them as text and puts them into words.

`render`, `words`, `natural_height` and `PlotLook` are loaded when first asked for: who only makes Scenes (the
learner's process) does not pay for drawing them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.plots.describe import words
    from tutor.plots.drawing import natural_height, render
    from tutor.plots.look import PlotLook

__all__ = ["PlotLook", "natural_height", "render", "words"]

_HOMES = {
    "render": "tutor.plots.drawing",
    "natural_height": "tutor.plots.drawing",
    "words": "tutor.plots.describe",
    "PlotLook": "tutor.plots.look",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
