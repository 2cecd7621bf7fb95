"""A task at work: its code in the editor, and what came of it. It opens, runs, draws and records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from tutor.answering import judged
from tutor.course.model import Exercise, Lesson, Run
from tutor.course.walk import starter_of
from tutor.errors import TutorError
from tutor.following.run_state import RunState
from tutor.tui.door import tutor_of
from tutor.tui.keys.keymap import spelled
from tutor.tui.messages import Say
from tutor.tui.widgets.workbench.earlier_runs import History
from tutor.tui.widgets.workbench.editor import CodeEditor
from tutor.tui.widgets.workbench.findbar import FindBar
from tutor.tui.widgets.workbench.open_code import OpenCode
from tutor.tui.widgets.workbench.results import Results
from tutor.tui.widgets.workbench.run_bridge import Runner
from tutor.tui.widgets.workbench.task_help import next_step
from tutor.tui.widgets.workbench.title import TitleLine

if TYPE_CHECKING:
    from tutor.following.fit_state import FitState
    from tutor.messages.jobs import Job, Rubric
    from tutor.messages.verdicts import Verdict

IDLE_RUN = "F5 runs the code. What it prints and plots shows here, and a training draws its curve while it runs."
IDLE_EXERCISE = "F6 checks your code, F5 only runs it, F7 gives a hint."


class TaskBench(Vertical):
    """Works on one task at a time: a {run} block or an {exercise}. What its keys do is the `Workbench`'s.

    `show_task` opens one; `start` runs it; `save_now` puts the draft on disk before it returns; `Graded` and
    `StateChanged` tell the screen. work: what is open. judged_code: the code that has run last.
    """

    class Graded(Message):
        """A check came to its end, whatever it was."""

        def __init__(self, task_id: str, verdict: Verdict) -> None:
            super().__init__()
            self.task_id, self.verdict = task_id, verdict

    class StateChanged(Message):
        """Something the page may want to show changed: a run began or ended, a hint was shown."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tutor = tutor_of(self)
        self.lesson: Lesson | None = None
        self.work: Run | Exercise | None = None
        self.editor, self.results = CodeEditor(id="editor"), Results(id="lower")
        self.code = OpenCode(self.editor, self.tutor, self.draw_title)
        self.runner = Runner(self, self._draw, self._record_verdict, self._run_done)
        self.judged_code = ""
        self.history = History(self.tutor.runs)
        self._fit: FitState | None = None
        self._led_on = False
        self.title_line, self.find_bar = TitleLine(id="title"), FindBar(self.editor)

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.editor
        yield self.find_bar
        yield self.results

    def on_mount(self) -> None:
        self.editor.cursor_blink = self.tutor.terminal.blink

    # ------------------------------------------------------------------ what is open

    @property
    def task_id(self) -> str:
        """The id of what is open, "" where nothing is."""
        return self.code.task

    @property
    def exercise(self) -> Exercise | None:
        """What is open, where it is graded."""
        return self.work if isinstance(self.work, Exercise) else None

    @property
    def large(self) -> bool:
        """Whether the results stand over the whole workbench."""
        return self.has_class("-large")

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self.runner.going

    def say(self, notice: str, *, grave: bool = False) -> None:
        """One sentence for the rule above the keys."""
        self.post_message(Say(notice, grave=grave))

    async def show_task(
        self, lesson: Lesson, task: Run | Exercise, *, cursor: tuple[int, int] | None = None
    ) -> None:  # fmt: skip
        """Open this task: its draft, else its starter. The one that was open keeps its draft."""
        if self.task_id == task.id:
            return
        await self.tutor.write(self.save_now)
        if self.runner.going:
            self.runner.cancel()
        await self.code.open(task.id, starter_of(task), cursor)
        self.lesson, self.work = lesson, task
        self.results.clear(spelled(IDLE_EXERCISE if self.exercise else IDLE_RUN))
        self.runner.state = None
        self.draw_title()
        self.run_worker(self._warm(task), group="warm", exit_on_error=False)

    async def _warm(self, work: Run | Exercise) -> None:
        """Have the engine ready before it is asked for, and show a run that its window left behind."""
        from tutor.engine.client.which_host import kind_of

        engine = self.tutor.get_engine()
        if self.work is work and not self.runner.going and self.runner.state is None:
            self.judged_code = self.editor.text
            await self.runner.take_up(engine, work.id)
        await asyncio.to_thread(self.history.load, work.id)
        self._fit = None
        await engine.warm(kind_of(_sources(work)))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        if event.text_area is self.editor:
            self.code.typed()

    def save_now(self) -> bool:
        """The draft is on disk when this returns, unless the disk does not take it: whether it is."""
        return self.code.save_now()

    def on_unmount(self) -> None:
        self.save_now()

    def draw_title(self) -> None:
        """Name, draft and run, as they stand."""
        if self.is_mounted and self.task_id:
            draft = "elsewhere" if self.code.elsewhere is not None else self.code.standing
            self.title_line.show(f"{self.task_id}.py", draft, self.runner.state, enlarged=self.large)

    # ------------------------------------------------------------------ run

    def start(self, *, graded: bool) -> None:
        """Run the code as it stands. graded: have it judged."""
        if self.lesson is None or self.work is None:
            return
        if self.runner.going:
            self.say("A run is going on: ctrl+c stops it, ctrl+c again ends it at once.")
            return
        self.judged_code = self.editor.text
        try:
            job, rubric = self._job(self.lesson, self.work, graded=graded)
        except TutorError as error:
            self.say(str(error), grave=True)
            return
        self.code.save_soon()
        self.editor.mark_lines(frozenset())
        self.results.clear("")
        self.runner.start(self.tutor.get_engine(), job, rubric)
        self.post_message(self.StateChanged())

    def _job(self, lesson: Lesson, work: Run | Exercise, *, graded: bool) -> tuple[Job, Rubric | None]:
        """The job for the code as it stands; a rubric where it is to be graded."""
        from tutor.submitting import Bounds, job_for_exercise, job_for_run

        tutor, code = self.tutor, self.judged_code
        bounds, passed = Bounds.of(tutor.settings), tutor.progress.passed_code
        if graded and isinstance(work, Exercise):
            return job_for_exercise(tutor.course, lesson, work, code, bounds=bounds, passed_code=passed)
        return job_for_run(tutor.course, lesson, work, code, bounds=bounds, passed_code=passed), None

    def _draw(self, state: RunState) -> None:
        if not self.is_mounted:
            return
        self.judged_code = state.code or self.judged_code
        self._lay_earlier_below(state)
        task = self.exercise
        step = spelled(next_step(task, state.verdict, self.tutor.progress)) if task else ""
        self.results.show(state, learned=task.learned if task else "", next_step=step)
        error = state.error
        if error is not None and state.ended is not None:
            name = f"{self.task_id}.py"
            self.editor.mark_lines(frozenset(at.line for at in error.lines if at.chunk == name))
        self.draw_title()

    def _lay_earlier_below(self, state: RunState) -> None:
        """Earlier trainings, below the one that has begun."""
        if state.fit is not None and state.fit is not self._fit:
            self._fit = state.fit
            arrow = self.tutor.signs.arrow
            self.results.compare_with(self.history.earlier(state, state.fit, self.judged_code, arrow))

    def _run_done(self, state: RunState) -> None:
        self.post_message(self.StateChanged())
        self.refresh_bindings()
        if state.ended is not None and state.ended.reason == "lost":
            self.say(state.ended.note or "The run was lost; F5 or F6 starts it again.", grave=True)
        if state.fit is not None and not state.graded and not self._led_on and not self.large:
            self._led_on = True
            self.say("F4 enlarges it; there, i looks inside, r lists past runs.")
        lesson = self.lesson.id if self.lesson is not None else ""
        self.run_worker(self._keep_training(state, self.judged_code, lesson), group="record")
        if state.verdict is not None and self.exercise is not None and state.block == self.exercise.id:
            self.post_message(self.Graded(self.exercise.id, state.verdict))

    async def _record_verdict(self, state: RunState, verdict: Verdict) -> None:
        """Before anything of it is shown: who has seen that it passed has passed."""
        if self.exercise is not None and self.lesson is not None and state.block == self.exercise.id:
            attempt = judged(self.exercise, state.code or self.judged_code, verdict, self.lesson.id)
            await self.tutor.record(attempt)
            self.tutor.tell_unsaved()

    async def _keep_training(self, state: RunState, code: str, lesson: str) -> None:
        problem = await self.tutor.write(partial(self.history.keep, state, code, lesson))
        if problem:
            self.say(problem, grave=True)

    async def record(self, call: Callable[[], object]) -> None:
        """Have this written, and then draw what it has changed."""
        await self.tutor.write(call)
        if self.runner.state is not None:
            self._draw(self.runner.state)
        self.refresh_bindings()
        self.tutor.tell_unsaved()
        self.post_message(self.StateChanged())


def _sources(task: Run | Exercise) -> list[str]:
    """The code of a task, as far as it tells which engine it needs."""
    chunks = [task.setup]
    if isinstance(task, Exercise):
        chunks += [task.hidden, task.starter, task.checks, *task.solutions]
    else:
        chunks.append(task.code)
    return [chunk.code for chunk in chunks if chunk is not None]
