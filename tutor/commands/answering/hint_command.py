"""`dl-tutor hint` and `dl-tutor solution`: help with an exercise."""

from __future__ import annotations

import click

from tutor.commands.session import Session, course_option


@click.command()
@click.argument("exercise", required=False, default="")
@click.option("--again", is_flag=True, help="Only the hints that were shown before.")
@course_option
@click.pass_obj
def hint(session: Session, exercise: str, again: bool) -> int:
    """Show the next hint of an exercise.

    Without EXERCISE: of the one you are at.
    """
    from tutor.commands.task_called import exercise_called
    from tutor.messages.harmless import harmless
    from tutor.typeset import plain

    _, lesson, task = exercise_called(session, exercise)
    total = len(task.hints)
    shown = min(session.progress.hints_shown(task.id), total)
    if not total:
        click.echo(f"{task.id} has no hints.")
        return 0
    first, last = (0, shown) if again or shown == total else (shown, shown + 1)
    if last == 0:
        click.echo(f"No hint of {task.id} was shown yet; `dl-tutor hint {task.id}` shows the first of {total}.")
    for number in range(first, last):
        click.echo(("" if number == first else "\n") + f"{task.id}, hint {number + 1} of {total}")
        click.echo(harmless(plain(task.hints[number], session.width, session.terminal.ascii)))
    if last > shown:
        session.progress.record_hint(task.id, last, lesson=lesson.id)
    if last == total:
        click.echo(f"\nThat was the last one. `dl-tutor solution {task.id}` shows the solution.")
    session.say_problems()
    return 0


@click.command()
@click.argument("exercise", required=False, default="")
@course_option
@click.pass_obj
def solution(session: Session, exercise: str) -> int:
    """Show the solution of an exercise.

    After passing, or after the last hint. Without EXERCISE: of the one you are at.
    """
    from tutor.commands.task_called import exercise_called
    from tutor.errors import UsageError
    from tutor.messages.harmless import harmless

    _, lesson, task = exercise_called(session, exercise)
    passed = session.progress.passed_code(task.id) is not None
    if not passed and session.progress.hints_shown(task.id) < len(task.hints):
        raise UsageError(
            f"The solution of {task.id} shows after passing, or after the last hint.", f"`dl-tutor hint {task.id}`"
        )
    if not passed:
        session.progress.record_solution_shown(task.id, lesson=lesson.id)
    for number, source in enumerate(task.solutions):
        click.echo(("\n# or\n" if number else "") + harmless(source.code.rstrip("\n")))
    session.say_problems()
    return 0
