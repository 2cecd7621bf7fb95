"""Keys act in the order in which they were pressed.

A key goes to the field in focus, which has a queue of its own; what the field does not take goes up to the window,
through the queue of each widget on the way; the action that it calls may post messages, which take that way again. A
key behind it would be done with first: F6 behind a letter in one read would check the text without that letter. So a
key is handed on once the one before has had its effect, and what waits keeps its order.

Letters that are typed into one field wait in one queue anyway: they pass at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from textual import events

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode
    from textual.timer import Timer
    from textual.widget import Widget

Pressed: TypeAlias = events.Key | events.Paste

PASSES = 3
"""Ways up through all queues that take everything along that a key calls forth: the key itself and its action, what
that posts, and what is posted on account of it."""
LOOK, LOOKS = 2.0, 5
"""Seconds between two looks while keys wait, and looks without any headway after which they wait no longer."""


@runtime_checkable
class TakesKeys(Protocol):
    """A field that does by itself what more keys mean than those that type."""

    def takes(self, key: str) -> bool:
        """Whether this key is one of them."""


class Sweep:
    """Goes behind a key through the queues from where it went up to the window, several times; then calls `arrived`.

    hops: how far it has come.
    """

    def __init__(self, app: App[int], start: DOMNode, arrived: Callable[[Sweep], Awaitable[None]]) -> None:
        self._app, self._start, self._arrived = app, start, arrived
        self._at, self._left = start, PASSES
        self.hops = 0
        self._begin()

    def _begin(self) -> None:
        """From where the key went, and from where the focus is by now; what is above both comes behind both."""
        now = self._app.focused or self._app.screen
        both = [*self._start.ancestors_with_self, *now.ancestors_with_self]
        self._path = [one for one in dict.fromkeys(reversed(both)) if one is not self._app]
        self._hop(self.hops)

    def _hop(self, hops: int) -> None:
        """Into the next queue; those that have closed take nothing more. hops: those before this one."""
        if hops != self.hops:
            return
        self.hops += 1
        while self._path:
            self._at = self._path.pop()
            if self._at.call_later(self._hop, self.hops):
                return
        self._at = self._app
        self._app.call_later(self._through, self.hops)

    async def _through(self, hops: int) -> None:
        """All queues are through with what was in them; the window's as well."""
        self._left -= 1
        if self._left > 0:
            self._begin()
        else:
            await self._arrived(self)

    def look(self) -> None:
        """Go on where the queue closed before it had come to this."""
        if self._at is not self._app and not self._at.is_running:
            self._hop(self.hops)


class Turnstile:
    """hand_on: has a key take effect, as Textual does it."""

    def __init__(self, app: App[int], hand_on: Callable[[Pressed], Awaitable[None]]) -> None:
        self._app, self._hand_on = app, hand_on
        self._held: deque[Pressed] = deque()
        self._shut = False
        self._field: Widget | None = None
        """Where letters went since the last sweep."""
        self._sweep: Sweep | None = None
        self._timer: Timer | None = None
        self._hops = self._looks = 0

    async def take(self, event: Pressed) -> None:
        """A key or a paste has come: it passes now, or once those before it have had their effect."""
        self._held.append(event)
        await self._go_on()

    def shut(self) -> None:
        """Hold everything until `reopen`: there is nobody yet who could hear it."""
        self._shut = True

    def reopen(self) -> None:
        """Let go on what was held, once what opened is where the focus is. More than once does no harm."""
        if self._shut:
            self._shut = False
            self._begin(self._app.screen)

    # ------------------------------------------------------------------ one after the other

    async def _go_on(self) -> None:
        while self._held and not self._shut and self._sweep is None:
            field = self._app.focused
            types = field is not None and takes(field, self._held[0])
            if self._field is not None and (self._field is not field or not types):
                self._begin(self._field)
                break
            await self._hand_on(self._held.popleft())
            if types:
                self._field = field
            else:
                self._begin(field or self._app.screen)
        if self._held and self._timer is None:
            self._hops = self._looks = 0
            self._timer = self._app.set_timer(LOOK, self._look)

    def _begin(self, start: DOMNode) -> None:
        self._field = None
        self._sweep = Sweep(self._app, start, self._arrived)

    async def _arrived(self, sweep: Sweep) -> None:
        if sweep is self._sweep:
            self._sweep = None
            await self._go_on()

    async def _look(self) -> None:
        """Nothing may keep keys for ever, neither a queue that is gone nor one in which something hangs."""
        self._timer = None
        sweep = self._sweep
        if sweep is not None:
            self._looks = self._looks + 1 if sweep.hops == self._hops else 0
            self._hops = sweep.hops
            sweep.look()
            if self._looks >= LOOKS:
                await self._arrived(sweep)
        if self._held and self._timer is None:
            self._timer = self._app.set_timer(LOOK, self._look)


def takes(field: Widget, event: Pressed) -> bool:
    """Whether the field does what this key or paste means by itself, in the order of its own queue."""
    if isinstance(event, events.Paste):
        return field.check_consume_key("x", "x")
    own = isinstance(field, TakesKeys) and field.takes(event.key)
    return own or field.check_consume_key(event.key, event.character)
