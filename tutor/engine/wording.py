"""Words for outcomes and ends that the window and the command line share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from tutor.engine.protocol import CheckResult

HEADLINES: dict[str, str] = {
    "passed": "passed",
    "failed": "not yet",
    "error": "the code stopped with an error",
    "not-attempted": "nothing to check yet",
    "time": "out of time",
    "memory": "out of memory",
    "output": "it printed too much",
    "cancelled": "cancelled",
    "fault": "the tutor's own fault; nothing is held against you",
}
"""By the outcome of a verdict."""
ENDINGS: dict[str, str] = {
    "error": "The code stopped with an error.",
    "time": "The time for this code was up.",
    "memory": "The memory for this code was used up.",
    "output": "The code printed too much.",
    "cancelled": "Cancelled.",
    "killed": "The process of this run was ended.",
    "lost": "The run was lost.",
}
"""By the reason of a run's end."""


def without_repeats(checks: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """The checks, with what one before has said word for word left out: one mistake often fails them all."""
    said: set[str] = set()
    for check in checks:
        yield msgspec.structs.replace(check, message="the same as above") if check.message in said else check
        if check.message:
            said.add(check.message)
