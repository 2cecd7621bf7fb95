"""The ways from the workbench to trainings that are over: to the table of past runs, and into the model of the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.engine.client.engine import Engine
    from tutor.engine.client.running import Running
    from tutor.messages.events import Inspected
    from tutor.runs import Record, Runs
    from tutor.tui.screens.inspector import InspectorScreen
    from tutor.tui.screens.runs import RunsScreen
    from tutor.tui.widgets.workbench.run_bridge import Runner


def runs_screen(block: str, runs: Runs, runner: Runner, engine: Engine) -> RunsScreen:
    """The table of past runs of this block. While the process of the last one lives, its model can be kept."""
    from tutor.tui.screens.runs import RunsScreen

    async def keep(record: Record, path: str) -> str:
        running = runner.last
        if running is None or running.run != record.run:
            return "its process has ended."
        try:
            done = await engine.keep(running, path)
        except TutorError as error:
            return str(error)
        return done.problem

    alive = runner.state.run if runner.state is not None and not runner.going else ""
    return RunsScreen(block, runs, alive=alive, keep=keep)


def inspector_screen(block: str, last: Running, runner: Runner, engine: Engine) -> InspectorScreen:
    """Into what the last run has left; a newer one takes its place."""
    from tutor.tui.screens.inspector import InspectorScreen

    async def ask(view: str, values: dict[str, str]) -> Inspected:
        return await engine.inspect(runner.last or last, view, values)

    return InspectorScreen(block, ask, going=lambda: runner.going, watch=runner.watch, pause=runner.pause)
