"""Asks the engine for a figure, one request at a time, the newest wish only: a held key never queues up."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from tutor.errors import TutorError
from tutor.plots.scene import Scene


class FigureFeed:
    """got: called with the Scene and whether a newer one is already asked for; failed: with a sentence."""

    def __init__(
        self, owner: Widget, name: str, got: Callable[[Scene, bool], None], failed: Callable[[str], None]
    ) -> None:
        self._owner, self._name, self._got, self._failed = owner, name, got, failed
        self._wanted: dict[str, str] | None = None
        self.busy = False

    def ask(self, values: dict[str, str]) -> None:
        """Compute the figure with these values, as soon as the one under way is done."""
        self._wanted = values
        if not self.busy:
            self.busy = True
            self._owner.run_worker(self._serve(), group="figure")

    async def _serve(self) -> None:
        try:
            while self._wanted is not None:
                values, self._wanted = self._wanted, None
                answer = await self._owner.app.get_engine().figure(self._name, values)  # type: ignore[attr-defined]
                if answer.scene is None:
                    self._failed(answer.problem)
                else:
                    self._got(answer.scene, self._wanted is not None)
        except TutorError as error:
            self._failed(str(error))
        finally:
            self.busy = False
