"""Threads of a run end with its code, by one rule: after an exception, beside the judge, in fresh runs, forked or
not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import ended, events_of, job, printed, run, until
from tests.engine.test_engine_faults import LATE, SPIN
from tests.engine.test_engine_grading import CHECKS, SOLUTION, STARTER
from tutor.engine.client.engine import Engine
from tutor.engine.run import threads_left
from tutor.messages.events import RunEvent, Started
from tutor.messages.jobs import Rubric
from tutor.messages.verdicts import Judged, Verdict

COUNT = "def going():\n    return sum(thread.name == 'spinner' for thread in threading.enumerate())\n"
"""What says how many threads of the code's own go on."""
LEFT = "The code had left a thread going, spinner; it was ended."


async def judged(engine: Engine, answer: str, checks: str) -> tuple[Verdict, list[RunEvent]]:
    rubric = Rubric("block", "", "", checks, SOLUTION, STARTER, answer, seconds=20)
    events = await events_of(await engine.run(job(answer, graded=True, seconds=20), rubric))
    (event,) = [event for event in events if isinstance(event, Judged)]
    return event.verdict, events


async def test_threads_are_waited_for_after_an_exception(either):
    source = f"{LATE}import atexit\natexit.register(print, 'end')\nthreading.Thread(target=late).start()\n1 / 0"
    events = await run(either, source)
    end = ended(events)
    assert printed(events) == "late\nend\n"
    assert (end.reason, end.error.kind, end.note) == ("error", "ZeroDivisionError", "")


async def test_a_thread_without_end_does_not_hold_up_the_exception(engine):
    end = ended(await run(engine, f"{SPIN}threading.Thread(target=spin, name='spinner').start()\n1 / 0", seconds=20))
    assert (end.reason, end.error.kind, end.note) == ("error", "ZeroDivisionError", LEFT)
    assert end.seconds < 20


@pytest.mark.parametrize("end", ["", "\n1 / 0"])
async def test_a_thread_that_is_left_is_named_and_ended(either, end):
    source = f"{SPIN}threading.Thread(target=spin, name='spinner', daemon=True).start(){end}"
    events = await run(either, source)
    assert ended(events).note == LEFT
    (pid,) = [event.pid for event in events if isinstance(event, Started)]
    await until(lambda: "Threads:\t1\n" in Path(f"/proc/{pid}/status").read_text())


async def test_beside_the_judge_no_thread_goes_on(either):
    """The check ends only when the thread has ended; so does the one of a fresh run."""
    source = f"{SPIN}{COUNT}threading.Thread(target=spin, name='spinner', daemon=True).start()\n{SOLUTION}"
    checks = "def check_end(t):\n    'ended'\n    while t.call('going'): pass\n"
    checks += "def check_fresh(t):\n    'ended, too'\n    again = t.run(seed=1)\n    while again.call('going'): pass\n"
    verdict, events = await judged(either, source, checks)
    assert verdict.outcome == "passed" and ended(events).note == LEFT


async def test_a_thread_that_a_check_has_begun_ends_with_the_judge(either):
    source = f"{SPIN}{SOLUTION}def begin():\n    threading.Thread(target=spin, name='spinner').start()\n    return 1\n"
    verdict, events = await judged(either, source, f"{CHECKS}\ndef check_begin(t):\n    'begun'\n    t.call('begin')\n")
    assert verdict.outcome == "passed"
    (pid,) = [event.pid for event in events if isinstance(event, Started)]
    await until(lambda: not Path(f"/proc/{pid}").exists() or "Threads:\t1\n" in Path(f"/proc/{pid}/status").read_text())


async def test_a_thread_that_will_not_end_beside_the_judge_takes_its_process_along(engine):
    source = "import hashlib, threading\ndef spin():\n    hashlib.pbkdf2_hmac('sha256', b'x', b'y', 2_000_000_000)\n"
    source += f"threading.Thread(target=spin, daemon=True).start()\n{SOLUTION}"
    checks = "def check_long(t):\n    'long'\n    while True: t.call('twice', 1.0)\n"
    verdict, events = await judged(engine, source, checks)
    assert verdict.outcome == "error" and "ended its own process" in verdict.error.message
    assert "left a thread going" in ended(events).note


def test_waiting_is_bounded(monkeypatch):
    monkeypatch.setattr(threads_left, "_others", lambda: [threads_left.threading.main_thread()])
    threads_left.wait(0.01)
