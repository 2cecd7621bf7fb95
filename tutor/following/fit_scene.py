"""The picture of a training: its curves, what marks them, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.following.fit_state import Earlier, FitState
from tutor.following.fit_words import FIGURES, figures, words
from tutor.plots.scene import Chart, Guide, Scene, Series, TextPanel

LONG_EPOCH = 2.0
"""Seconds from which on an epoch is long: its batches are drawn until there are epochs enough."""
FEW_EPOCHS = 3
SMOOTHINGS = (0.0, 0.6, 0.9)
Axis = Literal["epoch", "step", "seconds"]
Extra = Literal["none", "rate", "gradient"]
AXES: tuple[Axis, ...] = ("epoch", "step", "seconds")
EXTRAS: tuple[Extra, ...] = ("none", "rate", "gradient")
EARLIER_COLOUR = 6


@dataclass(frozen=True)
class FitLook:
    """How the learner wants to see a training. metric: which of `FitState.metrics`, turning round at the end."""

    log: bool = False
    smoothing: float = 0.0
    axis: Axis = "epoch"
    extra: Extra = "none"
    metric: int = 0
    words: bool = False


def fit_scene(fit: FitState, look: FitLook = FitLook(), earlier: Sequence[Earlier] = (), width: int = 78) -> Scene:
    """The curves with the figures beside them, in so many columns; epochs count from 1, as people do."""
    beside = _extra(fit, look) or TextPanel(lines=figures(fit, earlier))
    shares = (3, 2) if look.extra != "none" else (max(width - FIGURES, 2 * FIGURES), FIGURES)
    return Scene(panels=(fit_chart(fit, look, earlier), beside), shares=shares, words=words(fit, log=look.log))


def fit_chart(fit: FitState, look: FitLook = FitLook(), earlier: Sequence[Earlier] = ()) -> Chart:
    """The chosen metric: training, validation, and the same of earlier runs, thin."""
    metric = fit.metrics[look.metric % len(fit.metrics)]
    series = _series(fit, metric, look)
    by_batch = bool(series) and series[0].label.endswith("batch")
    below = [
        (one, name)
        for one in earlier
        for name in [f"val_{metric}" if f"val_{metric}" in one.curves else metric]
        if name in one.curves and not by_batch
    ]
    ends = [int(one.curves[name][0][-1]) for one, name in below if one.curves[name][0]]
    old = [
        Series(
            *_placed(fit, *one.curves[name], look), colour=EARLIER_COLOUR, dash=2,
            label=f"{one.label}{' val' if name.startswith('val_') else ''}" if one is earlier[-1] else "",
        )
        for one, name in below
    ]  # fmt: skip
    return Chart(
        series=(*old, *series), ylabel=metric, xlabel=look.axis, yscale="log" if look.log else "linear",
        guides=_guides(fit, metric, look), xlimits=None if by_batch else _limits(fit, look, ends),
        whole_x=look.axis != "seconds" and not by_batch,
    )  # fmt: skip


def _series(fit: FitState, metric: str, look: FitLook) -> list[Series]:
    if metric == "loss" and _by_batch(fit):
        x, y = fit.batches.points(look.smoothing)
        return [Series(*_placed(fit, x, y, look), label="train, by batch", colour=0)]
    family = fit.family(metric)
    if family:
        return [
            Series(*_placed(fit, *curve.points(look.smoothing), look), label=label, colour=index, dash=index % 3)
            for index, (label, curve) in enumerate(family.items())
        ]
    names = [name for name in (metric, f"val_{metric}") if name in fit.curves]
    return [
        Series(
            *_placed(fit, *fit.curves[name].points(look.smoothing), look),
            label=_label(fit, metric, name), colour=index, dash=index,
        )
        for index, name in enumerate(names)
    ]  # fmt: skip


def _label(fit: FitState, metric: str, name: str) -> str:
    """train and val, where it is known that they are; else its own name."""
    if name != metric:
        return "val"
    known = fit.started.source == "keras" or metric == "loss" or f"val_{metric}" in fit.curves
    return "train" if known and not name.startswith("val_") else name


def _by_batch(fit: FitState) -> bool:
    """Whether the batches say more than the epochs do so far."""
    if len(fit.batches) < 2 or fit.epochs_done >= FEW_EPOCHS:
        return False
    return fit.epochs_done == 0 or fit.seconds / fit.epochs_done > LONG_EPOCH


def _placed(
    fit: FitState, x: tuple[float, ...], y: tuple[float, ...], look: FitLook
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Epochs as what the axis shows."""
    if look.axis == "step":
        x = tuple(at * (fit.started.batches or 1) for at in x)
    elif look.axis == "seconds":
        x = tuple(fit.clock.at(at) for at in x)
    return x, y


def _limits(fit: FitState, look: FitLook, ends: Sequence[int]) -> tuple[float, float]:
    """Room for what is to come, but no more than has come so far again. ends: last epochs of what is drawn below."""
    known = max([fit.epochs_done, *ends])
    last = float(max(2, min(fit.started.epochs or 2, max(2, fit.epochs_done * 2)), known))
    if look.axis == "epoch":
        return 1.0, last
    first = _placed(fit, (1.0,), (0.0,), look)[0][0]
    end = _placed(fit, (last if look.axis == "step" else float(max(known, 1)),), (0.0,), look)[0][0]
    return first, max(end, first + 1e-9)


def _guides(fit: FitState, metric: str, look: FitLook) -> tuple[Guide, ...]:
    best = fit.best()
    found = []
    watched = best is not None and best[0] == fit.started.monitor == metric
    if best and (best[0] == f"val_{metric}" or watched):
        found.append(Guide("x", _placed(fit, (float(best[1]),), (0.0,), look)[0][0], ""))
    for change in fit.changes:
        at = _placed(fit, (max(float(change.epoch), 1.0),), (0.0,), look)[0][0]
        found.append(Guide("x", at, f"rate {change.after:g}"))
    return tuple(found)


def _extra(fit: FitState, look: FitLook) -> Chart | TextPanel | None:
    """The learning rate or the gradient, over epochs, where it was asked for."""
    if look.extra == "none":
        return None
    curve, name = (fit.rates, "learning rate") if look.extra == "rate" else (fit.gradients, "gradient norm")
    if len(curve) < 1:
        soon = "Known from the next epoch on." if not fit.over else "It was not watched in this training."
        return TextPanel(lines=(name, soon if look.extra == "gradient" else "Not known."))
    x, y = _placed(fit, *curve.points(), look)
    log = look.log and min(y) > 0
    return Chart(
        (Series(x, y, name, colour=2),), ylabel=name, xlabel=look.axis, yscale="log" if log else "linear",
        xlimits=_limits(fit, look, ()), whole_x=look.axis != "seconds",
    )  # fmt: skip
