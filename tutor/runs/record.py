"""One training of the past, as it is kept."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
MOST_POINTS = 2_000
"""Points of a curve that is kept; who makes a record reduces it so that its extremes stay."""

Points = tuple[tuple[float, ...], tuple[float, ...]]


class Change(Struct, frozen=True):
    """What was changed by hand while it trained, after so many epochs."""

    what: str
    epoch: int
    before: float
    after: float


class Record(Struct, frozen=True):
    """run: its id; number: counts the runs of its block from 1. fit: which of several trainings of its run it is, from
    1; 0 where it is the only one. Its id is that of its run, with ".2" behind it for the second of several, but for the
    last. code: the learner's own. curves: metric -> (epochs
    from 1, values); nan and inf are kept. seconds, pauses: how long it trained, and rested. best: metric, epoch, value.
    name: given by the learner, "" until then. saved: whether a model lies beside it."""

    run: str
    block: str
    when: float
    number: Count = 0
    fit: Count = 0
    lesson: str = ""
    seed: int = 0
    seconds: float = 0.0
    pauses: float = 0.0
    code: str = ""
    model: str = ""
    source: str = "keras"
    arguments: dict[str, str] = {}
    curves: dict[str, Points] = {}
    rates: Points = ((), ())
    changes: tuple[Change, ...] = ()
    epochs: int = 0
    planned: int = 0
    reason: str = ""
    note: str = ""
    best: tuple[str, int, float] | None = None
    parameters: int = 0
    name: str = ""
    saved: bool = False

    @property
    def title(self) -> str:
        """What it is called: its name, else "run 4", or "run 4.2" for the second training of that run."""
        return self.name or (f"run {self.number}.{self.fit}" if self.fit else f"run {self.number}")

    @property
    def of(self) -> str:
        """The id of its run."""
        return self.run.removesuffix(f".{self.fit}") if self.fit else self.run

    def last(self, metric: str) -> float | None:
        """The last value of a metric, None where it was never told."""
        values = self.curves.get(metric, ((), ()))[1]
        return values[-1] if values else None
