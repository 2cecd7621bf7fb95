"""What a terminal can do, told from its environment, and Textual told in time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tutor.settings import Settings
from tutor.terminal import Terminal, look_at
from tutor.terminal_report import look_at_terminal

SSH = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}


def at(
    settings: Settings | None = None, *, tty: bool = True, encoding: str = "utf-8", device: str = "",
    ancestors: tuple[str, ...] = (), **environ: str,
) -> Terminal:  # fmt: skip
    return look_at(settings, environ, tty=tty, encoding=encoding, device=device, ancestors=ancestors)


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
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
        ({"TERM": "xterm"}, "256"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "rxvt-16color"}, "16"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-mono"}, "none"),
        ({"TERM": "screen-256color", "STY": "1", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "tmux-256color", "TMUX": "x", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "3"}, "truecolor"),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "1"}, "256"),
        ({"TERM": "vt100", "FORCE_COLOR": "1"}, "16"),
        ({"TERM": "vt100", "FORCE_COLOR": "true"}, "16"),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "0"}, "none"),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "3", "NO_COLOR": "1"}, "none"),
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
    assert (far.line, far.motion, near.line, near.motion) == ("ssh", False, "local", True)
    assert far.picture_rate < near.picture_rate


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
    assert at(TERM="screen-256color", TMUX="x").multiplexer == "tmux"
    assert at(TERM="xterm").multiplexer == ""
    assert at(Settings(multiplexer="tmux"), TERM="screen-256color").multiplexer == "tmux"
    assert at(Settings(multiplexer="none"), TERM="screen").multiplexer == ""


@pytest.mark.parametrize(("environ", "device", "ancestors", "line", "picture_rate"), [
    ({}, "/dev/pts/3", ("bash", "tmux"), "local", 15),
    (SSH, "/dev/pts/3", ("bash", "sshd"), "ssh", 4),
    ({"SSH_TTY": "/dev/pts/3"}, "/dev/pts/3", (), "ssh", 4),
    (SSH, "/dev/pts/3", ("bash", "mosh-server"), "mosh", 4),
    ({}, "/dev/ttyS0", ("bash", "login"), "serial", 1),
    ({}, "/dev/ttyUSB0", ("bash", "login"), "serial", 1),
    ({}, "/dev/tty1", ("bash", "login"), "local", 15),
])  # fmt: skip
def test_what_lies_between(
    environ: dict[str, str], device: str, ancestors: tuple[str, ...], line: str, picture_rate: int
) -> None:
    terminal = at(TERM="xterm", device=device, ancestors=ancestors, **environ)
    assert (terminal.line, terminal.picture_rate) == (line, picture_rate)
    assert terminal.motion is (line == "local") and terminal.why["line"]
    assert at(Settings(line="local", picture_rate=9), TERM="xterm", **environ).picture_rate == 9


def test_the_real_surroundings_can_be_looked_at() -> None:
    assert look_at().line in ("local", "ssh", "mosh", "serial")


@pytest.mark.parametrize(("ground", "theme"), [
    ("15;0", "dark"), ("0;default;15", "light"), ("", "dark"), ("x", "dark"),
])  # fmt: skip
def test_the_ground(ground: str, theme: str) -> None:
    assert at(TERM="xterm", COLORFGBG=ground).theme == theme
    assert at(Settings(theme="light"), TERM="xterm", COLORFGBG=ground).theme == "light"


def test_braille_only_where_there_are_letters_for_it() -> None:
    assert at(TERM="xterm").braille
    assert not at(TERM="xterm", LANG="C").braille
    assert not at(Settings(ascii=False), TERM="linux").braille
    assert not at(Settings(braille=False), TERM="xterm").braille
    assert at(Settings(ascii=False, braille=True), TERM="linux").braille


def test_whole_pictures_at_once_are_asked_for_where_the_question_is_understood() -> None:
    assert at(TERM="xterm-256color").synchronized
    assert at(TERM="tmux-256color").synchronized
    for environ in ({"TERM": "linux"}, {"TERM": "screen"}, {"TERM": "xterm", "TERM_PROGRAM": "Apple_Terminal"}):
        assert not at(**environ).synchronized
        assert at(Settings(synchronized=True), **environ).synchronized


def test_no_terminal() -> None:
    assert "ssh" in at(tty=False, TERM="xterm").problem
    assert "TERM=dumb" in at(TERM="dumb").problem and "xterm-256color" in at(TERM="dumb").problem
    assert at(TERM="xterm").problem == ""


@pytest.mark.parametrize("environ", [{"TERM": "xterm"}, {"TERM": "vt100", "LANG": "C"}, {"TERM": "linux", **SSH}])
def test_each_decision_has_its_reason_and_its_setting(environ: dict[str, str]) -> None:
    terminal = at(**environ)
    report = " ".join(finding.what for finding in look_at_terminal(terminal))
    for name, reason in terminal.why.items():
        assert reason in report
        name = {"unicode": "ascii"}.get(name, name)
        assert name == "size" or (f"[{name}]" in report and name in Settings.__struct_fields__)


def test_textual_is_told_and_what_is_set_stays() -> None:
    environ: dict[str, str] = {"TEXTUAL_FPS": "7"}
    at(TERM="xterm-256color", **SSH).apply(environ)
    assert environ == {
        "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0", "TEXTUAL_FPS": "7", "TEXTUAL_COLOR_SYSTEM": "256",
    }  # fmt: skip
    at(TERM="vt100").apply(environ)
    assert environ["NO_COLOR"] == "1"
    at(Settings(colours="256"), TERM="vt100").apply(environ)
    assert "NO_COLOR" not in environ
