"""`dl-tutor hint` and `dl-tutor reset`, and finding the task that a command names."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option

if TYPE_CHECKING:
    from tutor.commands.answers import Question
    from tutor.course.model import Exercise, Lesson, LessonEntry, Predict, Run, Task

_KINDS = {
    "run": "a block to run", "quiz": "a quiz", "number": "a question for a number", "order": "lines to put in order",
    "explain": "a question for words", "predict": "a prediction",
}  # fmt: skip


def task_called(session: Session, name: str) -> tuple[LessonEntry, Lesson, Task]:
    """The task of that id, with its lesson. Raises UsageError with the nearest ids, CourseError for a broken lesson."""
    from tutor.course.loader import find_task, load_lesson, task_of
    from tutor.errors import CourseError, UsageError

    try:
        entry, task = find_task(session.course, name)
    except UsageError as error:
        broken = [entry.number for entry in session.course.lessons if entry.problem]
        if broken:
            raise UsageError(
                error.what, f"{error.todo}\nIt may be in a broken lesson ({', '.join(broken)}): see `dl-tutor list`."
            ) from error
        raise
    try:
        lesson = load_lesson(session.course, entry.id)
    except CourseError as error:
        raise CourseError(f"{entry.number} {entry.title} is broken.\n{error}") from error
    return entry, lesson, task_of(lesson, task.id)


def exercise_called(session: Session, name: str) -> tuple[LessonEntry, Lesson, Exercise]:
    """The exercise of that id; "" for the one that the learner is at. Raises UsageError for any other task."""
    from tutor.course.model import Exercise
    from tutor.errors import UsageError

    entry, lesson, task = task_called(session, name or _task_here(session))
    if not isinstance(task, Exercise):
        kind = type(task).__name__.lower()
        todo = f"`dl-tutor answer {task.id} ANSWER` answers it, or the window: `dl-tutor open {entry.number}`."
        if kind == "run":
            todo = f"Nothing in it is graded; `dl-tutor run {task.id}` runs it."
        raise UsageError(f"{task.id} is {_KINDS[kind]}, not an exercise.", todo)
    return entry, lesson, task


def question_called(session: Session, name: str) -> tuple[LessonEntry, Lesson, Question]:
    """The question of that id. Raises UsageError for code, which is run or checked."""
    from tutor.course.model import Exercise, Run
    from tutor.errors import UsageError

    entry, lesson, task = task_called(session, name)
    if isinstance(task, Exercise):
        raise UsageError(f"{task.id} is an exercise: code answers it.", f"`dl-tutor check {task.id} FILE` checks it.")
    if isinstance(task, Run):
        raise UsageError(f"{task.id} is a block to run: nothing is asked.", f"`dl-tutor run {task.id}` runs it.")
    return entry, lesson, task


def _task_here(session: Session) -> str:
    from tutor.errors import UsageError

    place = session.progress.place()
    if place is None or not place.task:
        raise UsageError("Which exercise?", "`dl-tutor list LESSON` names those of a lesson.")
    return place.task


def starter_of(task: Run | Predict | Exercise) -> str:
    """What the editor holds first."""
    from tutor.course.model import Exercise

    source = task.starter if isinstance(task, Exercise) else task.code
    return source.code.rstrip("\n") + "\n" if source is not None else ""


@click.command()
@click.argument("exercise", required=False, default="")
@click.option("--again", is_flag=True, help="Only the hints that were shown before.")
@course_option
@click.pass_obj
def hint(session: Session, exercise: str, again: bool) -> int:
    """Show the next hint of an exercise.

    Without EXERCISE: of the one you are at.
    """
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
        click.echo(plain(task.hints[number], session.width, session.terminal.ascii))
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
    from tutor.errors import UsageError

    _, lesson, task = exercise_called(session, exercise)
    passed = session.progress.passed_code(task.id) is not None
    if not passed and session.progress.hints_shown(task.id) < len(task.hints):
        raise UsageError(
            f"The solution of {task.id} shows after passing, or after the last hint.", f"`dl-tutor hint {task.id}`"
        )
    if not passed:
        session.progress.record_solution_shown(task.id, lesson=lesson.id)
    for number, source in enumerate(task.solutions):
        click.echo(("\n# or\n" if number else "") + source.code.rstrip("\n"))
    session.say_problems()
    return 0


@click.command()
@click.argument("task")
@click.option("--yes", is_flag=True, help="Do not ask.")
@course_option
@click.pass_obj
def reset(session: Session, task: str, yes: bool) -> int:
    """Put the starter of an exercise back.

    TASK is an exercise or a block to run. What you wrote is kept, and it is said where.
    """
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
