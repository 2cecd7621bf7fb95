"""The workbench's way to trainings that are over: its past ones, and the model of the last."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.tui.door import tutor_of
from tutor.tui.widgets.workbench.earlier_runs import History

if TYPE_CHECKING:
    from tutor.following.fit_state import FitState
    from tutor.following.run_state import RunState
    from tutor.runs import Record
    from tutor.tui.widgets.workbench.workbench import Workbench


class Past:
    """Of what `bench` has open."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._history: History | None = None
        self._below: FitState | None = None

    @property
    def history(self) -> History:
        if self._history is None:
            self._history = History(tutor_of(self._bench).runs)
        return self._history

    async def load(self, block: str) -> None:
        """Know what is kept of this block, before it is needed."""
        await asyncio.to_thread(self.history.load, block)
        self._below = None

    def lay_below(self, state: RunState) -> None:
        """Lay earlier trainings below the one that has begun."""
        fit = state.fit
        if fit is None or fit is self._below:
            return
        self._below = fit
        arrow = tutor_of(self._bench).signs.arrow
        earlier = self.history.earlier(state, fit, self._bench.judged_code, arrow)
        self._bench.results.compare_with(earlier)

    def keep(self, state: RunState) -> None:
        """A run is over: its last training joins the past."""
        fit = next((fit for fit in reversed(state.fits) if fit.epochs_done), None)
        if fit is not None and not state.graded:
            self._bench.run_worker(self._keep(state, fit, self._bench.judged_code), group="record")

    async def _keep(self, state: RunState, fit: FitState, code: str) -> None:
        lesson = self._bench.lesson_id
        await asyncio.to_thread(self.history.keep, state, fit, code, lesson)
        for problem in self.history.runs.problems[-1:]:
            self._bench.say(problem, grave=True)

    def show(self) -> None:
        """The table of past runs."""
        from tutor.tui.screens.runs import RunsScreen

        block = self._bench.task_id
        if block is None:
            return
        runner = self._bench.runner
        alive = runner.state.run if runner.state is not None and not runner.going else ""
        screen = RunsScreen(block, self.history.runs, alive=alive, keep=self._keep_model)
        self._bench.app.push_screen(screen, self._take)

    def inspect(self) -> None:
        """Look into what the last run has left."""
        from tutor.messages.events import Inspected
        from tutor.tui.screens.inspector import InspectorScreen

        runner, engine = self._bench.runner, tutor_of(self._bench).get_engine()
        last = runner.last
        if last is None or runner.state is None:
            self._bench.say("Nothing has run yet: F5 runs the code, then i looks into its model.")
            return

        async def ask(view: str, values: dict[str, str]) -> Inspected:
            answer: Inspected = await engine.inspect(runner.last or last, view, values)
            return answer

        name = self._bench.task_id or ""
        self._bench.app.push_screen(
            InspectorScreen(name, ask, going=lambda: runner.going, watch=runner.watch, pause=runner.pause)
        )

    def _take(self, code: object) -> None:
        """The code of a past run into the editor, as one step that ctrl+z takes back; the draft is kept."""
        if isinstance(code, str) and self._bench.task_id is not None:
            self._bench.take_code(code)

    async def _keep_model(self, record: Record, path: str) -> str:
        running = self._bench.runner.last
        if running is None or running.run != record.run:
            return "its process has ended."
        try:
            done = await tutor_of(self._bench).get_engine().keep(running, path)
        except TutorError as error:
            return str(error)
        return str(done.problem)
