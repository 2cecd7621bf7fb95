"""A cat, its three channels, and what a kernel makes of them."""

from __future__ import annotations

from functools import cache

import numpy as np

from tutor import data
from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.kernels import Floats, gaussian, kernel, slide2d
from tutor.plots.scene import Panel, Pick, Picture, Raster, Scene, Slider
from tutor.words import short

NAMES = ("red", "green", "blue")
CONTROLS = (
    Pick("show", "show", "red", (*NAMES, "channels", "sum", "colours"), help="which channel, or all of them"),
    Pick("kernel", "kernel", "none", ("none", "blur", "edges", "sharpen", "emboss"), help="what slides over it"),
    Slider("size", "size", 9, 3, 9, 2, stops=(3, 5, 7, 9), help="size of the blur; the others are 3 by 3"),
)


def idle(s: ControlValues) -> tuple[str, ...]:
    """Only the blur comes in sizes."""
    return () if s.word("kernel") == "blur" else ("size",)


def draw(s: ControlValues) -> Scene:
    """The cat and beside it what is asked for, as it is or filtered; or the three channels side by side."""
    cat = pixels()
    show, name = s.word("show"), s.word("kernel")
    three = show == "channels"
    w = weights(name, int(s["size"]))
    made = cat if w is None else slide2d(cat, w)
    return Scene(
        panels=beside(made, show, name) if three else (coloured(cat, "the picture"), *beside(made, show, name)),
        words=in_words(cat, made, w),
        shares=(1, 1, 1) if three else (1, 1),
        height=10 if three else 14,
    )


@cache
def pixels() -> Floats:
    """The cat, shape (85, 128, 3), values 0 to 255."""
    return np.asarray(data.load("cat")["pixels"], dtype=float)


def weights(name: str, size: int) -> Floats | None:
    """The kernel of that name: a blur of any size, else 3 by 3; None for none."""
    if name == "none":
        return None
    if name != "blur":
        return kernel(name)
    row = gaussian(size, size / 4)
    return np.outer(row, row)


def coloured(values: Floats, title: str) -> Picture:
    """Values of 0 to 255 as a colour picture; what lies outside is cut off."""
    whole = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return Picture(whole.shape[1], whole.shape[0], whole.tobytes(), title=title)


def beside(made: Floats, show: str, name: str) -> tuple[Panel, ...]:
    """All three channels, one of them, their sum, or the colours again."""
    if show == "channels":
        return tuple(grey(made[:, :, c], channel, name) for c, channel in enumerate(NAMES))
    if show == "sum":
        return (grey(made.sum(axis=2), "all channels added up", name, 3),)
    if show != "colours":
        return (grey(made[:, :, NAMES.index(show)], show, name),)
    if name == "edges":
        made = np.abs(made)  # a colour cannot be below 0
    return (coloured(made, "the colours" if name == "none" else f"{name}, each channel"),)


def grey(values: Floats, title: str, name: str, channels: int = 1) -> Raster:
    """One channel, or the sum of all, from black to white; edges have a sign, so they have two colours."""
    rounded = tuple(map(tuple, np.rint(values).tolist()))
    top = 255.0 * channels
    if name == "edges":
        reach = top * 0.8
        return Raster(rounded, title=title, low=-reach, high=reach, signed=True, legend=False)
    return Raster(rounded, title=title, low=0.0, high=top, legend=False)


def in_words(cat: Floats, made: Floats, w: Floats | None) -> str:
    """The sizes, and what the values say: which channel is brightest, or what the kernel does to them."""
    high, wide, _ = cat.shape
    if w is None:
        means = cat.mean(axis=(0, 1))
        listed = ", ".join(f"{channel} {short(mean, 3)}" for channel, mean in zip(NAMES, means, strict=True))
        text = f"{high} rows, {wide} columns, 3 channels: {cat.size:,} numbers from 0 to 255. Their means: {listed}."
        return f"{text} So the {NAMES[int(np.argmax(means))]} channel is the brightest."
    text = f"A kernel of {len(w)} × {len(w)} makes {made.shape[0]} × {made.shape[1]} of {high} × {wide}. "
    total = float(w.sum())
    if abs(total) < 1e-9:
        quiet = float((np.abs(made) < 0.05 * 255 * np.abs(w).sum() / 2).mean())
        text += "Its weights add up to 0, so where nothing changes, nothing comes out: "
        return text + f"{100 * quiet:.0f} % of the answers stay below a twentieth of the largest possible one."
    before, after = float(cat.mean()), float(made.mean())
    text += f"Its weights add up to {short(total)}, so the mean brightness all but stays: it was {short(before, 3)} "
    text += f"and is {short(after, 3)}. "
    change = float(np.abs(np.diff(made, axis=1)).mean() / np.abs(np.diff(cat, axis=1)).mean())
    verb, factor = ("less", 1 / change) if change < 1 else ("more", change)
    return text + f"From one pixel to the next, the picture changes {short(factor, 2)} times {verb} than before."
