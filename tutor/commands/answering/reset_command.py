"""`dl-tutor reset`: the starter put back, what was written kept."""

from __future__ import annotations

import sys

import click

from tutor.commands.session import Session, course_option


@click.command()
@click.argument("task")
@click.option("--yes", is_flag=True, help="Do not ask.")
@course_option
@click.pass_obj
def reset(session: Session, task: str, yes: bool) -> int:
    """Put the starter of an exercise back.

    TASK is an exercise or a block to run. What you wrote is kept, and it is said where.
    """
    from tutor.commands.task_called import task_called
    from tutor.course.model import Exercise, Run
    from tutor.errors import ProgressError, UsageError

    entry, _, found = task_called(session, task)
    if not isinstance(found, (Exercise, Run)):
        raise UsageError(f"{found.id} has no code to put back.", f"Answer it in `dl-tutor open {entry.number}`.")
    drafts = session.progress.drafts
    if drafts.load(found.id) is None:
        click.echo(f"There is no draft of {found.id}: the starter is in its place already.")
        session.say_problems()
        return 0
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("Nobody is there to be asked whether the draft may go.", "Say `--yes` to go on.")
        question = f"Put the starter of {found.id} back? What you wrote is kept and can be found again."
        if not click.confirm(question):
            click.echo("Nothing was changed.")
            return 130
    try:
        kept = drafts.reset(found.id)
    except OSError as error:
        raise ProgressError(f"The draft stays: the disk did not take the change ({error.strerror}).") from error
    click.echo(f"The starter of {found.id} is back.")
    if kept is not None:
        click.echo(f"What you wrote is in {kept}")
    session.say_problems()
    return 0
