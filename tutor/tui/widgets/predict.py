"""{predict}: commit to an outcome first; then the figure is shown, or the code runs, and says who was right.

Where the code trains and each choice has its sketch, the real curve is drawn over the chosen one while it trains.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from tutor.course.model import CodeBlock, Figure
from tutor.errors import TutorError
from tutor.plots.curve import Curve
from tutor.plots.sketches import HEIGHT, sketch_scene
from tutor.progress import Attempt
from tutor.tui.door import tutor_of
from tutor.tui.widgets.choices import Choices
from tutor.tui.widgets.lines import Lines
from tutor.tui.widgets.scene_view import SceneView
from tutor.tui.widgets.task import TaskSetter

if TYPE_CHECKING:
    from tutor.course.model import Predict
    from tutor.plots.scene import Scene

TALL, LOW = 30, 8
"""Rows of a window from which on sketches have their whole height, and their rows in a lower one."""


class Ran(Lines):
    """The code and what it printed."""

    DEFAULT_CSS = "Ran { height: auto; margin: 0 0 1 2; }"

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code, self.printed, self.state = code, "", "running"

    def make(self, width: int) -> list[Text]:
        out = TaskSetter(self, width)
        out.blocks((CodeBlock("python", self._code),))
        out.space()
        if self.state:
            out.text(self.state, out.palette.dim)
        for line in self.printed.splitlines():
            out.add(Text(line[:width], out.palette.text))
        return out.out


class PredictTask(Vertical):
    """Choices; below them, once committed, what really happens."""

    DEFAULT_CSS = """
    PredictTask { height: auto; }
    PredictTask > Choices:last-child { margin-bottom: 0; }
    """

    def __init__(self, block: Predict, lesson: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(classes="-field")
        self.block = block
        self._choices = Choices(block, lesson, attempts)
        self._real, self._planned = Curve(), 0
        self._sketch = SceneView(self._sketched(None), rows=HEIGHT) if block.curves else None
        self._drawn = 0.0
        self._shown = False

    @property
    def field(self) -> Choices:
        return self._choices

    @property
    def state(self) -> str:
        return self._choices.state

    def compose(self) -> ComposeResult:
        yield self._choices
        if self._sketch is not None:
            yield self._sketch

    def _sketched(self, chosen: int | None) -> Scene:
        block = self.block
        return sketch_scene(block.curves, block.metric, chosen, self._real.points(), self._planned)

    def _draw_sketch(self, *, whole: bool = False) -> None:
        """The real curve over the chosen sketch; at the terminal's rate, unless it is `whole`."""
        rate = tutor_of(self).terminal.picture_rate
        if self._sketch is None or (not whole and time.monotonic() - self._drawn < 1 / rate):
            return
        self._drawn = time.monotonic()
        chosen = min(self._choices.chosen) if self._choices.chosen else None
        self._sketch.show(self._sketched(chosen))

    async def on_mount(self) -> None:
        if self._sketch is not None and self.app.size.height < TALL:
            self._sketch.styles.height = LOW  # so that the choices and their sketches are seen at once
        if self._choices.marked is not None:
            await self._show()

    async def on_choices_committed(self, event: Choices.Committed) -> None:
        event.stop()
        await self._show()
        if self._sketch is not None:
            self.call_after_refresh(self._sketch.scroll_visible, animate=False, force=True, immediate=True)

    async def _show(self) -> None:
        if self._shown:
            self._draw_sketch(whole=True)
            return
        self._shown = True
        self._draw_sketch(whole=True)
        if self.block.figure:
            from tutor.tui.widgets.figure import FigureView

            await self.mount(FigureView(Figure(self.block.figure, self.block.settings)))
        elif self.block.code is not None:
            ran = Ran(self.block.code.code)
            await self.mount(ran)
            self.run_worker(self._run(ran), group="predict")

    async def _run(self, ran: Ran) -> None:
        """Run the lesson's code in the engine; plots are drawn below what it prints."""
        from tutor.messages.jobs import Chunk, Job, Limits

        code, setup = self.block.code, self.block.setup
        assert code is not None
        before = (Chunk("setup", setup.code),) if setup is not None else ()
        job = Job(
            f"{self.block.id}-{secrets.token_hex(4)}", self.block.id, (*before, Chunk("code", code.code)),
            limits=Limits(seconds=self.block.seconds),
        )  # fmt: skip
        try:
            running = await tutor_of(self).get_engine().run(job)
            async for event in running:
                await self._hear(ran, event)
        except TutorError as error:
            ran.state = str(error)
            ran.changed()

    async def _hear(self, ran: Ran, event: object) -> None:
        from tutor.messages.events import Ended, Output, Plotted
        from tutor.messages.training import EpochEnded, FitEnded, FitStarted

        if isinstance(event, FitStarted):
            self._real, self._planned = Curve(), event.epochs
        elif isinstance(event, EpochEnded):
            if self.block.metric in event.values:
                self._real.add(event.epoch + 1.0, event.values[self.block.metric])
                self._draw_sketch()
            return
        elif isinstance(event, FitEnded):
            self._draw_sketch(whole=True)
            return
        elif isinstance(event, Output):
            ran.printed += event.text
        elif isinstance(event, Plotted):
            await self.mount(SceneView(event.scene, rows=event.scene.height))
        elif isinstance(event, Ended):
            error = event.error
            ran.state = f"{error.kind}: {error.message}" if error else "" if event.reason == "ok" else event.note
        else:
            return
        ran.changed()
