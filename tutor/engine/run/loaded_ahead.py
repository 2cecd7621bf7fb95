"""What a host imports ahead of its runs, and what a process that is started afresh imports for itself.

It runs in the host, and only imports: no tensor is made, no thread of torch begins.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import NamedTuple

from tutor.engine.machine.entries import ANSWERS, JUDGE, RUN
from tutor.messages.endings import INSTALL_AGAIN
from tutor.messages.jobs import HostKind

_LIGHT = (
    "numpy", RUN, "tutor.plot", "tutor.data", "tutor.track", "tutor.figures", "tutor.engine.run.judge_link",
    "tutor.engine.run.inspecting", ANSWERS.partition(":")[0], JUDGE.partition(":")[0],
)  # fmt: skip
_WRAPPING = "tutor.engine.run.fit_wrapping"
_NEEDED = ("numpy", "torch", "keras", _WRAPPING)
"""What no run can do without; of the others a run says itself what it misses."""


class Problem(NamedTuple):
    """Why no run can begin, and what to do about it."""

    what: str
    todo: str


def load(kind: HostKind) -> Iterator[Problem | str]:
    """Import what the runs of this kind of host need, one module a step, whose name comes before it: between two steps
    a host answers its windows. A Problem is the last that comes."""
    for name in _LIGHT if kind == "light" else (*_LIGHT, "torch", "keras", _WRAPPING):
        yield name
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - a library that is not there, a build for another machine, …
            if name in _NEEDED:
                yield _missing((error.name if isinstance(error, ImportError) else "") or name, error)
                return
            print(f"{name} could not be imported ahead: {error}", file=sys.stderr)
    if kind == "keras":
        stream_fits()


def _missing(name: str, error: Exception) -> Problem:
    return Problem(
        f"{name} is missing or broken in this installation ({error}).",
        INSTALL_AGAIN,
    )


def load_afresh(kind: HostKind) -> None:
    """The same for a process that no host has loaded anything for: only what every run needs. Raises ImportError where
    it is missing."""
    importlib.import_module("numpy")
    if kind == "keras":
        stream_fits()


def stream_fits() -> None:
    """From here on every `model.fit` of this process and its forks streams."""
    from tutor.engine.run import fit_wrapping

    fit_wrapping.install()
