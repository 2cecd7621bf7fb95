"""A training in figures and in words, computed from its curves."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from tutor.following.fit_state import Earlier, FitState
from tutor.plots.curve import Curve
from tutor.words import number

FIGURES = 26
"""Columns for the figures beside the curve."""
GROWN = 1.2
"""Times its value at the best epoch from which on a gap is said to have grown."""
WAIT = 3
"""Epochs behind the best one before anything is said of it."""
VANISHING = 1e-3
"""Share of the last layer's gradient below which the first layer's counts as vanished."""
EXPLODING = 1e3
"""Norm from which on a gradient counts as exploding."""
MOST_LINES = 2
"""Lines for what differs from the run before; `more_words` has the whole of it."""
LEVEL = 0.01
"""Share of its range within which a curve counts as level."""


def figures(fit: FitState, earlier: Sequence[Earlier] = ()) -> tuple[str, ...]:
    """The numbers beside the curve, a line each."""
    named = [name for name in fit.metrics if name in fit.curves]
    long, brief = apart(named, 10), apart(named, 8)
    lines = [_values(fit, name, long[name], brief[name]) for name in named]
    for metric in fit.metrics:
        family = [(label, curve.last[1]) for label, curve in fit.family(metric).items() if curve.last]
        cut = apart([label for label, _ in family], 8)
        lines += [metric, *(f"  {cut[label]:<8} {number(value)}" for label, value in family)] if family else []
    best = fit.best()
    if best:
        lines += [f"best epoch {best[1]}", f"  {best[0]} {number(best[2])}"]
    if fit.waited is not None:
        lines.append(f"patience   {min(fit.waited, fit.started.patience)} of {fit.started.patience}")
    if fit.gaps.last is not None:
        lines.append(f"gap        {number(abs(fit.gaps.last[1]))}")
        lines += ["  validation is lower"] if fit.gaps.last[1] < 0 else []
        since = gap_grows_since(fit)
        if since:
            lines.append(f"  grows since {since}")
    if math.isfinite(fit.rate):
        lines.append(f"rate       {number(fit.rate)}")
    if fit.gradients.last is not None:
        lines.append(f"gradient   {number(fit.gradients.last[1])}")
    if fit.started.parameters:
        lines.append(f"parameters {fit.started.parameters:,}")
    if earlier and earlier[-1].differs:
        differs = textwrap.wrap(earlier[-1].differs, FIGURES - 2, max_lines=MOST_LINES, placeholder=" ...")
        lines += ["", f"since {earlier[-1].label}", *(f"  {line}" for line in differs)]
    return tuple(lines)


def apart(names: Sequence[str], width: int) -> dict[str, str]:
    """Each name in so many characters at most, cut so that no two are the same: at its end, else in its middle, else
    at its beginning; whole where nothing of this helps."""
    start, middle = (width - 2 + 1) // 2, (width - 2) // 2
    ways: list[dict[str, str]] = [
        {name: name[:width] for name in names},
        {name: name if len(name) <= width else f"{name[:start]}..{name[-middle:]}" for name in names},
        {name: name if len(name) <= width else f"..{name[-(width - 2) :]}" for name in names},
    ]
    return next((way for way in ways if len(set(way.values())) == len(way)), {name: name for name in names})


def _values(fit: FitState, name: str, long: str, brief: str) -> str:
    """The last value of a metric, and what it is on the validation data. long, brief: the name, as it is cut."""
    values = [curve.last[1] for curve in (fit.curves.get(name), fit.curves.get(f"val_{name}")) if curve and curve.last]
    if len(values) < 2:
        return f"{long:<10} {number(values[0])}"
    return f"{brief:<8} {number(values[0])} / {number(values[1])}"


def words(fit: FitState, *, log: bool = False) -> str:
    """What the curve shows. log: on a logarithmic axis."""
    said = [_trend(fit, log)]
    best = fit.best()
    if best and best[0] == "val_loss" and fit.epochs_done > 1 and best[1] < fit.epochs_done:
        said.append(f"On the validation data it was lowest in epoch {best[1]}, {number(best[2])}.")
    elif best and best[0] == fit.started.monitor and fit.epochs_done > 1 and best[1] < fit.epochs_done:
        sense = "highest" if fit.upwards(best[0]) else "lowest"
        said.append(f"{best[0]} was {sense} in epoch {best[1]}, {number(best[2])}.")
    since = gap_grows_since(fit)
    if since:
        said.append(f"The gap between the two has grown since epoch {since}.")
    if fit.waited and not fit.over:
        said.append(f"Early stopping has waited {fit.waited} of {fit.started.patience} epochs.")
    for change in fit.changes[-1:]:
        said.append(f"{change.what.capitalize()} set by hand to {number(change.after)} after epoch {change.epoch}.")
    return " ".join(said)


def more_words(fit: FitState, earlier: Sequence[Earlier] = ()) -> list[str]:
    """What else there is to say: metrics, speed, learning rate, gradient, layers, earlier runs; a paragraph each."""
    said = []
    for name, curve in fit.curves.items():
        if name not in ("loss", "val_loss") and curve.first and curve.last and curve.lowest and curve.highest:
            low, high = curve.lowest, curve.highest
            said.append(
                f"{name}: {number(curve.first[1])} at first, {number(curve.last[1])} now; lowest {number(low[1])} in "
                f"epoch {round(low[0])}, highest {number(high[1])} in epoch {round(high[0])}."
            )
    if fit.rates.first and fit.rates.last:
        same = fit.rates.first[1] == fit.rates.last[1]
        end = "throughout" if same else f"at first, {number(fit.rates.last[1])} now"
        said.append(f"Learning rate {number(fit.rates.first[1])} {end}.")
    if fit.started.steered:
        said.append(f"{fit.started.steered} rules the learning rate.")
    said += _gradient_words(fit)
    if fit.rest:
        said.append(f"Paused for {fit.rest:.0f} s in all, which count in no time.")
    said += [f"{one.label}: {one.differs}." for one in earlier if one.differs]
    return said


def _gradient_words(fit: FitState) -> list[str]:
    said = []
    if fit.gradients.first and fit.gradients.last:
        first, last = fit.gradients.first[1], fit.gradients.last[1]
        said.append(f"Gradient norm {number(first)} at first, {number(last)} now.")
    pulses = [pulse for pulse in fit.layers if math.isfinite(pulse.gradient)]
    if len(pulses) > 1 and pulses[0].gradient < VANISHING * pulses[-1].gradient:
        said.append(
            f"The gradient vanishes on its way back: {number(pulses[0].gradient)} in {pulses[0].name}, "
            f"{number(pulses[-1].gradient)} in {pulses[-1].name}."
        )
    if any(pulse.gradient > EXPLODING for pulse in pulses):
        worst = max(pulses, key=lambda pulse: pulse.gradient)
        said.append(f"The gradient explodes: its norm is {number(worst.gradient)} in {worst.name}.")
    return said


def _trend(fit: FitState, log: bool) -> str:
    """How the first metric runs: the loss where there is one, else what the learner's own loop told first."""
    name = fit.metrics[0]
    curve, said = fit.curves.get(name), "the loss" if name == "loss" else name
    family = fit.family(name)
    if curve is None and family:
        values = [f"{label} {number(each.last[1])}" for label, each in family.items() if each.last]
        return f"After {fit.epochs_done} epoch{'s' * (fit.epochs_done != 1)}, {fit.metrics[0]}: {', '.join(values)}."
    if curve is None or curve.first is None or curve.last is None:
        return "Training has begun; the first epoch is not over yet."
    if diverged(fit) and curve.missing is not None:
        return (
            f"{_first(said)} is no longer a number since epoch {round(curve.missing)}: most often the learning rate is "
            "too large, or the inputs are not scaled."
        )
    first, last = curve.first[1], curve.last[1]
    if curve.count == 1:
        return f"After one epoch {said} is {number(last)}."
    if last == first:
        return f"{_first(said)} is {number(last)} after {curve.count} epochs, as after the first."
    sense = "fell" if last < first else "rose"
    now = _lately(curve, log)
    return f"{_first(said)} {sense} from {number(first)} to {number(last)} in {curve.count} epochs.{now}"


def diverged(fit: FitState) -> bool:
    """Whether the first metric is no longer a number."""
    curve = fit.curves.get(fit.metrics[0])
    return curve is not None and curve.last is not None and not math.isfinite(curve.last[1])


def _first(said: str) -> str:
    """At the beginning of a sentence; a metric's own name stays as it is."""
    return "The loss" if said == "the loss" else said


def _lately(curve: Curve, log: bool) -> str:
    """Whether it still moves: the last quarter against the whole."""
    if curve.count < 8 or curve.lowest is None or curve.highest is None or curve.last is None:
        return ""
    before, now = curve.at(curve.last[0] * 0.75), curve.last[1]
    whole = curve.highest[1] - curve.lowest[1]
    if log and min(before, now, curve.lowest[1]) > 0:  # NaN is never more than 0
        before, now = math.log10(before), math.log10(now)
        whole = math.log10(curve.highest[1]) - math.log10(curve.lowest[1])
    if not math.isfinite(before) or whole <= 0:
        return ""
    return " It is level now." if abs(now - before) < LEVEL * whole else ""


def gap_grows_since(fit: FitState) -> int | None:
    """The epoch of the best validation loss, where the gap to the training loss has grown since; else None."""
    validation = fit.curves.get("val_loss")
    lowest = validation.lowest if validation is not None else None
    if lowest is None or fit.gaps.last is None or fit.gaps.last[0] - round(lowest[0]) < WAIT:
        return None
    best = round(lowest[0])
    before, now = fit.gaps.at(best), fit.gaps.last[1]
    grown = now > max(before, 0.0) * GROWN and now - before > LEVEL * _loss_range(fit)
    return best if grown else None


def _loss_range(fit: FitState) -> float:
    curve = fit.curves["loss"]
    return curve.highest[1] - curve.lowest[1] if curve.highest and curve.lowest else 0.0
