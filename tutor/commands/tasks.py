"""`dl-tutor hint` and `dl-tutor reset`."""

from __future__ import annotations

import sys

import click

from tutor.commands.session import Session, course_option
from tutor.errors import ProgressError, UsageError


@click.command()
@click.argument("exercise")
@course_option
@click.pass_obj
def hint(session: Session, exercise: str) -> int:
    """Show the next hint of an exercise."""
    from tutor.commands.running import find
    from tutor.course.model import Exercise
    from tutor.typeset import plain

    lesson, task = find(session, exercise, ("exercise",))
    assert isinstance(task, Exercise)
    shown, total = session.progress.hints_shown(task.id), len(task.hints)
    if not total:
        click.echo(f"{task.id} has no hints.")
        return 0
    number = min(shown + 1, total)
    click.echo(f"Hint {number} of {total}")
    click.echo(plain(task.hints[number - 1], session.width, session.terminal.ascii))
    if shown < total:
        session.progress.record_hint(task.id, number, lesson=lesson.id)
    else:
        click.echo("That was the last one. In the window, F9 compares your code with the solution.")
    session.say_problems()
    return 0


@click.command()
@click.argument("exercise", metavar="EXERCISE|BLOCK")
@click.option("--yes", is_flag=True, help="Do not ask.")
@course_option
@click.pass_obj
def reset(session: Session, exercise: str, yes: bool) -> int:
    """Go back to the starter. Your draft is kept, and you are told where."""
    from tutor.commands.running import find

    _, task = find(session, exercise, ("exercise", "run"))
    drafts = session.progress.drafts
    if drafts.load(task.id) is None:
        click.echo(f"{task.id} stands at its starter already.")
        return 0
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("Nobody is there to be asked.", f"`dl-tutor reset {task.id} --yes` does not ask.")
        click.confirm(f"Put {task.id} back to its starter? Your draft is kept.", abort=True)
    try:
        kept = drafts.reset(task.id)
    except OSError as error:
        raise ProgressError(
            f"The draft cannot be put away: {error.strerror}.", "It is as it was; `dl-tutor doctor` says more."
        ) from error
    click.echo(f"{task.id} is back at its starter. Your draft is kept in {kept}.")
    return 0
