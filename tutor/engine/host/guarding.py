"""What one process or window makes the host do: a fault in it is logged and ends its sender, and nothing else."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable


def guarded(what: str, do: Callable[[], object], end: Callable[[], object] | None = None) -> bool:
    """Whether `do` went well. If not, the log gets the traceback under the name `what`, and `end` ends who made the
    host do it."""
    try:
        do()
    except Exception:  # noqa: BLE001 - whatever it is, the runs of all others go on
        print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} a fault in {what}:", file=sys.stderr)
        traceback.print_exc(file=sys.stderr)
        sys.stderr.flush()
        if end is not None:
            guarded(f"the end of {what}", end)
        return False
    return True
