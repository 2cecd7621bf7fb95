"""Every message between a window (client) and an engine host, typed, one union each way, versioned.

Frames are a 4-byte big-endian length and one msgpack message (`frames.py`). Requests go to the host, events
come back. Every event of a run carries its number `seq`, from 0 upwards, so that a window that comes back asks
for what it missed (`Attach`).
"""

from __future__ import annotations

from typing import Literal, TypeAlias, Union

from msgspec import Struct

from tutor.plots.scene import Scene

VERSION = 4
MAX_FRAME = 16 * 1024 * 1024

HostKind: TypeAlias = Literal["light", "keras"]
"""light: numpy only. keras: keras on torch."""

# ------------------------------------------------------------------ what is to be run


class Chunk(Struct, frozen=True):
    """A piece of code, run in order with the others in one namespace.

    name: how a traceback calls it ("setup", "gradient.py"). learner: whether the learner wrote it: only such
    lines are shown in errors.
    """

    name: str
    source: str
    learner: bool = False


class Limits(Struct, frozen=True):
    """seconds: wall time (pauses not counted). memory_mb: on top of the host's own. output_kb: of stdout and
    stderr together. file_mb: size of one written file."""

    seconds: float = 60.0
    memory_mb: int = 2048
    output_kb: int = 256
    file_mb: int = 64


class Job(Struct, frozen=True):
    """One run. block: the id of the block, or a file's name. graded: a `Grade` request follows, and a judge is
    forked beside the learner's process."""

    run: str
    block: str
    chunks: tuple[Chunk, ...]
    seed: int = 0
    limits: Limits = Limits()
    graded: bool = False
    gpu: bool = False


class Wrongdoing(Struct, frozen=True):
    """What the checks observe of one named wrong solution: key -> reduced value (grading/misconceptions.py).

    telling: the keys under which a right answer shows something else.
    """

    name: str
    diagnosis: str
    observed: dict[str, object] = {}
    telling: tuple[str, ...] = ()


class Rubric(Struct, frozen=True):
    """What the judge holds. Never reaches the learner's process. `wrongs` carry what --prove kept.

    arguments: "float32" or "float64" casts the real arrays that the checks pass (--prove); "" passes them as they are.
    uses: the author's solutions of the exercises that stand in front, never the learner's own code.
    """

    exercise: str
    setup: str
    hidden: str
    checks: str
    solution: str
    starter: str
    answer: str
    match: Literal["values", "observed"] = "values"
    seconds: float = 10.0
    wrongs: tuple[Wrongdoing, ...] = ()
    uses: tuple[str, ...] = ()
    arguments: Literal["", "float32", "float64"] = ""


# ------------------------------------------------------------------ requests: window -> host


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


class Figure(Struct, frozen=True, tag="figure"):
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


Request: TypeAlias = Union[
    Hello, Submit, Grade, Attach, Cancel, Kill, Pause, Resume, SetRate, Watch, Inspect, Keep, Figure, DropFigure,
    Seen, Stop,
]  # fmt: skip

# ------------------------------------------------------------------ events: host -> window


class Welcome(Struct, frozen=True, tag="welcome"):
    """The first answer. ready: the imports are done. runs: ids of runs that go on or wait to be seen."""

    version: int
    kind: HostKind
    pid: int
    ready: bool
    runs: tuple[str, ...] = ()


class Ready(Struct, frozen=True, tag="ready"):
    """The imports are done (seconds taken), or failed (problem, and what to do about it)."""

    seconds: float
    problem: str = ""
    todo: str = ""


class Waiting(Struct, frozen=True, tag="waiting"):
    """The host cannot import yet: what it waits for, for people; "" where it goes on."""

    what: str


class Waits(Struct, frozen=True, tag="waits"):
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
    """Text the code printed, made harmless (no control characters but newline and tab)."""

    run: str
    stream: Literal["out", "err", "tutor"]
    text: str
    seq: int = 0


class Plotted(Struct, frozen=True, tag="plotted"):
    """A plot. index: which of this run's plots; the same index again replaces it."""

    run: str
    index: int
    scene: Scene
    seq: int = 0


class FitStarted(Struct, frozen=True, tag="fitstarted"):
    """A training begins. fit: which of this run's, from 0. batches, samples: per epoch, 0 where unknown.

    arguments: those of compile and fit that were given, as text. source: "keras" or "track". monitor, mode, patience:
    of an EarlyStopping among the callbacks, patience 0 where there is none. steered: who rules the learning rate
    besides the learner, by class name ("" nobody): a schedule, or a callback.
    """

    run: str
    fit: int
    source: Literal["keras", "track"]
    model: str
    epochs: int
    batches: int = 0
    samples: int = 0
    parameters: int = 0
    metrics: tuple[str, ...] = ()
    arguments: dict[str, str] = {}
    monitor: str = ""
    mode: Literal["min", "max"] = "min"
    patience: int = 0
    steered: str = ""
    seq: int = 0


class LayerPulse(Struct, frozen=True):
    """One layer at the end of an epoch. gradient: norm of the last batch's; weight: norm of its weights; update: norm
    of the last step over that of the weights after it; change: norm of the difference from the start, over that of the
    start. NaN where unknown."""

    name: str
    gradient: float
    weight: float
    update: float
    change: float


class BatchEnded(Struct, frozen=True, tag="batch"):
    """Sent at most some ten times a second. epoch and batch from 0. seconds: since the fit began, pauses not
    counted."""

    run: str
    fit: int
    epoch: int
    batch: int
    values: dict[str, float]
    seconds: float
    seq: int = 0


class EpochEnded(Struct, frozen=True, tag="epoch"):
    """Every epoch has one. rate: the learning rate, NaN where unknown. gradient: the norm of the last batch's whole
    gradient, NaN where it is not watched; layers: only where they are watched. waited: epochs that early stopping has
    waited, as it counts them; -1 where nothing waits."""

    run: str
    fit: int
    epoch: int
    values: dict[str, float]
    seconds: float
    rate: float = float("nan")
    gradient: float = float("nan")
    layers: tuple[LayerPulse, ...] = ()
    waited: int = -1
    seq: int = 0


class FitEnded(Struct, frozen=True, tag="fitended"):
    """reason: done, stopped (by hand), early (a callback), error. note: what is worth saying (nan at epoch 3).
    overhead: of these seconds, those spent in the tutor's own callback and sending."""

    run: str
    fit: int
    reason: Literal["done", "stopped", "early", "error"]
    epochs: int
    seconds: float
    note: str = ""
    overhead: float = 0.0
    seq: int = 0


class Changed(Struct, frozen=True, tag="changed"):
    """Something was changed by hand while it trained: what ("learning rate"), after `epoch` whole epochs, from
    `before` to `after`."""

    run: str
    fit: int
    epoch: int
    what: str
    before: float
    after: float
    seq: int = 0


class Paused(Struct, frozen=True, tag="paused"):
    """A training was paused (on), or goes on after `seconds` of rest, which count in no time."""

    run: str
    fit: int
    on: bool
    seconds: float = 0.0
    seq: int = 0


class Note(Struct, frozen=True, tag="note"):
    """The tutor's own word within a run: paused, learning rate set, why input() has nothing to read."""

    run: str
    text: str
    seq: int = 0


class ErrorLine(Struct, frozen=True):
    """A line of the learner's own code. line counts from 1 within the chunk."""

    chunk: str
    line: int
    source: str
    function: str = ""


class CodeError(Struct, frozen=True):
    """An exception in the learner's code: only their own lines. todo: what usually helps."""

    kind: str
    message: str
    lines: tuple[ErrorLine, ...] = ()
    todo: str = ""


Outcome: TypeAlias = Literal[
    "passed", "failed", "error", "not-attempted", "time", "memory", "output", "cancelled", "fault"
]
"""Of a graded run. fault: the tutor's own; nothing is held against the learner."""


class CheckResult(Struct, frozen=True):
    """name: the function; requirement: its docstring, as the learner reads it. message: lines that say what was
    asked, what came, where they differ."""

    name: str
    requirement: str
    outcome: Literal["passed", "failed", "skipped", "error"]
    message: str = ""


class Diagnosis(Struct, frozen=True):
    name: str
    text: str


class Verdict(Struct, frozen=True):
    """The judge's word on an exercise. summary: one line. report: where a fault is to be reported, else "".
    scores: what `t.better` compared, (score, what was needed)."""

    exercise: str
    outcome: Outcome
    checks: tuple[CheckResult, ...] = ()
    diagnosis: Diagnosis | None = None
    error: CodeError | None = None
    summary: str = ""
    report: str = ""
    seconds: float = 0.0
    seed: int = 0
    observed: dict[str, object] = {}
    scores: dict[str, tuple[float, float]] = {}


class Checked(Struct, frozen=True, tag="checked"):
    """One check is done; the verdict follows."""

    run: str
    result: CheckResult
    seq: int = 0


class Judged(Struct, frozen=True, tag="judged"):
    run: str
    verdict: Verdict
    seq: int = 0


class Ended(Struct, frozen=True, tag="ended"):
    """The run is over (for a graded one after its verdict). reason as for verdicts; "ok" where the code ran
    through. own_mb: memory of its own at its peak. left_behind: processes that had to be ended. alive: the
    process waits to be looked into."""

    run: str
    reason: Literal["ok", "error", "time", "memory", "output", "cancelled", "killed", "lost"]
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


RunEvent: TypeAlias = Union[
    Waits, Queued, Started, Output, Plotted, FitStarted, BatchEnded, EpochEnded, FitEnded, Changed, Paused, Note,
    Checked, Judged, Ended,
]  # fmt: skip
Event: TypeAlias = Union[
    Welcome, Ready, Waiting, Waits, Queued, Started, Output, Plotted, FitStarted, BatchEnded, EpochEnded, FitEnded,
    Changed, Paused, Note, Checked, Judged, Ended, FigureDone, Inspected, Refused,
]  # fmt: skip
