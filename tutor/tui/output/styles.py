"""From one style to another with the fewest bytes. A style is the parameters of the sequence that sets it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class CellLook(NamedTuple):
    """attributes: bold, underline and their like, as parameters; fore, back: parameters of the colours, "" for none."""

    attributes: frozenset[str]
    fore: str
    back: str


_PLAIN = CellLook(frozenset(), "", "")
_SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Attributes that show where there is no letter: lines, and reversed colours."""


@lru_cache(4096)
def parse(style: str) -> CellLook:
    """What a style comes to."""
    attributes: set[str] = set()
    fore = back = ""
    words = style.split(";") if style else []
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("38", "48"):
            count = 5 if words[at + 1 : at + 2] == ["2"] else 3
            colour = ";".join(words[at : at + count])
            fore, back = (colour, back) if word == "38" else (fore, colour)
            at += count
            continue
        code = int(word or 0) if word.isdigit() or not word else -1
        if code == 0:
            attributes, fore, back = set(), "", ""
        elif 30 <= code <= 37 or 90 <= code <= 97:
            fore = word
        elif 40 <= code <= 47 or 100 <= code <= 107:
            back = word
        elif code == 39:
            fore = ""
        elif code == 49:
            back = ""
        else:
            attributes.add(word)
        at += 1
    return CellLook(frozenset(attributes), fore, back)


@lru_cache(4096)
def blank(style: str) -> CellLook:
    """What can be seen of a style where there is no letter."""
    look = parse(style)
    seen = look.attributes & _SEEN_ON_BLANKS
    return look if "7" in seen else CellLook(frozenset(seen), look.fore if seen else "", look.back)


@lru_cache(8192)
def change(before: CellLook, after: CellLook) -> str:
    """The sequence from one look to another, "" where they are the same."""
    if before == after:
        return ""
    anew = [*sorted(after.attributes), *filter(None, (after.fore, after.back))]
    whole = f"\x1b[{';'.join(anew) if before == _PLAIN else ';'.join(['', *anew])}m" if anew else "\x1b[m"
    if not before.attributes <= after.attributes:
        return whole
    parts = sorted(after.attributes - before.attributes)
    if after.fore != before.fore:
        parts.append(after.fore or "39")
    if after.back != before.back:
        parts.append(after.back or "49")
    short = f"\x1b[{';'.join(parts)}m"
    return short if len(short) < len(whole) else whole
