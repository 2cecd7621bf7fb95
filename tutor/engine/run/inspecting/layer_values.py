"""What a layer does to values: its activation, and its feature maps as pictures."""

from __future__ import annotations

from typing import Any

import numpy as np


def activation_of(layer: Any) -> str:
    """relu, tanh, sigmoid, softmax, …; "" where there is none."""
    function = getattr(layer, "activation", None)
    name = getattr(function, "__name__", "") if function is not None else type(layer).__name__.lower()
    return name if name != "linear" else ""


def channels(gave: np.ndarray, layer: Any) -> np.ndarray:
    """Feature maps of the first sample. Returns shape (channels, height, width)."""
    first = gave[0]
    last = getattr(layer, "data_format", "channels_last" if hasattr(layer, "count_params") else "channels_first")
    return np.moveaxis(first, -1, 0) if last == "channels_last" else first
