"""Live figures: pure functions from the values of their controls to a Scene. numpy only.

Each figure is one file in this folder, and a file in this folder is a figure, called as the file is, with `-` for `_`.
It has a list of controls, `CONTROLS`, and a function `draw(values) -> Scene`. A figure that trains is a generator: its
`draw` yields one Scene after another, the first at once, and each is shown as it comes. Where some controls do nothing
as others stand, a function `idle(values)` names them. What several figures need is in `shared/`.

Values come as text, from a lesson or from a control; what is out of range is clipped to the nearest end, so that a
figure always has an answer. A figure is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import msgspec

from tutor.figures.shared.control_values import ControlValues, FigureError
from tutor.plots.scene import Control, Scene
from tutor.words import did_you_mean

_MODULES = {
    module.name.replace("_", "-"): f"{__name__}.{module.name}"
    for module in pkgutil.iter_modules(__path__)
    if not module.ispkg
}
"""The module of each figure, by the figure's name."""

__all__ = ["FigureError", "compute", "controls", "names", "stream", "trains"]


def names() -> tuple[str, ...]:
    """The names of all figures, in alphabetical order."""
    return tuple(sorted(_MODULES))


def controls(name: str) -> tuple[Control, ...]:
    """The controls of a figure with their values to begin with. Raises FigureError for an unknown name."""
    return tuple(_module(name).CONTROLS)


def trains(name: str) -> bool:
    """Whether the figure comes as one Scene after another."""
    return inspect.isgeneratorfunction(_module(name).draw)


def compute(name: str, values: dict[str, str] | None = None, seed: int = 0) -> Scene:
    """The figure at these values, the last Scene of one that trains; its controls stand at them (after clipping).

    Raises FigureError with the nearest names where the figure, a parameter or a word is unknown, or where a
    value is no number.
    """
    *_, last = stream(name, values, seed)
    return last


def stream(name: str, values: dict[str, str] | None = None, seed: int = 0) -> Iterator[Scene]:
    """Every Scene of the figure at these values: one, or one after another while it trains. Raises as `compute`."""
    module = _module(name)
    taken = ControlValues(module.CONTROLS, values or {}, figure=name, seed=seed)
    drawn, idle = module.draw(taken), tuple(module.idle(taken)) if hasattr(module, "idle") else ()
    for scene in drawn if isinstance(drawn, Iterator) else (drawn,):
        yield msgspec.structs.replace(scene, controls=taken.controls, idle=idle)


def _module(name: str) -> ModuleType:
    if name not in _MODULES:
        raise FigureError(f'There is no figure "{name}".', did_you_mean(name, names(), few=99))
    return importlib.import_module(_MODULES[name])
