"""How many colours a terminal has, from what its environment says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tutor.settings import Settings

Colours = Literal["truecolor", "256", "16", "none"]

_ORDER: tuple[Colours, ...] = ("none", "16", "256", "truecolor")
_SAYS_TRUECOLOR = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio")
_TERM_TRUECOLOR = ("direct", "kitty", "alacritty", "ghostty", "wezterm", "foot", "contour")
_TERM_256 = ("xterm", "putty", "konsole", "gnome", "vte")
"""Names without a number whose terminals have had 256 colours for many years: PuTTY and containers say `xterm`."""
_TERM_NONE = ("", "dumb", "unknown", "network", "dialup")
_FORCED: dict[str, Colours] = {"0": "none", "false": "none", "2": "256", "3": "truecolor"}


def colours_of(
    settings: Settings, env: Mapping[str, str], far: bool, multiplexer: str, why: dict[str, str]
) -> Colours:
    """The colours to use; the reason goes into `why`. far: over SSH or mosh, which drop COLORTERM.

    A setting counts most, then NO_COLOR (no-color.org: set and not empty), FORCE_COLOR (0 none, 1 at least 16, 2 256,
    3 truecolor), COLORTERM, and the name of the terminal.
    """
    if settings.colours != "auto":
        why["colours"] = "the setting `colours`"
        return settings.colours
    if env.get("NO_COLOR"):
        why["colours"] = "NO_COLOR is set"
        return "none"
    found, reason = _found(env, far, multiplexer)
    force = env.get("FORCE_COLOR", "").lower()
    if force:
        forced = _FORCED[force] if force in _FORCED else _more(found, "16")
        if forced != found:
            found, reason = forced, f"FORCE_COLOR={force}"
    why["colours"] = reason
    return found


def _found(env: Mapping[str, str], far: bool, multiplexer: str) -> tuple[Colours, str]:
    term = env.get("TERM", "").lower()
    says = f"TERM={term or 'not set'}"
    if term in _TERM_NONE or term.startswith("vt") or term.endswith(("-m", "-mono")):
        return "none", says
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit") and multiplexer != "screen":
        return "truecolor", f"COLORTERM={env['COLORTERM']}"
    if any(word in term for word in _TERM_TRUECOLOR) and multiplexer != "screen":
        return "truecolor", says
    program = env.get("TERM_PROGRAM", "")
    if not far and not multiplexer and program in _SAYS_TRUECOLOR:
        return "truecolor", f"TERM_PROGRAM={program}"
    if term.endswith("-256color") or term in _TERM_256:
        if far:
            return "256", f'{says}; SSH does not pass COLORTERM on: `colours = "truecolor"` says more'
        return "256", f"{says}, and COLORTERM does not say more"
    return "16", f"{says}, which names no more"


def _more(one: Colours, other: Colours) -> Colours:
    return max(one, other, key=_ORDER.index)
