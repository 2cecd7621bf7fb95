"""What one process, window or thread does wrong ends that one: the host and everybody else go on."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.engine.conftest import ended, events_of, first, job, printed, run, until
from tests.engine.test_engine_grading import CHECKS, SOLUTION, STARTER
from tutor.engine.client.engine import Engine
from tutor.engine.host import starting
from tutor.engine.host.figure_desk import FigureDesk
from tutor.engine.host.framed_socket import FramedSocket
from tutor.engine.host.host import FAULT, Host
from tutor.engine.machine import processes, sockets
from tutor.messages.children import Begin
from tutor.messages.events import Ended, FigureDone, Output
from tutor.messages.frames import pack
from tutor.messages.jobs import Rubric
from tutor.messages.requests import VERSION, ComputeFigure, Hello, Seen
from tutor.messages.verdicts import Judged, Verdict

NESTED = b"\x82\xa4type\xa4note\xa1x" + b"\x91" * 3000 + b"\xc0"
"""A message with an unknown field that is nested without end."""
BAD = [b"\xc1\xc1\xc1", NESTED, b"\xdd\xff\xff\xff\xff"]
SAY = """
import os, stat, struct, time
def say(body):
    for fd in range(3, 200):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.write(fd, struct.pack(">I", len(body)) + body)
        except OSError:
            pass
"""
"""Writes a frame into the tutor's own connections."""
FORGED = "The code wrote into the tutor's own connection."


@pytest.fixture
async def mine(monkeypatch, tmp_path):
    """A window; in another one a run of the same host goes on all the while, and must be there at the end."""
    monkeypatch.setenv("DL_TUTOR_RUNS_AT_ONCE", "2")
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    beside, window = Engine(window="beside", stays=False), Engine(window="mine", stays=False)
    running = await beside.run(job("print('go')\nwhile True: pass"))
    await first(running, Output)
    pid = beside.host_pid("light")
    yield window
    assert printed(await run(window, "print('next')")) == "next\n"
    assert running.ended is None and window.host_pid("light") == pid
    await window.close()
    await beside.stop(force=True)


async def verdict_of(window: Engine, answer: str, checks: str = CHECKS) -> Verdict:
    rubric = Rubric("block", "", "", checks, SOLUTION, STARTER, answer, seconds=20)
    events = await events_of(await window.run(job(answer, graded=True, seconds=20), rubric))
    (judged,) = [event for event in events if isinstance(event, Judged)]
    return judged.verdict


# ------------------------------------------------------------------ one bad frame, door by door


@pytest.mark.parametrize("body", BAD)
async def test_a_bad_frame_of_a_learners_process_ends_its_run(mine, body):
    end = ended(await run(mine, f"{SAY}\nsay({body!r})\ntime.sleep(60)"))
    assert (end.reason, end.note) == ("error", FORGED)


async def test_an_end_longer_than_any_is_none(mine):
    body = "msgspec.msgpack.encode({'type': 'finished', 'reason': 'ok', 'note': 'x' * 3_000_000})"
    end = ended(await run(mine, f"{SAY}\nimport msgspec\nsay({body})\ntime.sleep(60)"))
    assert (end.reason, end.note) == ("error", FORGED)


@pytest.mark.parametrize("body", BAD)
async def test_a_bad_frame_of_a_fresh_run_fails_its_check(mine, body):
    again = "if os.fstat(1).st_mode & 0o170000 == stat.S_IFCHR:"  # what a fresh run prints goes to /dev/null
    verdict = await verdict_of(mine, f"{SOLUTION}{SAY}\n{again}\n    say({body!r})\n    time.sleep(60)\n")
    assert verdict.outcome == "failed" and [check.outcome for check in verdict.checks] == ["passed", "failed"]
    assert FORGED in verdict.checks[1].message


@pytest.mark.parametrize("body", BAD)
async def test_a_bad_frame_of_a_judge_is_no_verdict(mine, body):
    checks = f"{SAY}\ndef check_x(t):\n    'x'\n    say({body!r})\n    time.sleep(60)\n"
    verdict = await verdict_of(mine, SOLUTION, checks)
    assert verdict.outcome == "fault"


@pytest.mark.parametrize("body", BAD)
async def test_a_bad_frame_of_a_window_ends_its_connection(mine, body):
    await mine.warm("light")
    with socket.socket(socket.AF_UNIX) as sock, contextlib.suppress(ConnectionResetError):
        sock.connect(str(sockets.socket_path("light")))
        sock.settimeout(20)
        sock.sendall(pack(Hello(VERSION, "raw")) + len(body).to_bytes(4, "big") + body)
        while sock.recv(4096):
            continue


@pytest.mark.parametrize("body", BAD)
def test_a_bad_frame_of_the_figures_ends_their_process(body):
    killed: list[str] = []
    process = SimpleNamespace(
        framed=SimpleNamespace(send=lambda frame: None), kill=lambda: killed.append("killed"), on_message=None
    )
    desk = FigureDesk("light", SimpleNamespace(begin=lambda start: process))  # type: ignore[arg-type]
    told: list[FigureDone] = []
    desk.ask(ComputeFigure(1, "any"), told.append)
    process.on_message(memoryview(body))
    assert killed == ["killed"] and not told
    process.on_exit(-9)
    assert [done.request for done in told] == [1] and told[0].problem


# ------------------------------------------------------------------ a fault of our own in what it made us do


def raising(*_: object) -> None:
    raise ZeroDivisionError("a fault of the host's own")


def test_a_fault_in_a_callback_ends_the_connection_it_came_by(capsys):
    ours, theirs = socket.socketpair()
    gone: list[str] = []
    with selectors.DefaultSelector() as selector, theirs:
        wire = FramedSocket(ours, selector, raising, lambda: gone.append("gone"))
        theirs.sendall(pack(Seen("x")))
        for key, mask in selector.select(timeout=20):
            key.data(mask)
        assert gone == ["gone"] and not wire.open
    assert "a fault of the host's own" in capsys.readouterr().err


@pytest.fixture
def host(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "adopt_orphans", lambda: True)  # pytest's own orphans are none of ours
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as listener, selectors.DefaultSelector() as selector:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        host = Host("light", SimpleNamespace(socket=listener, stands=True), selector)  # type: ignore[arg-type]
        monkeypatch.setattr(host._child_processes, "reap", lambda: None)
        yield host


def test_a_fault_in_the_loop_leaves_the_others(host, capsys):
    one, other = socket.socketpair()
    with one, other:
        heard: list[str] = []
        host.selector.register(one, selectors.EVENT_READ, raising)
        other.send(b"x")
        gave_up: list[str] = []
        host._desk.runs["bad"] = SimpleNamespace(due=0.0, tick=raising, give_up=gave_up.append)
        host._desk.runs["good"] = SimpleNamespace(due=0.0, tick=lambda: heard.append("good"), give_up=raising)
        host._busy = lambda: True
        host.poll(0)
        assert gave_up == [FAULT] and heard == ["good"]
        assert one.fileno() not in host.selector.get_map()
    assert capsys.readouterr().err.count("ZeroDivisionError: a fault") == 2


# ------------------------------------------------------------------ threads


SPIN = "import threading\ndef spin():\n    while True: pass\n"
LATE = "import threading, time\ndef late():\n    time.sleep(0.3)\n    print('late')\n"


async def test_threads_are_waited_for(mine):
    source = f"{LATE}import atexit\natexit.register(print, 'end')\nthreading.Thread(target=late).start()"
    events = await run(mine, source)
    assert printed(events) == "late\nend\n" and ended(events).note == ""


async def test_a_thread_without_end_is_out_of_time_and_named(mine):
    end = ended(await run(mine, f"{SPIN}threading.Thread(target=spin, name='spinner').start()", seconds=0.6))
    assert end.reason == "time" and "spinner" in end.note


async def test_a_daemon_thread_is_named_and_ended_and_the_run_can_be_looked_into(mine):
    running = await mine.run(job(f"{SPIN}threading.Thread(target=spin, name='spinner', daemon=True).start()"))
    end = ended(await events_of(running))
    assert (end.reason, end.alive) == ("ok", True)
    assert end.note == "The code had left a thread going, spinner; it was ended."
    await until(lambda: "Threads:\t1\n" in Path(f"/proc/{running.started.pid}/status").read_text())
    assert "model" in (await mine.inspect(running, "structure")).problem


async def test_a_thread_that_will_not_end_takes_its_process_along(mine):
    source = "import hashlib, threading\ndef spin():\n    hashlib.pbkdf2_hmac('sha256', b'x', b'y', 2_000_000_000)\n"
    events = await run(mine, f"{source}threading.Thread(target=spin, daemon=True).start()")
    pid = events[0].pid
    assert ended(events).reason == "ok"
    await until(lambda: pid not in processes.table())


async def test_a_pool_that_waits_for_work_is_not_waited_for(mine):
    source = "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n"
    end = ended(await run(mine, f"{LATE}{source}pool.submit(late)", seconds=20))
    assert (end.reason, end.note) == ("ok", "")


# ------------------------------------------------------------------ what a script knows of itself


async def test_a_script_knows_its_name_and_no_words(mine):
    source = "import argparse, sys\nprint(argparse.ArgumentParser().parse_args(), sys.argv, __file__)"
    assert printed(await run(mine, source, path="/there/mine.py")) == "Namespace() ['/there/mine.py'] /there/mine.py\n"
    assert printed(await run(mine, "import sys\nprint(sys.argv, __file__[-9:])")) == "['block.py'] /block.py\n"


# ------------------------------------------------------------------ memory of the judge


async def test_a_judge_has_a_memory_of_its_own_and_no_more(mine):
    checks = "def check_x(t):\n    'x'\n    keep = [bytearray(64 << 20) for _ in range(100)]\n"
    verdict = await verdict_of(mine, SOLUTION, checks)
    assert verdict.outcome == "fault" and "MemoryError" in verdict.report


# ------------------------------------------------------------------ totals of a run

CHILDREN = "import os, time\nfor _ in range({}):\n    if os.fork() == 0:\n        {}\n        break\ntime.sleep(60)"


async def test_memory_is_bounded_for_all_processes_together(mine):
    end = ended(await run(mine, CHILDREN.format(3, "keep = bytearray(os.urandom(1 << 20)) * 150"), memory_mb=300))
    assert end.reason == "memory"
    assert end.note == "The run took more than 300 MB, all its processes together, and was ended."


async def test_memory_that_processes_share_is_counted_once(mine):
    source = "import os, time\nkeep = bytearray(os.urandom(1 << 20)) * 200\n"
    source += "for _ in range(4):\n    if os.fork() == 0:\n"
    source += "        time.sleep(1)\n        os._exit(0)\n"
    source += "while True:\n    try: os.wait()\n    except ChildProcessError: break"
    assert ended(await run(mine, source, memory_mb=300)).reason == "ok"


@pytest.mark.parametrize("then", ["file.close()", "os.remove(file.name)"], ids=["named", "removed and open"])
async def test_files_are_bounded_together(mine, then):
    source = "import os, time\nos.mkdir('a')\nkeep = []\nfor i in range(20):\n    file = open(f'a/{i}', 'wb', 0)\n"
    source += f"    keep.append(file)\n    file.write(bytes(1 << 20))\n    {then}\ntime.sleep(60)"
    end = ended(await run(mine, source, file_mb=1))
    assert (end.reason, end.note) == ("killed", "The run wrote more than 16 MB of files and was ended.")


async def test_a_daemon_of_a_run_is_of_its_family(mine):
    source = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(60)\n"
    source += "    os._exit(0)\nos.wait()\nprint('go')\ntime.sleep(60)"
    running = await mine.run(job(source))
    await first(running, Output)
    pid, host = running.started.pid, mine.host_pid("light")
    folder = os.readlink(f"/proc/{pid}/cwd")
    theirs = [child for child in processes.children(host) if os.readlink(f"/proc/{child}/cwd") == folder]
    assert len(theirs) == 2 and pid in theirs
    others = set(processes.children(host)) - set(theirs)
    assert processes.family(pid, host, others, set(), folder) == set(theirs)
    await running.kill()
    assert ended(await events_of(running)).left_behind == 1


async def test_only_the_runs_own_processes_are_looked_at(monkeypatch):
    monkeypatch.setattr(processes, "table", raising)
    assert processes.family(os.getpid(), os.getppid(), set(), set(), "/nowhere") >= {os.getpid()}


def test_what_is_sent_to_a_process_just_forked_is_not_told_to_its_host(monkeypatch):
    """Until it has handlers of its own it shares the host's way of hearing of signals."""
    blocked: list[set[signal.Signals]] = []

    def no_room() -> int:
        blocked.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        raise OSError("no room")

    monkeypatch.setattr(starting.os, "fork", no_room)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(OSError, match="no room"):
        starting._fork(Begin("learner", "light", ""), theirs, None, [])
    assert {signal.SIGTERM, signal.SIGHUP, signal.SIGINT} <= blocked[0]
    assert not {signal.SIGTERM, signal.SIGHUP} & signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_run_hears_of_its_own_end_and_its_host_goes_on(engine, number):
    running = await engine.run(job("import time\nprint('go', flush=True)\ntime.sleep(600)"))
    await first(running, Output)
    os.kill(running.started.pid, number)
    assert (await first(running, Ended)).reason in ("killed", "error", "lost")
    assert printed(await run(engine, "print('next')")) == "next\n"
