"""The workbench: code to change, run and check, and under it what came of that. Here stands what its keys do."""

from __future__ import annotations

from functools import partial

from textual.message import Message

from tutor.course.walk import starter_of
from tutor.errors import TutorError
from tutor.tui.actions import bindings
from tutor.tui.widgets.workbench.copying import results_text
from tutor.tui.widgets.workbench.editor import CodeEditor
from tutor.tui.widgets.workbench.open_code import LOOK_ELSEWHERE
from tutor.tui.widgets.workbench.past import inspector_screen, runs_screen
from tutor.tui.widgets.workbench.results import Results
from tutor.tui.widgets.workbench.task_bench import TaskBench
from tutor.tui.widgets.workbench.task_help import (
    NO_HINTS,
    NO_SOLUTION,
    NOT_EARNED,
    ROOMY,
    hint_text,
    may_compare,
    solution_shown,
)  # fmt: skip


class Workbench(TaskBench):
    """`Enlarged` and `Leave` tell the screen."""

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

    class Enlarged(Message):
        """The results stand over the editor now, or no longer. whole: a training is among them, which may have the
        whole window."""

        def __init__(self, whole: bool) -> None:
            super().__init__()
            self.whole = whole

    class Leave(Message):
        """The learner wants out of the editor."""

    def on_mount(self) -> None:
        self.set_interval(LOOK_ELSEWHERE, lambda: self.run_worker(self._look_elsewhere(), group="elsewhere"))

    # ------------------------------------------------------------------ run and check

    def action_run(self) -> None:
        """Run the code as it stands; nothing is graded."""
        self.start(graded=False)

    def action_check(self) -> None:
        """Run the code afresh and have it judged."""
        if self.exercise:
            self.start(graded=True)
        else:
            self.say("This code is for trying: F5 runs it, nothing is graded.")

    # ------------------------------------------------------------------ stop and copy

    def action_cancel(self) -> None:
        """Stop the run. Where nothing runs, copy: what is selected, else all of the code, or the results."""
        if self.runner.going:
            self.runner.cancel()
            self.draw_title()
        elif self.runner.just_cancelled:
            self.say("The run has ended.")  # the second ctrl+c came too late: nothing is copied over what was before
        elif not self.editor.has_focus:
            self.action_copy_results()
        else:
            self.app.copy_to_clipboard(self.editor.selected_text or self.editor.text)

    def action_copy_code(self) -> None:
        """All that stands in the editor."""
        self.app.copy_to_clipboard(self.editor.text)

    def action_copy_results(self) -> None:
        """What came of the last run."""
        state = self.runner.state
        if state is None:
            self.say("There are no results to copy: F5 runs the code.")
        elif text := results_text(state, self.exercise.learned if self.exercise else ""):
            self.app.copy_to_clipboard(text)
        else:
            self.say("There is nothing to copy: the run has printed nothing.")

    # ------------------------------------------------------------------ hints, compare, reset, own editor

    async def action_hint(self) -> None:
        """Show the next hint, after those that were shown before."""
        task = self.exercise
        if task is None:
            self.say(NO_HINTS)
            return
        self.restore()
        before = self.tutor.progress.hints_shown(task.id)
        shown = min(before + 1, len(task.hints))
        if shown > before:
            await self.record(partial(self.tutor.progress.record_hint, task.id, shown))
        self._show_hints(shown)

    def _show_hints(self, shown: int) -> None:
        """So many of them, for the height that there is."""
        if shown and self.exercise:
            width, roomy = max(20, self.results.size.width - 6), self.large or self.size.height >= ROOMY
            text = hint_text(self.exercise, shown, self.tutor, self.app.console, width=width, roomy=roomy)
            self.results.show_hints(text, shown)

    @property
    def may_compare(self) -> bool:
        """Whether the solution has been earned."""
        return self.exercise is not None and may_compare(self.exercise, self.tutor.progress)

    async def action_compare(self) -> None:
        """The learner's code beside the solution, where they have earned it."""
        task = self.exercise
        if task is None or not self.may_compare:
            self.say(NOT_EARNED if task else NO_SOLUTION)
            return
        from tutor.tui.screens.solutions import CompareScreen

        shown = solution_shown(task, self.tutor.progress)
        if shown is not None:
            await self.tutor.record(shown)
        self.app.push_screen(CompareScreen(task, self.editor.text))

    def action_reset(self) -> None:
        """Back to the starter, once confirmed; what was written is kept."""
        if self.work is None:
            return
        from tutor.tui.screens.confirm import ConfirmScreen

        self.restore()
        question = "Put the starter back? What you wrote is kept and can be found again."
        self.app.push_screen(ConfirmScreen(question, "back to the starter"), self._reset)

    async def _reset(self, yes: bool | None) -> None:
        if yes and self.work is not None:
            await self._put(starter_of(self.work), "Starter is back; ctrl+z undoes it.")

    async def _take_code(self, code: object) -> None:
        """The code of a past run into the editor, where one was chosen."""
        if isinstance(code, str):
            self.restore()
            await self._put(code, "This is the code of that run; ctrl+z brings yours back.")

    async def _put(self, code: str, said: str) -> None:
        """Other code into the editor, where the disk keeps the learner's."""
        try:
            self.say(said + await self.code.put(code))
        except OSError as error:
            self.say(f"Yours stays: the disk does not keep it ({error.strerror}).", grave=True)

    def action_own_editor(self) -> None:
        """Lend the terminal to the learner's own editor."""
        if self.work is None:
            return
        self.restore()
        try:
            self.code.edit_outside()
        except TutorError as error:
            self.say(str(error), grave=True)

    # ------------------------------------------------------------------ find, size, leaving

    def action_find_text(self) -> None:
        """Open the find line; where it is open, go to the next occurrence."""
        self.restore()
        self.find_bar.ask()

    def on_code_editor_find_asked(self, event: CodeEditor.FindAsked) -> None:
        event.stop()
        self.action_find_text()

    def action_large(self) -> None:
        """The results over the whole workbench, or back beside the editor."""
        if self.large:
            self.focus_editor()
            return
        self.find_bar.display = False
        self.add_class("-large")
        self.results.focus()
        self._show_hints(self.results.hints_shown)
        self.post_message(self.Enlarged(self.runner.state is not None and self.runner.state.fit is not None))
        self.draw_title()
        self.screen.refresh_bindings()

    def focus_editor(self) -> None:
        """Put the cursor into the code, where it was."""
        if self.large:
            self.remove_class("-large")
            self._show_hints(self.results.hints_shown)
            self.post_message(self.Enlarged(False))
        self.editor.focus()
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

    def on_code_editor_escaped(self, event: CodeEditor.Escaped) -> None:
        event.stop()
        self.post_message(self.Leave())

    def offers(self, action: str) -> bool:
        """Whether this action does something for what is open now."""
        if action in ("check", "hint", "compare"):
            return self.exercise is not None
        return action != "take_other" or self.code.elsewhere is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.offers(action)

    # ------------------------------------------------------------------ another window, past trainings

    async def _look_elsewhere(self) -> None:
        if await self.code.look_elsewhere():
            self.screen.refresh_bindings()
            self.say("Another window wrote on this task: F12 takes its text, else yours stays.", grave=True)

    def action_take_other(self) -> None:
        """The other window's text, as one step that ctrl+z takes back."""
        self.restore()
        if self.code.take_elsewhere():
            self.screen.refresh_bindings()
            self.say("This is the other window's text; ctrl+z brings yours back.")

    def on_results_ordered(self, event: Results.Ordered) -> None:
        """What was ordered of a training."""
        event.stop()
        if event.what == "runs":
            screen = runs_screen(self.task_id, self.tutor.runs, self.runner, self.tutor.get_engine())
            self.app.push_screen(screen, self._take_code)
        elif event.what == "copy":
            self.action_copy_results()
        elif event.what == "inspect":
            self._inspect()
        elif event.what == "watch":
            self.runner.watch()
        elif said := self.runner.steer(event.what):
            self.say(said)

    def _inspect(self) -> None:
        """Look into what the last run has left."""
        if self.runner.last is None or self.runner.state is None:
            self.say("Nothing has run yet: F5 runs the code, then i looks into its model.")
            return
        engine = self.tutor.get_engine()
        self.app.push_screen(inspector_screen(self.task_id, self.runner.last, self.runner, engine))
