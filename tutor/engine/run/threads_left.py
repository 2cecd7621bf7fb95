"""Threads that the learner's code has begun: waited for at its end, as Python does, and ended where they go on.

A thread that goes on would use the machine outside of every limit, while the next run has its place.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Collection

from tutor.messages.harmless import harmless

_LOOK = 0.005
AFTER_ERROR = 3.0
"""Seconds for which threads are waited for where the code has stopped with an error: it is told only after that."""
_PATIENCE = 3.0
"""Seconds in which a thread that was told to end may do so, before the process goes with it."""
_TICKS = 20
"""Hundredths of a second of computing in that time, from which on a thread is said to go on."""
_CLOCK_OF_A_THREAD = 6
_MOST_NAMED = 3
_POOL = os.path.join("concurrent", "futures", "thread.py")


def wait(most: float = float("inf")) -> None:
    """Until all threads that are no daemons are through, workers that wait for work left out; for so many seconds. The
    limits of the run, and a cancel, end the waiting by an exception."""
    deadline = time.monotonic() + most
    while time.monotonic() < deadline and any(not (thread.daemon or _waits_for_work(thread)) for thread in _others()):
        time.sleep(_LOOK)


def going(names: Collection[str]) -> list[threading.Thread]:
    """Threads that are in the learner's own code. names: what its chunks are called."""
    frames = sys._current_frames()
    found = []
    for thread in _others():
        frame = frames.get(thread.ident or 0)
        while frame is not None and frame.f_code.co_filename not in names:
            frame = frame.f_back
        if frame is not None:
            found.append(thread)
    return found


def note(threads: list[threading.Thread]) -> str:
    """What is said of them at the end of the run, "" where there are none."""
    if not threads:
        return ""
    named = ", ".join(harmless(str(thread.name))[:60] for thread in threads[:_MOST_NAMED])
    more = f" and {len(threads) - _MOST_NAMED} more" if len(threads) > _MOST_NAMED else ""
    one = len(threads) == 1
    left, were = ("a thread", "it was") if one else ("threads", "they were")
    return f"The code had left {left} going, {named}{more}; {were} ended."


def end(threads: list[threading.Thread]) -> None:
    """Tell them to end. Where one goes on all the same, the process ends with it; one that only waits is left, and
    ends should it ever go on."""
    if threads:
        threading.Thread(target=_pursue, args=(threads,), daemon=True, name="tutor").start()


def _pursue(threads: list[threading.Thread]) -> None:
    before = {thread: _ticks(thread) for thread in threads}
    deadline = time.monotonic() + _PATIENCE
    while (left := [thread for thread in threads if thread.is_alive()]) and time.monotonic() < deadline:
        for thread in left:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))
        time.sleep(0.05)
    if any(_ticks(thread) - before[thread] > _TICKS for thread in left):
        os._exit(0)


def _others() -> list[threading.Thread]:
    ours = (threading.main_thread(), threading.current_thread())
    return [thread for thread in threading.enumerate() if thread not in ours and thread.is_alive()]


def _waits_for_work(thread: threading.Thread) -> bool:
    """Whether it is a worker of a pool that has nothing to do: Python ends those at the end, and here they may be
    needed still."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code.co_name == "_worker" and frame.f_code.co_filename.endswith(_POOL)


def _ticks(thread: threading.Thread) -> int:
    """Processor time of a thread so far, in hundredths of a second: by Linux's clock of the thread, as a run reads
    nothing in /proc."""
    try:
        return int(100 * time.clock_gettime((~(thread.native_id or 0) << 3) | _CLOCK_OF_A_THREAD))
    except (OSError, OverflowError):  # it has ended, or this is another system
        return 0
