"""{predict}: commit to an outcome first; then the figure is shown, or the code runs, and says who was right."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from tutor.course.model import CodeBlock, Figure
from tutor.errors import TutorError
from tutor.progress import Attempt
from tutor.tui.widgets.choices import Choices
from tutor.tui.widgets.lines import Lines
from tutor.tui.widgets.task import Setter

if TYPE_CHECKING:
    from tutor.course.model import Predict


class Ran(Lines):
    """The code and what it printed."""

    DEFAULT_CSS = "Ran { height: auto; margin: 0 0 1 2; }"

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code, self.printed, self.state = code, "", "running"

    def make(self, width: int) -> list[Text]:
        out = Setter(self, width)
        out.blocks((CodeBlock("python", self._code),))
        out.space()
        if self.state:
            out.text(self.state, out.palette.dim)
        for line in self.printed.splitlines():
            out.add(Text(line[:width], out.palette.text))
        return out.out


class PredictTask(Vertical):
    """Choices; below them, once committed, what really happens."""

    DEFAULT_CSS = "PredictTask { height: auto; }"

    def __init__(self, block: Predict, lesson: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(classes="-field")
        self.block = block
        self._choices = Choices(block, lesson, attempts)

    @property
    def field(self) -> Choices:
        return self._choices

    @property
    def state(self) -> str:
        return self._choices.state

    def compose(self) -> ComposeResult:
        yield self._choices

    async def on_mount(self) -> None:
        if self._choices.marked is not None:
            await self._show()

    async def on_choices_committed(self, event: Choices.Committed) -> None:
        event.stop()
        await self._show()

    async def _show(self) -> None:
        if len(self.children) > 1:
            return
        if self.block.figure:
            from tutor.tui.widgets.figure import FigureView

            await self.mount(FigureView(Figure(self.block.figure, self.block.settings)))
        elif self.block.code is not None:
            ran = Ran(self.block.code.code)
            await self.mount(ran)
            self.run_worker(self._run(ran), group="predict")

    async def _run(self, ran: Ran) -> None:
        """Run the lesson's code in the engine; plots are drawn below what it prints."""
        from tutor.engine import protocol as p

        code, setup = self.block.code, self.block.setup
        assert code is not None
        before = (p.Chunk("setup", setup.code),) if setup is not None else ()
        job = p.Job(
            f"{self.block.id}-{secrets.token_hex(4)}", self.block.id, (*before, p.Chunk("code", code.code)),
            limits=p.Limits(seconds=self.block.seconds),
        )  # fmt: skip
        try:
            running = await self.app.get_engine().run(job)  # type: ignore[attr-defined]
            async for event in running:
                await self._hear(ran, event)
        except TutorError as error:
            ran.state = str(error)
            ran.changed()

    async def _hear(self, ran: Ran, event: object) -> None:
        from tutor.engine import protocol as p

        if isinstance(event, p.Output):
            ran.printed += event.text
        elif isinstance(event, p.Plotted):
            from tutor.tui.widgets.scene import SceneView

            await self.mount(SceneView(event.scene, rows=event.scene.height))
        elif isinstance(event, p.Ended):
            error = event.error
            ran.state = f"{error.kind}: {error.message}" if error else "" if event.reason == "ok" else event.note
        else:
            return
        ran.changed()
