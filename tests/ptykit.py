"""A real pseudo-terminal with the program in it: type, wait for what is on the screen, resize, hang up, look.

Used by the journeys, the bench and the README's picture. Waiting is always for a condition: for what stands on the
screen, or for a program that has nothing left to do (`at_rest`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

KEYS = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "esc": "\x1b", "space": " ", "backspace": "\x7f",
    "delete": "\x1b[3~", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "ctrl+home": "\x1b[1;5H",
    "ctrl+end": "\x1b[1;5F", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
}  # fmt: skip
# What pyte would print as text: private CSI with intermediates, OSC, DCS, APC.
_NOISE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[ -/]+[@-~]|\x1b\[[<>=][0-9;]*[@-~]"
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^][^\x1b]*\x1b\\"
)
OF_THIS_TERMINAL = (
    "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "TMUX", "STY", "NO_COLOR", "FORCE_COLOR", "COLORFGBG", "COLUMNS",
    "LINES",
)  # fmt: skip
OF_OTHER_TESTS = ("DL_TUTOR_ENGINE_IDLE", "DL_TUTOR_ENGINE_START")
"""What tests of the engine set for their own hosts, for as long as pytest runs."""
PATIENCE = 60.0
"""Seconds after which something that should be on the screen counts as missing: many, for a machine that is busy."""
REST = 0.04
"""Seconds for which a program at rest has not run: more than twice the pause between two pictures of Textual's."""
REST_AFTER_ESC = 0.25
"""The same after Esc, which Textual hears only once nothing came behind it for a tenth of a second, or for two."""


class Missing(AssertionError):
    """What was waited for never came; the message has the screen."""


def key_bytes(name: str) -> bytes:
    """The bytes a terminal sends for a key."""
    if name in KEYS:
        return KEYS[name].encode()
    if name.startswith("ctrl+") and len(name) == 6:
        return bytes([ord(name[5].upper()) & 31])
    return name.encode()


class Terminal:
    """One program on one pseudo-terminal, and the screen it has drawn so far. raw: all the bytes it has sent.
    processes: whose rest is waited for, the program's own where nothing else is said."""

    def __init__(
        self, argv: list[str], *, size: tuple[int, int] = (80, 24), env: dict[str, str | None] | None = None,
        cwd: Path | None = None,
    ) -> None:  # fmt: skip
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._tail = b""
        self._asked = b""
        self.received = 0
        self.raw = bytearray()
        self.first_byte_at: float | None = None
        self.status: int | None = None
        full = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        for name in (*OF_THIS_TERMINAL, *OF_OTHER_TESTS):
            full.pop(name, None)
        for name, value in (env or {}).items():
            if value is None:
                full.pop(name, None)
            else:
                full[name] = value
        self.started = time.perf_counter()
        self.processes: Callable[[], list[int]] = lambda: [self.pid]
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
                if cwd is not None:
                    os.chdir(cwd)
                os.execvpe(argv[0], argv, full)
            finally:
                os._exit(127)

    # ------------------------------------------------------------------ reading

    def read(self, timeout: float, most: int = 65536) -> bool:
        """Take in what the program wrote within `timeout` seconds, `most` bytes; whether there was anything."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.fd, most)
        except OSError:  # the program is gone, and its terminal with it
            return False
        if not data:
            return False
        self.received += len(data)
        self.raw += data
        if self.first_byte_at is None:
            self.first_byte_at = time.perf_counter()
        self._answer(data)
        blob = self._tail + data
        cut = blob.rfind(b"\x1b")
        unfinished = cut != -1 and len(blob) - cut < 40 and not re.search(rb"[@-~\x07\\]", blob[cut + 2 :])
        blob, self._tail = (blob[:cut], blob[cut:]) if unfinished else (blob, b"")
        # pyte has one screen only: the program's own leaves nothing behind when it ends
        blob = blob.replace(b"\x1b[?1049l", b"\x1b[H\x1b[J")
        self._stream.feed(_NOISE.sub(b"", blob))
        return True

    def _answer(self, data: bytes) -> None:
        """What a terminal answers to the questions programs ask; a question may come in two pieces."""
        for question, answer in ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[6n", b"\x1b[1;1R"),
                                 (b"\x1b[c", b"\x1b[?62;22c")):  # fmt: skip
            begun = self._asked[-len(question) + 1 :]
            self.send(answer * (begun + data).count(question))
        self._asked = data[-16:]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, wanted: str | Callable[[Terminal], bool], limit: float = PATIENCE) -> Terminal:
        """Read until the words are on the screen (or the condition holds). Raises Missing with the screen."""
        holds = (lambda t: wanted in t.text) if isinstance(wanted, str) else wanted
        end = time.perf_counter() + limit
        while not holds(self):
            if time.perf_counter() > end or (not self.read(0.05) and not self.alive and not self.read(0)):
                raise Missing(f"{wanted!r} never came. The screen:\n{self.text}")
        return self

    def still(self, quiet: float = 0.3, limit: float = 20.0) -> Terminal:
        """Read until nothing came for `quiet` seconds: the program has drawn what it wants to draw."""
        end = time.perf_counter() + limit
        while self.read(quiet) and time.perf_counter() < end:
            pass
        return self

    def at_rest(self, rest: float = REST, limit: float = PATIENCE) -> Terminal:
        """Read until the program waits for something to happen: it did nothing for `rest` seconds, and all it wrote is
        read. One that a busy machine keeps waiting is not at rest. Raises Missing where it never is."""
        end = time.perf_counter() + limit
        seen, since = None, 0.0
        while self.alive:
            came, slept = self.read(0.005), self._slept()
            now = time.perf_counter()
            if came or slept is None or slept != seen:
                seen, since = slept, now
            elif now - since >= rest:
                return self
            if now > end:
                raise Missing(f"The program never came to rest. The screen:\n{self.text}")
        return self

    def _slept(self) -> list[str] | None:
        """How often the first thread of each of its processes has gone to sleep, where all threads are asleep, else
        None. (The other threads may wake to look for something, as the one that reads keys does: what they find, they
        give to the first.)"""
        counts = []
        for pid in self.processes():
            try:
                states = {path.name: (path / "status").read_text() for path in Path(f"/proc/{pid}/task").iterdir()}
            except OSError:  # one has just ended
                return None
            if not all("\nState:\tS" in state for state in states.values()):
                return None
            counts.append(states[str(pid)].partition("\nvoluntary_ctxt_switches")[2])
        return counts

    # ------------------------------------------------------------------ acting

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self.fd, data)

    def press(self, *names: str) -> Terminal:
        """Type keys, each once the program has dealt with the one before."""
        for name in names:
            self.send(key_bytes(name))
            self.at_rest(REST_AFTER_ESC if name == "esc" else REST)
        return self

    def type(self, text: str) -> Terminal:
        """Type text as a person would, without waiting between the letters."""
        for character in text:
            self.send(b"\r" if character == "\n" else character.encode())
        return self.at_rest()

    def resize(self, columns: int, rows: int) -> Terminal:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        return self

    # ------------------------------------------------------------------ ending

    @property
    def alive(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is None

    def hang_up(self) -> int:
        """The connection drops: SIGHUP. The program's exit status."""
        os.kill(self.pid, signal.SIGHUP)
        return self.wait()

    def wait(self, limit: float = 20.0) -> int:
        """The exit status, once the program has ended by itself. Raises Missing where it does not."""
        end = time.perf_counter() + limit
        while self.alive:
            if time.perf_counter() > end:
                raise Missing(f"The program did not end. The screen:\n{self.text}")
            self.read(0.05)
        while self.read(0):
            pass
        assert self.status is not None
        return self.status

    def kill(self) -> None:
        """End it at once, as a machine that goes down does."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self.fd)


def tutor(
    home: Path, *words: str, size: tuple[int, int] = (80, 24), env: dict[str, str | None] | None = None
) -> Terminal:
    """`dl-tutor` with a learner's home of its own."""
    argv = [sys.executable, "-m", "tutor", *words]
    return Terminal(argv, size=size, env={"DL_TUTOR_HOME": str(home), "DL_TUTOR_COLOURS": None, **(env or {})})
