"""Asks the engine for a picture, one request at a time, the newest wish only: a held key never queues up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.widget import Widget

from tutor.engine.protocol import FigureDone, Inspected
from tutor.errors import TutorError
from tutor.plots.scene import Scene

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
        self.busy = False

    def ask(self, values: Values) -> None:
        """Ask with these values, as soon as the request under way is answered."""
        self._wanted = values
        if not self.busy:
            self.busy = True
            self._owner.run_worker(self._serve(), group="figure")

    async def _serve(self) -> None:
        try:
            while self._wanted is not None:
                values, self._wanted = self._wanted, None
                answer = await self._ask(values)
                self._answered(answer, self._wanted is not None)
        except TutorError as error:
            self._failed(str(error))
        finally:
            self.busy = False


class FigureFeed(Feed):
    """Of the live figure `name`. got: called with the Scene and whether a newer one is already asked for."""

    def __init__(
        self, owner: Widget, name: str, got: Callable[[Scene, bool], None], failed: Callable[[str], None]
    ) -> None:
        async def ask(values: Values) -> FigureDone:
            done: FigureDone = await owner.app.get_engine().figure(name, values)  # type: ignore[attr-defined]
            return done

        def answered(answer: FigureDone | Inspected, stale: bool) -> None:
            if answer.scene is None:
                failed(answer.problem)
            else:
                got(answer.scene, stale)

        super().__init__(owner, ask, answered, failed)
