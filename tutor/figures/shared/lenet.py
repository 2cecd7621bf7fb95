"""A trained LeNet in numpy: every feature map of an image, and what the network says.

The weights come from data/lenet.npz (data/README.md says how they were made); the layers are those of lesson 6.3, and a
test holds this forward pass to Keras's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor import data

Array = npt.NDArray[np.float32]
LAYERS = ("conv1", "pool1", "conv2", "pool2")
SIDE, EDGE = 28, 2
"""Pixels of a digit along a side, and zeros put around it at each end."""
_COUNT = 10


class LenetOutputs(NamedTuple):
    """maps: of each layer of LAYERS, shape (height, width, maps). says: ten probabilities."""

    image: Array
    maps: dict[str, Array]
    says: Array

    @property
    def best(self) -> int:
        return int(self.says.argmax())


@lru_cache(maxsize=1)
def weights() -> tuple[Array, ...]:
    """Kernel and bias of each of the five layers, in order."""
    arrays = data.load("lenet")
    return tuple(arrays[f"lenet_{at}"].astype(np.float32) for at in range(_COUNT))


def look(image: Array) -> LenetOutputs:
    """image: shape (28, 28), 0 to 1."""
    w = weights()
    x = np.pad(image.astype(np.float32), EDGE)[:, :, None]
    maps = {}
    for number in (1, 2):
        x = maps[f"conv{number}"] = np.maximum(convolved(x, w[2 * number - 2]) + w[2 * number - 1], 0)
        x = maps[f"pool{number}"] = halved(x)
    row = x.reshape(-1)
    for at in (4, 6):
        row = np.maximum(row @ w[at] + w[at + 1], 0)
    scores = row @ w[8] + w[9]
    powers = np.exp(scores - scores.max())
    return LenetOutputs(image, maps, powers / powers.sum())


def convolved(x: Array, kernel: Array) -> Array:
    """x: (height, width, channels); kernel: (k, k, channels, maps). No padding, stride 1."""
    k = kernel.shape[0]
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(0, 1))  # (h', w', channels, k, k)
    rows, columns = windows.shape[:2]
    flat = windows.transpose(0, 1, 3, 4, 2).reshape(rows * columns, -1)
    out: Array = flat @ kernel.reshape(-1, kernel.shape[-1])
    return out.reshape(rows, columns, -1)


def halved(x: Array) -> Array:
    """Max pooling, 2 by 2; height and width are even."""
    rows, columns, maps = x.shape
    out: Array = x.reshape(rows // 2, 2, columns // 2, 2, maps).max(axis=(1, 3))
    return out


@lru_cache(maxsize=1)
def held_out() -> tuple[tuple[Array, ...], ...]:
    """Ten digits of each class that the network was not trained on: held_out()[digit][number], shape (28, 28)."""
    digits = data.load("mnist5k")
    images, labels = digits["images"], digits["labels"]
    others = np.random.default_rng(0).permutation(len(images))[4000:]
    return tuple(
        tuple(images[at].astype(np.float32) / 255 for at in others[labels[others] == digit][:_COUNT])
        for digit in range(10)
    )


def moved(image: Array, down: int, right: int) -> Array:
    """The image moved by whole pixels; what leaves it is gone, what comes in is black."""
    out = np.zeros_like(image)
    rows, columns = image.shape
    out[max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = image[
        max(-down, 0) : rows + min(-down, 0), max(-right, 0) : columns + min(-right, 0)
    ]
    return out
