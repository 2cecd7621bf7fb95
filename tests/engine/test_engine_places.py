"""The place of a host: sockets, locks and folders that others remove or take; hosts that start at once."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import events_of, first, job, printed, run, until
from tests.engine.test_engine_silence import GOES_ON, states, window, words
from tutor import paths, sharing
from tutor.engine.machine import entries, host_lock, processes, slots, sockets
from tutor.errors import EngineError
from tutor.messages.events import Output

__all__ = ["states"]  # a fixture


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
