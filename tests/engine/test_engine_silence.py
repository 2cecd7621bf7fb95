"""Hosts that are stopped, hang, or crash, and a machine that has too little for them."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket

import pytest

from tests.engine.conftest import ended, events_of, first, job, printed, run
from tutor.engine.client import connection, silence
from tutor.engine.client.engine import Engine
from tutor.engine.machine import processes, sockets
from tutor.errors import EngineError
from tutor.messages.events import Output
from tutor.messages.verdicts import Judged

GOES_ON = "import time\nprint('go', flush=True)\nwhile True: time.sleep(0.05)"


@pytest.fixture
def states(monkeypatch, tmp_path) -> list[tuple[str, str]]:
    """What is said of hosts, under a home whose hosts are not waited for as long."""
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(silence, "STEP", 0.1)
    monkeypatch.setattr(silence, "READY", 0.8)
    monkeypatch.setattr(connection, "PULSE", 0.2)
    return []


def window(name: str, states: list[tuple[str, str]]) -> Engine:
    return Engine(window=name, stays=False, on_state=lambda kind, state, sentence: states.append((state, sentence)))


def hold(monkeypatch, pid: int) -> None:
    """Stop a host for good, so that it hangs as in a loop: being told to go on does nothing."""
    send = processes.send_signal
    monkeypatch.setattr(
        processes, "send_signal", lambda to, number: None if number == signal.SIGCONT else send(to, number)
    )
    os.kill(pid, signal.SIGSTOP)


def words(states: list[tuple[str, str]], state: str) -> str:
    return " ".join(sentence for name, sentence in states if name == state)


# ------------------------------------------------------------------ stopped, hanging


async def test_a_stopped_host_is_told_to_go_on_and_keeps_its_runs(states):
    other, mine = window("other", states), window("mine", states)
    going = await other.run(job(GOES_ON))
    await first(going, Output)
    pid = other.host_pid("light")
    os.kill(pid, signal.SIGSTOP)
    assert printed(await run(mine, "print('mine')")) == "mine\n"
    assert mine.host_pid("light") == pid and going.ended is None
    assert f"The engine (process {pid}) does not answer" in words(states, "silent")
    await mine.close()
    await other.stop(force=True)


async def test_a_host_that_hangs_at_the_greeting_is_replaced_and_it_is_said(states, monkeypatch):
    other, mine = window("other", []), window("mine", states)
    await other.warm("light")
    pid = other.host_pid("light")
    hold(monkeypatch, pid)
    assert printed(await run(mine, "print('mine')")) == "mine\n"
    assert mine.host_pid("light") != pid
    said = f"The engine (process {pid}) did not answer within 0.8 s and was ended. Another one starts."
    assert said in words(states, "replaced")
    await other.close()
    await mine.stop(force=True)


async def test_a_host_that_hangs_during_a_run_is_ended_and_the_run_says_why(states, monkeypatch):
    mine = window("mine", states)
    going = await mine.run(job(GOES_ON))
    await first(going, Output)
    pid = mine.host_pid("light")
    hold(monkeypatch, pid)
    end = ended(await events_of(going))
    assert end.reason == "lost"
    assert end.note.startswith(f"The engine (process {pid}) did not answer within 0.8 s and was ended.")
    assert printed(await run(mine, "print('next')")) == "next\n"
    await mine.stop(force=True)


async def test_a_quiet_run_is_asked_for_and_goes_on(states):
    """A host that answers is left alone, however little its run says; what it answers is matched in order."""
    mine = window("mine", states)
    going = await mine.run(job("import time\ntime.sleep(1.2)\nprint('through')", run="quiet"))
    for _ in range(3):
        assert await mine._connections["light"].runs() == ("quiet",)
        await asyncio.sleep(0)
    assert printed(await events_of(going)) == "through\n" and not words(states, "silent")
    await mine.stop(force=True)


async def test_a_host_that_lets_nobody_in_is_replaced(states, monkeypatch):
    """As many connections wait already as the system lets wait."""
    other, mine = window("other", []), window("mine", states)
    await other.warm("light")
    hold(monkeypatch, other.host_pid("light"))
    waiting = []
    with pytest.raises(BlockingIOError):
        while True:
            waiting.append(socket.socket(socket.AF_UNIX))
            waiting[-1].setblocking(False)
            waiting[-1].connect(str(sockets.socket_path("light")))
    assert printed(await run(mine, "print('mine')")) == "mine\n"
    for each in waiting:
        each.close()
    await other.close()
    await mine.stop(force=True)


async def test_one_that_is_no_host_of_ours_is_not_ended(states):
    """Here it is the process of this test that listens, and says nothing."""
    mine = window("mine", states)
    sockets.own_folder()
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(sockets.socket_path("light")))
        mute.listen()
        with pytest.raises(EngineError, match=f"its process {os.getpid()} is not ours to end"):
            await mine.run(job("print(1)"))
    await mine.close()


# ------------------------------------------------------------------ a library that crashes


CRASHES = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"


@pytest.mark.parametrize("name", ["torch", "numpy"])
async def test_a_library_that_crashes_on_import_is_named(states, monkeypatch, tmp_path, name):
    (tmp_path / f"{name}.py").write_text(CRASHES)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    mine = window("mine", states)
    told = f"{name} is broken in this installation: its import ends the process (Segmentation fault). Install"
    try:
        events = await run(mine, "import keras")
    except EngineError as error:  # it may have crashed before it could greet
        assert told in str(error)
    else:
        assert told in ended(events).note
    await mine.close()


async def test_a_check_whose_library_crashes_says_so(states, monkeypatch, tmp_path):
    from tests.engine.test_engine_sessions import _nothing

    (tmp_path / "torch.py").write_text(CRASHES)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    mine = window("mine", states)
    events = await events_of(await mine.run(job("import keras", graded=True), _nothing()))
    (judged,) = [event for event in events if isinstance(event, Judged)]
    assert judged.verdict.outcome == "fault" and "torch is broken" in judged.verdict.summary
    await mine.close()


async def test_a_host_that_is_killed_while_it_imports_is_not_called_broken(states, monkeypatch, tmp_path):
    (tmp_path / "torch.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    mine = window("mine", states)
    note = ended(await run(mine, "import keras")).note
    assert note == "The engine was ended from outside while it imported torch, or memory ran out."
    await mine.close()


@pytest.mark.parametrize(
    ("end", "words"),
    [("os.kill(os.getpid(), signal.SIGSEGV)", "by signal SIGSEGV"), ("os._exit(1)", "by exit status 1")],
)
async def test_a_process_that_ends_before_the_code_is_not_the_codes_doing(states, monkeypatch, tmp_path, end, words):
    starts = "if 'tutor.engine.run.child' in sys.orig_argv:"
    (tmp_path / "sitecustomize.py").write_text(f"import os, signal, sys\n{starts}\n    {end}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DL_TUTOR_ENGINE_START", "fresh")
    mine = window("mine", states)
    last = ended(await run(mine, "print(1)"))
    assert last.reason == "lost" and last.error is None
    assert "could not be loaded" in last.note and words in last.note
    await mine.stop(force=True)


# ------------------------------------------------------------------ too few files


@pytest.mark.parametrize("graded", [False, True])
async def test_too_few_files_are_the_machines_fault(states, graded):
    from tests.engine.test_engine_sessions import _nothing

    mine = window("mine", states)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    await mine.warm("light")
    resource.prlimit(mine.host_pid("light"), resource.RLIMIT_NOFILE, (100, hard))
    events = await events_of(await mine.run(job("print(1)", graded=graded), _nothing() if graded else None))
    end = ended(events)
    assert end.reason == "lost" and "only 100 files open" in end.note and "ulimit -n 1024" in end.note
    if graded:
        (judged,) = [event for event in events if isinstance(event, Judged)]
        assert judged.verdict.summary == end.note and "report" not in judged.verdict.report
    await mine.stop(force=True)


async def test_a_host_asks_for_the_files_that_it_may_have(states, monkeypatch):
    mine = window("mine", states)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (120, hard))
    try:
        assert printed(await run(mine, "print(1)")) == "1\n"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    await mine.stop(force=True)
