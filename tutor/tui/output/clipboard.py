"""Copying out of the window, over SSH as well: OSC 52 asks the terminal to take a text, wherever it runs.

Nobody answers, so nobody knows whether it was taken: tmux must allow it, macOS Terminal does not know it. So the text
is written into a file of the learner's, too, and that is said.
"""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tutor import paths
from tutor.files import replace_file
from tutor.words import counted

MOST = 74_994
"""Bytes of a text that is sent: with base64 that is 100,000, where the stricter terminals give up."""
CHUNK = 700
"""Bytes of one string of screen's: older ones hold 768."""
PATIENCE = 2.0
"""Seconds for tmux to take a text."""


def sequence(text: str, multiplexer: str) -> str:
    """What asks the terminal to take the text; "" where it is too long. multiplexer: "", "tmux" or "screen", through
    which the request is passed on."""
    data = text.encode("utf-8", "replace")
    if len(data) > MOST:
        return ""
    request = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"
    if multiplexer == "tmux":  # some settings let it through bare, some wrapped
        wrapped = request.replace("\x1b", "\x1b\x1b")
        return f"{request}\x1bPtmux;{wrapped}\x1b\\"
    if multiplexer == "screen":
        pieces = (request[at : at + CHUNK] for at in range(0, len(request), CHUNK))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return request


def keep(text: str, environ: Mapping[str, str] | None = None) -> str:
    """Write the text into the learner's file, and hand it to the tmux that we are in; what to say about it."""
    env = os.environ if environ is None else environ
    data = text.encode("utf-8", "replace")
    if env.get("TMUX"):
        _into_tmux(data)
    lines = text.count("\n") + (not text.endswith("\n"))
    count = counted(lines, "line")
    long = len(data) > MOST
    path = file()
    try:
        replace_file(path, data)
    except OSError as error:
        if long:
            return f"Not copied: {count} are too much for a terminal, and no file takes them ({error.strerror})."
        return f"{count} copied, if your terminal takes it; no file could be written ({error.strerror})."
    if long:
        return f"{count} are too much to copy through a terminal; they are in {path}"
    return f"{count} copied; also in {path}"


def file() -> Path:
    """Where the text that was copied last is."""
    return paths.state_dir() / "copied.txt"


def _into_tmux(data: bytes) -> bool:
    """Give it to tmux itself, which passes it on to its terminal (-w, since 3.2); whether it took it."""
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"], input=data, timeout=PATIENCE, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
