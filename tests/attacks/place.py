"""What is attacked: a home, files in it, a process beside; and what of it was harmed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import struct
import subprocess
import sys
from pathlib import Path

from tests.attacks.programs import ESCAPES, World
from tests.ptykit import Terminal
from tutor import paths
from tutor.engine.machine import sockets
from tutor.progress import Attempt, Progress

CANARY = """
import signal, sys
for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
    signal.signal(number, lambda number, frame: print("heard", number, flush=True))
print("sings", flush=True)
while True:
    signal.pause()
"""
"""A process of the same user, which has nothing to do with any run."""
COURSE = "deep-learning-basics"
ORDINARY = Path(__file__).parent.parent / "ordinary.py"
_PTS_NUMBER = 0x80045430
_OUTSIDE = ("/dev/shm", "/dev/mqueue", "/tmp", "/var/tmp", "/run/lock")
"""Where a run has nothing to leave."""


class Place:
    """folder: of the test. canary: that process."""

    def __init__(self, folder: Path, canary: subprocess.Popen[bytes]) -> None:
        self.home, self.user = folder / "home", folder / "user"
        self.canary = canary
        self.mark = f"owned-{secrets.token_hex(6)}"
        (self.user / ".ssh").mkdir(parents=True)
        self.home.mkdir()
        for name, text in ((".bashrc", "alias ll='ls -l'\n"), (".ssh/id", "a key\n"), ("notes.txt", "mine\n")):
            (self.user / name).write_text(text)
        (self.home / "settings.toml").write_text('theme = "dark"\n')
        elsewhere = Progress(self.home / "state", "elsewhere", COURSE)
        elsewhere.record(Attempt("neuron", "exercise", "failed", lesson="gradient-descent"))
        elsewhere.drafts.save("neuron", "half of it = 1\n")
        self.lessons = tuple(map(str, sorted(paths.lessons_dir().rglob("*.md"))[:3]))
        self._kept: dict[str, str] = {}
        self._seen: set[str] = set()
        self._mine = [path for folder in (self.user, self.home) for path in folder.rglob("*") if path.is_file()]

    def start(self, *words: str, size: tuple[int, int]) -> Terminal:
        """`dl-tutor` on a terminal, as an ordinary user."""
        argv = [sys.executable, str(ORDINARY), sys.executable, "-m", "tutor", *words]
        env: dict[str, str | None] = {"DL_TUTOR_HOME": str(self.home), "HOME": str(self.user), "DL_TUTOR_COLOURS": None}
        return Terminal(argv, size=size, env=env)

    def world(self, window: Terminal) -> World:
        """What a program is told. What is the learner's now is looked at when it is over."""
        self.outcomes()
        files = [str(path) for path in self._mine if "attempts" not in path.parts]
        watched = [*files, str(self.user), *self.lessons, paths.__file__]
        self._kept = {path: _fingerprint(Path(path)) for path in watched}
        (number,) = struct.unpack("I", fcntl.ioctl(window.fd, _PTS_NUMBER, bytes(4)))
        return World(
            self.lessons,
            tuple(map(str, self._mine)),
            home=str(self.user),
            window=window.pid,
            canary=self.canary.pid,
            terminal=f"/dev/pts/{number}",
            socket_path=self._socket(),
            code=paths.__file__,
            site=os.path.dirname(os.path.dirname(json.__file__)),
            mark=self.mark,
        )

    def _socket(self) -> str:
        tag = hashlib.sha256(str(self.home).encode()).hexdigest()[:8]
        folder = next(Path(sockets.own_folder()).parent.glob(f"*-{tag}"), Path("/nowhere"))
        return str(next(folder.glob("light-*.sock"), folder / "light.sock"))

    # -------------------------------------------------------------- what came of it

    def harm(self, window: Terminal) -> list[str]:
        """What was done to the learner, the machine and the terminal, as sentences; [] for nothing."""
        harm = [f"{path} was changed" for path, before in self._kept.items() if _fingerprint(Path(path)) != before]
        harm += ["attempts were lost"] if not self._seen <= self._attempts() else []
        os.set_blocking(self.canary.stdout.fileno(), False)
        heard = self.canary.stdout.read()
        if heard or self.canary.poll() is not None or _state(self.canary.pid) in "TtZX":
            harm.append(f"another process was signalled: {heard!r}")
        folders = [*_OUTSIDE, self._socket().rpartition("/")[0], str(self.user), os.path.dirname(os.__file__)]
        harm += [f"{entry.path} was left" for folder in folders if os.path.isdir(folder)
                 for entry in os.scandir(folder) if self.mark in entry.name]  # fmt: skip
        harm += [f"{text!r} reached the terminal" for text in ESCAPES if text.encode() in window.raw]
        harm += ["a title of C1 reached the terminal"] if b"\x9b5iOWNED" in window.raw else []
        return harm

    def judged(self) -> bool:
        """Whether another attempt was recorded."""
        return not self._attempts() <= self._seen

    def outcomes(self) -> list[str]:
        """Of the attempts that were recorded since this was last asked."""
        new, self._seen = self._attempts() - self._seen, self._attempts()
        return [json.loads(line)["outcome"] for line in new]

    def _attempts(self) -> set[str]:
        """Lines, in whatever file: those of windows that have gone are put together."""
        files = (self.home / "state" / "attempts").glob("*.jsonl")
        return {line for path in files for line in _text(path).splitlines() if line.endswith("}")}

    def processes(self) -> list[str]:
        """Command lines of what a program has left behind."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                mine = f"DL_TUTOR_HOME={self.home}".encode() in (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[-2:-1] == [b"600"] and (mine or words[0] == self.mark.encode()):
                found.append(repr(words))
        return found


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:  # it is being put together with others
        return ""


def _fingerprint(path: Path) -> str:
    """Rights and content; of a folder its names."""
    if not path.exists():
        return "gone"
    about = path.stat()
    if path.is_dir():
        return f"{about.st_mode} {sorted(os.listdir(path))}"
    marks = os.listxattr(path) if hasattr(os, "listxattr") else []
    return f"{about.st_mode} {about.st_gid} {marks} {about.st_mtime_ns} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
