"""Graded runs: only the judge has the checks, and no verdict is no pass."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.engine.conftest import ended, events_of, first, job, until
from tutor.engine.host.event_log import EventLog
from tutor.engine.host.hosted_run import HostedRun
from tutor.engine.machine import processes
from tutor.messages import endings
from tutor.messages.children import Finished
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import Queued, RunEvent, Started
from tutor.messages.frames import Unpacker
from tutor.messages.jobs import Rubric
from tutor.messages.verdicts import Checked, Judged, Verdict

read = MessageDecoder(RunEvent)
SOLUTION = "import numpy as np\ndef twice(x):\n    return 2 * np.asarray(x)\nnoise = np.random.rand()\n"
STARTER = "def twice(x):\n    ...\n"
CHECKS = """
def check_double(t):
    "it is twice as much"
    t.close(t.call("twice", 3.0), 6.0)

def check_fresh(t):
    "a fresh run has other random numbers"
    first = t.get("noise")
    t.close(float(abs(t.run(seed=11).get("noise") - first) > 0), 1.0)
"""


async def graded(engine, answer, **options) -> tuple[Verdict, list[RunEvent]]:
    work = job(answer, graded=True, **options)
    rubric = Rubric("block", "", "", CHECKS, SOLUTION, STARTER, answer, seconds=work.limits.seconds)
    events = await events_of(await engine.run(work, rubric))
    (judged,) = [event for event in events if isinstance(event, Judged)]
    ended(events)
    return judged.verdict, events


async def test_passes(either):
    verdict, events = await graded(either, SOLUTION)
    assert verdict.outcome == "passed", verdict
    checked = [event.result.name for event in events if isinstance(event, Checked)]
    assert checked == [result.name for result in verdict.checks]


async def test_fails(either):
    verdict, _ = await graded(either, SOLUTION.replace("2 *", "3 *"))
    assert verdict.outcome == "failed"
    assert [result.outcome for result in verdict.checks] == ["failed", "passed"]


async def test_an_error_has_the_learners_line(engine):
    verdict, events = await graded(engine, "def twice(x):\n    return 1\n1 / 0\n")
    assert verdict.outcome == "error" and verdict.error.lines[-1].line == 3
    assert ended(events).reason == "error"


@pytest.mark.parametrize(
    "source",
    [
        "import sys; sys.exit()",
        "import os; os._exit(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os; os.closerange(0, 4000)",
        "def twice(x):\n    import os; os._exit(0)",
        "def twice(x):\n    import sys; sys.exit(0)",
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass",
        "class T(float):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0.0\n"
        "def twice(x): return T(1)\nnoise = T(2)",
    ],
)
async def test_tricks_never_pass(engine, source):
    verdict, _ = await graded(engine, source, seconds=3)
    assert verdict.outcome in ("failed", "error", "fault", "not-attempted")


async def test_time_is_up_in_the_code_and_in_a_call(engine):
    assert (await graded(engine, "while True: pass", seconds=0.5))[0].outcome == "time"
    verdict, events = await graded(engine, "noise = 1\ndef twice(x):\n    while True: pass", seconds=0.5)
    assert verdict.outcome == "time"
    await until(lambda: events[0].pid not in processes.table())


async def test_what_would_keep_the_judge_busy_is_the_codes_own_doing(engine):
    answer = "import sys\nnoise = 1\ndef twice(x):\n    return {1 + sys.hash_info.modulus * i for i in range(2000)}"
    verdict, _ = await graded(engine, answer)
    assert (verdict.outcome, verdict.error.kind) == ("error", "Unfit"), verdict
    assert "more than 1,000 members have one hash" in verdict.error.message


@pytest.mark.parametrize(("beyond", "outcomes"), [(-1, []), (1, ["time"])])
def test_checks_that_find_no_end_are_the_codes_own_doing(beyond, outcomes):
    """As where the judge was stopped, or where what it is answered keeps it busy."""
    work, event_log = job("x = 1", graded=True, seconds=5.0), EventLog("run", "window")
    hosted = HostedRun(work, "light", event_log, SimpleNamespace(sweep=lambda roots: 0))
    hosted.state, hosted.learner.finished = "judging", Finished("ok")
    hosted.learner.reins.clock = SimpleNamespace(seconds=endings.judge_seconds(work.limits) + beyond)
    hosted.tick()
    events = [read.read(body) for body in Unpacker().feed(b"".join(event_log.frames))]
    assert [event.verdict.outcome for event in events if isinstance(event, Judged)] == outcomes


async def test_memory_and_output(engine):
    assert (await graded(engine, "x = bytearray(3 << 30)"))[0].outcome == "memory"
    assert (await graded(engine, "while True: print('x' * 1000)"))[0].outcome == "output"


async def test_cancelled(engine):
    answer = "while True: pass"
    rubric = Rubric("block", "", "", CHECKS, SOLUTION, STARTER, answer, seconds=60)
    running = await engine.run(job(answer, graded=True), rubric)
    await first(running, Started)
    await running.cancel()
    events = await events_of(running)
    assert [event.verdict.outcome for event in events if isinstance(event, Judged)] == ["cancelled"]
    assert ended(events).reason == "cancelled"


async def test_a_rubric_that_is_broken_is_a_fault(engine):
    rubric = Rubric("block", "", "", "def check_x(t:\n", SOLUTION, STARTER, SOLUTION)
    events = await events_of(await engine.run(job(SOLUTION, graded=True), rubric))
    (verdict,) = [event.verdict for event in events if isinstance(event, Judged)]
    assert verdict.outcome == "fault"


async def test_a_graded_run_that_waits_its_turn(engine):
    going = await engine.run(job("import time, keras\ntime.sleep(0.3)"))
    await first(going, Started)
    verdict, events = await graded(engine, f"import keras\n{SOLUTION}")
    assert isinstance(events[0], Queued) and verdict.outcome == "passed"


async def test_no_judge_is_left(engine):
    await engine.warm("light")
    host = engine.host_pid("light")
    before = processes.belonging({host})
    _, events = await graded(engine, SOLUTION)
    await until(lambda: processes.belonging({host}) - before <= {events[0].pid})


async def test_a_judge_that_ends_without_a_verdict_leaves_its_reason_in_the_log(either, home):
    checks = "import os, signal\ndef check_f(t):\n    'f'\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    rubric = Rubric("block", "", "", checks, "f = 1", "", "f = 1")
    name = f"judge-{either.window}"
    events = await events_of(await either.run(job("f = 1", graded=True, run=name), rubric))
    assert [event.verdict.outcome for event in events if isinstance(event, Judged)] == ["fault"]
    log = (home / "cache" / "engine-light.log").read_text()
    assert f"{name}: the judge ended without a verdict, signal SIGKILL" in log
