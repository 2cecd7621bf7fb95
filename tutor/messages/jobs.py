"""What is to be run, and by what it is judged: jobs and rubrics."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

HostKind: TypeAlias = Literal["light", "keras"]
"""light: numpy only. keras: keras on torch."""


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
    forked beside the learner's process. path: of the file of one's own that is run, "" for code of a lesson. own: a
    program of the user's own, which may do what the user may; it works in `folder`, all else in the run's own. read:
    folders that the settings let a run read."""

    run: str
    block: str
    chunks: tuple[Chunk, ...]
    seed: int = 0
    limits: Limits = Limits()
    graded: bool = False
    gpu: bool = False
    path: str = ""
    own: bool = False
    folder: str = ""
    read: tuple[str, ...] = ()


class Wrongdoing(Struct, frozen=True):
    """What the checks observe of one named wrong solution: key -> reduced value (grading/judge/misconceptions.py).

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
