"""Plain runs: what they print, how they fail, what they may use."""

from __future__ import annotations

import re
import signal

import msgspec

from tests.engine.conftest import ended, first, job, notes, printed, run, until
from tutor.engine.machine import processes
from tutor.messages.events import Ended, Note, Output, Plotted, Started
from tutor.messages.jobs import Chunk, Job
from tutor.messages.training import EpochEnded


async def test_prints(either):
    events = await run(
        either, "import numpy as np\nprint(np.arange(3) @ np.arange(3))\nimport sys\nprint('e', file=sys.stderr)"
    )
    assert isinstance(events[0], Started)
    assert printed(events) == "5\n" and printed(events, "err") == "e\n"
    assert ended(events).reason == "ok"
    assert [event.seq for event in events] == list(range(len(events)))


async def test_what_is_printed_to_both_streams_keeps_its_order(either):
    source = """
import sys
from tutor import plot
for i in range(40):
    print("out", i)
    print("err", i, file=sys.stderr)
    if i % 10 == 9:
        plot.line([1, i])
    sys.stderr.write("more\\n" * (i % 3))
"""
    said = []
    for event in await run(either, source):
        if isinstance(event, Output):
            said += [(event.stream, line) for line in event.text.splitlines()]
        elif isinstance(event, Plotted):
            said.append("plot")
    wanted = []
    for i in range(40):
        wanted += [("out", f"out {i}"), ("err", f"err {i}"), *["plot"] * (i % 10 == 9), *[("err", "more")] * (i % 3)]
    assert said == wanted


async def test_a_line_that_is_printed_over_is_one_line(engine):
    source = r"""
import sys, time
for i in range(20):
    sys.stderr.write(f"\r{i}/20")
    time.sleep(0.03)
for i in range(3000):
    print("." * 100 + "\r" + " " * 100 + "\rstep", i)
"""
    events = await run(engine, source)
    assert ended(events).reason == "ok" and printed(events, "err") == "19/20"
    assert printed(events) == "".join(f"step {i}\n" for i in range(3000))


async def test_streams_that_are_closed_or_led_elsewhere_hold_nothing_up(engine):
    source = """
import os, sys, threading
print("first")
os.dup2(os.open("elsewhere", os.O_CREAT | os.O_WRONLY), 1)
print("not seen")
print("seen", file=sys.stderr)
sys.stdout.close()
pid = os.fork()
if not pid:
    sys.stderr.write("of the child\\n")
    os._exit(0)
os.waitpid(pid, 0)
workers = [threading.Thread(target=lambda: print("in a thread", file=sys.stderr)) for _ in range(4)]
[one.start() for one in workers], [one.join() for one in workers]
sys.__stderr__.buffer.raw.write(b"raw\\n")
os.closerange(100, 300)
print("last", file=sys.stderr)
"""
    events = await run(engine, source)
    assert printed(events) == "first\n"
    assert printed(events, "err") == "seen\nof the child\n" + "in a thread\n" * 4 + "raw\nlast\n"


async def test_names_that_the_code_gives_are_harmless(either):
    source = r"""
from tutor import plot
from tutor import track
plot.line([1, 2], title="ti\x1b]0;t\x07tle", xlabel="\x1b[2Jx")
for epoch in track(1):
    track.log(**{"lo\x1b]52;c;aGk=\x07ss": 0.5})
raise type("E\x1b]0;t\x07rr", (Exception,), {})("m\x1b[31mess")
"""
    events = await run(either, source)
    written = b"".join(map(msgspec.json.encode, events))
    assert b"title" in written and not re.search(rb"\\u00[01]|\\b|\\f|\\r", written)
    assert ended(events).error.kind == "Err" and ended(events).error.message == "mess"
    assert [list(event.values) for event in events if isinstance(event, EpochEnded)] == [["loss"]]


async def test_error_names_the_learners_own_line(either):
    events = await run(either, "def f(x):\n    return speling\n\nspelling = 1\nf(2)")
    error = ended(events).error
    assert (error.kind, [line.line for line in error.lines]) == ("NameError", [5, 2])
    assert error.lines[1].function == "f" and error.lines[1].source == "    return speling"
    assert "spelling" in error.todo


async def test_lines_of_libraries_are_left_out(engine):
    error = ended(await run(engine, "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))")).error
    assert [line.line for line in error.lines] == [2]


async def test_syntax_error_has_its_line(either):
    error = ended(await run(either, "x = 1\nprint((\n")).error
    assert error.kind == "SyntaxError" and error.lines[-1].line == 2


async def test_setup_stands_in_front_and_its_lines_are_the_authors(engine):
    chunks = (Chunk("setup", "def g(x):\n    return 1 / x\n"), Chunk("a.py", "\ng(0)", learner=True))
    running = await engine.run(Job("with-setup", "a", chunks))
    error = (await first(running, Ended)).error
    assert [(line.chunk, line.line) for line in error.lines] == [("a.py", 2)]


async def test_random_numbers_repeat_with_their_seed(either):
    source = "import random, numpy\nprint(random.random(), numpy.random.rand())"
    one, again, other = [printed(await run(either, source, seed=seed)) for seed in (1, 1, 2)]
    assert one == again != other


async def test_input_has_nothing_to_read(either):
    events = await run(either, "name = input('Who? ')")
    assert ended(events).error.kind == "EOFError" and "input()" in notes(events)


async def test_a_breakpoint_is_said_once_and_passed(engine):
    events = await run(engine, "for i in range(3):\n    breakpoint()\nprint(i)")
    assert printed(events) == "2\n" and ended(events).reason == "ok" and notes(events).count("breakpoint()") == 1


async def test_reading_standard_input_ends_at_once(engine):
    assert printed(await run(engine, "import sys\nprint(repr(sys.stdin.read()))")) == "''\n"


async def test_time_is_up_at_a_line(either):
    end = ended(await run(either, "x = 0\nwhile True:\n    x += 1", seconds=0.5))
    assert end.reason == "time" and end.error.lines[0].line in (2, 3)


async def test_time_is_up_for_who_will_not_hear(engine):
    source = (
        "import signal, time\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
        "while True: time.sleep(1)"
    )
    assert ended(await run(engine, source, seconds=0.5)).reason == "time"


async def test_memory_is_bounded(either):
    end = ended(await run(either, "x = bytearray(3 << 30)"))
    assert end.reason == "memory" and end.error.todo


async def test_a_gigabyte_of_output_is_cut(either):
    events = await run(either, "line = 'x' * 999\nwhile True: print(line)", seconds=30)
    assert ended(events).reason == "output" and "256 kB" in ended(events).note
    assert len(printed(events)) <= 256 * 1024


async def test_escape_sequences_are_harmless(engine):
    events = await run(engine, r"print('\x1b[2J\x1b[31mred\x1b[0m\x1b]0;title\x07 bell\x07\rback')")
    assert printed(events) == "backbell\u2407\n"


async def test_files_are_bounded_and_written_into_a_folder_of_its_own(engine):
    source = "import os\nprint(os.getcwd())\nopen('big', 'wb').write(bytes(3 << 20))"
    events = await run(engine, source, file_mb=1)
    assert ended(events).error.kind == "OSError" and "dl-tutor-run-" in printed(events)


async def test_temporary_files_are_its_own(either):
    source = (
        "import tempfile, os\nprint(tempfile.mkdtemp() == tempfile.mkdtemp(), tempfile.gettempdir() == os.getcwd())"
    )
    events = await run(either, source + "\nprint(os.environ['TMPDIR'])")
    assert printed(events).startswith("False True\n") and "dl-tutor-run-" in printed(events)


async def test_memory_is_bounded_where_a_gpu_is_asked_for(engine):
    """No address space is bound there: the host looks at what is held. numpy alone, as a GPU's job is one by name."""
    code = "import time\nheld = bytearray(b'x') * (1_600 << 20)\nprint('has it')\ntime.sleep(60)"
    end = ended(await run(engine, code, gpu=True, memory_mb=50, seconds=30))
    assert end.reason == "memory" and "more than 50 MB" in end.note
    kept = ended(await run(engine, code.replace("sleep(60)", "sleep(0.6)"), gpu=True, memory_mb=2000, seconds=30))
    assert kept.reason == "ok"


async def test_recursion_without_its_limit_says_where(engine):
    source = "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    return f()\nf()"
    error = ended(await run(engine, source, memory_mb=200)).error
    assert [line.line for line in error.lines] in ([], [5] + 11 * [4])


async def test_what_breaks_python_itself_is_said(either):
    end = ended(await run(either, "import builtins\nbuiltins.isinstance = builtins.len = None"))
    assert end.reason == "error" and "cannot go on" in end.error.message and "os._exit" not in end.error.todo


async def test_what_breaks_python_goes_into_the_log_and_not_to_the_learner(either, home):
    source = "import builtins\nbuiltins.isinstance = builtins.len = builtins.getattr = builtins.print = None"
    events = await run(either, source, run=f"breaks-{either.window}")
    assert printed(events) == printed(events, "err") == "" and "cannot go on" in ended(events).error.message
    log = (home / "cache" / "engine-light.log").read_text()
    assert f"breaks-{either.window}: the learner's process could not go on" in log and "TypeError" in log


async def test_what_is_registered_for_the_end_is_done_at_the_end(either):
    source = "import atexit\natexit.register(print, 'last')\natexit.register(print, 'first')\nprint('code')"
    assert printed(await run(either, source)) == "code\nfirst\nlast\n"
    events = await run(either, source + "\n1/0")
    assert printed(events) == "code\nfirst\nlast\n" and ended(events).error.kind == "ZeroDivisionError"


async def test_what_is_registered_for_the_end_is_under_the_limits(engine):
    source = "import atexit\n@atexit.register\ndef endless():\n    while True: pass"
    assert ended(await run(engine, source, seconds=0.5)).reason == "time"


async def test_a_character_that_cannot_be_seen_is_named(engine):
    error = ended(await run(engine, "x = 1\n\0y = 2")).error
    assert error.kind == "SyntaxError" and "NUL" in error.todo


async def test_exits(either):
    assert ended(await run(either, "import sys; print(1); sys.exit()")).reason == "ok"
    assert ended(await run(either, "raise SystemExit(2)")).error.kind == "SystemExit"
    end = ended(await run(either, "import os; os._exit(0)"))
    assert end.reason == "error" and "exit status 0" in end.error.message and not end.alive


async def test_killing_itself(either):
    assert ended(await run(either, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")).reason == "killed"
    end = ended(await run(either, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"))
    assert end.reason == "killed" and signal.SIGSEGV.name in end.error.message


async def test_closing_every_descriptor(either):
    end = ended(await run(either, "import os, time\nos.closerange(0, 2000)\nwhile True: time.sleep(1)", seconds=20))
    assert end.reason in ("error", "killed") and not end.alive


async def test_processes_left_behind_are_ended(engine):
    source = (
        "import subprocess, sys\n"
        "one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "two = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        "print(one.pid, two.pid)"
    )
    events = await run(engine, source)
    assert ended(events).left_behind == 2 and ended(events).reason == "ok"
    assert not {int(pid) for pid in printed(events).split()} & processes.table().keys()


async def test_a_daemon_is_ended(engine):
    source = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "os.wait()"
    )
    assert ended(await run(engine, source)).left_behind == 1


async def test_a_fork_bomb_is_ended(engine):
    source = "import os, time\nfor _ in range(7):\n    os.fork()\ntime.sleep(600)"
    end = ended(await run(engine, source, seconds=30))
    assert end.reason == "killed" and "processes" in end.note


async def test_the_next_run_replaces_the_process_of_the_last(engine):
    before = (await run(engine, "x = 1"))[0].pid
    assert before in processes.table()
    await run(engine, "x = 2")
    await until(lambda: before not in processes.table())


async def test_a_cancelled_run_is_interrupted(either):
    running = await either.run(job("print('go')\nwhile True: pass"))
    await first(running, Output)
    await running.cancel()
    assert (await first(running, Ended)).reason == "cancelled"


async def test_who_will_not_be_cancelled_is_killed(engine):
    source = "while True:\n    try:\n        print('go')\n        while True: pass\n    except BaseException: pass"
    running = await engine.run(job(source))
    await first(running, Output)
    await running.cancel()
    await first(running, Output)
    await running.cancel()
    assert (await first(running, Ended)).reason == "cancelled"


async def test_pause_stops_the_clock(engine):
    running = await engine.run(job("import time\nfor i in range(8):\n    print(i)\n    time.sleep(0.2)", seconds=2.5))
    await first(running, Output)
    await running.pause()
    pid = running_pid(running)
    await first(running, Note)
    await until(lambda: state_of(pid) == "T")
    await running.resume()
    assert (await first(running, Ended)).reason == "ok"


def running_pid(running) -> int:
    return running.started.pid


def state_of(pid: int) -> str:
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


async def test_a_view_that_is_not_there_names_those_that_are(engine):
    running = await engine.run(job("w = 1"))
    await first(running, Ended)
    assert "weights" in (await engine.inspect(running, "nonsense")).problem


async def test_plots_cross_as_scenes(engine):
    events = await run(engine, "from tutor import plot\nplot.line([1, 2, 3])")
    (plot,) = [event for event in events if isinstance(event, Plotted)]
    assert plot.index == 0 and plot.scene.panels


async def test_figures(engine):
    done = await engine.figure("gradient-descent", {})
    assert done.scene is not None and not done.problem
    assert (await engine.figure("no-such-figure")).problem


async def test_the_window_imports_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import sys, tutor.engine.client, tutor.submitting, tutor.engine.client.which_host\n"
        "print({'numpy', 'keras', 'torch'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


async def test_what_is_printed_keeps_its_place_among_what_is_told(engine):
    source = (
        "import os\nfrom tutor import track\nfor epoch in track(200):\n"
        "    print('before', epoch)\n    track.log(loss=epoch)\n    os.write(1, b'after %d\\n' % epoch)\nprint('end')"
    )
    order: list[object] = []
    for event in await run(engine, source):
        if isinstance(event, EpochEnded):
            order.append(event.epoch)
        elif isinstance(event, Output):
            order += event.text.splitlines()
    at = {each: place for place, each in enumerate(order)}
    assert len(order) == 601 and order[-1] == "end"
    told = [at[epoch] for epoch in range(200)]
    assert all(at[f"before {epoch}"] < told[epoch] for epoch in range(200))
    assert all(at[f"after {epoch}"] < told[epoch + 1] for epoch in range(199))
