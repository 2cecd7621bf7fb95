"""What models take and give, as arrays: several inputs in a list or by name, the first of several outputs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.engine.run import fit_memory
from tutor.messages.harmless import harmless

LONGEST_REASON = 200
"""Characters of what an exception says."""


def arrays(x: Any, names: Sequence[str] = ()) -> list[np.ndarray]:
    """Inputs as a list of arrays, those of a dict in the order of `names`; empty where they are none."""
    if x is None:
        return []
    if isinstance(x, dict):
        order = names if names and set(names) <= set(x) else list(x)
        parts = [plain(x[name]) for name in order]
    elif isinstance(x, (list, tuple)) and x and all(hasattr(each, "shape") for each in x):
        parts = [plain(each) for each in x]
    else:
        parts = [plain(x)]
    kept = [each for each in parts if each is not None and each.ndim >= 1 and len(each) and each.dtype.kind in "fiub"]
    return kept if len(kept) == len(parts) else []


def targets(y: Any, count: int) -> np.ndarray | None:
    """Targets of so many samples, of several outputs those of the first; None where there are none."""
    for candidate in (y, first_of(y) if isinstance(y, (list, tuple, dict)) and len(y) else None):
        found = plain(candidate)
        if found is not None and found.ndim and len(found) == count:
            return found
    return None


def plain(value: Any) -> np.ndarray | None:
    """A numpy array of numbers, None for what is none."""
    if value is None or isinstance(value, (str, bytes, dict, set)):
        return None
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    try:
        found = np.asarray(value)
    except Exception:  # noqa: BLE001 - objects of the learner's own, generators
        return None
    return found if found.dtype.kind in "fiub" else None


def shaped(model: Any, inputs: list[np.ndarray]) -> Any:
    """Inputs in the structure that the model was built with."""
    if takes_dict(model):
        return dict(zip(input_names(model), inputs, strict=True))
    return inputs[0] if len(inputs) == 1 else inputs


def takes_dict(model: Any) -> bool:
    """Whether a Keras model takes its inputs by name: as it was made, else as it was trained."""
    given = getattr(model, "input", None) if getattr(model, "inputs", None) else fit_memory.of(model).data.get("x")
    return isinstance(given, dict)


def input_names(model: Any) -> list[str]:
    """Of the inputs of a Keras model, in the order of `model.inputs`; none where it was never told and has seen no
    dict."""
    inputs = getattr(model, "inputs", None)
    if not inputs:
        seen = fit_memory.of(model).data.get("x")
        return list(seen) if isinstance(seen, dict) else []
    given = getattr(model, "input", None)  # the structure of a functional model's; a sequential one has none
    if isinstance(given, dict):
        return [name for each in inputs for name, own in given.items() if own is each]
    return [each.name for each in inputs]


def tensor(module: Any, x: np.ndarray) -> Any:
    """For a torch module: whole numbers stay what they are where it looks them up in an embedding."""
    torch = sys.modules["torch"]
    looks_up = any(isinstance(each, (torch.nn.Embedding, torch.nn.EmbeddingBag)) for each in module.modules())
    found = torch.as_tensor(x)
    return found.long() if looks_up and x.dtype.kind in "iu" else found.float()


def plainly(error: Exception) -> str:
    """What an exception says, in one line: of Keras, which tells all arguments as well, the reason only."""
    text = harmless(str(error)).split("Arguments received by", 1)[0]
    if text.startswith("Exception encountered when calling"):
        text = text.partition("\n")[2]
    text = " ".join(text.split()) or type(error).__name__
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"


def first_of(value: Any) -> Any:
    """The first output of several."""
    while isinstance(value, (list, tuple, dict)):
        value = next(iter(value.values() if isinstance(value, dict) else value))
    return value
