"""The Workbench widget: title, editor, results. It runs, checks, hints, and keeps the draft."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from tutor.course.model import Exercise, Lesson, LessonEntry, Run
from tutor.errors import TutorError
from tutor.following.run_state import RunState
from tutor.messages import verdicts
from tutor.messages.jobs import Rubric
from tutor.progress import Attempt, Progress
from tutor.tui.actions import bindings
from tutor.tui.door import tutor_of
from tutor.tui.keys.keymap import spelled
from tutor.tui.messages import Say
from tutor.tui.widgets.workbench.copying import results_text
from tutor.tui.widgets.workbench.draft_keeper import DraftKeeper
from tutor.tui.widgets.workbench.editor import CodeEditor
from tutor.tui.widgets.workbench.elsewhere import LOOK_ELSEWHERE, Elsewhere
from tutor.tui.widgets.workbench.findbar import FindBar
from tutor.tui.widgets.workbench.past import Past
from tutor.tui.widgets.workbench.results import Results
from tutor.tui.widgets.workbench.run_bridge import Runner
from tutor.tui.widgets.workbench.task_help import TaskHelp, starter_of
from tutor.tui.widgets.workbench.title import TitleLine

IDLE_RUN = "F5 runs the code. What it prints and plots shows here, and a training draws its curve while it runs."
IDLE_EXERCISE = "F6 checks your code, F5 only runs it, F7 gives a hint."


class Workbench(Vertical):
    """Works on one task at a time: a {run} block or an {exercise}.

    `show_task` opens one; `save_now` puts the draft on disk before it returns; `Graded`, `StateChanged` and
    `Leave` tell the screen.
    """

    DEFAULT_CSS = """
    Workbench { height: 1fr; }
    Workbench CodeEditor, Workbench CodeEditor:focus {
        height: 1fr; border: none; padding: 0; background: $background;
    }
    Workbench CodeEditor .code-editor--mark { color: $error; text-style: bold; }
    Workbench #lower { height: 1fr; border-top: solid $border; }
    Workbench.-large CodeEditor { display: none; }
    """
    BINDINGS = [*bindings("workbench")]

    class Graded(Message):
        """A check came to its end, whatever it was."""

        def __init__(self, task_id: str, verdict: verdicts.Verdict) -> None:
            super().__init__()
            self.task_id, self.verdict = task_id, verdict

    class StateChanged(Message):
        """Something the page may want to show changed: a run began or ended, a hint was shown."""

    class Enlarged(Message):
        """The results stand over the editor now, or no longer. whole: a training is among them, which may have the
        whole window."""

        def __init__(self, whole: bool) -> None:
            super().__init__()
            self.whole = whole

    class Leave(Message):
        """The learner wants out of the editor."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.task_id: str | None = None
        self.work: Run | Exercise | None = None
        self._lesson: Lesson | None = None
        self._entry: LessonEntry | None = None
        self._draft_said = ""
        self._loading = False
        self.judged_code = ""
        self._led_on = False
        self.runner = Runner(self, self._draw, self._run_done)
        self._keeper: DraftKeeper | None = None
        self._help = TaskHelp(self)
        self._past, self._elsewhere = Past(self), Elsewhere(self)
        self._title_line, self._find_bar = TitleLine(id="title"), FindBar()
        self.editor, self.results = CodeEditor(id="editor"), Results(id="lower")

    def compose(self) -> ComposeResult:
        yield self._title_line
        yield self.editor
        yield self._find_bar
        yield self.results

    def on_mount(self) -> None:
        self.editor.cursor_blink = tutor_of(self).terminal.blink
        self.set_interval(LOOK_ELSEWHERE, lambda: self.run_worker(self._elsewhere.look(), group="elsewhere"))

    # ------------------------------------------------------------------ what the app gives

    def say(self, notice: str, *, grave: bool = False) -> None:
        """One sentence for the rule above the keys."""
        self.post_message(Say(notice, grave=grave))

    @property
    def progress(self) -> Progress:
        return tutor_of(self).progress

    @property
    def lesson_id(self) -> str:
        """The lesson of what is open, "" where nothing is."""
        return self._lesson.id if self._lesson is not None else ""

    def take_code(self, code: str) -> None:
        """Code from elsewhere into the editor, as one step that ctrl+z takes back; what stood there is kept."""
        assert self.task_id is not None
        self.restore()
        self.save_now()
        kept = self.progress.drafts.reset(self.task_id)
        self.replace_text(code)
        where = f" Yours is kept: old/{kept.name}" if kept is not None else ""
        self.say(f"This is the code of that run; ctrl+z brings yours back.{where}")

    def replace_text(self, text: str) -> None:
        """Other text into the editor, as one step that ctrl+z takes back."""
        self._help.replace_text(text)

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self.runner.going

    # ------------------------------------------------------------------ opening a task

    async def show_task(
        self, lesson: Lesson, entry: LessonEntry, task: Run | Exercise, *, cursor: tuple[int, int] | None = None
    ) -> None:
        """Open this task: its draft, else its starter. The one that was open keeps its draft."""
        if self.task_id == task.id:
            return
        self.save_now()
        if self.runner.going:
            self.runner.cancel()
        self._keeper = self._keeper or DraftKeeper(self, self.progress, self._draft_state)
        draft = await asyncio.to_thread(self.progress.drafts.load, task.id)
        self._lesson, self._entry, self.work, self.task_id = lesson, entry, task, task.id
        self._loading, self._elsewhere.text = True, None
        self.editor.load_text(draft.text if draft else starter_of(task))
        if draft:
            self.editor.move_cursor(cursor or draft.cursor)
        self.editor.mark_lines(frozenset())
        self._draft_said = "saved" if draft else ""
        self._help.shown = 0
        self.results.clear(spelled(IDLE_EXERCISE if isinstance(task, Exercise) else IDLE_RUN))
        self.runner.state = None
        self.draw_title()
        self.call_after_refresh(self._loaded)
        self.run_worker(self._warm(task), group="warm", exit_on_error=False)

    def _loaded(self) -> None:
        self._loading = False

    async def _warm(self, work: Run | Exercise) -> None:
        """Have the engine ready before it is asked for, and show a run that its window left behind."""
        from tutor.engine.client.which_host import kind_of

        engine = tutor_of(self).get_engine()
        if self.work is work and not self.runner.going and self.runner.state is None:
            self.judged_code = self.editor.text
            await self.runner.take_up(engine, work.id)
        await self._past.load(work.id)
        await engine.warm(kind_of(_sources(work)))

    def focus_editor(self) -> None:
        """Put the cursor into the code, where it was."""
        if self.large:
            self.remove_class("-large")
            self._help.show_again()
            self.post_message(self.Enlarged(False))
        self.editor.focus()
        self.draw_title()
        self.screen.refresh_bindings()

    # ------------------------------------------------------------------ drafts

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        if event.text_area is self.editor and not self._loading:
            self.draft_changed()

    def draft_changed(self) -> None:
        """The editor has another text: it is the draft."""
        if self.task_id is None or self._keeper is None:
            return
        self.editor.mark_lines(frozenset())
        self._keeper.typed(self.task_id, self.editor.text, self.editor.cursor_location)

    def _draft_state(self, said: str) -> None:
        self._draft_said = said
        self.draw_title()
        if said == "unsaved":
            tutor_of(self).tell_problems()

    def save_now(self) -> bool:
        """The draft is on disk when this returns, unless the disk does not take it: whether it is."""
        return self._keeper is None or self._keeper.save_now()

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, from 0."""
        return self.editor.cursor_location

    def on_unmount(self) -> None:
        self.save_now()

    # ------------------------------------------------------------------ run and check

    def action_run(self) -> None:
        """Run the code as it stands; nothing is graded."""
        self._start(graded=False)

    def action_check(self) -> None:
        """Run the code afresh and have it judged."""
        if isinstance(self.work, Exercise):
            self._start(graded=True)
        else:
            self.say("This code is for trying: F5 runs it, nothing is graded.")

    def _start(self, *, graded: bool) -> None:
        if self.work is None or self._lesson is None:
            return
        if self.runner.going:
            self.say("A run is going on: ctrl+c stops it, ctrl+c again ends it at once.")
            return
        from tutor.submitting import Bounds, job_for_exercise, job_for_run, ungraded

        code = self.editor.text
        self.judged_code = code
        bounds = Bounds.of(tutor_of(self).settings)
        passed = self.progress.passed_code
        try:
            rubric: Rubric | None = None
            if isinstance(self.work, Exercise):
                job, rubric = job_for_exercise(
                    self._course, self._lesson, self.work, code, bounds=bounds, passed_code=passed
                )
                if not graded:
                    job, rubric = ungraded(job, bounds), None
            else:
                job = job_for_run(self._course, self._lesson, self.work, code, bounds=bounds, passed_code=passed)
        except TutorError as error:
            self.say(str(error), grave=True)
            return
        saved = self.save_now()
        if self._draft_said or not saved:
            self._draft_state("saved" if saved else "unsaved")
        self.editor.mark_lines(frozenset())
        self._help.shown = 0
        self.results.clear("")
        self.runner.start(tutor_of(self).get_engine(), job, rubric)
        self.post_message(self.StateChanged())

    @property
    def _course(self) -> Any:
        return tutor_of(self).course

    def action_cancel(self) -> None:
        """Stop the run. Where nothing runs, copy: what is selected, else all of the code, or the results."""
        if self.runner.going:
            self.runner.cancel()
            self.draw_title()
        elif self.runner.just_cancelled:
            self.say("The run has ended.")  # the second ctrl+c came too late: nothing is copied over what was before
        elif not self.editor.has_focus:
            self.action_copy_results()
        elif self.editor.selected_text:
            self.app.copy_to_clipboard(self.editor.selected_text)
        else:
            self.action_copy_code()

    def action_copy_code(self) -> None:
        """All that stands in the editor."""
        self.app.copy_to_clipboard(self.editor.text)

    def action_copy_results(self) -> None:
        """What came of the last run."""
        state = self.runner.state
        learned = self.work.learned if isinstance(self.work, Exercise) else ""
        text = results_text(state, learned) if state is not None else ""
        if text:
            self.app.copy_to_clipboard(text)
        elif state is None:
            self.say("There are no results to copy: F5 runs the code.")
        else:
            self.say("There is nothing to copy: the run has printed nothing.")

    def _draw(self, state: RunState) -> None:
        if not self.is_mounted:
            return
        self.judged_code = state.code or self.judged_code
        self._past.lay_below(state)
        task = self.work
        learned = task.learned if isinstance(task, Exercise) else ""
        self.results.show(state, learned=learned, next_step=spelled(self._next_step(state)))
        error = state.error
        if error is not None and state.ended is not None:
            name = f"{self.task_id}.py"
            self.editor.mark_lines(frozenset(at.line for at in error.lines if at.chunk == name))
        self.draw_title()

    def redraw(self) -> None:
        """Draw what is known once more: what may be done next has changed."""
        if self.runner.state is not None:
            self._draw(self.runner.state)

    def _run_done(self, state: RunState) -> None:
        self.post_message(self.StateChanged())
        self.refresh_bindings()
        if state.ended is not None and state.ended.reason == "lost":
            self.say(state.ended.note or "The run was lost; F5 or F6 starts it again.", grave=True)
        if state.fit is not None and not state.graded and not self._led_on and not self.large:
            self._led_on = True
            self.say("F4 enlarges it; there, i looks inside, r lists past runs.")
        self._past.keep(state)
        if state.verdict is not None and self.work is not None and state.block == self.work.id:
            self.run_worker(self._record(state.verdict), group="record")
            self.post_message(self.Graded(self.work.id, state.verdict))

    async def _record(self, verdict: verdicts.Verdict) -> None:
        assert self.work is not None and self._lesson is not None
        attempt = Attempt(
            task=self.work.id, kind="exercise", outcome=verdict.outcome, lesson=self._lesson.id,
            passed=sum(check.outcome == "passed" for check in verdict.checks), total=len(verdict.checks),
            diagnosis=verdict.diagnosis.name if verdict.diagnosis else "", answer=self.judged_code,
            seconds=verdict.seconds, seed=verdict.seed,
        )  # fmt: skip
        await asyncio.to_thread(self.progress.record, attempt)
        self.post_message(self.StateChanged())
        self.refresh_bindings()

    def _next_step(self, state: RunState) -> str:
        verdict, task = state.verdict, self.work
        if not isinstance(task, Exercise):
            return ""
        if verdict is None:
            return "F6 checks it."
        if verdict.outcome in ("fault", "cancelled"):
            return "next: F6 checks again"
        if verdict.outcome == "passed":
            return "next: esc to the page, n on · F9 compares with the solution"
        shown, total = self.progress.hints_shown(task.id), len(task.hints)
        if verdict.outcome == "not-attempted":
            return "write your answer in the editor, then F6"
        hint = f"F7 hint {shown + 1} of {total}" if shown < total else "F9 compares with the solution"
        return f"next: change the code, F6 checks again · {hint}"

    # ------------------------------------------------------------------ hints, compare, reset, own editor

    def action_hint(self) -> None:
        """Show the next hint, after those that were shown before."""
        self._help.hint()

    def action_compare(self) -> None:
        """The learner's code beside the solution, where they have earned it."""
        self._help.compare()

    def action_reset(self) -> None:
        """Back to the starter, once confirmed; what was written is kept."""
        self._help.ask_reset()

    def action_own_editor(self) -> None:
        """Lend the terminal to the learner's own editor."""
        self._help.own_editor()

    # ------------------------------------------------------------------ find, size, leaving

    def action_find_text(self) -> None:
        """Open the find line; where it is open, go to the next occurrence."""
        self.restore()
        if self._find_bar.display and self._find_bar.words:
            self._find_bar.say(self.editor.find(self._find_bar.words))
        else:
            self._find_bar.open(self.editor.selected_text)

    def on_find_bar_find(self, event: FindBar.Find) -> None:
        event.stop()
        found = self.editor.find(event.words, forward=event.forward, from_start=event.from_start)
        self._find_bar.say(found)

    def on_find_bar_closed(self, event: FindBar.Closed) -> None:
        event.stop()
        self.editor.focus()

    def on_code_editor_find_asked(self, event: CodeEditor.FindAsked) -> None:
        event.stop()
        self.action_find_text()

    @property
    def large(self) -> bool:
        """Whether the results stand over the whole workbench."""
        return self.has_class("-large")

    def action_large(self) -> None:
        """The results over the whole workbench, or back beside the editor."""
        if self.large:
            self.focus_editor()
            return
        self._find_bar.display = False
        self.add_class("-large")
        self.results.focus()
        self._help.show_again()
        self.post_message(self.Enlarged(self.runner.state is not None and self.runner.state.fit is not None))
        self.draw_title()
        self.screen.refresh_bindings()

    def restore(self) -> None:
        """The editor beside the results again, where they stood over it."""
        if self.large:
            self.focus_editor()

    def action_leave(self) -> None:
        """Out of the large results first, then out of the workbench."""
        if self.large:
            self.focus_editor()
        else:
            self.post_message(self.Leave())

    @property
    def may_compare(self) -> bool:
        """Whether the solution has been earned: by passing, or by having seen every hint."""
        return self._help.may_compare

    def offers(self, action: str) -> bool:
        """Whether this action does something for what is open now."""
        if action in ("check", "hint", "compare"):
            return isinstance(self.work, Exercise)
        return action != "take_other" or self._elsewhere.text is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.offers(action)

    # ------------------------------------------------------------------ what others want

    def action_take_other(self) -> None:
        """The other window's text, as one step that ctrl+z takes back."""
        self._elsewhere.take()

    def on_results_ordered(self, event: Results.Ordered) -> None:
        """What was ordered of a training."""
        event.stop()
        if event.what == "runs":
            self._past.show()
        elif event.what == "copy":
            self.action_copy_results()
        elif event.what == "inspect":
            self._past.inspect()
        elif event.what == "watch":
            self.runner.watch()
        else:
            self._steer(event.what)

    def _steer(self, what: str) -> None:
        """Pause, stop, or another learning rate: of the training that goes on."""
        fit = self.runner.state.fit if self.runner.state is not None else None
        if fit is None or fit.over:
            return
        if what == "pause":
            self.runner.pause()
        elif what == "stop":
            self.runner.cancel()
        elif not math.isfinite(fit.rate):
            self.say("This training has not said yet which learning rate it has.")
        else:
            self.runner.set_rate(fit.rate * (2.0 if what == "faster" else 0.5))

    def on_code_editor_escaped(self, event: CodeEditor.Escaped) -> None:
        event.stop()
        self.post_message(self.Leave())

    def draw_title(self) -> None:
        """Name, draft and run, as they stand."""
        if self.is_mounted and self.task_id is not None:
            draft = "elsewhere" if self._elsewhere.text is not None else self._draft_said
            self._title_line.show(f"{self.task_id}.py", draft, self.runner.state, enlarged=self.large)


def _sources(task: Run | Exercise) -> list[str]:
    """The code of a task, as far as it tells which engine it needs."""
    chunks = [task.setup]
    if isinstance(task, Exercise):
        chunks += [task.hidden, task.starter, task.checks, *task.solutions]
    else:
        chunks.append(task.code)
    return [chunk.code for chunk in chunks if chunk is not None]
