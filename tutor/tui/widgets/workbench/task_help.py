"""What helps with an exercise: its hints, when its solution may be seen, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tutor.course.model import Exercise
from tutor.progress import Attempt
from tutor.tui.keys.keymap import spelled

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from tutor.messages.verdicts import Verdict
    from tutor.progress import Progress
    from tutor.tui.door import Tutor

ROOMY = 30
"""Rows of the workbench from which on every hint is shown in full."""
NO_HINTS = "This code is for trying; it has no hints."
NO_SOLUTION = "There is no solution to compare with: this code is for trying."
NOT_EARNED = "The solution shows after passing, or after the last hint (F7)."


def hint_text(
    task: Exercise, shown: int, tutor: Tutor, console: Console, *, width: int, roomy: bool
) -> Content:  # fmt: skip
    """The newest hint in full. Where rows are few, those before it are a line each: what a check said of the code
    shall stay in sight. shown: how many of them."""
    rows: list[Content] = []
    for number, hint in enumerate(task.hints[:shown], 1):
        head = f"hint {number} of {len(task.hints)}"
        texts = tutor.library.prose(hint, width)
        if number < shown and not roomy:
            rows.append(_folded(head, texts, width, "..." if tutor.terminal.ascii else "…"))
            continue
        rows.append(Content.styled(head, "bold $accent"))
        rows += [Content.from_rich_text(text, console) for text in texts]
    if shown == len(task.hints):
        rows.append(Content.styled(spelled("that was the last one: F9 compares with the solution"), "$text-muted"))
    return Content("\n").join(rows)


def _folded(head: str, texts: list[Text], width: int, more: str) -> Content:
    first = texts[0].plain.strip() if texts else ""
    room = width - cell_len(head) - 2
    whole = len(texts) == 1 and cell_len(first) <= room
    line = first if whole else set_cell_size(first, min(cell_len(first), room - cell_len(more) - 1)).rstrip() + more
    return Content.assemble((head, "$accent"), (f"  {line}", "$text-muted"))


def may_compare(task: Exercise, progress: Progress) -> bool:
    """Whether the solution has been earned: by passing, or by having seen every hint."""
    return progress.passed_code(task.id) is not None or progress.hints_shown(task.id) >= len(task.hints)


def solution_shown(task: Exercise, progress: Progress) -> Attempt | None:
    """What is kept of the solution's being looked at: nothing after passing."""
    passed = progress.passed_code(task.id) is not None
    return None if passed else Attempt(task=task.id, kind="exercise", outcome="shown")


def next_step(task: Exercise, verdict: Verdict | None, progress: Progress) -> str:
    """What to do now that the code has run, or was judged."""
    if verdict is None:
        return "F6 checks it."
    if verdict.outcome in ("fault", "cancelled"):
        return "next: F6 checks again"
    if verdict.outcome == "passed":
        return "next: esc to the page, n on · F9 compares with the solution"
    shown, total = progress.hints_shown(task.id), len(task.hints)
    if verdict.outcome == "not-attempted":
        return "write your answer in the editor, then F6"
    hint = f"F7 hint {shown + 1} of {total}" if shown < total else "F9 compares with the solution"
    return f"next: change the code, F6 checks again · {hint}"
