"""From what the terminal can do to the looks that typesetting and plotting ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.plots.look import PlotLook
    from tutor.terminal import Terminal
    from tutor.tui.looks.theme import Palette
    from tutor.typeset.text_look import Look


def text_look(terminal: Terminal, palette: Palette) -> Look:
    """How set text looks in this window."""
    from tutor.typeset.text_look import Look

    if terminal.colours == "none":
        return Look.without_colour(terminal.ascii)
    surface = "on #1c1c1c" if palette.dark else "on #e4e4e4"
    if terminal.colours == "16":
        surface = ""
    return Look(
        ascii=terminal.ascii, text=palette.text, code=palette.code, heading=palette.heading, quiet=palette.dim,
        number=palette.dim, marker=palette.dim, bar=palette.rule, warning_bar=palette.warn, maths=palette.strong,
        literal=palette.code, keyword=f"bold {palette.text}", comment=f"italic {palette.dim}",
        surface=surface, strong=palette.strong,
        emphasis=f"italic {palette.strong.removeprefix('bold').strip()}".strip(),  # some terminals have no italics
    )  # fmt: skip


def plot_look(terminal: Terminal, palette: Palette) -> PlotLook:
    """How pictures look in this window."""
    from tutor.plots.look import PlotLook

    return PlotLook(
        ascii=terminal.ascii, braille=terminal.braille, colours=terminal.colours, dark=palette.dark,
        ink=palette.dim, quiet=palette.faint,
    )  # fmt: skip
