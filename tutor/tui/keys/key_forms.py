"""One key, however a terminal sends it.

Terminals that tell more of a key than others (the Kitty protocol, xterm's modifyOtherKeys) send shift+enter as such;
all others send Enter. What a key does is not to depend on that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from textual import events

_OTHER_KEY = re.compile(r"\x1b\[27;(\d+);(\d+)~")
"""xterm's modifyOtherKeys: the modifiers, and the letter's number."""
_SAME = {
    "shift+enter": ("enter", "\r"), "ctrl+enter": ("enter", "\r"), "ctrl+shift+enter": ("enter", "\r"),
    "ctrl+m": ("enter", "\r"), "ctrl+i": ("tab", "\t"), "ctrl+left_square_bracket": ("escape", "\x1b"),
    "shift+escape": ("escape", "\x1b"), "shift+space": ("space", " "), "ctrl+space": ("ctrl+@", None),
    "shift+backspace": ("backspace", "\x7f"), "ctrl+h": ("backspace", "\x7f"),
}  # fmt: skip
"""What only some terminals tell apart, as all others send it."""


def keys_as_everywhere(sequence: str, usual: Callable[[str], Iterable[events.Key]]) -> list[events.Key] | None:
    """The keys of a sequence, by the names that they have with any terminal; None where Textual's are right.
    usual: gives Textual's."""
    if sequence in ("\x1b\x7f", "\x1b\x08"):
        return [events.Key("alt+backspace", None)]
    if (other := _OTHER_KEY.fullmatch(sequence)) is not None:
        sequence = f"\x1b[{other[2]};{other[1]}u"
    elif not (sequence.startswith("\x1b[") and sequence.endswith("u")):
        return None
    return [events.Key(*_SAME[key.key]) if key.key in _SAME else key for key in usual(sequence)]
