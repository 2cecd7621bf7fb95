"""What LeNet sees and says, as panels and words: what the figures with a digit share."""

from __future__ import annotations

import numpy as np

from tutor.figures.shared import lenet
from tutor.figures.shared.lenet import LenetOutputs
from tutor.plots.scene import TextPanel, Tiles
from tutor.words import short

DARK = 1e-6
LITTLE = 1e-3
"""A probability that is not worth saying."""


def tiles(seen: LenetOutputs, layer: str, chosen: int = 0) -> Tiles:
    """All maps of a layer in one scale. chosen: counted from 1, 0 for none."""
    maps = seen.maps[layer]
    pictures = tuple(tuple(map(tuple, maps[:, :, at].tolist())) for at in range(maps.shape[2]))
    labels = tuple(str(at + 1) for at in range(maps.shape[2]))
    title = f"{layer}: {maps.shape[2]} maps, {maps.shape[0]}×{maps.shape[1]}"
    high = max(float(maps.max()), DARK)
    return Tiles(pictures, labels, chosen - 1, title, low=0.0, high=high, legend=False)


def opinion(seen: LenetOutputs, layer: str = "", chosen: int = 0) -> TextPanel:
    """What it says, in the title as rows may be few; the ten probabilities as bars of characters; under them the kernel
    of the chosen map of the first layer."""
    lines = [f"{digit} {'█' * round(8 * p):<8}{round(100 * float(p)):>4} %" for digit, p in enumerate(seen.says)]
    if layer in ("conv1", "pool1") and chosen:
        lines += ["", f"kernel {chosen}, × 10", *kernel_rows(lenet.weights()[0][:, :, 0, chosen - 1])]
    return TextPanel(tuple(lines), title=f"It says {seen.best}")


def kernel_rows(kernel: lenet.Array) -> list[str]:
    """Its weights, ten times as large and rounded, with a minus sign as people write it."""
    tenfold = np.rint(10 * kernel).astype(int)
    return ["".join(f"{value:>3}".replace("-", "−") for value in row) for row in tenfold.tolist()]


def said(seen: LenetOutputs) -> str:
    """7 (98 %), then 9 (1 %); of what is next to nothing, nothing is said."""
    first, second = (int(at) for at in np.argsort(-seen.says)[:2])
    text = f"{first} ({share(float(seen.says[first]))})"
    return text if seen.says[second] < LITTLE else f"{text}, then {second} ({share(float(seen.says[second]))})"


def share(p: float) -> str:
    """A probability in percent."""
    return "over 99.9 %" if p > 1 - LITTLE else f"{short(100 * p, 3 if p > 0.1 else 2)} %"
