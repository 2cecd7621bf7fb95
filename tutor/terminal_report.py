"""What `dl-tutor doctor` says of the terminal: what was found, why, and how to say otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.doctor import Finding, Level
from tutor.terminal import CANNOT_DRAW, SMALLEST, Terminal

TEST_LINE = "braille ⡇⢆⠑⣄⠤⣀  blocks ▀▄█▌▐  maths ∂ℒ ρ ŷ ∑ ∈ ‖x‖ w⁽ᵗ⁺¹⁾ hₜ₋₁  ○ ◐ ● ✓ ✗"
OTHERWISE = (
    "To say otherwise: the name in brackets in the settings, in capitals behind DL_TUTOR_ in the environment, or "
    "behind -- before the command: `colours = \"16\"`, DL_TUTOR_COLOURS=16, `dl-tutor --colours 16`."
)
_LINES = {
    "local": "the terminal is on this machine", "ssh": "the terminal is at the other end of SSH",
    "mosh": "the terminal is at the other end of mosh", "serial": "the terminal is on a serial line",
}  # fmt: skip

_UTF8 = "Set LANG to a UTF-8 locale; ASCII is used until then."
_ASCII_TODO = {"locale": _UTF8, "encoding": _UTF8, "Linux": "In another terminal there is more to see."}
"""What to do about ASCII, by the second word of the reason; nothing where it was chosen."""


def look_at_terminal(terminal: Terminal) -> Iterator[Finding]:
    """One finding for each thing that was found or decided."""
    if terminal.problem:
        lines = terminal.term.lower() in CANNOT_DRAW
        todo = "All commands but `open` work here." if lines else "The window needs one; over SSH use `ssh -t`."
        yield _said(terminal.problem, todo, "warn")
    yield _size(terminal)
    yield _said(f"{_LINES[terminal.line]} [line]: {terminal.why['line']}")
    inside = f"inside {terminal.multiplexer}, whose own keys (ctrl+b, ctrl+a) stay its own"
    yield _said(
        f"{inside if terminal.multiplexer else 'neither inside tmux nor inside screen'} [multiplexer]: "
        f"{terminal.why['multiplexer']}"
    )
    yield from _looks(terminal)
    yield from _pace(terminal)
    yield _said("Each of these can be chosen.", todo=OTHERWISE)


def _said(what: str, todo: str = "", level: Level = "ok") -> Finding:
    return Finding("terminal", level, what, todo)


def _size(terminal: Terminal) -> Finding:
    columns, rows = terminal.columns, terminal.rows
    small = columns < SMALLEST[0] or rows < SMALLEST[1]
    todo = f"Make it at least {SMALLEST[0]}x{SMALLEST[1]}; 80x24 is comfortable." if small else ""
    what = f"{columns}x{rows} ({terminal.why['size']}), TERM={terminal.term or 'not set'}"
    return _said(what, todo, "warn" if small else "ok")


def _looks(terminal: Terminal) -> Iterator[Finding]:
    why = terminal.why
    few = terminal.colours in ("16", "none") and why["colours"].startswith("TERM=")  # not by someone's own choice
    todo = 'If it can show more: `colours = "256"` in the settings.' if few else ""
    yield _said(f"colours: {terminal.colours} [colours]: {why['colours']}", todo, "warn" if few else "ok")
    yield _said(f"ground: {terminal.theme} [theme]: {why['theme']}")
    todo = "" if terminal.unicode else _ASCII_TODO.get(why["unicode"].split(" ")[1], "")
    word = "Unicode" if terminal.unicode else "ASCII"
    yield _said(f"letters: {word} [ascii]: {why['unicode']}", todo, "warn" if todo else "ok")
    if terminal.unicode:
        yield _said(TEST_LINE, "Gaps or boxes in this line: choose another font, `--no-braille`, or `--ascii`.")
    word = "braille dots" if terminal.braille else "one character for each cell"
    yield _said(f"lines of plots: {word} [braille]: {why['braille']}")


def _pace(terminal: Terminal) -> Iterator[Finding]:
    why = terminal.why
    word = "scrolls smoothly" if terminal.motion else "does not move"
    yield _said(f"the page {word} [motion]: {why['motion']}")
    yield _said(f"the screen: at most {terminal.frame_rate} times a second [frame_rate]: {why['frame_rate']}")
    rate = terminal.picture_rate
    yield _said(f"curves and figures: at most {rate} times a second [picture_rate]: {why['picture_rate']}")
    word = "where the terminal knows them" if terminal.synchronized else "no"
    yield _said(f"whole pictures at once: {word} [synchronized]: {why['synchronized']}")
    yield _said(f"the cursor {'blinks' if terminal.blink else 'does not blink'} [blink]")
