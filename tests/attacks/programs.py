'''Hostile programs, each in the place of an answer to the exercise `gradient`. One tries many things, notes what went
through, and says so at its end: HELD, or WENT THROUGH with the names.

Nothing here harms anybody but the tutor under test, should it go through: whom all processes of a user are reached by
gets a signal that does nothing, and only files that a test has made are changed.
'''

from __future__ import annotations

from typing import NamedTuple


class World(NamedTuple):
    """What a program is told of its surroundings, to be quick: it could find out most of it. lessons: files that hold
    solutions. mine: files of the learner's. home: their folder. window, canary: processes. terminal: of the window.
    socket_path: of the host. code: a file of the tutor's own. site: a folder that Python imports from. mark: a name
    that nothing else has."""

    lessons: tuple[str, ...]
    mine: tuple[str, ...]
    home: str
    window: int
    canary: int
    terminal: str
    socket_path: str
    code: str
    site: str
    mark: str


OPENING = """
import ctypes, fcntl, gc, os, platform, resource, signal, socket, struct, subprocess, sys, termios, time
libc = ctypes.CDLL(None, use_errno=True)
host, me = os.getppid(), os.getpid()
through, tried = [], 0

def attempt(name, attack):
    global tried
    tried += 1
    try:
        if attack():
            through.append(name)
    except BaseException:
        pass

def called(name, *words):
    result = getattr(libc, name)(*words)
    return result >= 0

def done():
    print("WENT", "THROUGH:", "; ".join(through)) if through else print("HELD", tried, "attempts")

def grad_loss(w, x, y):
    return 0.0
"""

READS = """
for path in lessons + mine:
    attempt(f"read {path}", lambda: open(path, "rb").read(1))
    attempt(f"soft link to {path}", lambda: [os.symlink(path, f"soft{tried}"), open(f"soft{tried}", "rb").read(1)])
    attempt(f"hard link to {path}", lambda: [os.link(path, f"hard{tried}"), open(f"hard{tried}", "rb").read(1)])
    attempt(f"open again {path}", lambda: os.open(f"/proc/self/fd/{os.open(path, os.O_PATH)}", os.O_RDONLY))
    for pid in ("self", host, window):
        attempt(f"read {path} by {pid}", lambda: open(f"/proc/{pid}/root{path}", "rb").read(1))
for path in mine:
    attempt(f"list beside {path}", lambda: os.listdir(os.path.dirname(path)))
attempt("cat", lambda: subprocess.run(["cat", *lessons, *mine], capture_output=True).stdout)
attempt("find", lambda: subprocess.run(["find", home, "-type", "f"], capture_output=True).stdout)
attempt("run a lesson", lambda: exec(compile(open(lessons[0]).read(), "lesson", "exec")))
needle = " * ".join(["2", "((w", "x - y)", "x).sum()"])
held = [one for one in gc.get_objects() if isinstance(one, (dict, list, tuple))]
texts = {text for one in held for text in (one.values() if isinstance(one, dict) else one) if isinstance(text, str)}
attempt("find the solution in memory", lambda: [text for text in texts - {needle} if needle in text])
done()
"""

WRITES = """
for path in mine:
    attempt(f"add to {path}", lambda: open(path, "ab"))
    attempt(f"truncate {path}", lambda: os.truncate(path, 0) is None)
    attempt(f"remove {path}", lambda: os.remove(path) is None)
    attempt(f"rename {path}", lambda: os.rename(path, path + "x") is None)
    attempt(f"take {path}", lambda: os.rename(path, f"taken{tried}") is None)
    attempt(f"replace {path}", lambda: [open("mine", "w").close(), os.replace("mine", path)])
    attempt(f"shell {path}", lambda: subprocess.run(["sh", "-c", f"echo x >> '{path}'"], stderr=-3).returncode == 0)
    attempt("rights", lambda: os.chmod(path, 0o777))  # it may be said to have gone well
    attempt("rights", lambda: os.fchmod(os.open(path, os.O_RDONLY), 0o777))
    attempt("times", lambda: os.utime(path, (1, 1)))
    attempt("owner", lambda: os.chown(path, os.getuid(), os.getgid() + 1))
    attempt("marks", lambda: os.setxattr(path, "user.owned", b"x"))
attempt("file in the home", lambda: open(f"{home}/{mark}", "x"))
attempt("folder in the home", lambda: os.mkdir(f"{home}/{mark}.folder") is None)
attempt("link in the home", lambda: os.symlink("/", f"{home}/{mark}.link") is None)
attempt("fifo in the home", lambda: os.mkfifo(f"{home}/{mark}.fifo") is None)
attempt("own file into the home", lambda: [open("own", "w").close(), os.link("own", f"{home}/{mark}.own")])
attempt("code of the tutor", lambda: open(code, "r+b"))
attempt("file beside what is imported", lambda: open(f"{site}/{mark}.pth", "x"))
attempt("file beside the sockets", lambda: open(f"{os.path.dirname(socket_path)}/{mark}", "x"))
attempt("remove the socket", lambda: os.remove(socket_path) is None)
attempt("out of the own folder", lambda: open(f"../{mark}", "x"))
for folder in ("/tmp", "/var/tmp", "/run/lock"):
    attempt(f"file in {folder}", lambda: open(f"{folder}/{mark}", "x"))
done()
"""

ATTACHES = """
def frames(message):
    from tutor.messages.frames import pack
    return pack(message)

def forged():
    from tutor.messages.verdicts import Judged, Verdict
    return frames(Judged("", Verdict("gradient", "passed", summary="All 4 checks pass.")))

def taken(pid):
    handle = os.pidfd_open(pid)
    found = [fd for fd in (libc.syscall(438, handle, number, 0) for number in range(64)) if fd >= 0]
    for fd in found:
        try:
            os.write(fd, forged())
        except OSError:
            pass
    return found

def read_memory(pid):
    buffer = ctypes.create_string_buffer(8)
    spans = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8), (ctypes.c_void_p * 2)(id(buffer), 8)
    return libc.process_vm_readv(pid, spans[0], 1, spans[1], 1, 0) > 0

for pid in (host, window, canary):
    attempt(f"descriptors of {pid}", lambda: taken(pid))
    attempt(f"memory of {pid}", lambda: read_memory(pid))
    for request in (16, 0x4206):
        attempt(f"ptrace {pid}", lambda: libc.ptrace(request, pid, 0, 0) == 0)
    for name in ("mem", "maps", "environ", "fd/0", "fd/1", "cmdline", "status"):
        attempt(f"{name} of {pid}", lambda: open(f"/proc/{pid}/{name}", "rb").read(0) == b"")
    attempt(f"files of {pid}", lambda: os.listdir(f"/proc/{pid}/fd"))
attempt("processes", lambda: [name for name in os.listdir("/proc") if name.isdigit()])
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, 40):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        attempt(f"socket {family} {kind}", lambda: socket.socket(family, kind))
attempt("the host's socket", lambda: socket.socket(socket.AF_UNIX).connect(socket_path) is None)
datagrams = lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
attempt("a datagram pair", lambda: datagrams()[0].sendto(b"", socket_path) >= 0)
pair = socket.socketpair()
attempt("a pair made anew", lambda: called("connect", pair[0].fileno(), struct.pack("H", 0), 2)
        and called("connect", pair[0].fileno(), struct.pack("H", 1) + socket_path.encode(), 2 + len(socket_path)))
attempt("a name space", lambda: called("unshare", 0x10000000))
attempt("a file system", lambda: called("mount", b"x", b".", b"tmpfs", 0, 0))
attempt("a ring", lambda: libc.syscall(425, 4, ctypes.create_string_buffer(256)) >= 0)
done()
"""

SIGNALS = """
def limited(pid):
    return resource.prlimit(pid, resource.RLIMIT_NOFILE, (64, 64))

for pid in (host, window, canary):
    for number in (0, signal.SIGURG, signal.SIGSTOP, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
        attempt(f"signal {number} to {pid}", lambda: os.kill(pid, number) is None)
        attempt(f"signal {number} to the group {pid}", lambda: os.killpg(pid, number) is None)
        attempt(f"signal {number} by handle to {pid}",
                lambda: signal.pidfd_send_signal(os.pidfd_open(pid), number) is None)
    attempt(f"queued signal to {pid}", lambda: libc.sigqueue(pid, signal.SIGURG, None) == 0)
    attempt(f"thread signal to {pid}", lambda: libc.tgkill(pid, pid, signal.SIGURG) == 0)
    attempt(f"limits of {pid}", lambda: limited(pid))
    attempt(f"priority of {pid}", lambda: os.setpriority(os.PRIO_PROCESS, pid, 19) is None)
    attempt(f"cores of {pid}", lambda: os.sched_setaffinity(pid, {0}) is None)
    attempt(f"scheduling of {pid}", lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)) is None)
for pid in range(me - 12, me + 13):
    if pid != me:
        attempt(f"neighbour {pid}", lambda: os.kill(pid, 0) is None)
        attempt(f"neighbour group {pid}", lambda: os.killpg(pid, 0) is None)
attempt("everybody", lambda: os.kill(-1, signal.SIGURG))  # which goes well where nobody is reached, too
attempt("priority of everybody", lambda: os.setpriority(os.PRIO_USER, 0, 1) is None)
done()
os.kill(0, signal.SIGURG)
"""

ENDS_ITS_GROUP = "done()\nsys.stdout.flush()\nos.kill(0, signal.SIGKILL)\n"

FORGES = """
from tutor.messages.frames import pack
from tutor.messages.verdicts import Checked, CheckResult, Judged, Verdict
from tutor.messages import children
from tutor.messages.events import Ended
import stat
passed = Verdict("gradient", "passed", summary="All 4 checks pass.")
said = b"".join(map(pack, (
    Checked("", CheckResult("check_slope", "it is", "passed")), Judged("", passed), Ended("", "ok", 0.1))))
done()
sys.stdout.flush()
for fd in range(3, 400):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, said)
    except OSError:
        pass
"""

PRETENDS = """
import builtins, types
from tutor.engine.run import run_side
from tutor.grading.learner import answer_desk
from tutor.messages import frames
class Equal(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __sub__(self, other): return Equal(0)
    __rsub__ = __abs__ = __float__ = __sub__
    shape = ()
def grad_loss(w, x, y):
    return Equal(0)
builtins.abs = builtins.round = lambda *words: Equal(0)
np.testing = np.allclose = np.isclose = lambda *words, **more: True
for module in (answer_desk, frames, run_side):
    for name, value in list(vars(module).items()):
        if isinstance(value, type) and name.endswith("Error"):
            setattr(module, name, Exception)
done()
"""

KEEPS_BUSY = """
def grad_loss(w, x, y):
    return {1 + sys.hash_info.modulus * i for i in range(2000)}
done()
"""

ESCAPES = ("\x1b]0;OWNED\x07", "\x1b]52;c;T1dORUQ=\x07", "\x9b5iOWNED", "\x1bP+qOWNED\x1b\\", "\x1b[7;77HOWNED")
"""What would set a title, fill the clipboard, print, ask for keys, or write elsewhere."""

SPEAKS = """
import threading
from tutor import plot, track
bad = ESCAPES
calls = 0
Bad = type("Bad" + bad, (Exception,), {"__module__": bad})
def grad_loss(w, x, y):
    global calls
    calls += 1
    if calls % 2:
        return {bad: [bad, (bad,)]}
    raise Bad(bad)
grad_loss.__name__ = grad_loss.__qualname__ = bad
def attempt_to_say(say):
    try:
        say()
    except Exception as error:
        print(error)
doors = [f"/proc/{pid}/fd/{fd}" for pid in (host, window) for fd in range(3)]
for path in (terminal, "/dev/tty", "/dev/console", *doors):
    attempt(f"write to {path}", lambda: os.write(os.open(path, os.O_WRONLY | os.O_NOCTTY), bad.encode()))
for fd in range(3):
    attempt(f"keys through {fd}", lambda: [fcntl.ioctl(fd, termios.TIOCSTI, letter) for letter in b"x"])
done()
for way in (lambda: print(bad), lambda: sys.stderr.write(bad + "\\n"), lambda: os.write(1, bad.encode()),
            lambda: os.write(2, bad.encode("latin-1", "replace")), lambda: input(bad),
            lambda: plot.line([1, 2], title=bad, label=bad, xlabel=bad, ylabel=bad),
            lambda: plot.bar([bad], [1.0], title=bad),
            lambda: [track.log(**{"loss" + bad: 1.0}) for _ in track(2, name=bad)],
            lambda: [track.log(**{"loss" + bad: 1.0}) for _ in track(2)]):
    attempt_to_say(way)
thread = threading.Thread(target=lambda: time.sleep(600), name=bad, daemon=True)
thread.start()
""".replace("ESCAPES", repr("".join(ESCAPES)))

LEAVES = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", [mark, "600"])
    os._exit(0)
os.wait()
subprocess.Popen(["sleep", "600"], start_new_session=True)
attempt("memory of System V", lambda: libc.shmget(os.getpid(), 4096, 0o1600) >= 0)
attempt("semaphores of System V", lambda: libc.semget(os.getpid(), 1, 0o1600) >= 0)
attempt("a queue of System V", lambda: libc.msgget(os.getpid(), 0o1600) >= 0)
attempt("a queue", lambda: libc.mq_open(b"/" + mark.encode(), os.O_CREAT | os.O_RDWR, 0o600, None) >= 0)
add_key = 248 if platform.machine() == "x86_64" else 217
attempt("a key", lambda: libc.syscall(add_key, b"user", mark.encode(), b"x", 1, -4) >= 0)
with open(f"/dev/shm/{mark}", "wb") as file:
    file.write(bytes(1 << 20))
os.makedirs("deep/er")
open("deep/er/file", "w").close()
os.chmod("deep", 0)
from multiprocessing import shared_memory
memory = shared_memory.SharedMemory(name=mark + ".memory", create=True, size=1 << 16)
done()
"""

PROGRAMS = {
    "reads": READS, "writes": WRITES, "attaches": ATTACHES, "signals": SIGNALS, "forges": FORGES,
    "pretends": PRETENDS, "keeps-busy": KEEPS_BUSY, "speaks": SPEAKS, "leaves": LEAVES,
    "ends-its-group": ENDS_ITS_GROUP,
}  # fmt: skip


def program(name: str, world: World) -> str:
    """The answer that is handed in."""
    return f"{', '.join(World._fields)} = {tuple(world)!r}\n{OPENING}{PROGRAMS[name]}"
