"""What a host is told to import ahead where its runs shall not be confined, as on a system that has nothing for it."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.engine.machine.confinement import holding
from tutor.engine.run import loaded_ahead
from tutor.messages.jobs import HostKind


def load(kind: HostKind) -> Iterator[loaded_ahead.Problem | None]:
    """As the product's own; what would confine a process does nothing."""
    holding.confine = lambda reach, folder: holding.Held()
    yield from loaded_ahead.load(kind)
