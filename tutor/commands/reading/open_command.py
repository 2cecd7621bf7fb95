"""The window: `dl-tutor` and `dl-tutor open`. The only commands that import Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands import COMMANDS
from tutor.commands.session import Session, course_option
from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.terminal import Terminal


def without_terminal() -> str:
    """The commands that need no screen."""
    first, *others = (name for name in COMMANDS if name != "open")
    return f"Without a terminal these work: `dl-tutor {first}`, " + ", ".join(f"`{name}`" for name in others) + "."


def show(session: Session, words: str | None, *, review: bool = False) -> int:
    """Open the window. words: which lesson; None goes on where the learner was. review: with the questions that are
    due in front."""
    settings = session.settings
    lesson = None
    if words is not None:
        from tutor.course.loader import find_lesson

        lesson = find_lesson(session.course, words).id
    refuse_without_terminal(session.terminal)
    session.terminal.apply()
    settings.apply()
    from tutor.tui.app import run_app
    from tutor.tui.life.ending import WindowFault

    try:
        return run_app(
            session.course, settings, lesson=lesson, progress=session.progress, terminal=session.terminal,
            review=review,
        )  # fmt: skip
    except WindowFault as fault:
        from tutor.commands.upkeep.faults import window_fault

        click.echo(window_fault(fault.__cause__ or fault, saved=fault.saved), err=True)
        return TutorError.exit_status


def refuse_without_terminal(terminal: Terminal) -> None:
    """Raises UsageError where no screen can be shown."""
    if terminal.problem:
        from tutor.errors import UsageError

        todo = without_terminal()
        if "ssh" in terminal.problem:
            todo += "\nOver SSH: `ssh -t HOST dl-tutor`."
        raise UsageError(terminal.problem, todo)


@click.command("open")
@click.argument("lesson", nargs=-1, required=True)
@course_option
@click.pass_obj
def open_lesson(session: Session, lesson: tuple[str, ...]) -> int:
    """Open a lesson.

    LESSON is its number ("1.2"), its id, or the start of its title.
    """
    return show(session, " ".join(lesson))
