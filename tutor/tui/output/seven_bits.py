"""What goes to a terminal that shows 7 bits only: every character takes the columns it was laid out in."""

from __future__ import annotations

from functools import cache

from rich.cells import cell_len

_LIKE = {
    ".": "·…", "*": "•●", "o": "○◐◉☐", "x": "☑✗×", "+": "✓┌┐└┘├┤┬┴┼", ">": "▸▶→", "<": "◂←", "^": "↑", "v": "↓",
    "-": "−–—─╌", "'": "‘’", '"': "“”", "/": "÷", "|": "│┃▎", "=": "━", "#": "█▌▐▀▄░▒▓",
}  # fmt: skip
"""Signs, by the character that stands for them in one column."""
_TABLE = {ord(sign): plain for plain, signs in _LIKE.items() for sign in signs}


@cache
def _one(char: str) -> str:
    """One character in 7 bits, as wide as it is."""
    if char.isascii():
        return char
    plain = char.translate(_TABLE)
    return plain if plain.isascii() else "?" * cell_len(char)


def seven_bits(data: str) -> str:
    """The same columns with no character beyond 7 bits. Where a better spelling needs more room (`x_i`), who lays the
    text out has taken it already; this is for what is left: code, printed output, signs."""
    return data if data.isascii() else "".join(map(_one, data))
