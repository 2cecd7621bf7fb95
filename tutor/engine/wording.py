"""Words for outcomes and ends that the window and the command line share."""

from __future__ import annotations

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
