"""Esc and a key right behind it. A terminal sends the same for alt and that key, and Textual takes it for that, or
loses Esc altogether.

No action has an alt key, so it is meant as typed: Esc first, and the key where Esc led. Over a slow line the two
arrive together however slowly they were typed. Terminals that tell alt from Esc (the Kitty protocol) send no text with
it: those stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from tutor.tui import actions
from tutor.tui.keys.key_forms import keys_as_everywhere
from tutor.tui.keys.pasting import Pastes, plain_enter
from tutor.tui.textual_private import KeyParser

if TYPE_CHECKING:
    from tutor.tui.keys.turnstile import Pressed

_SIGNS = frozenset(" !\"#$%&'()*+,-./:;<=>?@`{|}~")
"""What no sequence of a terminal goes on with behind Esc."""


class EscapeKeeper(KeyParser):
    """Textual's own tells alt for letters only."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = Pastes()

    def feed(self, data: str) -> Iterable[Message]:
        """Pastes as such, whatever is in them; keys as everywhere."""
        if not data:
            yield from super().feed(data)
        for piece in self._pastes.split(data):
            if isinstance(piece, str):
                yield from super().feed(piece)
            else:
                yield piece

    def keys_of(
        self, sequence: str, usual: Callable[[str], Iterable[events.Key]]
    ) -> Iterable[events.Key] | None:
        if len(sequence) == 1:
            enters = self._pastes.own_indent and sequence in "\r\n"
            return [plain_enter()] if enters else None
        if len(sequence) != 2 or sequence[1] not in _SIGNS:
            return keys_as_everywhere(sequence, usual)
        return [events.Key(f"alt+{key.key}", sequence[1]) for key in usual(sequence[1])]


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


def apart(event: Pressed) -> Iterator[Pressed]:
    """Esc and the key behind it, where this event is such a pair; else the event."""
    typed = behind(event)
    if typed is not None:
        yield events.Key("escape", "\x1b")
    yield typed or event
