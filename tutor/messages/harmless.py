"""What a program printed, made safe to show: no escape sequence, no control character but newline and tab."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9b-\x9f]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS, … whole
    r"|\x1b[ -/]*[0-~]"  # two-character escapes
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_CONTROLS = (
    {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
    | {0x7F: "\u2421"}
    | dict.fromkeys(range(0x80, 0xA0), "\ufffd")
)
_TABLE = {**_BIDI, **_CONTROLS, 0x0D: "\n", 0x2028: "\n", 0x2029: "\n"}
_ACTS = re.compile(f"[{''.join(map(chr, sorted(_TABLE)))}]")


def harmless(text: str) -> str:
    """`text` without escape sequences; other control characters become visible signs, a lone carriage return
    becomes a newline."""
    return _SEQUENCE.sub("", text.replace("\r\n", "\n")).translate(_TABLE)


def shown(text: str) -> str:
    """`text` without the characters that a terminal would act on: what is left of a sequence is seen."""
    return _ACTS.sub("", text)


def as_escapes(text: str) -> str:
    """`text` with what a terminal would act on, rather than show, written as in a string of JSON: \\u001b."""
    return _ACTS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
