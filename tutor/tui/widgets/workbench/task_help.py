"""What helps with a task: hints, the solution beside one's own code, the starter, one's own editor."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.content import Content

from tutor.course.model import Exercise, Run
from tutor.errors import TutorError
from tutor.progress import Attempt
from tutor.tui.door import tutor_of
from tutor.tui.keys.keymap import spelled

if TYPE_CHECKING:
    from tutor.tui.widgets.workbench.workbench import Workbench

ROOMY = 30
"""Rows of the workbench from which on every hint is shown in full."""


class TaskHelp:
    """Works on the task that `bench` has open. shown: how many hints stand among the results just now."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self.shown = 0

    def hint(self) -> None:
        """Show the next hint, after those that were shown before."""
        task = self._bench.work
        if not isinstance(task, Exercise):
            self._bench.say("This code is for trying; it has no hints.")
            return
        self._bench.restore()
        before = self._bench.progress.hints_shown(task.id)
        self.shown = shown = min(before + 1, len(task.hints))
        self._bench.results.show_hint(self._hint_text(task, shown))
        if shown > before:
            self._bench.run_worker(self._record_hint(task.id, shown), group="record")

    async def _record_hint(self, task: str, shown: int) -> None:
        await asyncio.to_thread(self._bench.progress.record_hint, task, shown)
        self._bench.redraw()
        self._bench.refresh_bindings()
        self._bench.post_message(self._bench.StateChanged())

    def show_again(self) -> None:
        """The hints that stand there, for another height."""
        task = self._bench.work
        if self.shown and isinstance(task, Exercise):
            self._bench.results.show_hint(self._hint_text(task, self.shown))

    def _hint_text(self, task: Exercise, shown: int) -> Content:
        """The newest hint in full. Where rows are few, those before it are a line each: what a check said of the code
        shall stay in sight."""
        width = max(20, self._bench.results.size.width - 6)
        roomy = self._bench.large or self._bench.size.height >= ROOMY
        rows: list[Content] = []
        for number, hint in enumerate(task.hints[:shown], 1):
            head = f"hint {number} of {len(task.hints)}"
            texts: list[Text] = tutor_of(self._bench).library.prose(hint, width)
            if number < shown and not roomy:
                rows.append(self._folded(head, texts, width))
                continue
            rows.append(Content.styled(head, "bold $accent"))
            rows += [Content.from_rich_text(text, self._bench.app.console) for text in texts]
        if shown == len(task.hints):
            rows.append(Content.styled(spelled("that was the last one: F9 compares with the solution"), "$text-muted"))
        return Content("\n").join(rows)

    def _folded(self, head: str, texts: list[Text], width: int) -> Content:
        first = texts[0].plain.strip() if texts else ""
        more = "..." if tutor_of(self._bench).terminal.ascii else "…"
        room = width - cell_len(head) - 2
        whole = len(texts) == 1 and cell_len(first) <= room
        line = first if whole else set_cell_size(first, min(cell_len(first), room - cell_len(more) - 1)).rstrip() + more
        return Content.assemble((head, "$accent"), (f"  {line}", "$text-muted"))

    @property
    def may_compare(self) -> bool:
        """Whether the solution has been earned: by passing, or by having seen every hint."""
        task = self._bench.work
        if not isinstance(task, Exercise):
            return False
        progress = self._bench.progress
        return progress.passed_code(task.id) is not None or progress.hints_shown(task.id) >= len(task.hints)

    def compare(self) -> None:
        """The learner's code beside the solution, where they have earned it."""
        task = self._bench.work
        if not isinstance(task, Exercise):
            self._bench.say("There is no solution to compare with: this code is for trying.")
            return
        if not self.may_compare:
            self._bench.say("The solution shows after passing, or after the last hint (F7).")
            return
        from tutor.tui.screens.solutions import CompareScreen

        if self._bench.progress.passed_code(task.id) is None:
            shown = Attempt(task=task.id, kind="exercise", outcome="shown")
            self._bench.run_worker(asyncio.to_thread(self._bench.progress.record, shown), group="record")
        self._bench.app.push_screen(CompareScreen(task, self._bench.editor.text))

    def ask_reset(self) -> None:
        """Back to the starter, once confirmed; what was written is kept."""
        if self._bench.work is None:
            return
        from tutor.tui.screens.confirm import ConfirmScreen

        self._bench.restore()
        question = "Put the starter back? What you wrote is kept and can be found again."
        self._bench.app.push_screen(ConfirmScreen(question, "back to the starter"), self._reset)

    def _reset(self, yes: bool | None) -> None:
        if not yes or self._bench.work is None:
            return
        self._bench.save_now()
        kept = self._bench.progress.drafts.reset(self._bench.work.id)
        self.replace_text(starter_of(self._bench.work))
        where = f" Yours is kept: old/{kept.name}" if kept is not None else ""
        self._bench.say(f"Starter is back; ctrl+z undoes it.{where}")

    def own_editor(self) -> None:
        """Lend the terminal to the learner's own editor."""
        if self._bench.work is None:
            return
        from tutor.tui.widgets.workbench.external import edit_outside

        self._bench.restore()
        self._bench.save_now()
        try:
            wish = tutor_of(self._bench).settings.editor
            text = edit_outside(self._bench.app, self._bench.editor.text, f"{self._bench.work.id}.py", wish)
        except TutorError as error:
            self._bench.say(str(error), grave=True)
            return
        if text != self._bench.editor.text:
            self.replace_text(text)
            self._bench.draft_changed()  # now: the editor's own message comes only after this
            self._bench.save_now()

    def replace_text(self, text: str) -> None:
        """Another text in the editor, as one step that ctrl+z takes back."""
        end = self._bench.editor.document.end
        self._bench.editor.replace(text, (0, 0), end, maintain_selection_offset=False)


def starter_of(task: Run | Exercise) -> str:
    """What the editor holds first."""
    return (task.starter.code if isinstance(task, Exercise) else task.code.code).rstrip("\n") + "\n"
