"""The views of the inspector, each once: the window has their names and keys from here, a run's process their code.

A new view is a line here, and a function of its name in the module that the line says.
"""

from __future__ import annotations

from msgspec import Struct


class ModelView(Struct, frozen=True):
    """key: a letter of the name. module: in `tutor/engine/run/inspecting`; it has a function called as the view is.
    by_epoch: it shows epoch after epoch, and what it needs is taken while a training runs. typed: a sample that was
    typed in can be shown in it."""

    name: str
    key: str
    module: str
    by_epoch: bool = False
    typed: bool = False


MODEL_VIEWS = (
    ModelView("structure", "s", "layer_table"),
    ModelView("weights", "w", "weights", by_epoch=True),
    ModelView("activations", "a", "activity", typed=True),
    ModelView("maps", "m", "maps", typed=True),
    ModelView("pixel", "x", "maps", typed=True),
    ModelView("states", "t", "recurrent_states", typed=True),
    ModelView("gradients", "g", "learning", by_epoch=True),
    ModelView("predictions", "p", "outcomes"),
    ModelView("confusion", "c", "outcomes"),
    ModelView("mistakes", "e", "outcomes"),
    ModelView("decision", "d", "regions"),
)
"""In the order in which they stand beside each other."""
