"""Saving a model of the learner's process, for the history of runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tutor import files
from tutor.messages.events import Inspected
from tutor.messages.requests import Keep


def keep(request: Keep, namespace: dict[str, Any]) -> Inspected:
    """Save the model as `.keras`, whole or not at all. What goes wrong becomes a `problem` for people."""
    model = find(request.model, namespace)
    if isinstance(model, str):
        return Inspected(request.request, problem=model)
    path = Path(request.path)
    try:
        with files.replacing(path, ".keras") as beside:
            model.save(beside)
    except Exception as error:  # noqa: BLE001 - the learner's own layers may raise anything when they are saved
        return Inspected(request.request, problem=f"The model cannot be saved: {type(error).__name__}: {error}")
    return Inspected(request.request, names=(path.name,))


def find(name: str, namespace: dict[str, Any]) -> Any:
    """The model, or the sentence that says why there is none."""
    keras, torch = sys.modules.get("keras"), sys.modules.get("torch")
    if keras is None:
        return "This run has used no Keras, so that there is no model to keep."
    if name:
        value = namespace.get(name)
    else:
        from tutor.engine.run import fit_wrapping

        value = fit_wrapping.last_model()
    if isinstance(value, keras.Model):
        return value
    if torch is not None and isinstance(value, torch.nn.Module):
        return "A torch module is not kept, only a Keras model is: torch.save(model.state_dict(), path) keeps one."
    return f"There is no Keras model called {name}." if name else "This run has trained no Keras model."
