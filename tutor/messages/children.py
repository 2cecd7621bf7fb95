"""Messages between the host and the processes it starts. They never leave the machine's inside.

A learner's process may send `FromLearner` and nothing else: whatever it forges, it cannot forge a verdict, for
`Checked` and `Judged` are read from the judge's socket only.
"""

from __future__ import annotations

import signal
from typing import Literal, TypeAlias, Union

from msgspec import Raw, Struct

from tutor.messages.events import Inspected, Note, Plotted, Reason
from tutor.messages.jobs import HostKind, Job
from tutor.messages.reach import Reach
from tutor.messages.requests import ComputeFigure, DropFigure, Inspect, Keep
from tutor.messages.training import TrainingEvent
from tutor.messages.verdicts import Checked, CodeError, Judged

Role: TypeAlias = Literal["learner", "rerun", "judge", "figures"]
"""rerun: the learner's code once more, with another seed, for the judge alone."""

TIME_IS_UP = signal.SIGUSR1
SIGNALS = (signal.SIGINT, TIME_IS_UP)
"""What the host sends. Blocked while a process begins, so that none is lost before it listens."""

BROKEN = 70
"""Exit status of a process in which the tutor's own part could not go on."""


class Begin(Struct, frozen=True, tag="begin"):
    """What a process is started for. folder: its temporary folder (made and removed by the host).
    rubric: a Grade message as it came, for the judge; else nil. reach: what the process of the learner's code may
    reach; None for the others."""

    role: Role
    kind: HostKind
    folder: str
    job: Job | None = None
    rubric: Raw = Raw(b"\xc0")
    reach: Reach | None = None


class Loaded(Struct, frozen=True, tag="loaded"):
    """All that a run needs is imported: from here on it is the learner's time."""


class Finished(Struct, frozen=True, tag="finished"):
    """What the learner's code came to. The process lives on."""

    reason: Reason
    error: CodeError | None = None
    note: str = ""
    own_mb: float = 0.0


class Broken(Struct, frozen=True, tag="broken"):
    """The tutor's own part of the process could not go on; the traceback is for the engine's log. The process ends."""

    traceback: str


class Served(Struct, frozen=True, tag="served"):
    """The judge has asked its last: the process waits for orders."""


class CodeOutcome(Struct, frozen=True, tag="outcome"):
    """To the judge: what run `index` came to (0: the submission itself; then each fresh run in order)."""

    index: int
    reason: Reason
    error: CodeError | None = None
    note: str = ""
    seconds: float = 0.0


class AskFresh(Struct, frozen=True, tag="askfresh"):
    """From the judge: run the learner's whole code in a new process with this seed."""

    seed: int


class FreshAt(Struct, frozen=True, tag="freshat"):
    """To the judge: fresh run `index` is under way; the socket to it comes with this frame."""

    index: int


class PauseOrder(Struct, frozen=True, tag="paused"):
    pass


class ResumeOrder(Struct, frozen=True, tag="resumed"):
    pass


class RateOrder(Struct, frozen=True, tag="rate"):
    rate: float


class WatchOrder(Struct, frozen=True, tag="watched"):
    gradients: bool
    layers: bool


FromLearner: TypeAlias = Union[TrainingEvent, Plotted, Note, Inspected, Loaded, Finished, Served, Broken]
FromJudge: TypeAlias = Union[Checked, Judged, AskFresh]
ToFigures: TypeAlias = Union[ComputeFigure, DropFigure]
ToLearner: TypeAlias = Union[PauseOrder, ResumeOrder, RateOrder, WatchOrder, Inspect, Keep]
ToJudge: TypeAlias = Union[CodeOutcome, FreshAt]
