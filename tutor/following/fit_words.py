"""A training in figures and in words, computed from its curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.following.fit_state import Earlier, FitState
from tutor.words import number

GROWN = 1.2
"""Times its value at the best epoch from which on a gap is said to have grown."""
WAIT = 3
"""Epochs behind the best one before anything is said of it."""
VANISHING = 1e-3
"""Share of the last layer's gradient below which the first layer's counts as vanished."""
EXPLODING = 1e3
"""Norm from which on a gradient counts as exploding."""
LEVEL = 0.01
"""Share of its range within which a curve counts as level."""


def figures(fit: FitState, earlier: Sequence[Earlier] = ()) -> tuple[str, ...]:
    """The numbers beside the curve, a line each."""
    lines = [_values(fit, name) for name in fit.metrics if name in fit.curves]
    for metric in fit.metrics:
        family = [(label, curve.last[1]) for label, curve in fit.family(metric).items() if curve.last]
        lines += [metric, *(f"  {label:<8.8} {number(value)}" for label, value in family)] if family else []
    best = fit.best()
    if best:
        lines += [f"best epoch {best[1]}", f"  {best[0]} {number(best[2])}"]
    if fit.waited is not None:
        lines.append(f"patience   {min(fit.waited, fit.started.patience)} of {fit.started.patience}")
    if fit.gaps.last is not None:
        lines.append(f"gap        {number(fit.gaps.last[1])}")
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
        lines += ["", f"since {earlier[-1].label}", f"  {earlier[-1].differs}"]
    return tuple(lines)


def _values(fit: FitState, name: str) -> str:
    """The last value of a metric, and what it is on the validation data."""
    values = [curve.last[1] for curve in (fit.curves.get(name), fit.curves.get(f"val_{name}")) if curve and curve.last]
    if len(values) < 2:
        return f"{name:<10.10} {number(values[0])}"
    return f"{name:<8.8} {number(values[0])} / {number(values[1])}"


def words(fit: FitState) -> str:
    """What the curve shows."""
    said = [_trend(fit)]
    best = fit.best()
    if best and best[0] == "val_loss" and fit.epochs_done > 1 and best[1] < fit.epochs_done:
        said.append(f"On the validation data it was lowest in epoch {best[1]}, {number(best[2])}.")
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


def _trend(fit: FitState) -> str:
    curve = fit.curves.get("loss")
    family = fit.family(fit.metrics[0])
    if curve is None and family:
        values = [f"{label} {number(each.last[1])}" for label, each in family.items() if each.last]
        return f"After {fit.epochs_done} epoch{'s' * (fit.epochs_done != 1)}, {fit.metrics[0]}: {', '.join(values)}."
    if curve is None or curve.first is None or curve.last is None:
        return "Training has begun; the first epoch is not over yet."
    if curve.missing is not None and not math.isfinite(curve.last[1]):
        return (
            f"The loss is no longer a number since epoch {round(curve.missing)}: most often the learning rate is too "
            "large, or the inputs are not scaled."
        )
    first, last = curve.first[1], curve.last[1]
    if curve.count == 1:
        return f"After one epoch the loss is {number(last)}."
    if last == first:
        return f"The loss is {number(last)} after {curve.count} epochs, as after the first."
    sense = "fell" if last < first else "rose"
    return f"The loss {sense} from {number(first)} to {number(last)} in {curve.count} epochs.{_lately(fit)}"


def _lately(fit: FitState) -> str:
    """Whether it still moves: the last quarter against the whole."""
    curve = fit.curves["loss"]
    if curve.count < 8 or curve.lowest is None or curve.highest is None or curve.last is None:
        return ""
    before, now = curve.at(curve.last[0] * 0.75), curve.last[1]
    whole = curve.highest[1] - curve.lowest[1]
    if not math.isfinite(before) or whole <= 0:
        return ""
    return " It is level now." if abs(now - before) < LEVEL * whole else ""


def gap_grows_since(fit: FitState) -> int | None:
    """The epoch of the best validation loss, where the gap to the training loss has grown since; else None."""
    best = fit.best()
    if best is None or best[0] != "val_loss" or fit.gaps.last is None or fit.gaps.last[0] - best[1] < WAIT:
        return None
    before, now = fit.gaps.at(best[1]), fit.gaps.last[1]
    grown = now > max(before, 0.0) * GROWN and now - before > LEVEL * _loss_range(fit)
    return best[1] if grown else None


def _loss_range(fit: FitState) -> float:
    curve = fit.curves["loss"]
    return curve.highest[1] - curve.lowest[1] if curve.highest and curve.lowest else 0.0
