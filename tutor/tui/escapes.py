"""Esc and a letter right behind it. A terminal sends the same for alt and a letter, and Textual takes it for that.

No action has an alt key, so it is meant as typed: Esc first, and the letter where Esc led. Over a slow line the two
arrive together however slowly they were typed. Terminals that tell alt from Esc (the Kitty protocol) send no text with
it: those stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tutor.tui import actions

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp

REST = 0.05
"""Seconds that Esc gets to lead out of where one is, before the letter is heard there."""


def behind(event: events.Event) -> events.Key | None:
    """The letter that was typed after Esc, where this key is such a pair."""
    if not isinstance(event, events.Key) or not event.key.startswith("alt+"):
        return None
    letter = event.character
    if letter is None or len(letter) != 1 or not letter.isalnum():
        return None
    if any(event.key in action.keys for action in actions.ACTIONS):
        return None  # the learner's own key
    return events.Key(letter, letter)


class Escapes:
    """Splits such pairs; what is typed while Esc takes effect waits behind it, in order."""

    def __init__(self, app: TutorApp) -> None:
        self._app = app
        self._held: list[events.Event] | None = None

    def let_through(self, event: events.Event) -> events.Event | None:
        """The event, Esc in its place, or None where it is kept for later."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            return event
        if self._held is not None:
            self._held.append(event)
            return None
        letter = behind(event)
        if letter is None:
            return event
        self._held = [letter]
        self._app.set_timer(REST, self._release)
        return events.Key("escape", "\x1b")

    def _release(self) -> None:
        held, self._held = self._held or [], None
        for event in held:
            self._app.post_message(event)
