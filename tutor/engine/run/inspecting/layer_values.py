"""What a layer does to values: its activation, and its feature maps as pictures."""

from __future__ import annotations

from typing import Any

import numpy as np


def of_keras(layer: Any) -> bool:
    """Whether it is a layer or an operation of Keras; else it is a torch module. (With torch behind Keras its layers
    are torch modules, too.)"""
    return hasattr(layer, "compute_output_spec")


def activation_of(layer: Any) -> str:
    """relu, tanh, sigmoid, softmax, …; "" where there is none."""
    function = getattr(layer, "activation", None)
    name = getattr(function, "__name__", "") if function is not None else type(layer).__name__.lower()
    return name if name != "linear" else ""


def channels(gave: np.ndarray, layer: Any) -> np.ndarray:
    """Feature maps of the first sample. Returns shape (channels, height, width)."""
    first = gave[0]
    last = getattr(layer, "data_format", "channels_last" if of_keras(layer) else "channels_first")
    return np.moveaxis(first, -1, 0) if last == "channels_last" else first
