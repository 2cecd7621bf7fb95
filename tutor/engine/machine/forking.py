"""The one place that decides how a process for a run begins: forked from the host, or started afresh.

Forking takes milliseconds, because the frameworks are imported already. It is unsafe on macOS, and once a GPU is
in use. `DL_TUTOR_ENGINE_START=fork|fresh` decides by hand.
"""

from __future__ import annotations

import os
import sys

from tutor.errors import UsageError

START = "DL_TUTOR_ENGINE_START"


def forks(gpu: bool = False) -> bool:
    """Whether runs are forked here. Raises UsageError for a setting that is neither fork nor fresh."""
    asked = os.environ.get(START, "")
    if asked not in ("", "fork", "fresh"):
        raise UsageError(f"{START}={asked} is not known.", "It is fork or fresh; leave it out if in doubt.")
    if gpu or sys.platform != "linux":
        return False
    return asked != "fresh"
