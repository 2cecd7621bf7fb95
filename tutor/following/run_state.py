"""What is known of a run, gathered event by event: the one fold, for the window and for the command line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import assert_never

import msgspec

from tutor.following.fit_state import FitState
from tutor.following.shown_text import ShownText
from tutor.messages.events import Ended, Note, Output, Plotted, Queued, RunEvent, RunWaits, Started
from tutor.messages.training import BatchEnded, Changed, EpochEnded, FitEnded, FitStarted, Paused
from tutor.messages.verdicts import Checked, CheckResult, CodeError, Judged, Verdict
from tutor.plots.scene import Scene

KERAS_WAIT, LIGHT_WAIT = "starting Keras, about 3 s once", "starting the engine"
KERAS_USUAL, LIGHT_USUAL = 10.0, 3.0
"""Seconds after which such a start takes longer than it usually does."""


@dataclass
class RunState:
    """One run of one block, as far as its events have come."""

    run: str
    block: str
    graded: bool
    asked_at: float = field(default_factory=time.monotonic)
    started_at: float = 0.0
    phase: str = "waiting"
    waiting_for: str = ""
    code: str = ""
    ahead: int = 0
    seed: int = 0
    text: ShownText = field(default_factory=ShownText)
    plots: dict[int, Scene] = field(default_factory=dict)
    fits: list[FitState] = field(default_factory=list)
    _by_number: dict[int, FitState] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    ended: Ended | None = None

    def apply(self, event: RunEvent) -> None:
        """Take one event in."""
        match event:
            case Queued():
                self.ahead = event.ahead
                others = event.block if event.ahead == 1 and event.block else f"{event.ahead} other runs of yours"
                self.waiting_for = others.replace("1 other runs", "another run")
            case RunWaits():
                self.ahead, self.waiting_for = 0, event.what
            case Started():
                self.phase, self.seed, self.waiting_for = "running", event.seed, ""
                self.graded, self.code = event.graded, event.code
                self.started_at = time.monotonic()
            case Output():
                self.text.take(event)
            case Plotted():
                self.plots[event.index] = event.scene
            case FitStarted():
                self._fit_started(event)
            case BatchEnded():
                self.fit_of(event.fit).batch_ended(event)
            case EpochEnded():
                self.fit_of(event.fit).epoch_ended(event)
            case FitEnded():
                self.fit_of(event.fit).ended = event
            case Changed():
                self.fit_of(event.fit).changed(event)
            case Paused():
                self.fit_of(event.fit).was_paused(event)
            case Note():
                self.notes.append(event.text)
            case Checked():
                self.checks.append(event.result)
            case Judged():
                self.verdict = event.verdict
            case Ended():
                self._end(event)
            case _:
                assert_never(event)

    def _end(self, event: Ended) -> None:
        """An engine that is gone cannot say how long the run took, nor that its training is over."""
        if event.reason == "lost" and not event.seconds and self.started_at:
            event = msgspec.structs.replace(event, seconds=time.monotonic() - self.started_at)
        for fit in self.fits:
            if fit.ended is None:
                fit.broken = event.reason
        self.ended, self.phase = event, "ended"

    @property
    def output(self) -> list[tuple[str, str]]:
        """What was printed: (stream, text), in order."""
        return self.text.pieces

    @property
    def printed(self) -> str:
        """What the code has printed; the tutor's own words are not among it."""
        return "".join(text for stream, text in self.output if stream != "tutor")

    @property
    def silent(self) -> bool:
        """Whether it ran through and there is nothing to show for it."""
        if self.ended is None or self.ended.reason != "ok" or self.verdict is not None:
            return False
        return not (self.output or self.plots or self.fits or self.notes or self.ended.note)

    def waiting(self, seconds: float) -> str:
        """What is waited for, for how long, and whether that is longer than usual. seconds: since it was asked for."""
        if not self.waiting_for:
            return ""
        if self.ahead:
            return f"waiting for {self.waiting_for} to end · {seconds:.0f} s"
        if self.waiting_for not in (KERAS_WAIT, LIGHT_WAIT):
            return f"{self.waiting_for} · {seconds:.0f} s"
        usual = KERAS_USUAL if self.waiting_for == KERAS_WAIT else LIGHT_USUAL
        if seconds > usual:
            return f"{self.waiting_for.split(',')[0]} takes longer than usual · {seconds:.0f} s · ctrl+c stops"
        return f"{self.waiting_for} · {seconds:.0f} s"

    @property
    def queued(self) -> str:
        """What it waits for among the user's own runs, as sentences; "" where it does not."""
        if not self.ahead or self.phase != "waiting" or not self.going:
            return ""
        ends = "ends" if self.ahead == 1 else "end"
        return f"This begins when {self.waiting_for} {ends}, as runs take turns. ctrl+c gives it up."

    def _fit_started(self, event: FitStarted) -> None:
        """Fits of one model go on in one curve."""
        known = self._by_number.get(event.after)
        if known is None:
            known = FitState(event)
            self.fits.append(known)
        else:
            known.goes_on(event)
        self._by_number[event.fit] = known

    def fit_of(self, number: int) -> FitState:
        """The training that this fit of the run belongs to; an empty one where its beginning was never told, as code
        that writes such messages itself may do."""
        if number not in self._by_number:
            self._fit_started(FitStarted(self.run, number, "track", "", 0))
        return self._by_number[number]

    @property
    def going(self) -> bool:
        return self.ended is None

    @property
    def fit(self) -> FitState | None:
        return self.fits[-1] if self.fits else None

    @property
    def error(self) -> CodeError | None:
        """The error in the learner's code, from the verdict or from the run."""
        if self.verdict is not None and self.verdict.error is not None:
            return self.verdict.error
        return self.ended.error if self.ended is not None else None

