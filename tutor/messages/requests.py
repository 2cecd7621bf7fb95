"""What a window asks of a host: one union, versioned.

`Hello` comes first and says the version; `Welcome` (events.py) answers it.
"""

from __future__ import annotations

from typing import TypeAlias, Union

from msgspec import Struct

from tutor.messages.jobs import Job, Rubric

VERSION = 7
"""Of all messages together: a host of another one is not spoken to."""


class Hello(Struct, frozen=True, tag="hello"):
    """stays: runs of this window go on when it has gone, and wait for the next to be seen."""

    version: int
    window: str
    stays: bool = True


class Submit(Struct, frozen=True, tag="submit"):
    job: Job


class Grade(Struct, frozen=True, tag="grade"):
    """Follows a graded `Submit`; the host hands it to the judge alone."""

    run: str
    rubric: Rubric


class Attach(Struct, frozen=True, tag="attach"):
    """Send the events of this run from number `start` on, then all that follow. run "": the newest run."""

    run: str
    start: int = 0


class Cancel(Struct, frozen=True, tag="cancel"):
    """Stop gracefully: training ends with its batch and keeps its curve and model; other code is interrupted."""

    run: str


class Kill(Struct, frozen=True, tag="kill"):
    """End the process group at once, and all it left behind."""

    run: str


class Pause(Struct, frozen=True, tag="pause"):
    run: str


class Resume(Struct, frozen=True, tag="resume"):
    run: str


class SetRate(Struct, frozen=True, tag="setrate"):
    """Change the learning rate of the fit that is going on."""

    run: str
    rate: float


class Inspect(Struct, frozen=True, tag="inspect"):
    """Ask the learner's living process about a model. what: which view, with its arguments as text."""

    run: str
    request: int
    what: str
    arguments: dict[str, str] = {}


class Watch(Struct, frozen=True, tag="watch"):
    """What every training of this run takes at its epoch ends besides losses, from now on: the norm of the gradient;
    a pulse of each layer. Nothing by default, as it costs time."""

    run: str
    gradients: bool = False
    layers: bool = False


class Keep(Struct, frozen=True, tag="keep"):
    """Save a model of the learner's living process as `path` (.keras). model: the name it has in the code, "" for the
    one that was trained last. Answered by Inspected, with a problem where it cannot be done."""

    run: str
    request: int
    path: str
    model: str = ""


class ComputeFigure(Struct, frozen=True, tag="figure"):
    """Compute a figure. values: what its controls stand at, as text."""

    request: int
    name: str
    values: dict[str, str] = {}
    seed: int = 0


class DropFigure(Struct, frozen=True, tag="dropfigure"):
    """A figure of this window that is being trained need not go on. It is not answered any more."""

    request: int


class Seen(Struct, frozen=True, tag="seen"):
    """The result of this run was shown: the host need not keep it."""

    run: str


class Stop(Struct, frozen=True, tag="stop"):
    """End the host as soon as no run is going on or waits (another version starts), or at once (tests)."""

    force: bool = False


AboutRun: TypeAlias = Union[Attach, Cancel, Kill, Pause, Resume, SetRate, Watch, Inspect, Keep, Seen]
"""Requests that name a run."""
Open: TypeAlias = Union[Hello, Submit, AboutRun, ComputeFigure, DropFigure, Stop]
"""All that a host reads itself."""
Request: TypeAlias = Union[Open, Grade]
