"""Until a screen is whole: its first picture is held back, and so is what is typed, until someone can hear it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.app import App

    from tutor.tui.keys.turnstile import Pressed, Turnstile


class Opening:
    """From `begin` to `done`. What was typed meanwhile is for the screen that is open then."""

    def __init__(self, app: App[int], turnstile: Turnstile) -> None:
        self._app, self._turnstile = app, turnstile
        self._picture = ExitStack()
        self._open = True
        self._first = False

    def begin(self, *, first: bool = False) -> None:
        """A screen is being opened. first: nothing has been drawn yet, and nothing is until it is whole."""
        self._open = False
        self._turnstile.shut()
        if first:
            self._first = True
            self._picture.enter_context(self._app.batch_update())

    def done(self) -> None:
        """The screen is whole: draw it, and let it hear what was typed. More than once does no harm."""
        if self._open:
            return
        self._open = True
        self._picture.close()
        self._turnstile.reopen()
        self._app.call_later(self._heard)

    def _heard(self) -> None:
        """Whatever was typed before the window had the terminal has been heard by now."""
        self._first = False

    def as_meant(self, event: Pressed) -> Pressed:
        """Before the window has the terminal, the terminal itself turns Enter into a line feed, which is ctrl+j."""
        if self._first and isinstance(event, events.Key) and event.key == "ctrl+j":
            return events.Key("enter", "\r")
        return event
