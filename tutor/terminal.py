"""What this terminal can do, and why we think so. Asks only the environment: nothing is sent, nothing is awaited.

OpenSSH drops COLORTERM, so over SSH a terminal has 256 colours unless it says more; a page that scrolls smoothly
sends 185 kB over the line instead of 11, so over SSH nothing moves that need not.
"""

from __future__ import annotations

import locale
import os
import re
import shutil
import sys
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from tutor.settings import PREFIX, Settings
from tutor.terminal_colours import Colours, colours_of

Line = Literal["local", "ssh", "mosh", "serial"]
Multiplexer = Literal["", "tmux", "screen"]

SMALLEST = (60, 15)
"""Columns and rows under which the screens ask for more room."""

CANNOT_DRAW = ("dumb", "unknown", "network", "dialup")
_CHOSEN = re.compile(r"the setting `(\w+)`")
_SERIAL = re.compile(r"/dev/(tty(S|USB|ACM|AMA|O|mxc)|hvc|cu\.|cua)")
_RATES: dict[Line, tuple[int, int]] = {"local": (60, 15), "ssh": (60, 4), "mosh": (60, 4), "serial": (5, 1)}
"""For each line: how often a second the screen, and a picture that changes by itself, is drawn at most."""
_WORDS: dict[Line, str] = {
    "local": "on this machine", "ssh": "over SSH", "mosh": "over mosh", "serial": "over a serial line",
}  # fmt: skip


@dataclass(frozen=True)
class Terminal:
    """columns, rows: of the window now. why: for each decision, the reason.

    line: what lies between the person and this program. theme: whether the ground is dark. braille: lines drawn in
    2x4 dots. synchronized: whether the terminal is asked if it shows a picture at once (mode 2026). frame_rate: how
    often a second the screen is drawn at most. picture_rate: the same for what changes by itself, curves and
    figures. blink: whether the cursor does. problem: why no screen can be shown here, "" where one can.
    """

    term: str
    columns: int
    rows: int
    line: Line
    multiplexer: Multiplexer
    colours: Colours
    theme: Literal["dark", "light"]
    unicode: bool
    braille: bool
    synchronized: bool
    motion: bool
    frame_rate: int
    picture_rate: int
    blink: bool = False
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
        else:
            env.pop("NO_COLOR", None)  # a setting or a flag has said more


def look_at(
    settings: Settings | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    tty: bool | None = None,
    encoding: str | None = None,
    device: str | None = None,
    ancestors: Sequence[str] | None = None,
    flags: Collection[str] = (),
) -> Terminal:
    """The terminal we stand in. tty, encoding: what to take for the standard streams; device: for the terminal's
    file; ancestors: for the names of the processes above this one (default: look). flags: the settings that were
    given as flags, to say so."""
    settings = settings or Settings()
    real = environ is None
    env = os.environ if environ is None else environ
    tty = is_tty() if tty is None else tty
    device = (_device() if real else "") if device is None else device
    ancestors = (_ancestors() if real else ()) if ancestors is None else ancestors
    why: dict[str, str] = {}
    term = env.get("TERM", "")
    line = _line(settings, env, device, ancestors, why)
    multiplexer = _multiplexer(settings, env, why)
    unicode = _unicode(settings, env, encoding, why)
    columns, rows = shutil.get_terminal_size()
    why["size"] = "COLUMNS and LINES are set" if env.get("COLUMNS") and env.get("LINES") else "the terminal says so"
    terminal = Terminal(
        term=term,
        columns=columns,
        rows=rows,
        line=line,
        multiplexer=multiplexer,
        colours=colours_of(settings, env, line in ("ssh", "mosh"), multiplexer, why),
        theme=_theme(settings, env, why),
        unicode=unicode,
        braille=_braille(settings, term, unicode, why),
        synchronized=_synchronized(settings, env, line, multiplexer, why),
        motion=_motion(settings, env, line, why),
        frame_rate=_rate("frame_rate", settings.frame_rate, _RATES[line][0], line, why),
        picture_rate=_rate("picture_rate", settings.picture_rate, _RATES[line][1], line, why),
        blink=settings.blink,
        problem=_problem(tty, term),
        why=why,
    )
    for name, reason in why.items():
        chosen = _CHOSEN.fullmatch(reason)
        if chosen:
            why[name] = _source(chosen[1], env, flags)
    return terminal


def _source(setting: str, env: Mapping[str, str], flags: Collection[str]) -> str:
    """Where a setting was made: a flag counts most, then the environment."""
    if setting in flags:
        return "a flag says so"
    variable = PREFIX + setting.upper()
    return f"{variable} is set" if env.get(variable) else f"the setting `{setting}`"


def is_tty() -> bool:
    """Whether someone sits in front of both standard input and output."""
    try:
        return os.isatty(0) and sys.stdout is not None and sys.stdout.isatty()
    except (OSError, ValueError):
        return False


def _device() -> str:
    try:
        return os.ttyname(0)
    except OSError:
        return ""


def _ancestors() -> list[str]:
    """The names of the processes above this one, the nearest first; none where the system does not tell."""
    names: list[str] = []
    pid = os.getppid()
    while pid > 1 and len(names) < 12:
        try:
            before, _, after = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")
        except OSError:
            break
        names.append(before.partition("(")[2])
        pid = int(after.split()[1])
    return names


def _problem(tty: bool, term: str) -> str:
    if not tty:
        return "This is not a terminal: input or output is a pipe or a file, or `ssh` was called without `-t`."
    if term.lower() in CANNOT_DRAW:
        return (
            f"This terminal says that it can only print lines (TERM={term}): the window must move the cursor about. "
            "If it can do that, set TERM to its name, often xterm-256color."
        )
    return ""


def _line(
    settings: Settings, env: Mapping[str, str], device: str, ancestors: Sequence[str], why: dict[str, str]
) -> Line:
    if settings.line != "auto":
        why["line"] = "the setting `line`"
        return settings.line
    if "mosh-server" in ancestors:
        why["line"] = "mosh-server has started this"
        return "mosh"
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
        if env.get(name):
            why["line"] = f"{name} is set"
            return "ssh"
    if _SERIAL.match(device):
        why["line"] = f"the terminal is {device}"
        return "serial"
    why["line"] = "neither SSH nor mosh has left a sign"
    return "local"


def _multiplexer(settings: Settings, env: Mapping[str, str], why: dict[str, str]) -> Multiplexer:
    if settings.multiplexer != "auto":
        why["multiplexer"] = "the setting `multiplexer`"
        return "" if settings.multiplexer == "none" else settings.multiplexer
    term = env.get("TERM", "")
    for name, variable in (("tmux", "TMUX"), ("screen", "STY")):
        if env.get(variable):
            why["multiplexer"] = f"{variable} is set"
            return cast(Multiplexer, name)
    for name in ("tmux", "screen"):
        if term.startswith(name):
            why["multiplexer"] = f"TERM={term}"
            return cast(Multiplexer, name)
    why["multiplexer"] = "neither TMUX nor STY is set"
    return ""


def _theme(settings: Settings, env: Mapping[str, str], why: dict[str, str]) -> Literal["dark", "light"]:
    if settings.theme != "auto":
        why["theme"] = "the setting `theme`"
        return settings.theme
    ground = env.get("COLORFGBG", "").rpartition(";")[2]
    if ground.isdigit():
        why["theme"] = f"COLORFGBG={env['COLORFGBG']}"
        return "light" if int(ground) in (7, *range(9, 16)) else "dark"
    why["theme"] = "the terminal does not say what its ground is"
    return "dark"


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


def _braille(settings: Settings, term: str, unicode: bool, why: dict[str, str]) -> bool:
    if not unicode:
        why["braille"] = "braille is not ASCII"
        return False
    if settings.braille is not None:
        why["braille"] = "the setting `braille`"
        return settings.braille
    if term == "linux":
        why["braille"] = "the Linux console has none"
        return False
    why["braille"] = "most fonts have it; the line above shows it"
    return True


def _synchronized(
    settings: Settings, env: Mapping[str, str], line: Line, multiplexer: Multiplexer, why: dict[str, str]
) -> bool:
    def because(answer: bool, reason: str) -> bool:
        why["synchronized"] = reason
        return answer

    if settings.synchronized is not None:
        return because(settings.synchronized, "the setting `synchronized`")
    term = env.get("TERM", "")
    if term.startswith(("linux", "vt")) or line == "serial":
        return because(False, f"TERM={term}" if line != "serial" else "a serial line")
    if line == "mosh" or multiplexer == "screen":
        return because(False, f"{'mosh' if line == 'mosh' else 'screen'} does not pass it on")
    if env.get("TERM_PROGRAM") == "Apple_Terminal":
        return because(False, "TERM_PROGRAM=Apple_Terminal, which prints the question")
    return because(True, "the terminal is asked, and its answer counts")


def _motion(settings: Settings, env: Mapping[str, str], line: Line, why: dict[str, str]) -> bool:
    if settings.motion != "auto":
        why["motion"] = "the setting `motion`"
        return settings.motion == "full"
    if env.get("TEXTUAL_ANIMATIONS"):
        why["motion"] = f"TEXTUAL_ANIMATIONS={env['TEXTUAL_ANIMATIONS']}"
        return env["TEXTUAL_ANIMATIONS"].lower() != "none"
    near = line == "local"
    why["motion"] = "the terminal is on this machine" if near else f"{_WORDS[line]} every moved line is sent again"
    return near


def _rate(name: str, chosen: int, usual: int, line: Line, why: dict[str, str]) -> int:
    why[name] = f"the setting `{name}`" if chosen else _WORDS[line]
    return chosen or usual
