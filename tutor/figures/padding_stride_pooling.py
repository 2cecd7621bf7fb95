"""A window that moves over an image: padding and stride, and pooling, step by step.

With n pixels, a window of k, a stride of s and P zeros in all along an axis, the window fits ⌊(n + P − k) / s⌋ + 1
times. "same" is Keras's: the output has ⌈n / s⌉ pixels, and of an odd number of zeros the end has one more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Mark, Pick, Raster, Scene, Slider, Stepper, TextPanel
from tutor.words import short

STEPS = 63
CONTROLS = (
    Slider("size", "image n", 7, 2, 32, 1, whole=True, help="rows and columns of the image"),
    Slider("kernel", "window k", 3, 1, 11, 1, whole=True, help="rows and columns of the window"),
    Slider("stride", "stride s", 1, 1, 6, 1, whole=True, help="by how many pixels the window moves"),
    Pick("padding", "padding", "valid", ("valid", "same", "1", "2", "3"), help="zeros around the image"),
    Pick("op", "takes", "max", ("max", "average", "sum"), help="the sum is a convolution with weights 1"),
    Stepper("step", "step", 2, STEPS, help="how far the window has come"),
)  # fmt: skip
NUMBERED = 12
"""Pixels along a side, padding included, up to which the values are written into them."""
OUTSIDE, IMAGE, DONE, WINDOW, WINDOW_OUTSIDE = -0.4, 0.0, 0.25, 0.75, 0.45
Grid = npt.NDArray[np.float64]


class Plan(NamedTuple):
    """One axis: n pixels with zeros before and after, window k, stride s. places: how often the window fits."""

    n: int
    k: int
    s: int
    before: int
    after: int

    @property
    def whole(self) -> int:
        return self.n + self.before + self.after

    @property
    def places(self) -> int:
        return max((self.whole - self.k) // self.s + 1, 0)

    @property
    def unseen(self) -> int:
        """Pixels at the end that the window never reaches."""
        return self.whole - self.k - (self.places - 1) * self.s


def plan(n: int, k: int, s: int, padding: str) -> Plan:
    """The axis with the zeros that `padding` says."""
    if padding == "same":
        zeros = max((-(-n // s) - 1) * s + k - n, 0)
        return Plan(n, k, s, zeros // 2, zeros - zeros // 2)
    zeros = 0 if padding == "valid" else int(padding)
    return Plan(n, k, s, zeros, zeros)


def draw(s: ControlValues) -> Scene:
    """The image with the window on it, what came out so far, and the counting."""
    axis = plan(int(s["size"]), int(s["kernel"]), int(s["stride"]), s.word("padding"))
    image = np.random.default_rng(s.seed + 2).integers(0, 10, (axis.n, axis.n)).astype(float)
    if not axis.places:
        return Scene((pixels(axis, image, None), TextPanel(refused(axis), title="Does not fit")), words=refusal(axis),
                     shares=(40, 34), height=14)  # fmt: skip
    total = axis.places**2
    at = min(int(s["step"]) * max(1, -(-total // (STEPS + 1))), total - 1)
    out = outputs(axis, image, s.word("op"))
    return Scene(
        panels=(
            pixels(axis, image, divmod(at, axis.places)),
            so_far(out, at),
            TextPanel(counting(axis, s.word("padding")), title="Along each axis"),
        ),
        words=in_words(axis, out, at, s.word("op")),
        shares=(34, 20, 22),
        height=2 * axis.whole + 2 if 6 <= axis.whole <= 8 else 14,  # two rows for each row of pixels look best
    )


def padded(axis: Plan, image: Grid) -> Grid:
    """The image with its zeros as nan, which no pooling counts."""
    return np.pad(image, (axis.before, axis.after), constant_values=np.nan)


def outputs(axis: Plan, image: Grid, op: str) -> Grid:
    """What each place of the window gives, shape (count, count). A window that lies wholly outside gives 0."""
    windows = np.lib.stride_tricks.sliding_window_view(padded(axis, image), (axis.k, axis.k))
    windows = windows[:: axis.s, :: axis.s].reshape(axis.places, axis.places, -1)
    inside = ~np.isnan(windows)
    total = np.where(inside, windows, 0.0).sum(axis=-1)
    if op == "sum":
        return np.asarray(total)
    if op == "average":
        return np.asarray(total / np.maximum(inside.sum(axis=-1), 1))
    return np.asarray(np.where(inside, windows, 0.0).max(axis=-1))  # no pixel is below 0


def pixels(axis: Plan, image: Grid, at: tuple[int, int] | None) -> Raster:
    """The image and its zeros in colours: what lies outside, what the window covers."""
    values = np.full((axis.whole, axis.whole), OUTSIDE)
    values[axis.before : axis.before + axis.n, axis.before : axis.before + axis.n] = IMAGE
    if at is not None:
        top, left = at[0] * axis.s, at[1] * axis.s
        window = values[top : top + axis.k, left : left + axis.k]
        window[:] = np.where(window == OUTSIDE, WINDOW_OUTSIDE, WINDOW)
    marks: tuple[Mark, ...] = ()
    if axis.whole <= NUMBERED:
        marks = tuple(
            Mark(j, i, "0" if np.isnan(value) else f"{value:.0f}")
            for (i, j), value in np.ndenumerate(padded(axis, image))
        )
    zeros = f" and {axis.before}+{axis.after} zeros" if axis.whole > axis.n else ""
    return Raster(tuple(map(tuple, values.tolist())), title=f"Image {axis.n}×{axis.n}{zeros}", low=-1.0, high=1.0,
                  signed=True, legend=False, marks=marks, each=True)  # fmt: skip


def so_far(out: Grid, at: int) -> Raster:
    """The output up to the place where the window is; the rest is still empty."""
    count = len(out)
    numbers = np.arange(count * count).reshape(count, count)
    values = np.where(numbers < at, DONE, np.where(numbers == at, WINDOW, IMAGE))
    marks: tuple[Mark, ...] = ()
    if count <= NUMBERED // 2:
        marks = tuple(Mark(j, i, short(value, 2)) for (i, j), value in np.ndenumerate(out) if numbers[i, j] <= at)
    return Raster(tuple(map(tuple, values.tolist())), title=f"Output {count}×{count}", low=-1.0, high=1.0, signed=True,
                  legend=False, marks=marks, each=True)  # fmt: skip


def counting(axis: Plan, padding: str) -> tuple[str, ...]:
    """The size of the output as one works it out."""
    zeros = axis.before + axis.after
    rows = [("pixels n", axis.n), ("zeros", zeros), ("window k", axis.k), ("stride s", axis.s)]
    room = axis.whole - axis.k
    return (
        *(f"{name:<12}{value:>5}" for name, value in rows),
        "",
        f"n + zeros − k = {room}",
        f"{room} // {axis.s} = {room // axis.s} steps",
        f"and 1: {axis.places} places",
        "",
        *((f"zeros: {axis.before} and {axis.after}",) if padding == "same" and zeros else ()),
    )


def refused(axis: Plan) -> tuple[str, ...]:
    """The numbers beside an image into which the window does not fit."""
    rows = (("pixels n", axis.n), ("zeros", axis.before + axis.after), ("window k", axis.k))
    return (*(f"{name:<12}{value:>5}" for name, value in rows), "", f"{axis.k} is more than {axis.whole}.")


def refusal(axis: Plan) -> str:
    """Why the window does not fit, and what would help."""
    need = -(-(axis.k - axis.n) // 2)
    way = f"a padding of {need} or more" if need <= 3 else 'the padding "same"'
    zeros = f" and {axis.before + axis.after} zeros" if axis.before else ""
    return (
        f"A window of {axis.k} does not fit into {axis.n} pixels{zeros}: there is no place for it, and no output. "
        f"A smaller window would fit, a larger image, or {way}."
    )


_TAKES = {"max": "the largest value", "average": "the mean", "sum": "the sum"}


def in_words(axis: Plan, out: Grid, at: int, op: str) -> str:
    """Where the window is and what it gives; what becomes of the size; what is left over."""
    i, j = divmod(at, axis.places)
    text = (
        f"Place {at + 1} of {axis.places**2}: {_TAKES[op]} of this window is {short(out[i, j])}, "
        f"at row {i}, column {j} of the output. "
    )
    same = axis.places == axis.n
    change = "as large as the image" if same else f"{axis.n}×{axis.n} become {axis.places}×{axis.places}"
    text += f"The output is {change}." if same else f"{change}."
    if axis.before != axis.after:
        more = "row and column more" if axis.after - axis.before == 1 else "rows and columns more"
        text += f" The zeros do not share out evenly: the end has one {more}."
    if axis.unseen:
        plural = "s and columns" if axis.unseen > 1 else " and column"
        number = f"{axis.unseen} row{plural}" if axis.unseen > 1 else f"row{plural}"
        text += f" The last {number} are never looked at."
    if op != "sum" and axis.before + axis.after:
        text += " In pooling, the zeros outside do not count."
    return text
