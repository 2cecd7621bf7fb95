"""{run} and {exercise} as they stand on the page: what is asked, what is given, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from tutor.course.model import CodeBlock, Exercise
from tutor.course.requirements import requirements
from tutor.progress import Attempt
from tutor.tui import actions
from tutor.tui.door import tutor_of
from tutor.tui.messages import OpenTask
from tutor.tui.widgets.task import TaskLines, TaskSetter, kind_of, last_answer, state_of
from tutor.words import to_ascii

if TYPE_CHECKING:
    from textual.events import Click

    from tutor.course.model import Run
    from tutor.messages.verdicts import Verdict


class TaskCard(TaskLines):
    """Enter opens it in the workbench."""

    BINDINGS = [*actions.bindings("card")]

    def __init__(self, task: Run | Exercise, lesson: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__()
        self.block, self.lesson = task, lesson
        self.state = state_of(attempts)
        last = last_answer(attempts)
        self._passed, self._total = (last.passed, last.total) if last else (0, 0)
        self._outcomes: dict[str, str] = {}
        self._checks = requirements(task) if isinstance(task, Exercise) else []

    def judged(self, verdict: Verdict) -> None:
        """Show what the judge said of each check."""
        self._outcomes = {check.name: check.outcome for check in verdict.checks}
        self._passed = sum(check.outcome == "passed" for check in verdict.checks)
        self._total = len(verdict.checks)
        if verdict.outcome == "passed":
            self.state = "done"
        elif self.state == "new":
            self.state = "begun"
        self.changed()

    def make(self, width: int) -> list[Text]:
        out = TaskSetter(self, width)
        kind = kind_of(self.block)
        checks = f"{self._passed} of {self._total} checks" if self._total and self.state != "done" else ""
        if kind == "run":
            out.add(Text(f"Code: {self.block.title}" if self.block.title else "Code", f"bold {self.palette.accent}"))
        else:
            out.head(kind, self.block.title, self.state, checks)
        out.blocks(self.block.prose)
        if isinstance(self.block, Exercise):
            self._exercise(out, self.block)
        else:
            out.space()
            out.blocks((CodeBlock("python", self.block.code.code),))
            out.text("enter: run it, change it, run it again", self.palette.dim)
        return out.out

    def _exercise(self, out: TaskSetter, task: Exercise) -> None:
        if task.setup is not None:
            out.space()
            out.text("Given:", self.palette.dim)
            out.blocks((CodeBlock("python", task.setup.code),))
        out.space()
        out.text("Checks", self.palette.dim)
        for name, words in self._checks:
            outcome = "passed" if self.state == "done" and not self._outcomes else self._outcomes.get(name, "")
            sign, style = {
                "passed": (self.signs.right, self.palette.good), "failed": (self.signs.wrong, self.palette.bad),
                "error": (self.signs.wrong, self.palette.bad),
            }.get(outcome, (self.signs.dot, self.palette.faint))  # fmt: skip
            words = to_ascii(words) if tutor_of(self).terminal.ascii else words
            out.text(words, self.palette.text, indent=2, first=Text(f"{sign} ", style))

    def action_open(self) -> None:
        self.post_message(OpenTask(self.block))

    def on_click(self, event: Click) -> None:
        self.focus()
        self.action_open()
