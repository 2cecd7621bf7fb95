"""How a window looks on its terminal: theme, depth of colour, letters of 7 bits, and the driver that suits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.filter import ANSIToTruecolor
from textual.scrollbar import ScrollBar, ScrollBarRender

from tutor.tui.looks import theme
from tutor.tui.looks.depth import depth_for
from tutor.tui.looks.plain_cells import PlainCells
from tutor.tui.textual_private import without_sync_question

if TYPE_CHECKING:
    from textual.driver import Driver

    from tutor.course.model import Course
    from tutor.terminal import Terminal
    from tutor.tui.textual_private import OpenApp


def dress(app: OpenApp[int], terminal: Terminal) -> None:
    """Once, before anything is drawn."""
    ScrollBar.renderer = ScrollBarRender
    if terminal.ascii:
        from tutor.tui.looks.respelling import PlainBar

        ScrollBar.renderer = PlainBar
    for one in theme.themes():
        app.register_theme(one)
    app.theme = theme.theme_name(terminal)
    # in place of Textual's filters, which look at NO_COLOR for themselves and then send greys
    app.no_color = terminal.colours == "none"
    depth = depth_for(terminal.colours)
    app.filters(ANSIToTruecolor, [PlainCells(), *([depth] if depth is not None else [])])


def course_for(course: Course, terminal: Terminal) -> Course:
    """The course in letters that this terminal shows."""
    if not terminal.ascii:
        return course
    from tutor.tui.looks.respelling import respelled

    return respelled(course)


def driver_for(driver: type[Driver], terminal: Terminal) -> type[Driver]:
    """Ours in place of Textual's own; one that somebody chose (TEXTUAL_DRIVER, Windows) stays. Where the question for
    synchronized output would be printed, or is never answered, it is not asked."""
    if driver.__module__ == "textual.drivers.linux_driver":
        from tutor.tui.output.driver import SevenBitsDriver, ThriftyDriver

        driver = SevenBitsDriver if terminal.ascii else ThriftyDriver
    return driver if terminal.synchronized else without_sync_question(driver)
