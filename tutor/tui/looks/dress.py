"""How a window looks on its terminal: palette, signs, theme, depth of colour, and letters of 7 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.filter import ANSIToTruecolor, LineFilter
from textual.scrollbar import ScrollBar, ScrollBarRender

from tutor.tui.looks import theme
from tutor.tui.looks.depth import depth_for

if TYPE_CHECKING:
    from textual.driver import Driver

    from tutor.tui.app import TutorApp


def dress(app: TutorApp) -> None:
    """Once, before anything is drawn."""
    terminal = app.terminal
    app.palette = theme.palette_for(terminal)
    app.signs = theme.ASCII_SIGNS if terminal.ascii else theme.Signs()
    ScrollBar.renderer = ScrollBarRender
    if terminal.ascii:
        _in_seven_bits(app)
    for one in theme.themes():
        app.register_theme(one)
    app.theme = theme.theme_name(terminal)
    _set_depth(app)
    if not terminal.synchronized:
        app.driver_class = _unasked(app.driver_class)


def _unasked(driver: type[Driver]) -> type[Driver]:
    """That driver, which does not ask for synchronized output: here the question is printed, or never answered."""

    class Unasked(driver):  # type: ignore[misc, valid-type]
        def _request_terminal_sync_mode_support(self) -> None:
            return

    return Unasked


def _in_seven_bits(app: TutorApp) -> None:
    from tutor.tui.looks.respelling import PlainBar, respelled

    app.course = respelled(app.course)
    ScrollBar.renderer = PlainBar


def _set_depth(app: TutorApp) -> None:
    """In place of Textual's filters, which look at NO_COLOR for themselves and then send greys."""
    colours = app.terminal.colours
    app.no_color = colours == "none"
    filters: list[LineFilter] = [one for one in app._filters if isinstance(one, ANSIToTruecolor)]
    depth = depth_for(colours)
    app._filters = [*filters, depth] if depth is not None else filters
