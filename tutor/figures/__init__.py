"""Live figures: pure functions from the values of their controls to a Scene. numpy only.

Each figure is one module with a list of controls, `CONTROLS`, and a function `draw(settings) -> Scene`. A figure that
trains is a generator: its `draw` yields one Scene after another, the first at once, and each is shown as it comes.
Where some controls do nothing as others stand, a function `idle(settings)` names them. A
new figure is such a module and a line in `_MODULES`. Values come as text, from a lesson or from a control; what is out
of range is clipped to the nearest end, so that a figure always has an answer.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from difflib import get_close_matches
from types import ModuleType

import msgspec

from tutor.figures.settings import FigureError, Settings
from tutor.plots.scene import Control, Scene

_MODULES = {
    "neuron": "tutor.figures.neuron",
    "gradient-descent": "tutor.figures.gradient_descent",
    "one-weight-line": "tutor.figures.one_weight_line",
    "activations": "tutor.figures.activations",
    "softmax": "tutor.figures.softmax",
    "xor-network": "tutor.figures.xor_network",
    "mlp": "tutor.figures.mlp_drawn",
    "universal-approximation": "tutor.figures.universal_approximation",
    "iris-network": "tutor.figures.iris_network",
    "losses": "tutor.figures.losses",
    "outlier": "tutor.figures.outlier",
    "optimizer-race": "tutor.figures.optimizer_race",
    "loss-landscape": "tutor.figures.loss_landscape",
    "chain-rule": "tutor.figures.chain_rule",
    "vanishing-gradient": "tutor.figures.vanishing_gradient",
    "diagnose": "tutor.figures.diagnose",
    "padding-stride-pooling": "tutor.figures.padding_stride_pooling",
    "feature-maps": "tutor.figures.feature_maps",
    "draw-a-digit": "tutor.figures.draw_a_digit",
    "preprocessing": "tutor.figures.preprocessing",
    "early-stopping": "tutor.figures.early_stopping",
    "weight-decay": "tutor.figures.weight_decay",
    "dropout-masks": "tutor.figures.dropout_masks",
    "filter-1d": "tutor.figures.filter_1d",
    "channels": "tutor.figures.channels",
    "kernel-stepper": "tutor.figures.kernel_stepper",
    "unrolled-rnn": "tutor.figures.unrolled_rnn",
    "gates": "tutor.figures.gates",
    "what-remembers": "tutor.figures.what_remembers",
    "attention-weights": "tutor.figures.attention_weights",
}

__all__ = ["FigureError", "compute", "controls", "names", "stream", "trains"]


def names() -> tuple[str, ...]:
    """The names of all figures, in the order of the course."""
    return tuple(_MODULES)


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
    settings = Settings(module.CONTROLS, values or {}, figure=name, seed=seed)
    drawn, idle = module.draw(settings), tuple(module.idle(settings)) if hasattr(module, "idle") else ()
    for scene in drawn if isinstance(drawn, Iterator) else (drawn,):
        yield msgspec.structs.replace(scene, controls=settings.controls, idle=idle)


def _module(name: str) -> ModuleType:
    if name not in _MODULES:
        near = get_close_matches(name, _MODULES, n=2, cutoff=0.4) or list(_MODULES)
        raise FigureError(f'There is no figure "{name}".', f"Near it: {', '.join(near)}.")
    return importlib.import_module(_MODULES[name])
