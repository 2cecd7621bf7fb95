"""What a run reaches: its own folder, the interpreter, the course's data; no lesson, no file of the learner's, no
connection, no other process. And that what scripts of all kinds do goes on as ever."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest

from tests.engine.conftest import ended, events_of, job, printed, run
from tutor import paths
from tutor.engine.client.engine import Engine
from tutor.engine.machine import sockets
from tutor.engine.machine.confinement import call_filter, call_numbers, landlock
from tutor.messages.jobs import Rubric
from tutor.messages.verdicts import Judged

pytestmark = pytest.mark.skipif(
    landlock.VERSION < 6 or not call_filter.known(), reason="this kernel has no Landlock, or an old one, or no seccomp"
)

NUMBERS = {
    name: numbers[call_filter.PROCESSOR.column if call_filter.PROCESSOR else 0]
    for table in vars(call_numbers).values() if isinstance(table, dict) and table
    for name, numbers in table.items() if isinstance(numbers, tuple) and len(numbers) == 2
}  # fmt: skip
TRY = f"N = {NUMBERS}" + """
import ctypes, os, signal, socket, resource
def tried(what, *words):
    try:
        what(*words)
    except PermissionError:
        return "refused"
    except OSError as error:
        return type(error).__name__
    return "done"
def call(*words):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(*words) < 0:
        raise OSError(ctypes.get_errno(), "refused")
"""


async def test_no_lesson_can_be_read(either):
    names = [str(path) for path in paths.lessons_dir().rglob("*") if path.is_file()]
    names += [str(path) for path in (paths.PACKAGE.parent / "tests").rglob("*_answers.txt")]
    names += [str(path) for path in (paths.PACKAGE.parent / ".git").glob("*") if path.is_file()]
    assert len(names) > 50
    code = f"{TRY}\nprint({{tried(open, name) for name in {names!r}}})"
    assert printed(await run(either, code)) == "{'refused'}\n"


async def test_no_lesson_is_read_by_code_that_the_judge_has_run_once_more(engine):
    lesson = str(paths.lessons_dir() / "course.toml")
    answer = f"{TRY}\nsaid = tried(open, {lesson!r})\n"
    checks = "def check_x(t):\n    'x'\n    assert t.run(seed=3).get('said') == t.get('said') == 'refused'\n"
    rubric = Rubric("block", "", "", checks, "said = 'refused'\n", "", answer)
    events = await events_of(await engine.run(job(answer, graded=True), rubric))
    (judged,) = [event for event in events if isinstance(event, Judged)]
    assert judged.verdict.outcome == "passed", judged.verdict


async def test_what_is_the_learners_is_out_of_reach(either, home, tmp_path):
    mine = tmp_path / "thesis.txt"
    mine.write_text("all of it")
    (home / "state").mkdir(exist_ok=True)
    (home / "state" / "attempts.jsonl").write_text("{}")
    places = [str(mine), str(home / "state" / "attempts.jsonl"), "/etc/shadow", "/proc/self/status", "/proc/1/status"]
    code = f"""{TRY}
print([tried(open, place) for place in {places!r}])
print([tried(open, place, "w") for place in {[*places, str(tmp_path / "new"), "/tmp/new"]!r}])
print(tried(os.unlink, {str(mine)!r}), tried(os.rename, {str(mine)!r}, "x"), tried(os.mkdir, {str(tmp_path / "a")!r}))
print(tried(os.symlink, "x", {str(tmp_path / "link")!r}), tried(os.truncate, {str(mine)!r}, 0))
os.chmod({str(mine)!r}, 0)
os.utime({str(mine)!r}, (0, 0))
"""
    assert set(re.findall(r"\w+", printed(await run(either, code)))) == {"refused"}
    assert mine.read_text() == "all of it" and mine.stat().st_mode & 0o777 and mine.stat().st_mtime > 0


async def test_its_own_folder_is_its_own(either):
    code = f"""{TRY}
import shutil, tempfile, numpy as np
np.save("a", np.ones(3)); os.mkdir("deep"); os.rename("a.npy", "deep/b.npy"); shutil.copy("deep/b.npy", "c.npy")
with tempfile.TemporaryDirectory() as folder:
    open(os.path.join(folder, "x"), "w").close()
print(np.load("c.npy").sum(), tried(open, "/dev/null", "w"), tried(os.mknod, "dev", 0o60600, os.makedev(7, 0)))
from tutor import data
print(len(data.load("boston")))
import time, zoneinfo, subprocess, sys
print(subprocess.run([sys.executable, "-c", "print(1 + 1)"], capture_output=True, text=True).stdout.strip())
"""
    assert printed(await run(either, code)) == "3.0 done refused\n506\n2\n"


async def test_no_connection_is_opened(engine, tmp_path):
    await engine.warm("light")
    there = str(sockets.socket_path("light"))
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind(f"\0dl-tutor-test-{os.getpid()}")
    code = f"""{TRY}
def connect():
    sock = socket.socket(socket.AF_UNIX)
    sock.connect({there!r})
print(tried(connect), tried(socket.socket), tried(socket.socket, socket.AF_INET, socket.SOCK_DGRAM))
print(tried(socket.socketpair, socket.AF_UNIX, socket.SOCK_DGRAM), tried(socket.socketpair))
one, other = socket.socketpair()
print(tried(one.connect, {there!r}), tried(one.bind, "here"))
import asyncio
asyncio.run(asyncio.sleep(0))
"""
    events = await run(engine, code)
    assert printed(events) == "refused refused refused\nrefused done\nrefused refused\n"
    assert ended(events).reason == "ok"
    listening.close()


OTHERS = f"""{TRY}
host = os.getppid()
print(tried(os.kill, host, 9), tried(os.kill, WINDOW, 9), tried(os.killpg, os.getpgid(host), 9))
try:
    os.kill(-1, 9)
except PermissionError:
    pass
one = os.pidfd_open(host)
attach = (call, N["ptrace"], 16, host, None, None)
print(tried(call, N["pidfd_getfd"], one, 0, 0), tried(signal.pidfd_send_signal, one, 9), tried(*attach))
buffer = ctypes.create_string_buffer(8)
piece = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
print(tried(call, N["process_vm_readv"], host, piece, ctypes.c_ulong(1), piece, ctypes.c_ulong(1), ctypes.c_ulong(0)))
"""


async def test_no_other_process_is_reached(either):
    await either.warm("light")
    pid = either.host_pid("light")
    more = f"""
print(tried(resource.prlimit, {pid}, resource.RLIMIT_CPU, (1, 1)), tried(os.setpriority, os.PRIO_PROCESS, {pid}, 19))
print(tried(os.setpriority, os.PRIO_USER, 0, 19), tried(os.sched_setaffinity, {pid}, [0]))
print(tried(resource.setrlimit, resource.RLIMIT_CPU, (600, 600)), tried(os.setpriority, os.PRIO_PROCESS, 0, 1))
"""
    events = await run(either, OTHERS.replace("WINDOW", str(os.getpid())) + more)
    refused, done = "refused refused", "done done\n"
    assert printed(events) == f"{refused} refused\n{refused} refused\nrefused\n{refused}\n{refused}\n{done}"
    assert either.host_pid("light") == pid


async def test_what_outlives_a_run_is_refused(engine):
    code = f"""{TRY}
print(tried(call, N["shmget"], 0, 4096, 0o1600), tried(call, N["semget"], 0, 1, 0o1600))
print(tried(call, N["msgget"], 0, 0o1600), tried(call, N["unshare"], 1 << 28))
ring = ctypes.create_string_buffer(120)
print(tried(call, N["io_uring_setup"], 8, ring), tried(call, N["keyctl"], 0, -3, 0, 0, 0))
"""
    assert printed(await run(engine, code)) == "refused refused\n" * 3


async def test_its_own_processes_are_its_own(engine):
    code = """
import multiprocessing as mp, os, signal, subprocess, threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory
with mp.Pool(2) as pool:
    print(pool.map(abs, [-1, -2]))
with ProcessPoolExecutor(2) as pool:
    print(list(pool.map(abs, [-3])))
queue = mp.Queue()
one = mp.Process(target=lambda: (queue.put(os.getpid()), signal.pause()))
one.start()
print(queue.get(timeout=30) == one.pid)
one.terminate(); one.join(); print(one.exitcode)
shared = SharedMemory(create=True, size=8)
again = SharedMemory(name=shared.name)
again.buf[0] = 7; print(shared.buf[0]); again.close(); shared.close(); shared.unlink()
sleeping = subprocess.Popen(["sleep", "600"])
sleeping.kill(); print(sleeping.wait())
thread = threading.Thread(target=print, args=("threads",)); thread.start(); thread.join()
print(mp.Value("i", 3).value)
"""
    events = await run(engine, code)
    assert printed(events).split("\n") == ["[1, 2]", "[3]", "True", "-15", "7", "-9", "threads", "3", ""]
    assert ended(events).reason == "ok"


LOADER = """
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset
data = TensorDataset(torch.arange(40.0).reshape(20, 2), torch.arange(20))
for persistent in (False, True):
    loader = DataLoader(data, batch_size=6, num_workers=2, persistent_workers=persistent)
    for _ in range(2):
        print([(int(x.sum()), y.dtype, tuple(y.shape)) for x, y in loader][-1])
class Odd(Dataset):
    def __len__(self):
        return 3
    def __getitem__(self, i):
        big = torch.arange(1000).reshape(10, 100)
        storage, half = torch.ones(2).untyped_storage(), torch.ones(1, dtype=torch.bfloat16) * i
        return big[i, ::50], torch.empty(0, 2), half, torch.tensor(i > 1), torch.eye(2).to_sparse(), storage
for view, none, half, yes, sparse, storage in DataLoader(Odd(), batch_size=None, num_workers=1):
    print(view.tolist(), none.shape, half, yes, sparse.to_dense().sum(), len(storage))
import torch.multiprocessing as mp
queue, shared = mp.Queue(), torch.zeros(2).share_memory_()
def work():
    shared.add_(1)
    queue.put(torch.nn.Parameter(torch.ones(2)))
one = mp.Process(target=work); one.start()
print(queue.get(timeout=60), shared); one.join()
"""


async def test_workers_of_a_loader_send_their_tensors(engine):
    events = await run(engine, LOADER, seconds=120)
    assert ended(events).reason == "ok"
    lines = printed(events).splitlines()
    assert lines[:4] == ["(150, torch.int64, (2,))"] * 4
    assert lines[6] == "[200, 250] torch.Size([0, 2]) tensor([2.], dtype=torch.bfloat16) tensor(True) tensor(2.) 8"
    assert lines[7:] == ["Parameter containing:", "tensor([1., 1.], requires_grad=True) tensor([1., 1.])"]


WORDS = [
    ("import urllib.request\nurllib.request.urlopen('http://example.org/')", "may not open a connection"),
    ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "the course's data are in tutor.data"),
    ("import socket\nsocket.socket()", "may not open a connection"),
    ("import multiprocessing\nmultiprocessing.Manager()", "may not open a connection"),
    ("open(MINE)", "`read = [...]` under [run]"),
    ("import numpy as np\nnp.loadtxt(MINE)", "neither read nor write"),
    ("open('/tmp/dl-tutor-nowhere/x', 'w')", ""),
    ("open('/var/tmp/dl-tutor-new.txt', 'w')", "its own temporary folder alone"),
    ("import torch\ntorch.save(torch.ones(2), '/var/tmp/dl-tutor-new.pt')", "its own temporary folder alone"),
    ("import os\nos.kill(os.getppid(), 9)", "only what it has started itself"),
    ("open('missing.txt')", "which is empty at first"),
    ("import os\nos.mkdir('a'); os.mkdir('a')", ""),
]


@pytest.mark.parametrize(("code", "words"), WORDS)
async def test_an_error_that_comes_of_it_says_so(engine, tmp_path, code, words):
    mine = tmp_path / "mine.csv"
    mine.write_text("1,2\n")
    error = ended(await run(engine, code.replace("MINE", repr(str(mine))))).error
    assert words in error.todo if words else "A run" not in error.todo


async def test_keras_that_would_download_says_that_it_may_not(engine):
    error = ended(await run(engine, "import keras\nkeras.datasets.mnist.load_data()")).error
    assert "may not open a connection" in error.todo and "tutor.data" in error.todo


async def test_the_settings_let_it_read_a_folder(engine, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "mine.csv").write_text("1,2\n")
    (tmp_path / "other.csv").write_text("3\n")
    code = f"{TRY}\nprint(tried(open, {str(folder / 'mine.csv')!r}), tried(open, {str(tmp_path / 'other.csv')!r}))"
    code += f"\nprint(tried(open, {str(folder / 'new.csv')!r}, 'w'))"
    assert printed(await run(engine, code, read=(str(folder),))) == "done refused\nrefused\n"


async def test_a_program_of_ones_own_may_what_its_user_may_but_harm_the_tutor(either, tmp_path):
    own = f"""
import subprocess
print(tried(open, {str(tmp_path / 'new')!r}, 'w'), tried(socket.socket), tried(open, '/proc/self/status'))
listening = socket.create_server(("127.0.0.1", 0))
print(tried(socket.create_connection, listening.getsockname()))
sleeping = subprocess.Popen(["sleep", "600"])
sleeping.kill(); print(sleeping.wait())
"""
    events = await run(either, OTHERS.replace("WINDOW", str(os.getpid())) + own, own=True)
    expected = "refused refused refused\nrefused refused refused\nrefused\ndone done done\ndone\n-9\n"
    assert printed(events) == expected and (tmp_path / "new").exists()
    assert printed(await run(either, "print('on')")) == "on\n"


async def test_a_run_keeps_what_it_says_of_itself(engine):
    events = await run(engine, "import numpy as np\nx = np.ones(4_000_000)\nx += 1")
    assert 20 < ended(events).own_mb < 200
    assert isinstance(engine, Engine) and job("x").read == ()
    assert Path("/proc/self/oom_score_adj").exists()
