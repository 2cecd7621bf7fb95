"""A 3 x 3 kernel moves over a small picture, place by place: nine products and their sum; stride and padding."""

from __future__ import annotations

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.kernels import KERNELS, Floats
from tutor.plots.scene import Mark, Pick, Raster, Scene, Slider, Stepper, TextPanel
from tutor.words import minus

PICTURES: dict[str, tuple[tuple[int, ...], ...]] = {
    "square": tuple(tuple(8 if min(i, j) >= 2 else 1 for j in range(6)) for i in range(6)),
    "line": tuple(tuple(9 if i + j == 5 else 1 for j in range(6)) for i in range(6)),
    "dot": tuple(tuple(9 if (i, j) == (2, 3) else 0 for j in range(6)) for i in range(6)),
    "slope": tuple(tuple(range(1, 7)) for _ in range(6)),
}
CONTROLS = (
    Pick("kernel", "kernel", "edges", tuple(KERNELS), help="which nine weights"),
    Pick("picture", "picture", "square", tuple(PICTURES), help="what the kernel moves over"),
    Slider("stride", "stride", 1, 1, 3, 1, whole=True, help="by how many pixels the window moves on"),
    Slider("padding", "padding", 0, 0, 1, 1, whole=True, help="how many zeros are put around the picture"),
    Stepper("place", "place", 0, 35, help="which place of the window"),
)


def draw(s: ControlValues) -> Scene:
    """The window on the picture, its sum worked out, and the output so far."""
    name, stride, padding = s.word("kernel"), int(s["stride"]), int(s["padding"])
    x = np.pad(np.array(PICTURES[s.word("picture")]), padding)
    numbers, divisor = KERNELS[name]
    w = np.array(numbers)
    side = (len(x) - 3) // stride + 1
    last = side * side - 1
    place = min(int(s["place"]), last)
    row, column = divmod(place, side)
    seen = x[row * stride : row * stride + 3, column * stride : column * stride + 3]
    sums = np.array([[_sum(x, w, i * stride, j * stride) for j in range(side)] for i in range(side)]) / divisor
    return Scene(
        panels=(
            looked_at(x, row * stride, column * stride, padding),
            worked(name, w, divisor, seen, sums[row, column]),
            so_far(sums, place),
        ),
        words=in_words(len(x) - 2 * padding, stride, padding, side, place, seen, sums[row, column], divisor),
        shares=(25, 21, 22),
        height=14,
    )


def _sum(x: np.ndarray, w: np.ndarray, i: int, j: int) -> float:
    return float((w * x[i : i + 3, j : j + 3]).sum())


def looked_at(x: np.ndarray, top: int, left: int, padding: int) -> Raster:
    """The picture; the pixels in the window have their numbers written on them."""
    marks = tuple(Mark(left + j, top + i, str(x[top + i, left + j])) for i in range(3) for j in range(3))
    title = f"{len(x)} × {len(x)} with the zeros" if padding else f"the picture, {len(x)} × {len(x)}"
    return Raster(
        tuple(tuple(float(v) for v in row) for row in x), title=title, low=0.0, high=9.0, legend=False, marks=marks,
        each=True,
    )  # fmt: skip


def worked(name: str, w: np.ndarray, divisor: int, seen: np.ndarray, value: float) -> TextPanel:
    """weight · pixel, nine times, and what they add up to."""
    lines = ["weight · pixel", ""]
    for weights, pixels in zip(w, seen, strict=True):
        lines.append(" ".join(f"{minus(str(a)):>2}·{b:<3}" for a, b in zip(weights, pixels, strict=True)).rstrip())
    products = w * seen
    lines += ["", "products"]
    lines += [" ".join(f"{minus(str(v)):>4}" for v in row) for row in products]
    total = minus(str(int(products.sum())))
    lines += ["", f"sum {total}" if divisor == 1 else f"sum {total}, /{divisor}: {tenth(value)}"]
    return TextPanel(tuple(lines), title=name)


def tenth(value: float) -> str:
    """As a whole number where it is one, else with one decimal."""
    return minus(f"{value:.0f}" if abs(value - round(value)) < 1e-9 else f"{value:.1f}")


def so_far(sums: Floats, place: int) -> Raster:
    """The output: what is done in colours, the newest with its number, the rest as dots."""
    side = len(sums)
    flat = sums.reshape(-1)
    values = np.where(np.arange(side * side) <= place, flat, 0.0).reshape(side, side)
    marks = [Mark(place % side, place // side, tenth(flat[place]))]
    marks += [Mark(k % side, k // side, "·") for k in range(place + 1, side * side)]
    reach = float(np.abs(flat).max()) or 1.0
    return Raster(
        tuple(tuple(row) for row in values.tolist()), title=f"output, {side} × {side}",
        low=-reach, high=reach, signed=True, legend=False, marks=tuple(marks), each=True,
    )  # fmt: skip


def in_words(
    size: int, stride: int, padding: int, side: int, place: int, seen: np.ndarray, value: float, divisor: int
) -> str:
    """Which window this is, what it sums to and why, and how large the output becomes."""
    text = f"Window {place + 1} of {side * side}: row {place // side}, column {place % side} of the output is "
    text += f"{tenth(value)}. "
    if seen.min() == seen.max():
        text += f"All nine pixels are {seen.min()}, so it is {seen.min()} times the sum of the weights. "
    around = " with a border of zeros" if padding else ""
    text += f"A picture of {size} × {size}{around}, a kernel of 3 × 3 and a stride of {stride} give {side} × {side}."
    return text
