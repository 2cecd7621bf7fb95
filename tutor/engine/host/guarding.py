"""What one process or window makes the host do: a fault in it is logged and ends its sender, and nothing else."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from tutor.engine.host.engine_log import log


def guarded(what: str, do: Callable[[], object], end: Callable[[], object] | None = None) -> bool:
    """Whether `do` went well. If not, the log gets the traceback under the name `what`, and `end` ends who made the
    host do it."""
    try:
        do()
    except Exception:  # noqa: BLE001 - whatever it is, the runs of all others go on
        log(f"a fault in {what}", traceback.format_exc())
        if end is not None:
            guarded(f"the end of {what}", end)
        return False
    return True
