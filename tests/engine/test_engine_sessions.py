"""Windows that come and go, hosts that die, sockets left over."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.engine.conftest import ended, events_of, first, job, printed, run, until
from tutor.engine.client.engine import Engine
from tutor.engine.host.host import SENT_AWAY
from tutor.engine.machine import processes, slots, sockets, unseen_results
from tutor.errors import EngineError
from tutor.messages.events import Ended, Event, Output, Queued, Ready, Welcome
from tutor.messages.jobs import Rubric
from tutor.messages.requests import VERSION, Hello, Submit
from tutor.messages.training import EpochEnded
from tutor.messages.verdicts import Judged

TRAINS = "import keras\n"
"""Such runs wait for each other."""
SLOW = "import time, os\nprint(0)\nfor i in range(1, 6):\n    time.sleep(0.1)\n    print(i)"


async def test_a_run_outlives_its_window_and_says_all_to_the_next(engine):
    leaving = Engine(window="leaving")
    running = await leaving.run(job(SLOW, run="left-alone"))
    await first(running, Output)
    await leaving.close()
    back = await engine.attach("left-alone")
    events = await events_of(back)
    assert printed(events) == "0\n1\n2\n3\n4\n5\n" and ended(events).reason == "ok"
    assert [event.seq for event in events] == list(range(len(events)))


async def test_attaching_from_a_number_on(engine):
    events = await run(engine, "print(1)", run="from-two-on")
    back = await engine.attach("from-two-on", start=len(events) - 1)
    assert await events_of(back) == events[-1:]


async def test_a_run_that_no_host_knows(engine):
    assert await engine.attach("never-was") is None


async def test_two_windows_take_turns(engine):
    other = Engine(window="other")
    mine = await engine.run(job(TRAINS + SLOW))
    await first(mine, Output)
    theirs = await other.run(job(TRAINS + "print('mine')"))
    events = await events_of(theirs)
    assert isinstance(events[0], Queued) and printed(events) == "mine\n"
    assert mine.ended is not None or (await first(mine, Ended)).reason == "ok"
    await other.close()


async def test_a_queued_run_can_be_cancelled(engine):
    going = await engine.run(job(TRAINS + "while True: pass"))
    waiting = await engine.run(job(TRAINS + "print(1)"))
    await first(waiting, Queued)
    await waiting.cancel()
    assert (await first(waiting, Ended)).reason == "cancelled"
    await going.kill()
    assert (await first(going, Ended)).reason == "cancelled"


async def test_a_window_that_leaves_takes_its_idle_process_along():
    leaving = Engine(window="leaving-idle")
    events = await run(leaving, "x = 1")
    pid = events[0].pid
    assert pid in processes.table()
    await leaving.close()
    await until(lambda: pid not in processes.table())


KILLS = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass"


async def test_code_that_kills_the_host_loses_its_run_and_no_other(unheld):
    engine, states = unheld, []
    engine._on_state = lambda kind, state, sentence: states.append(state)
    end = ended(await run(engine, KILLS))
    assert end.reason == "killed" and end.error.kind == "Crash" and "the tutor's engine" in end.error.message
    assert "gone" in states
    assert printed(await run(engine, "print('again')")) == "again\n"
    assert states[-2:] == ["starting", "ready"] or states[-1] == "ready"


async def test_hosts_are_killed_again_and_again_and_each_next_run_has_one(unheld):
    engine = unheld
    for number in range(8):
        assert ended(await run(engine, KILLS)).reason == "killed"
        assert printed(await run(engine, f"print({number})")) == f"{number}\n"


async def test_a_figure_whose_host_goes_is_asked_for_once_more(engine):
    await engine.warm("light")
    before = engine.host_pid("light")
    os.kill(before, signal.SIGSTOP)  # so that it has the request, and cannot answer
    answer = asyncio.create_task(engine.figure("gradient-descent", {}))
    await asyncio.sleep(0)
    while not engine._asked:
        await asyncio.sleep(0.001)
    os.kill(before, signal.SIGKILL)
    done = await answer
    assert done.scene is not None and engine.host_pid("light") != before


async def test_the_learners_process_goes_with_the_host(engine):
    running = await engine.run(job("print('go')\nwhile True: pass"))
    await first(running, Output)
    pid = running.started.pid
    os.kill(engine.host_pid("light"), signal.SIGKILL)
    assert (await first(running, Ended)).reason == "lost"
    await until(lambda: pid not in processes.table())


def _nothing() -> Rubric:
    return Rubric("block", "", "", "def check_x(t):\n    'x'\n", "x = 1", "", "y = 1")


async def test_a_graded_run_that_is_lost_is_a_fault(engine):
    running = await engine.run(job("print('go', flush=True)\nwhile True: pass", graded=True), _nothing())
    await first(running, Output)
    os.kill(engine.host_pid("light"), signal.SIGKILL)
    (judged,) = [event for event in await events_of(running) if isinstance(event, Judged)]
    assert judged.verdict.outcome == "fault" and judged.verdict.report


async def test_a_graded_run_that_kills_the_host_is_an_error_of_its_own(unheld):
    events = await events_of(await unheld.run(job(KILLS, graded=True), _nothing()))
    (judged,) = [event for event in events if isinstance(event, Judged)]
    assert judged.verdict.outcome == "error" and "the tutor's engine" in judged.verdict.error.message


async def test_two_windows_that_start_at_once_share_one_host(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    windows = [Engine(window=f"at-once-{number}") for number in range(3)]
    await asyncio.gather(*(window.warm("light") for window in windows))
    assert len({window.host_pid("light") for window in windows}) == 1
    await windows[0].stop(force=True)
    for window in windows[1:]:
        await window.close()


@pytest.mark.parametrize("letters", [61, 86, 150])
async def test_a_temporary_folder_of_a_long_name_is_gone_round(monkeypatch, tmp_path, letters):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    long = str(tmp_path).ljust(letters, "x")
    os.makedirs(long, exist_ok=True)
    monkeypatch.setattr(sockets.paths.tempfile, "tempdir", long)
    monkeypatch.setenv("TMPDIR", long)
    engine = Engine(window="deep")
    assert printed(await run(engine, "print(1)")) == "1\n"
    assert len(str(sockets.socket_path("keras"))) <= 107
    await engine.stop(force=True)


async def test_a_socket_left_over_is_replaced(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    sockets.own_folder()
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(sockets.socket_path("light")))
    left.close()
    engine = Engine(window="after-a-crash")
    assert printed(await run(engine, "print(1)")) == "1\n"
    path = sockets.socket_path("light")
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    await engine.stop(force=True)
    await until(lambda: not path.exists())


async def test_a_folder_of_somebody_elses_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    sockets.paths.socket_dir().mkdir()
    with pytest.raises(EngineError, match="somebody else"):
        sockets.own_folder()


async def test_an_idle_host_ends(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    monkeypatch.setenv("DL_TUTOR_ENGINE_IDLE", "0.2")
    engine = Engine(window="short")
    await run(engine, "x = 1")
    pid = engine.host_pid("light")
    assert pid in processes.table()
    await engine.close()
    await until(lambda: pid not in processes.table())


COUNTS = (
    "import time\nfrom tutor import track\n"
    "for i in track(range(9_999)):\n    track.log(loss=1.0)\n    time.sleep(0.01)"
)


async def test_what_a_run_has_said_is_kept_when_the_system_ends_the_host(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    leaving = Engine(window="leaving")
    running = await leaving.run(job(COUNTS, run="counts"))
    for _ in range(slots.LIGHT - 1):
        await leaving.run(job("import time\ntime.sleep(600)"))
    waiting = await leaving.run(job("print(1)", run="waits"))
    await first(running, EpochEnded)
    await first(waiting, Queued)
    pid = leaving.host_pid("light")
    await leaving.close()
    os.kill(pid, signal.SIGTERM)
    await until(lambda: pid not in processes.table())
    end = ended(unseen_results.load("counts"))
    assert end.reason == "killed" and end.note == SENT_AWAY
    assert any(isinstance(event, EpochEnded) for event in unseen_results.load("counts"))
    assert ended(unseen_results.load("waits")).note == SENT_AWAY
    back = Engine(window="back")
    assert set(await back.unseen()) >= {"counts", "waits"} and set(await back.left_behind()) >= {"counts", "waits"}
    await back.close()
    del waiting


async def test_a_window_is_told_when_the_system_ends_its_host(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    engine = Engine(window="stays")
    running = await engine.run(job(COUNTS))
    await first(running, EpochEnded)
    states = []
    engine._on_state = lambda kind, state, sentence: states.append(state)
    os.kill(engine.host_pid("light"), signal.SIGTERM)
    assert (await first(running, Ended)).note == SENT_AWAY
    await until(lambda: "gone" in states)
    assert printed(await run(engine, "print('again')")) == "again\n"
    await engine.stop(force=True)


async def test_modules_of_the_folder_it_was_started_in_are_not_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong numpy')")
    monkeypatch.chdir(tmp_path)
    engine = Engine(window="shadowed")
    assert printed(await run(engine, "import numpy\nprint(numpy.ones(1))")) == "[1.]\n"
    await engine.stop(force=True)


@pytest.mark.parametrize(
    "broken",
    [
        "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')",
        "raise OSError('libtorch_cpu.so: cannot open shared object file')",
        "raise RuntimeError('built for another machine')",
    ],
)
async def test_a_broken_installation_says_what_is_missing(monkeypatch, tmp_path, broken):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "torch.py").write_text(broken)
    monkeypatch.setenv("PYTHONPATH", str(hidden))
    states = []
    engine = Engine(window="broken", on_state=lambda *state: states.append(state))
    end = ended(await run(engine, "import keras\nprint(keras)"))
    assert end.reason == "error" and "torch" in end.error.message and "Install" in end.error.todo
    assert ("keras", "failed") in [state[:2] for state in states]
    assert printed(await run(engine, "print('light')")) == "light\n"
    with pytest.raises(EngineError, match="torch"):
        await engine.warm("keras")
    await engine.stop(force=True)


async def test_a_host_that_cannot_start_says_why(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    (tmp_path / "msgspec.py").write_text("raise ImportError('no msgspec today')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(EngineError, match="no msgspec today"):
        await Engine(window="unlucky").run(job("print(1)"))


async def test_a_window_that_does_not_read_slows_nobody_down_and_misses_nothing(engine):
    """A raw connection that reads only when the run is over."""
    from tutor.messages.frames import Unpacker, pack

    await engine.warm("light")
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(str(sockets.socket_path("light")))
    source = (
        "from tutor import track\nfor epoch in track(3000):\n    track.log(**{f'metric_{i}': 1.0 for i in range(20)})"
    )
    sock.sendall(pack(Hello(VERSION, "slow")) + pack(Submit(job(source, run="unread"))))
    back = None
    while back is None:
        reader = Engine(window="quick")
        back = await reader.attach("unread")
        if back is None:
            await reader.close()
    quick = await events_of(back)
    await reader.close()
    sock.settimeout(30)
    unpacker, slow = Unpacker(), []
    import msgspec

    while not (slow and isinstance(slow[-1], Ended)):
        for body in unpacker.feed(sock.recv(1 << 16)):
            event = msgspec.msgpack.decode(body, type=Event)
            if not isinstance(event, (Welcome, Ready)):
                slow.append(event)
    sock.close()
    assert [event.seq for event in slow] == [event.seq for event in quick]
    assert sum(isinstance(event, EpochEnded) for event in slow) == 3000


async def test_nonsense_on_the_socket_harms_nobody(engine):
    await engine.warm("light")
    for nonsense in (b"\xff" * 64, b"\x00\x00\x00\x03abc", b"\x00\x00\x00\x00"):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(str(sockets.socket_path("light")))
        sock.sendall(nonsense)
        sock.settimeout(10)
        with contextlib.suppress(ConnectionResetError):
            while sock.recv(4096):
                continue
        sock.close()
    assert printed(await run(engine, "print(1)")) == "1\n"


async def test_the_rubric_is_nowhere_in_the_learners_process(engine):
    secret = "".join(chr(ord("a") + (7 * i) % 26) for i in range(40))
    source = (
        "import re\n"
        "letters = [b'[%c]' % (ord('a') + (7 * i) % 26) for i in range(40)]\n"
        "want = re.compile(b''.join(letters) + b'-[c]hecks')\n"  # does not match itself
        "found = 0\n"
        "with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb') as memory:\n"
        "    spans = [line.split()[0].split('-') for line in maps if ' rw' in line and '[v' not in line]\n"
        "    for low, high in spans:\n"
        "        memory.seek(int(low, 16))\n"
        "        found += len(want.findall(memory.read(int(high, 16) - int(low, 16))))\n"
        "print(found)\n"
    )
    rubric = Rubric("block", "", "", f"# {secret}-checks\ndef check_x(t):\n    'x'\n", source, "", source)
    for _ in range(2):  # the second process comes from a host that has had the rubric pass through
        graded = job(source, graded=True, seconds=30, own=True)  # else it could not read its memory so
        events = await events_of(await engine.run(graded, rubric))
        assert printed(events) == "0\n"


async def test_plain_python_runs_a_learners_file_too(tmp_path):
    (tmp_path / "mine.py").write_text("from tutor import track\nfor i in track(3):\n    track.log(loss=1)\nprint(i)")
    assert subprocess.check_output([sys.executable, "mine.py"], cwd=tmp_path, text=True) == "2\n"


async def test_a_window_whose_runs_do_not_outlive_it_takes_them_along(engine):
    leaving = Engine(window="command", stays=False)
    going = await leaving.run(job(TRAINS + "print('go')\nwhile True: pass"))
    await first(going, Output)
    second = await leaving.run(job(TRAINS + "while True: pass"))
    await first(second, Queued)
    waiting = await engine.run(job(TRAINS + "print('at last')"))
    queued = await first(waiting, Queued)
    assert queued.ahead == 2
    leaving._connections["keras"]._writer.transport.abort()  # as where the command was killed
    assert printed(await events_of(waiting)) == "at last\n"
    await until(lambda: going.started.pid not in processes.table())
    await leaving.close()


async def test_a_socket_that_takes_connections_but_never_answers_is_no_host(monkeypatch, tmp_path):
    """A host that is being killed: its socket still listens for a moment, and then closes."""
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    sockets.own_folder()
    dying = await asyncio.start_unix_server(lambda reader, writer: writer.close(), sockets.socket_path("light"))
    states = []
    engine = Engine(window="after-a-kill", on_state=lambda kind, state, sentence: states.append(state))
    assert printed(await run(engine, "print('again')")) == "again\n"
    assert states == ["starting", "ready"]
    dying.close()
    await engine.stop(force=True)
