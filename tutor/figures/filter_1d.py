"""A filter slides along a noisy series; the series can be shifted, and what comes out shifts with it."""

from __future__ import annotations

from functools import cache

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.kernels import Floats, gaussian, slide
from tutor.plots.scene import Chart, Pick, Scene, Series, Slider, Stepper
from tutor.words import short

FILTERS = ("gaussian", "mean", "rise", "bend")
LENGTH, MOST_SHIFT = 200, 60
CONTROLS = (
    Pick("filter", "filter", "gaussian", FILTERS, help="which weights slide along the series"),
    Slider("size", "size", 15, 3, 41, 2, stops=tuple(range(3, 43, 2)), help="number of weights"),
    Slider("noise", "noise", 0.4, 0.0, 1.0, 0.1, help="how noisy the series is"),
    Stepper("shift", "shift", 0, MOST_SHIFT, help="by how many steps the series comes later"),
)


def draw(s: ControlValues) -> Scene:
    """The series with what the filter makes of it, and the weights beside it."""
    name, shift = s.word("filter"), int(s["shift"])
    w = weights(name, int(s["size"]))
    x = window(s["noise"], 0, s.seed)
    later = window(s["noise"], shift, s.seed)
    before, after = slide(x, w), slide(later, w)
    return Scene(
        panels=(over_time(later, after, before if shift else None, len(w)), drawn_weights(name, w)),
        words=in_words(name, w, later, before, after, shift),
        shares=(54, 22),
        height=15,
    )


@cache
def _whole(seed: int) -> tuple[Floats, Floats]:
    """The clean series and its noise, `MOST_SHIFT` steps longer than what is seen: the past that a shift brings in."""
    t = np.arange(-MOST_SHIFT, LENGTH)
    clean = np.where((t > 45) & (t <= 80), 1.5, 0.0) + 1.8 * np.exp(-((t - 130) ** 2) / 60.0)
    clean = clean - 1.2 * np.exp(-((t - 165) ** 2) / 200.0)
    return clean, np.random.default_rng(seed).normal(size=len(t))


def window(noise: float, shift: int, seed: int) -> Floats:
    """The series as it is seen when it comes `shift` steps later, shape (LENGTH,)."""
    clean, chance = _whole(seed)
    start = MOST_SHIFT - shift
    return (clean + noise * chance)[start : start + LENGTH]


def weights(name: str, size: int) -> Floats:
    """The weights of a filter, shape (size,). rise and bend are those of the smooth filters that a gaussian gives."""
    smooth = gaussian(size, size / 5)
    if name == "gaussian":
        return smooth
    if name == "mean":
        return np.full(size, 1 / size)
    away = np.arange(size) - (size - 1) / 2
    if name == "rise":
        return away * smooth / (away**2 @ smooth)  # 1 on a slope of 1
    second = smooth * (away**2 - away**2 @ smooth)
    return second / (second @ away**2 / 2)  # 1 where the slope grows by 1 a step


def over_time(x: Floats, after: Floats, before: Floats | None, size: int) -> Chart:
    """Input as points, output as a line, each output in the middle of its window; in front of it the one before."""
    gain = scale(after, x)
    at = np.arange(len(after)) + (size - 1) // 2
    times = tuple(float(t) for t in range(len(x)))
    middle = tuple(at.astype(float).tolist())
    label = "out" if gain == 1 else f"out · {short(gain)}"
    series = [Series(times, tuple(x.tolist()), "in", kind="points", colour=6)]
    if before is not None:
        series.append(Series(middle, tuple((before * gain).tolist()), "unshifted", colour=1, dash=2))
    series.append(Series(middle, tuple((after * gain).tolist()), label, colour=0))
    return Chart(tuple(series), xlabel="time step", xlimits=(0.0, float(LENGTH)), ylimits=(-3.0, 4.0))


def scale(after: Floats, x: Floats) -> float:
    """By what the output is stretched so that it can be seen beside the input: 1, or a power of 10."""
    largest = float(np.abs(after).max())
    if largest <= 0 or largest > 0.25 * float(np.abs(x).max()):
        return 1.0
    return float(10 ** np.floor(np.log10(3.0 / largest)))


def drawn_weights(name: str, w: Floats) -> Chart:
    """The weights as stems."""
    low, high = min(0.0, float(w.min())), max(0.0, float(w.max()))
    places = tuple(float(k) for k in range(len(w)))
    return Chart(
        (Series(places, tuple(w.tolist()), kind="stem", colour=2),),
        title=f"{len(w)} weights, {name}", xlabel="k", whole_x=True,
        xlimits=(-0.5, len(w) - 0.5), ylimits=(1.1 * low, 1.1 * high),
    )  # fmt: skip


def in_words(name: str, w: Floats, x: Floats, before: Floats, after: Floats, shift: int) -> str:
    """How many numbers come out, what the filter answers to, and what the shift did."""
    text = f"{len(x)} numbers in, {len(x)} − {len(w)} + 1 = {len(after)} out. "
    if shift:
        apart = float(np.abs(after[shift:] - before[: len(before) - shift]).max())
        largest = "0" if apart < 1e-12 else short(apart, 2)
        text += f"The series comes {shift} step{'s' * (shift > 1)} later, and so does what comes out: "
        return text + f"moved back, it differs from the one before by {largest} at most."
    if name in ("gaussian", "mean"):
        steps_in, steps_out = (short(float(np.std(np.diff(values))), 2) for values in (x, after))
        text += "The weights add up to 1: the level stays, the noise averages out. "
        return (
            text + f"From one step to the next the series jumps by {steps_in}, the output by {steps_out} (the spread)."
        )
    at = int(np.argmax(after)) + (len(w) - 1) // 2
    what = "rises" if name == "rise" else "turns up"
    text += f"The weights add up to 0: a level gives nothing. The answer is largest near step {at}: "
    return text + f"over the width of the filter, that is where the series {what} most."
