"""A machine that is shared: turns across hosts, memory that is short, hosts that go, results that wait on the disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import ended, events_of, first, job, printed, run, until
from tutor.engine.client.engine import Engine
from tutor.engine.host import before_loading
from tutor.engine.machine import entries, processes, resources, slots, sockets, unseen_results
from tutor.messages.events import Ended, Output, Queued, RunWaits

FOREVER = "import time\nprint('go', flush=True)\nwhile True: time.sleep(1)"


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home whose hosts keep the times that a learner's keep."""
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DL_TUTOR_ENGINE_IDLE", raising=False)
    return tmp_path / "home"


async def test_runs_of_all_homes_take_turns_and_say_what_they_wait_for(engine, own_home, monkeypatch):
    other = Engine(window="other-home", stays=False)
    theirs = [await other.run(job(FOREVER)) for _ in range(slots.LIGHT)]
    for each in theirs:
        await first(each, Output)
    assert {holder.host for holder in slots.holders("light")} == {other.host_pid("light")}
    monkeypatch.setenv("DL_TUTOR_HOME", str(own_home.parent / "second"))
    mine = await engine.run(job("print('mine')"))
    queued = await first(mine, Queued)
    assert (queued.ahead, queued.block) == (1, "block")
    await theirs[1].kill()
    assert printed(await events_of(mine)) == "mine\n"
    await until(lambda: len(slots.holders("light")) == slots.LIGHT - 1)
    await engine.stop(force=True)
    await other.stop(force=True)
    assert not slots.holders("light")


async def test_what_needs_no_keras_does_not_wait_for_what_trains(engine, own_home):
    training = await engine.run(job(f"import keras\n{FOREVER}"))
    await first(training, Output)
    assert [holder.block for holder in slots.holders("keras")] == ["block"]
    other = Engine(window="other-home", stays=False)
    events = await run(other, "print('at once')")
    assert printed(events) == "at once\n" and not any(isinstance(event, Queued) for event in events)
    waiting = await engine.run(job("import keras"))
    assert (await first(waiting, Queued)).ahead == 1
    await waiting.cancel()
    await training.kill()
    await other.stop(force=True)


async def test_what_goes_on_in_a_window_that_is_there_is_not_left_behind(own_home):
    stays, other = Engine(window="stays"), Engine(window="other")
    going = await stays.run(job(FOREVER, run="goes-on"))
    await first(going, Output)
    assert await other.unseen() == ("goes-on",) and await other.left_behind() == ()
    await stays.close()
    async with asyncio.timeout(60):  # until the host has seen that the window is gone
        while await other.left_behind() != ("goes-on",):
            pass
    await other.stop(force=True)


async def test_a_run_that_ends_takes_nothing_along_that_another_left_to_the_host(engine):
    """A daemon of its own session, whose parent has ended: only its folder and the look before say whose it is."""
    daemon = "import os, sys, time\nif not os.fork():\n    os.setsid()\n    if os.fork(): os._exit(0)\n"
    going = await engine.run(job(f"{daemon}    print(os.getpid(), flush=True)\n    time.sleep(60)\ntime.sleep(60)"))
    pid = int((await first(going, Output)).text)
    ending = await run(engine, "print('short')")
    assert ended(ending).left_behind == 0 and pid in processes.table()
    await going.kill()
    assert (await first(going, Ended)).left_behind == 1
    await until(lambda: pid not in processes.table())


async def test_a_host_that_is_killed_lets_go_of_its_place(engine, own_home):
    running = await engine.run(job(FOREVER))
    await first(running, Output)
    os.kill(engine.host_pid("light"), 9)
    assert (await first(running, Ended)).reason == "lost"
    assert printed(await run(engine, "print('next')")) == "next\n"
    await engine.stop(force=True)


async def test_the_settings_may_let_two_run_at_once(own_home, monkeypatch):
    monkeypatch.setenv("DL_TUTOR_RUNS_AT_ONCE", "2")
    assert (slots.at_once("keras"), slots.at_once("light")) == (2, 2 * slots.LIGHT)
    engine = Engine(window="two", stays=False)
    going = await engine.run(job(f"import keras\n{FOREVER}"))
    await first(going, Output)
    assert printed(await run(engine, "import keras\nprint('beside it')")) == "beside it\n"
    assert going.ended is None
    await engine.stop(force=True)


async def test_a_keras_host_waits_for_memory_and_says_so(own_home, monkeypatch, tmp_path):
    free = tmp_path / "free"
    free.write_text("600")
    monkeypatch.setenv("DL_TUTOR_FREE_MB", str(free))
    states: list[tuple[str, str]] = []
    engine = Engine(window="short", on_state=lambda kind, state, sentence: states.append((state, sentence)))
    running = await engine.run(job("import sys\nprint('keras' in sys.modules)\nimport keras"))
    waits = await first(running, RunWaits)
    assert waits.what == "waiting for memory: 1.0 GB needed, 0.6 GB free"
    await until(lambda: ("waiting", waits.what) in states)
    given_up = await engine.run(job("import keras"))
    await given_up.cancel()
    assert ended(await events_of(given_up)).reason == "cancelled"
    pid = engine.host_pid("keras")
    assert processes.table()[pid] and "torch" not in Path(f"/proc/{pid}/maps").read_text()
    free.write_text("4000")
    assert printed(await events_of(running)) == "True\n"
    await engine.close()
    await until(lambda: pid not in processes.table())


async def test_a_host_that_waits_for_memory_goes_with_its_last_window(own_home, monkeypatch, tmp_path):
    (tmp_path / "free").write_text("10")
    monkeypatch.setenv("DL_TUTOR_FREE_MB", str(tmp_path / "free"))
    states: list[str] = []
    engine = Engine(window="short", on_state=lambda kind, state, sentence: states.append(state))
    warming = asyncio.create_task(engine.warm("keras"))
    await until(lambda: "waiting" in states)
    pid = engine.host_pid("keras")
    warming.cancel()
    await engine.close()
    await until(lambda: pid not in processes.table())


def test_free_memory_keeps_to_control_groups(monkeypatch, tmp_path):
    group = tmp_path / "lab" / "student"
    group.mkdir(parents=True)
    (tmp_path / "lab" / "memory.max").write_text(f"{900 << 20}\n")
    (tmp_path / "lab" / "memory.current").write_text(f"{700 << 20}\n")
    (tmp_path / "lab" / "memory.stat").write_text(f"anon 5\ninactive_file {50 << 20}\n")
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("1\n")
    (group / "cpu.max").write_text("150000 100000\n")
    texts = {Path("/proc/self/cgroup"): "0::/lab/student\n", Path("/proc/meminfo"): "MemAvailable: 9000000 kB\n"}
    read = resources._text
    monkeypatch.setattr(resources, "_text", lambda path: texts.get(path) or read(path))
    monkeypatch.setattr(resources, "_CGROUPS", tmp_path)
    assert resources.free_mb() == 250
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(16)))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.delenv("DL_TUTOR_THREADS", raising=False)
    assert (resources.cores(), resources.threads("keras"), resources.threads("light")) == (2, 1, 1)
    monkeypatch.setenv("DL_TUTOR_THREADS", "7")
    assert (resources.threads("keras"), resources.threads("light")) == (7, 1)


async def test_no_host_stays_behind_a_window_but_one_does_behind_a_command(own_home):
    window, command = Engine(window="window"), Engine(window="command", stays=False)
    await run(window, "x = 1")
    pid = window.host_pid("light")
    await window.close()
    await until(lambda: pid not in processes.table())
    await run(command, "x = 1")
    pid = command.host_pid("light")
    await command.close()
    again = Engine(window="command-2", stays=False)
    await again.warm("light")
    assert again.host_pid("light") == pid
    await again.stop(force=True)


async def test_a_paused_run_goes_on_when_its_window_has_gone(own_home):
    leaving = Engine(window="leaving")
    slow = "import time\nprint('go', flush=True)\nfor i in range(20): time.sleep(0.02)\nprint('through')"
    running = await leaving.run(job(slow, run="block-paused"))
    await first(running, Output)
    await running.pause()
    await leaving.close()
    back = Engine(window="back")
    events = await events_of(await back.attach("block-paused"))
    assert printed(events) == "go\nthrough\n" and ended(events).reason == "ok"
    await back.stop(force=True)


async def test_a_result_that_nobody_saw_is_on_the_disk_when_its_host_has_gone(own_home, monkeypatch):
    monkeypatch.setenv("DL_TUTOR_ENGINE_IDLE", "0.3")
    leaving = Engine(window="leaving")
    running = await leaving.run(job("import time\nprint('go', flush=True)\ntime.sleep(0.1)\nprint(6 * 7)", run="b-1"))
    await first(running, Output)
    pid = leaving.host_pid("light")
    await leaving.close()
    await until(lambda: pid not in processes.table())
    back = Engine(window="back")
    assert await back.unseen() == ("b-1",)
    attached = await back.attach("b-1")
    events = await events_of(attached)
    assert printed(events) == "go\n42\n" and ended(events).reason == "ok"
    await attached.pause()
    assert await back.unseen() == () and not unseen_results.runs() and await back.attach("b-1") is None
    await back.close()


def test_what_another_version_kept_is_left_aside(own_home):
    unseen_results.folder().mkdir(parents=True)
    for content in (b"", b"\x00\x00\x00\x01\xff", b"\xff" * 9):
        (unseen_results.folder() / "b-1.events").write_bytes(content)
        assert unseen_results.load("b-1") == []
    for number in range(unseen_results.MOST + 3):
        unseen_results.keep(f"b-{number}", [])
    assert len(unseen_results.runs()) == unseen_results.MOST


async def elder(kind: str) -> tuple[subprocess.Popen[bytes], Path]:
    """A host of the same code, under the name that one of another version would have."""
    path = sockets.own_folder() / f"{kind}-0123456789ab.sock"
    words = [sys.executable, "-P", "-m", entries.HOST, "--kind", kind, "--socket", str(path), "--ahead", entries.AHEAD]
    process = subprocess.Popen(words, cwd="/", env={**os.environ, "PYTHONPATH": str(Path(sockets.__file__).parents[2])})
    await until(path.exists)
    return process, path


async def test_a_host_of_another_version_with_no_run_is_replaced(own_home):
    _, path = await elder("light")
    engine = Engine(window="newer")
    assert printed(await run(engine, "print(1)")) == "1\n"
    await until(lambda: not path.exists())
    await engine.stop(force=True)


async def test_a_host_of_another_version_finishes_its_run_first(own_home, monkeypatch):
    _, path = await elder("keras")
    older = Engine(window="older")
    with monkeypatch.context() as patch:
        patch.setattr(sockets, "identity", lambda: "0123456789ab")
        running = await older.run(job("import keras\n" + FOREVER))
        await first(running, Output)
    newer = Engine(window="newer", stays=False)
    mine = await newer.run(job("import keras\nprint('mine')"))
    assert "another version" in (await first(mine, RunWaits)).what
    assert running.ended is None
    await running.cancel()
    assert printed(await events_of(mine)) == "mine\n"
    assert not path.exists()
    await older.close()
    await newer.stop(force=True)


async def test_sockets_of_dead_hosts_of_other_versions_are_removed(own_home):
    left = sockets.own_folder() / "keras-ba9876543210.sock"
    left.touch()
    engine = Engine(window="newer", stays=False)
    await engine.warm("light")
    assert not left.exists()
    await engine.stop(force=True)
    shutil.rmtree(left.parent, ignore_errors=True)


def test_the_light_and_the_keras_host_of_one_version_leave_each_other_alone(own_home):
    light, keras = sockets.socket_path("light"), sockets.socket_path("keras")
    older = keras.with_name("light-0123456789ab.sock")
    sockets.own_folder()
    for path in (keras, older):
        path.touch()
    before_loading.retire_others(light)
    assert keras.exists() and not older.exists()
