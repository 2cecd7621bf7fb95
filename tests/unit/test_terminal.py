"""What a terminal can do, told from its environment, and Textual told in time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tutor.settings import Settings
from tutor.terminal import Terminal, look_at

SSH = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}


def at(settings: Settings | None = None, *, tty: bool = True, encoding: str = "utf-8", **environ: str) -> Terminal:
    return look_at(settings, environ, tty=tty, encoding=encoding)


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm-256color", **SSH}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit", **SSH}, "truecolor"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, "truecolor"),
        ({"TERM": "screen-256color", "TMUX": "x", "TERM_PROGRAM": "vscode"}, "256"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
    ],
)
def test_colours_and_why(environ: dict[str, str], colours: str) -> None:
    terminal = at(**environ)
    assert terminal.colours == colours
    assert terminal.why["colours"]


def test_settings_have_the_last_word() -> None:
    terminal = at(Settings(colours="16", ascii=True, motion="full"), TERM="xterm", COLORTERM="truecolor", **SSH)
    assert (terminal.colours, terminal.ascii, terminal.motion) == ("16", True, True)


def test_over_ssh_nothing_moves() -> None:
    far, near = at(TERM="xterm", **SSH), at(TERM="xterm")
    assert (far.ssh, far.motion, near.ssh, near.motion) == (True, False, False, True)
    assert far.frame_rate < near.frame_rate


@pytest.mark.parametrize(("encoding", "term", "unicode"), [
    ("utf-8", "xterm", True), ("ascii", "xterm", False), ("latin-1", "xterm", False), ("utf-8", "linux", False),
])  # fmt: skip
def test_letters(encoding: str, term: str, unicode: bool) -> None:
    assert at(encoding=encoding, TERM=term).unicode is unicode


@pytest.mark.parametrize(("environ", "unicode"), [
    ({"LANG": "C"}, False), ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, False), ({"LANG": "POSIX"}, False),
    ({"LC_ALL": "C.UTF-8", "LANG": "C"}, True), ({"LANG": "de_DE.UTF-8"}, True), ({}, True),
])  # fmt: skip
def test_a_locale_without_utf8_keeps_to_ascii(environ: dict[str, str], unicode: bool) -> None:
    assert at(TERM="xterm", **environ).unicode is unicode
    assert at(Settings(ascii=False), TERM="xterm", **environ).unicode is True


@pytest.mark.parametrize("name", ["LANG", "LC_ALL"])
def test_what_python_makes_of_the_c_locale_does_not_hide_it(name: str) -> None:
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    code = "from tutor.terminal import look_at; print(look_at().unicode)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**environ, "TERM": "xterm", name: "C"}, capture_output=True, text=True
    )
    assert done.stdout == "False\n"


def test_multiplexers() -> None:
    assert at(TERM="tmux-256color").multiplexer == "tmux"
    assert at(TERM="screen", STY="1").multiplexer == "screen"
    assert at(TERM="xterm").multiplexer == ""


def test_no_terminal() -> None:
    assert "ssh" in at(tty=False, TERM="xterm").problem
    assert "TERM=dumb" in at(TERM="dumb").problem
    assert at(TERM="xterm").problem == ""


def test_textual_is_told_and_what_is_set_stays() -> None:
    environ: dict[str, str] = {"TEXTUAL_FPS": "7"}
    at(TERM="xterm-256color", **SSH).apply(environ)
    assert environ == {
        "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0", "TEXTUAL_FPS": "7", "TEXTUAL_COLOR_SYSTEM": "256",
    }  # fmt: skip
    at(TERM="vt100").apply(environ)
    assert environ["NO_COLOR"] == "1"
