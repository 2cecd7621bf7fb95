"""What this terminal can do, and why we think so. Asks only the environment: nothing is sent, nothing is awaited.

OpenSSH drops COLORTERM, so over SSH a terminal has 256 colours unless it says more; a page that scrolls smoothly
sends 185 kB over the line instead of 11, so over SSH nothing moves that need not.
"""

from __future__ import annotations

import locale
import os
import shutil
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Literal

from tutor.settings import Settings

Colours = Literal["truecolor", "256", "16", "none"]

SMALLEST = (60, 15)
"""Columns and rows under which the screens ask for more room."""

_SAYS_TRUECOLOR = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio")
_TERM_TRUECOLOR = ("direct", "kitty", "alacritty", "ghostty", "wezterm", "foot", "contour")


@dataclass(frozen=True)
class Terminal:
    """columns, rows: of the window now. frame_rate: pictures a second at most. why: for each decision, the reason.

    problem: why no screen can be shown here, "" where one can.
    """

    term: str
    columns: int
    rows: int
    ssh: bool
    multiplexer: Literal["", "tmux", "screen"]
    colours: Colours
    unicode: bool
    motion: bool
    frame_rate: int
    problem: str = ""
    why: dict[str, str] = field(default_factory=dict)

    @property
    def ascii(self) -> bool:
        """Whether to keep to ASCII."""
        return not self.unicode

    def apply(self, environ: MutableMapping[str, str] | None = None) -> None:
        """Tell Textual, which reads its environment once, when it is imported. What is set there stays."""
        env = os.environ if environ is None else environ
        env.setdefault("TEXTUAL_ANIMATIONS", "full" if self.motion else "none")
        env.setdefault("TEXTUAL_SMOOTH_SCROLL", "1" if self.motion else "0")
        env.setdefault("TEXTUAL_FPS", str(self.frame_rate))
        systems = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": "standard"}
        env.setdefault("TEXTUAL_COLOR_SYSTEM", systems[self.colours])
        if self.colours == "none":
            env.setdefault("NO_COLOR", "1")


def look_at(
    settings: Settings | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    tty: bool | None = None,
    encoding: str | None = None,
) -> Terminal:
    """The terminal we stand in. tty, encoding: what to take for the standard streams (default: look)."""
    settings = settings or Settings()
    env = os.environ if environ is None else environ
    tty = is_tty() if tty is None else tty
    why: dict[str, str] = {}
    term = env.get("TERM", "")
    ssh = bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY") or env.get("SSH_CLIENT"))
    multiplexer: Literal["", "tmux", "screen"] = ""
    if env.get("TMUX") or term.startswith("tmux"):
        multiplexer = "tmux"
    elif env.get("STY") or term.startswith("screen"):
        multiplexer = "screen"
    motion = _motion(settings, env, ssh, why)
    columns, rows = shutil.get_terminal_size()
    return Terminal(
        term=term,
        columns=columns,
        rows=rows,
        ssh=ssh,
        multiplexer=multiplexer,
        colours=_colours(settings, env, ssh, multiplexer, why),
        unicode=_unicode(settings, env, encoding, why),
        motion=motion,
        frame_rate=_frame_rate(ssh, motion, why),
        problem=_problem(tty, term),
        why=why,
    )


def is_tty() -> bool:
    """Whether someone sits in front of both standard input and output."""
    try:
        return os.isatty(0) and sys.stdout is not None and sys.stdout.isatty()
    except (OSError, ValueError):
        return False


def _problem(tty: bool, term: str) -> str:
    if not tty:
        return "This is not a terminal: input or output is a pipe or a file, or `ssh` was called without `-t`."
    if term in ("dumb", "unknown"):
        return f"This terminal says that it can only print lines (TERM={term})."
    return ""


def _colours(
    settings: Settings, env: Mapping[str, str], ssh: bool, multiplexer: str, why: dict[str, str]
) -> Colours:
    def because(colours: Colours, reason: str) -> Colours:
        why["colours"] = reason
        return colours

    if settings.colours != "auto":
        return because(settings.colours, "the setting `colours`")
    if env.get("NO_COLOR"):
        return because("none", "NO_COLOR is set")
    term = env.get("TERM", "").lower()
    if term in ("", "dumb", "unknown", "vt100", "vt220"):
        return because("none", f"TERM={term or 'not set'}")
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return because("truecolor", f"COLORTERM={env['COLORTERM']}")
    if term in ("linux", "ansi", "cygwin", "xterm-color") or term.endswith("-16color"):
        return because("16", f"TERM={term}")
    if any(word in term for word in _TERM_TRUECOLOR):
        return because("truecolor", f"TERM={term}")
    if not ssh and not multiplexer and env.get("TERM_PROGRAM", "") in _SAYS_TRUECOLOR:
        return because("truecolor", f"TERM_PROGRAM={env['TERM_PROGRAM']}")
    if ssh:
        return because("256", 'over SSH, which does not pass COLORTERM on; `colours = "truecolor"` says more')
    return because("256", f"TERM={term}, and COLORTERM does not say more")


def _unicode(settings: Settings, env: Mapping[str, str], encoding: str | None, why: dict[str, str]) -> bool:
    if settings.ascii is not None:
        why["unicode"] = "the setting `ascii`"
        return not settings.ascii
    name = _locale_name(env)
    if name in ("C", "POSIX"):
        why["unicode"] = f"the locale is {name}, which knows ASCII only; `ascii = false` says more"
        return False
    if encoding is None:
        encoding = getattr(sys.stdout, "encoding", None) or locale.getpreferredencoding(False)
    if env.get("TERM", "") == "linux":
        why["unicode"] = "the Linux console has no braille and few maths letters"
        return False
    why["unicode"] = f"the encoding is {encoding}"
    return encoding.lower().replace("-", "") in ("utf8", "utf8sig", "gb18030")


def _locale_name(env: Mapping[str, str]) -> str:
    """The locale the person asked for. In C and POSIX Python takes UTF-8 all the same (PEP 538, PEP 540): it puts
    C.UTF-8 into LC_CTYPE by itself, and the encoding of the streams tells nothing any more. "" where none is named:
    containers and bare logins name none, and their terminals know UTF-8."""
    kind = env.get("LC_CTYPE", "")
    if kind in ("C.UTF-8", "C.utf8", "UTF-8") and sys.flags.utf8_mode and env.get("LANG", "") in ("C", "POSIX"):
        kind = ""
    return env.get("LC_ALL") or kind or env.get("LANG", "")


def _motion(settings: Settings, env: Mapping[str, str], ssh: bool, why: dict[str, str]) -> bool:
    if settings.motion != "auto":
        why["motion"] = "the setting `motion`"
        return settings.motion == "full"
    if env.get("TEXTUAL_ANIMATIONS"):
        why["motion"] = f"TEXTUAL_ANIMATIONS={env['TEXTUAL_ANIMATIONS']}"
        return env["TEXTUAL_ANIMATIONS"].lower() != "none"
    why["motion"] = "over SSH every moved line is sent again" if ssh else "the terminal is on this machine"
    return not ssh


def _frame_rate(ssh: bool, motion: bool, why: dict[str, str]) -> int:
    why["frame_rate"] = "over SSH" if ssh else "on this machine" if motion else "motion is off"
    if ssh:
        return 15
    return 60 if motion else 30
