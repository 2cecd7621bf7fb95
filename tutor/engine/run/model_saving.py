"""Saving a model of the learner's process, for the history of runs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tutor.messages.events import Inspected
from tutor.messages.requests import Keep


def keep(request: Keep, fd: int, namespace: dict[str, Any]) -> Inspected:
    """Save the model as `.keras` into the file that the host has opened as `fd`, which is closed here. What goes wrong
    becomes a `problem` for people."""
    with open(fd, "wb") as file:
        model = find(request.model, namespace)
        if isinstance(model, str):
            return Inspected(request.request, problem=model)
        folder = tempfile.mkdtemp()  # Keras looks at the ending of a name, and writes here and there in the file
        try:
            path = os.path.join(folder, Path(request.path).name)
            model.save(path)
            with open(path, "rb") as saved:
                shutil.copyfileobj(saved, file, 1 << 20)
        except Exception as error:  # noqa: BLE001 - the learner's own layers may raise anything when they are saved
            return Inspected(request.request, problem=f"The model cannot be saved: {type(error).__name__}: {error}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Inspected(request.request)


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
