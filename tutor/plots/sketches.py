"""The picture of a prediction on training: a sketch for each choice, and what really came over the chosen one."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plots.scene import Chart, Mark, Scene, Series

HEIGHT = 12
REAL_COLOUR, CHOSEN_COLOUR = 0, 1
Points = tuple[tuple[float, ...], tuple[float, ...]]


def sketch_scene(
    curves: Sequence[Sequence[float]], metric: str, chosen: int | None = None, real: Points | None = None,
    planned: int = 0,
) -> Scene:  # fmt: skip
    """curves: values at equal distances. chosen: counted from 0; None while all are open. real: epochs (from 1) and
    values, of `planned` epochs. The x axis is the part of the training that is done, in percent."""
    shown = [(at, curve) for at, curve in enumerate(curves) if chosen is None or at == chosen]
    series = [
        Series(
            tuple(100 * i / (len(curve) - 1) for i in range(len(curve))), tuple(curve), label=f"{at + 1}",
            colour=at if chosen is None else CHOSEN_COLOUR, dash=at % 3 if chosen is None else 2,
        )
        for at, curve in shown
    ]  # fmt: skip
    if real is not None and real[0]:
        last = max(planned, int(real[0][-1]), 2)
        x = tuple(100 * (epoch - 1) / (last - 1) for epoch in real[0])
        series.append(Series(x, real[1], label="what comes", colour=REAL_COLOUR, dash=0))
    marks = tuple(_mark(at, curve, len(shown), chosen) for at, curve in shown)
    low, high = min(map(min, curves)), max(map(max, curves))
    room = 0.08 * (high - low) or 1.0
    chart = Chart(
        tuple(series), ylabel=metric, xlabel="% done", xlimits=(0.0, 100.0),
        ylimits=(low - room, high + room), marks=marks,
    )  # fmt: skip
    return Scene((chart,), height=HEIGHT)


def _mark(at: int, curve: Sequence[float], count: int, chosen: int | None) -> Mark:
    """The number of a choice on its sketch, each at another place so that they do not meet."""
    share = 0.5 if chosen is not None else (at + 1) / (count + 1)
    place = share * (len(curve) - 1)
    left = min(int(place), len(curve) - 2)
    value = curve[left] + (place - left) * (curve[left + 1] - curve[left])
    return Mark(100 * share, value, f"{at + 1}", CHOSEN_COLOUR if chosen is not None else at)
