"""What a host tells a window: of itself, of runs, of figures and views.

Every event of a run carries its number `seq`, from 0 upwards, so that a window that comes back asks for what it missed
(`Attach`). A new event of a run is a class here (or in training.py, verdicts.py) and a name in `RunEvent`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, Union

from msgspec import Struct

from tutor.messages.jobs import HostKind
from tutor.messages.training import TrainingEvent
from tutor.messages.verdicts import Checked, CodeError, Judged
from tutor.plots.scene import Scene

Reason: TypeAlias = Literal["ok", "error", "time", "memory", "output", "cancelled", "killed", "lost"]
"""Why a run ended; "ok" where the code ran through."""


class Welcome(Struct, frozen=True, tag="welcome"):
    """The first answer. ready: the imports are done. runs: ids of runs that go on or wait to be seen. shown: those of
    them whose window is there."""

    version: int
    kind: HostKind
    pid: int
    ready: bool
    runs: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


class Ready(Struct, frozen=True, tag="ready"):
    """The imports are done (seconds taken), or failed (problem, and what to do about it)."""

    seconds: float
    problem: str = ""
    todo: str = ""


class HostWaits(Struct, frozen=True, tag="waiting"):
    """The host cannot import yet: what it waits for, for people; "" where it goes on."""

    what: str


class RunWaits(Struct, frozen=True, tag="waits"):
    """The same, told of a run that waits for it."""

    run: str
    what: str
    seq: int = 0


class Queued(Struct, frozen=True, tag="queued"):
    """Other runs of this user go first. ahead: how many. block: of the one that is going on."""

    run: str
    ahead: int
    seq: int = 0
    block: str = ""


class Started(Struct, frozen=True, tag="started"):
    """pid of the learner's process. at: seconds since the epoch. fresh: spawned, not forked. code: the learner's own,
    the last piece of it."""

    run: str
    pid: int
    seed: int
    at: float
    fresh: bool = False
    graded: bool = False
    code: str = ""
    seq: int = 0


class Output(Struct, frozen=True, tag="output"):
    """Text the code printed, made harmless (no control characters but newline and tab). at: of the text of this
    stream so many characters stay, and this stands behind them, in place of what stood there (a line that is drawn
    again is told whole); -1: it stands at the end."""

    run: str
    stream: Literal["out", "err", "tutor"]
    text: str
    at: int = -1
    seq: int = 0


class Plotted(Struct, frozen=True, tag="plotted"):
    """A plot. index: which of this run's plots; the same index again replaces it."""

    run: str
    index: int
    scene: Scene
    seq: int = 0


class Note(Struct, frozen=True, tag="note"):
    """The tutor's own word within a run: paused, learning rate set, why input() has nothing to read."""

    run: str
    text: str
    seq: int = 0


class Ended(Struct, frozen=True, tag="ended"):
    """The run is over (for a graded one after its verdict). reason as for verdicts; "ok" where the code ran
    through. own_mb: memory of its own at its peak. left_behind: processes that had to be ended. alive: the
    process waits to be looked into."""

    run: str
    reason: Reason
    seconds: float
    error: CodeError | None = None
    note: str = ""
    own_mb: float = 0.0
    left_behind: int = 0
    alive: bool = False
    seq: int = 0


class FigureDone(Struct, frozen=True, tag="figuredone"):
    """problem: why there is no scene. more: the figure is being trained, and a newer scene follows."""

    request: int
    name: str
    scene: Scene | None = None
    seconds: float = 0.0
    problem: str = ""
    more: bool = False


class Inspected(Struct, frozen=True, tag="inspected"):
    """names: what the same view can be asked for next: models, layers, samples."""

    request: int
    scene: Scene | None = None
    problem: str = ""
    names: tuple[str, ...] = ()


class Refused(Struct, frozen=True, tag="refused"):
    """A request that cannot be carried out, and what to do."""

    what: str
    todo: str = ""
    run: str = ""


RunEvent: TypeAlias = Union[RunWaits, Queued, Started, Output, Plotted, TrainingEvent, Note, Checked, Judged, Ended]
Event: TypeAlias = Union[RunEvent, Welcome, Ready, HostWaits, FigureDone, Inspected, Refused]
