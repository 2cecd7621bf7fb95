"""Hosts that are stopped, hang, or crash; sockets, locks and folders that others remove; hosts that start at once."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import ended, events_of, first, job, printed, run, until
from tutor import paths, sharing
from tutor.engine.client import connection, silence
from tutor.engine.client.engine import Engine
from tutor.engine.machine import entries, host_lock, processes, slots, sockets
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


# ------------------------------------------------------------------ what others remove


@pytest.mark.parametrize("what", ["socket", "lock", "folder"])
async def test_a_host_whose_place_is_removed_makes_it_again_and_keeps_its_runs(states, what):
    other, mine = window("other", states), window("mine", states)
    going = await other.run(job(GOES_ON))
    await first(going, Output)
    pid, path = other.host_pid("light"), sockets.socket_path("light")
    if what == "folder":
        shutil.rmtree(path.parent)
    else:
        (path if what == "socket" else host_lock.beside(path)).unlink()
    os.kill(pid, signal.SIGHUP)  # else it looks by itself, some seconds later
    await until(lambda: path.exists() and host_lock.held(host_lock.beside(path)))
    assert printed(await run(mine, "print('mine')")) == "mine\n"
    assert mine.host_pid("light") == pid and going.ended is None
    await mine.close()
    await other.stop(force=True)
    await until(lambda: pid not in processes.table())
    assert not path.exists()


async def test_whoever_does_not_find_the_socket_has_the_host_look(states):
    other, mine = window("other", states), window("mine", states)
    await other.warm("light")
    sockets.socket_path("light").unlink()
    assert printed(await run(mine, "print('mine')")) == "mine\n"
    assert mine.host_pid("light") == other.host_pid("light")
    await mine.close()
    await other.stop(force=True)


async def test_a_host_whose_place_another_has_goes_when_its_run_is_over(states):
    other, mine = window("other", states), window("mine", states)
    going = await other.run(job("import time\nprint('go', flush=True)\ntime.sleep(0.5)\nprint('through')"))
    await first(going, Output)
    pid, folder = other.host_pid("light"), sockets.socket_path("light").parent
    os.kill(pid, signal.SIGSTOP)
    shutil.rmtree(folder)
    assert printed(await run(mine, "print('mine')")) == "mine\n"
    assert mine.host_pid("light") != pid
    os.kill(pid, signal.SIGCONT)
    os.kill(pid, signal.SIGHUP)
    events = await events_of(going)
    assert [event.text for event in events if isinstance(event, Output)] == ["through\n"]
    await until(lambda: pid not in processes.table())
    assert printed(await run(mine, "print('still')")) == "still\n"
    await other.close()
    await mine.stop(force=True)


# ------------------------------------------------------------------ what others put there


def squat(place: Path, what: str) -> None:
    if what == "file":
        place.touch()
    elif what == "link":
        place.symlink_to(place.parent)
    else:
        place.mkdir()
        os.chown(place, 12345, -1)


@pytest.mark.parametrize(
    "what",
    ["file", "link", pytest.param("folder", marks=pytest.mark.skipif(os.getuid() != 0, reason="needs another user"))],
)
async def test_where_somebody_else_has_our_place_we_go_elsewhere_and_say_so(states, what):
    usual = paths.socket_dir()
    squat(usual, what)
    mine, other = window("mine", states), window("other", [])
    assert printed(await run(mine, "print('mine')")) == "mine\n"
    await other.warm("light")
    assert other.host_pid("light") == mine.host_pid("light")
    place = usual.with_name(f"{usual.name}-2")
    assert paths.socket_dir() == place and list(place.glob("light-*.sock"))
    told = f"{usual} is not this user's own folder, so the engine's sockets are in {place}."
    assert words(states, "elsewhere") == told and [each.what for each in sharing.look_at_places()] == [told]
    await other.close()
    await mine.stop(force=True)
    usual.unlink() if usual.is_symlink() or usual.is_file() else usual.rmdir()


def test_a_place_where_all_names_are_taken_is_refused_and_nobody_is_told_to_remove_it(states):
    names = [paths.socket_dir()]
    while not names or names[-1] not in names[:-1]:
        names[-1].touch()
        names.append(paths.socket_dir())
    with pytest.raises((EngineError, OSError)) as raised:
        sockets.own_folder()
    assert "emove" not in str(raised.value)
    for name in names[:-1]:
        name.unlink()


def test_places_of_runs_are_not_somebody_elses(states, monkeypatch, tmp_path):
    monkeypatch.delenv("DL_TUTOR_RUN_SLOTS")
    monkeypatch.setattr(paths.tempfile, "tempdir", str(tmp_path))
    usual = paths.slots_dir()
    usual.touch()
    assert paths.slots_dir() == usual.with_name(f"{usual.name}-2")
    slots.take("light", slots.Holder("mine", os.getpid(), 0.0)).release()
    assert paths.slots_dir().is_dir()


# ------------------------------------------------------------------ many at once


async def test_of_hosts_that_start_at_once_one_stays(states):
    """Also where one of another version clears up what seems to be left, in just that moment."""
    path = sockets.socket_path("light")
    sockets.own_folder()
    command = [sys.executable, "-P", "-m", entries.HOST, "--kind", "light", "--socket", str(path)]
    command += ["--ahead", entries.AHEAD]
    environ = {**os.environ, "PYTHONPATH": str(Path(sockets.__file__).parents[3])}
    started = [subprocess.Popen(command, cwd="/", env=environ) for _ in range(6)]
    while any(process.poll() is None for process in started):
        host_lock.remove_unheld(path)
        await asyncio.sleep(0)
    assert [process.returncode for process in started] == [0] * 6
    await until(lambda: hosts(path) == [host_lock.last_state(path).pid])
    mine = window("mine", states)
    await mine.warm("light")
    assert [mine.host_pid("light")] == hosts(path)
    await mine.stop(force=True)


@pytest.mark.parametrize("made_again", [False, True])
def test_a_lock_that_is_removed_while_it_is_taken_is_none(states, monkeypatch, made_again):
    path = sockets.own_folder() / "light-0.sock"
    lock, others = host_lock.beside(path), []

    def between(fd: int, how: int) -> None:
        """What another process does between our opening of the file and our locking it."""
        if not others:
            lock.unlink()
            others.append(os.open(lock, os.O_RDWR | os.O_CREAT) if made_again else -1)
            if made_again:
                flock(others[0], how)
        flock(fd, how)

    flock = host_lock.fcntl.flock
    monkeypatch.setattr(host_lock.fcntl, "flock", between)
    fd = host_lock.take(path)
    assert (fd is None) == made_again and len(others) == 1
    for each in (fd, *others):
        if each is not None and each >= 0:
            os.close(each)


def hosts(path: Path) -> list[int]:
    """Processes that serve this socket."""
    found = []
    for pid in processes.table():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(path) in line.split(b"\0"):
            found.append(pid)
    return found


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
