"""{predict}: commit to an outcome first; then the figure is shown, or the code runs, and says who was right.

Where the code trains and each choice has its sketch, the real curve is drawn over the chosen one while it trains.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from tutor.course.model import CodeBlock, Figure
from tutor.course.walk import starter_of
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
    from tutor.following.fit_state import FitState
    from tutor.following.run_state import RunState
    from tutor.messages.events import RunEvent
    from tutor.messages.jobs import Job
    from tutor.plots.scene import Scene
    from tutor.tui.door import Tutor

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
        self._lesson = lesson
        self._fit: FitState | None = None
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
        fit = self._fit
        real = fit.curves.get(block.metric, Curve()) if fit is not None else Curve()
        planned = fit.started.epochs if fit is not None else 0
        return sketch_scene(block.curves, block.metric, chosen, real.points(), planned)

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
        from tutor.following.run_state import RunState

        tutor = tutor_of(self)
        try:
            job = await asyncio.to_thread(self._job, tutor)
            state = RunState(job.run, job.block, graded=False)
            async for event in await tutor.get_engine().run(job):
                state.apply(event)
                await self._show_event(ran, state, event)
        except TutorError as error:
            ran.state = str(error)
            ran.changed()

    def _job(self, tutor: Tutor) -> Job:
        from tutor.submitting import Bounds, job_for_run

        lesson, bounds = tutor.library.lesson(self._lesson), Bounds.of(tutor.settings)
        passed = tutor.progress.passed_code
        return job_for_run(tutor.course, lesson, self.block, starter_of(self.block), bounds=bounds, passed_code=passed)

    async def _show_event(self, ran: Ran, state: RunState, event: RunEvent) -> None:
        """Show what came, of a run of which so much is known."""
        from tutor.messages.events import Ended, Output, Plotted
        from tutor.messages.training import EpochEnded, FitEnded, FitStarted

        self._fit = state.fit
        match event:
            case EpochEnded() | FitEnded():
                self._draw_sketch(whole=isinstance(event, FitEnded))
                return
            case FitStarted() | Output():
                ran.printed = "".join(text for _, text in state.output)
            case Plotted():
                await self.mount(SceneView(event.scene, rows=event.scene.height))
            case Ended():
                error = event.error
                ran.state = f"{error.kind}: {error.message}" if error else "" if event.reason == "ok" else event.note
            case _:
                return
        ran.changed()
