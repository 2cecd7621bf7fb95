"""Live curves for a training loop written by hand.

    from tutor import track

    for epoch in track(100):
        w = w - rho * slope(w)
        track.log(loss=loss(w))

`track(...)` takes a number of epochs or anything that can be looped over, and gives its items. What `track.log`
is told in one round of the loop becomes one point of each curve: plain numbers, under any names (`val_loss` is drawn
beside `loss`; names that are the same before two underscores, `accuracy__a` and `accuracy__b`, are drawn over each
other). Pause and cancel work as for `model.fit`: at the end of the round. Outside of the tutor the loop is an
ordinary loop, and what is logged goes nowhere.

A loop that is inside another may have a name of its own to log to:

    steps = track(range(0, 1000, 10), name="descent")
    for step in steps:
        steps.log(loss=..., rate=rho)
"""

from __future__ import annotations

import math
import sys
import time
import types
from collections.abc import Iterable, Iterator, Sized
from typing import Generic, Literal, SupportsFloat, TypeVar, cast

from tutor.engine.run import run_side
from tutor.errors import UsageError
from tutor.messages.training import EpochEnded, FitEnded, FitStarted

ALL_ROUNDS = 5_000
"""Rounds of which each is told."""
STRETCH = 0.02
"""Seconds of a stretch of the rounds behind them."""
MOST_HELD = 1_000
Item_co = TypeVar("Item_co", covariant=True)
_going: list[Track[object]] = []


class Track(Generic[Item_co]):
    """A loop that is followed. Iterate over it once; `log` belongs inside."""

    def __init__(self, items: Iterable[Item_co], epochs: int, name: str) -> None:
        self._items = items
        self._epochs = epochs
        self._name = name
        self._values: dict[str, float] = {}
        self._rate = math.nan
        self._fit = -1
        self._round = 0
        self._began = self._paused = self._overhead = 0.0
        self._note = ""
        self._told = 0.0
        self._held: list[EpochEnded] = []

    def __len__(self) -> int:
        return self._epochs

    def log(self, *, rate: float | None = None, **values: float) -> None:
        """Add to this round's point. values: numbers by name; rate: the learning rate, if there is one. Raises
        TypeError for what is no single number."""
        for name, value in values.items():
            try:
                self._values[name] = one_number(value)
            except (TypeError, ValueError, RuntimeError) as error:
                raise TypeError(f"track.log({name}=...) wants one number, not {type(value).__name__}.") from error
        if rate is not None:
            self._rate = one_number(rate)

    def __iter__(self) -> Iterator[Item_co]:
        side = run_side.current
        if side is not None and side.cancelled:
            raise KeyboardInterrupt
        self._begin(side)
        reason: Literal["done", "stopped", "early", "error"] = "early"
        try:
            for item in self._items:
                yield item
                if not self._round_over(side):
                    reason = "stopped"
                    return
            reason = "done"
        finally:
            self._end(side, reason)

    def _begin(self, side: run_side.RunSide | None) -> None:
        _going.append(self)
        self._began = time.perf_counter()
        if side is not None:
            self._fit, self._paused = side.fits, side.paused
            side.fits += 1
            side.training += 1
            side.fit = self._fit
            side.unfinished.append(self._left)
            side.send(FitStarted(side.run, self._fit, "track", self._name, self._epochs))

    def _round_over(self, side: run_side.RunSide | None) -> bool:
        """Tell this round's point. False where the loop is to end."""
        values, self._values = self._values, {}
        number, self._round = self._round, self._round + 1
        if side is None:
            return True
        began = time.perf_counter()
        if values:
            self._tell(side, EpochEnded(side.run, self._fit, number, values, self._seconds(side), self._rate))
            self._say_if_not_finite(side, number, values)
        self._overhead += time.perf_counter() - began
        side.poll()
        if side.rate is not None:
            side.rate = None
            side.note("The learning rate of a loop written by hand is set in its own code.")
        return not side.cancelled

    def _tell(self, side: run_side.RunSide, point: EpochEnded) -> None:
        """Every round of a loop of ordinary length; of one with very many, what can be seen: of each stretch the
        lowest and the highest."""
        now = time.perf_counter()
        self._held.append(point)
        if point.epoch < ALL_ROUNDS or now - self._told >= STRETCH:
            self._told = now
            self._flush(side)
        elif len(self._held) > MOST_HELD:
            self._held = extremes(self._held)

    def _flush(self, side: run_side.RunSide) -> None:
        for point in extremes(self._held):
            side.send(point)
        self._held = []

    def _say_if_not_finite(self, side: run_side.RunSide, number: int, values: dict[str, float]) -> None:
        wrong = next((name for name, value in values.items() if not math.isfinite(value)), None)
        if wrong is not None and not self._note:
            self._note = f"{wrong} became {values[wrong]} in epoch {number + 1}: is the learning rate too large?"
            side.note(self._note)

    def _seconds(self, side: run_side.RunSide) -> float:
        return time.perf_counter() - self._began - (side.paused - self._paused)

    def _left(self) -> None:
        """An exception has ended the code with this loop unfinished."""
        self._end(run_side.current, "error")

    def _end(self, side: run_side.RunSide | None, reason: Literal["done", "stopped", "early", "error"]) -> None:
        if self not in _going:
            return
        _going.remove(self)
        if side is None:
            return
        side.training -= 1
        side.unfinished.remove(self._left)
        if reason == "early" and self._values:  # the loop was left in the middle of a round
            point = EpochEnded(side.run, self._fit, self._round, self._values, self._seconds(side), self._rate)
            self._held.append(point)
            self._round += 1
        self._flush(side)
        seconds = self._seconds(side)
        side.send(FitEnded(side.run, self._fit, reason, self._round, seconds, self._note, self._overhead))


def one_number(value: object) -> float:
    """A number; what a tensor or an array of one number holds, whether or not a gradient hangs on it."""
    item = getattr(value, "item", None)
    return float(item()) if callable(item) else float(cast(SupportsFloat, value))


def extremes(points: list[EpochEnded]) -> list[EpochEnded]:
    """Of a stretch of rounds the last, and those where the first value is lowest, highest, or no number; in order."""
    if len(points) < 2:
        return points
    firsts = [next(iter(point.values.values())) for point in points]
    finite = [at for at, value in enumerate(firsts) if math.isfinite(value)]
    kept = {len(points) - 1}
    if finite:
        kept |= {min(finite, key=firsts.__getitem__), max(finite, key=firsts.__getitem__)}
    missing = next((at for at, value in enumerate(firsts) if not math.isfinite(value)), None)
    if missing is not None:
        kept.add(missing)
    return [points[at] for at in sorted(kept)]


def track(epochs: int | Iterable[Item_co], *, name: str = "loop") -> Track[Item_co] | Track[int]:
    """A loop to follow. epochs: how many rounds (they count from 0), or what to loop over. name: its title."""
    if isinstance(epochs, int):
        return Track(range(epochs), epochs, name)
    return Track(epochs, len(epochs) if isinstance(epochs, Sized) else 0, name)


def log(*, rate: float | None = None, **values: float) -> None:
    """Add to the point of the innermost loop that is going on (see `Track.log`)."""
    if not _going:
        raise UsageError("track.log() has no loop to belong to.", "Call it inside: for epoch in track(100): ...")
    _going[-1].log(rate=rate, **values)


class _CallableModule(types.ModuleType):
    """So that `from tutor import track` gives what `track(...)` and `track.log(...)` both work on."""

    def __call__(self, epochs: int | Iterable[Item_co], *, name: str = "loop") -> Track[Item_co] | Track[int]:
        return track(epochs, name=name)


sys.modules[__name__].__class__ = _CallableModule
