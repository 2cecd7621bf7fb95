"""Trainings of before: drawn thin below the one that goes on, and joined by it once it is over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tutor.following.fit_state import Earlier
from tutor.plots.reduce import reduce_minmax
from tutor.runs import MOST_POINTS, Change, Record, Runs, differences, short

if TYPE_CHECKING:
    from tutor.following.fit_state import FitState
    from tutor.following.run_state import RunState
    from tutor.plots.curve import Curve

SHOWN = 5
"""Earlier trainings that are drawn; all that are kept stand in the table."""
MOST_FITS = 20
"""Trainings of one run that are kept, the last ones."""


class History:
    """Of the block that is open. `load` and `keep` touch the disk: they belong into a thread."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self._block = ""
        self._records: list[Record] = []

    def load(self, block: str) -> None:
        """Know what is kept of this block."""
        records = self.runs.recent(block)
        self._block, self._records = block, records

    def earlier(self, state: RunState, fit: FitState, code: str, arrow: str = "→") -> list[Earlier]:
        """The newest trainings of before, oldest first, with what differs from each to the one that goes on."""
        if state.block != self._block:
            return []
        now = Record(state.run, state.block, 0.0, seed=state.seed, code=code, arguments=fit.started.arguments)
        before = [record for record in self._records if record.of != state.run and record.curves][:SHOWN]
        old = [
            Earlier(record.title, record.curves, short(differences(record, now), arrow)) for record in reversed(before)
        ]
        return [*old, *fits_before(state, fit)][-SHOWN:]

    def keep(self, state: RunState, code: str, lesson: str) -> str:
        """Keep the trainings of a run that is over and was not graded. Those that are the same as the newest that are
        kept, to their last value, are not kept twice. Returns what is to be said of the disk, "" where all is well."""
        if state.graded or not any(fit.epochs_done for fit in state.fits):
            return ""
        records = records_of(state, code, lesson)
        if self._block != state.block:
            self.load(state.block)
        newest = [one for one in self._records if one.of == self._records[0].of]
        if not _same(newest, records):
            for record in records:
                self.runs.save(record)
            self.load(state.block)
        return self.runs.problems[-1] if self.runs.problems else ""


def _same(kept: list[Record], new: list[Record]) -> bool:
    """kept: the newest first."""
    if len(kept) != len(new):
        return False
    return all(
        not differences(old, now) and old.curves == now.curves for old, now in zip(reversed(kept), new, strict=True)
    )


def fits_before(state: RunState, fit: FitState) -> list[Earlier]:
    """Other models that the same run has trained before this one (of a cross-validation, say)."""
    at = next((at for at, each in enumerate(state.fits) if each is fit), 0)
    return [
        Earlier(f"fit {number}", {name: points(curve) for name, curve in each.curves.items()})
        for number, each in enumerate(state.fits[:at], start=1)
        if each.epochs_done
    ]


def records_of(state: RunState, code: str, lesson: str) -> list[Record]:
    """What is kept of the trainings of a run, in their order. The last one has the id of the run itself: its model is
    the one that can still be kept."""
    trained = [(at, fit) for at, fit in enumerate(state.fits, start=1) if fit.epochs_done][-MOST_FITS:]
    if len(trained) == 1:
        return [record_of(state, trained[0][1], code, lesson)]
    records = [record_of(state, fit, code, lesson, at) for at, fit in trained]
    return [*(replace(one, run=f"{one.run}.{one.fit}") for one in records[:-1]), records[-1]]


def record_of(state: RunState, fit: FitState, code: str, lesson: str, number: int = 0) -> Record:
    """What is kept of a training. number: which of several of its run it is."""
    started, ended = fit.started, fit.ended
    return Record(
        run=state.run, fit=number, block=state.block, when=time.time(), lesson=lesson, seed=state.seed,
        seconds=fit.seconds, pauses=fit.rest, code=code,
        model=started.model, source=started.source, arguments=started.arguments,
        curves={name: points(curve) for name, curve in fit.curves.items()}, rates=points(fit.rates),
        changes=tuple(Change(each.what, each.epoch, each.before, each.after) for each in fit.changes),
        epochs=fit.epochs_done, planned=started.epochs, reason=ended.reason if ended is not None else fit.broken,
        note=ended.note if ended is not None else "", best=fit.best(), parameters=started.parameters,
    )  # fmt: skip


def points(curve: Curve) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """As many as are kept of a curve; its lowest and highest stay."""
    x, y = reduce_minmax(curve.x, curve.y, MOST_POINTS // 4)
    return tuple(x), tuple(y)
