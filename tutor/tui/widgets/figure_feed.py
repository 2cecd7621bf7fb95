"""Asks the engine for a picture, one request at a time, the newest wish only: a held key never queues up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from textual.widget import Widget

from tutor.errors import TutorError
from tutor.messages.events import FigureDone, Inspected
from tutor.plots.scene import Scene
from tutor.tui.door import tutor_of

Values = dict[str, str]


class Feed:
    """ask: puts values to the engine. answered: called with what came and whether a newer wish is already there;
    failed: with a sentence."""

    def __init__(
        self, owner: Widget, ask: Callable[[Values], Awaitable[FigureDone | Inspected]],
        answered: Callable[[FigureDone | Inspected, bool], None], failed: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._owner, self._ask, self._answered, self._failed = owner, ask, answered, failed
        self._wanted: Values | None = None
        self._going: asyncio.Future[FigureDone | Inspected] | None = None
        self.busy = False
        self.flows = False
        """Whether the request under way has shown something already, and goes on."""

    def ask(self, values: Values) -> None:
        """Ask with these values, as soon as the request under way is answered; one that flows is given up."""
        self._wanted = values
        if not self.busy:
            self.busy = True
            self._owner.run_worker(self._serve(), group="figure")
        elif self.flows and self._going is not None:
            self._going.cancel()

    async def _serve(self) -> None:
        try:
            while self._wanted is not None:
                values, self._wanted = self._wanted, None
                self._going = asyncio.ensure_future(self._ask(values))
                await asyncio.wait([self._going])
                self.flows = False
                if not self._going.cancelled():
                    self._answered(self._going.result(), self._wanted is not None)
        except TutorError as error:
            self._failed(str(error))
        finally:
            self.busy = self.flows = False
            if self._going is not None:
                self._going.cancel()


class FigureFeed(Feed):
    """Of the live figure `name`. got: called with the Scene and whether a newer one is already asked for. A figure
    that trains is shown as often as the terminal takes pictures."""

    def __init__(
        self, owner: Widget, name: str, got: Callable[[Scene, bool], None], failed: Callable[[str], None]
    ) -> None:
        shown_at = 0.0

        def newer(done: FigureDone) -> None:
            nonlocal shown_at
            every = 1 / tutor_of(owner).terminal.picture_rate
            now = time.monotonic()
            if done.scene is not None and (not self.flows or now - shown_at >= every):
                self.flows, shown_at = True, now
                got(done.scene, False)

        async def ask(values: Values) -> FigureDone:
            done: FigureDone = await tutor_of(owner).get_engine().figure(name, values, newer=newer)
            return done

        def answered(answer: FigureDone | Inspected, stale: bool) -> None:
            if answer.scene is None:
                failed(answer.problem)
            else:
                got(answer.scene, stale)

        super().__init__(owner, ask, answered, failed)
