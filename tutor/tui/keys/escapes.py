"""Esc and a key right behind it. A terminal sends the same for alt and that key, and Textual takes it for that, or
loses Esc altogether.

No action has an alt key, so it is meant as typed: Esc first, and the key where Esc led. Over a slow line the two
arrive together however slowly they were typed. Terminals that tell alt from Esc (the Kitty protocol) send no text with
it: those stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser

from tutor.tui import actions

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp

REST = 0.05
"""Seconds that Esc gets to lead out of where one is, before the letter is heard there."""


_SIGNS = frozenset(" !\"#$%&'()*+,-./:;<=>?@`{|}~")
"""What no sequence of a terminal goes on with behind Esc."""


class EscapeKeeper(XTermParser):
    """Textual's parser of what a terminal sends, which tells alt for letters only."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if len(sequence) == 2 and sequence[0] == "\x1b" and sequence[1] in _SIGNS:
            for key in super()._sequence_to_key_events(sequence[1]):
                yield events.Key(f"alt+{key.key}", sequence[1])
        else:
            yield from super()._sequence_to_key_events(sequence, alt)


def behind(event: events.Event) -> events.Key | None:
    """The key that was typed after Esc, where this one is such a pair."""
    if not isinstance(event, events.Key) or not event.key.startswith("alt+"):
        return None
    typed = event.character
    if typed is None or not (typed in _SIGNS or (len(typed) == 1 and typed.isalnum())):
        return None
    if any(event.key in action.keys for action in actions.ACTIONS):
        return None  # the learner's own key
    return events.Key(typed if typed.isalnum() else event.key.removeprefix("alt+"), typed)


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
        typed = behind(event)
        if typed is None:
            return event
        self._held = [typed]
        self._app.set_timer(REST, self._release)
        return events.Key("escape", "\x1b")

    def _release(self) -> None:
        held, self._held = self._held or [], None
        for event in held:
            self._app.post_message(event)
