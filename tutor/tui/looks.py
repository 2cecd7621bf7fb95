"""From what the terminal can do to the look that plotting asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.plots.look import PlotLook


def plot_look(app: Any, *, live: bool = False) -> PlotLook:
    """How pictures look in this window. live: the picture is drawn again many times a second."""
    from tutor.plots.look import PlotLook

    terminal = app.terminal
    palette = app.palette
    return PlotLook(
        ascii=terminal.ascii, braille=not terminal.ascii, colours=terminal.colours, dark=palette.dark,
        ink=palette.dim, quiet=palette.faint, live=live,
    )  # fmt: skip
