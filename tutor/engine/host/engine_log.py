"""The engine's log, which the host's standard error is: lines with their time."""

from __future__ import annotations

import sys
import time


def log(who: str, sentence: str) -> None:
    """One entry: who (a run's id, "the figures") and what was the matter."""
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {who}: {sentence}", file=sys.stderr, flush=True)
