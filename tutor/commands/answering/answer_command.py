"""`dl-tutor answer`: questions, numbers, orders, predictions and explanations, answered on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.commands.answering.answer_outcomes import AnswerOutcome
    from tutor.commands.reading.lesson_lines import Linear
    from tutor.course.model import Predict, Task

MOST = 100_000
"""Bytes of words on standard input."""
_RAW = {"ignore_unknown_options": True}
"""So that -3 is a number and not an option."""


@click.command(context_settings=_RAW)
@click.argument("task")
@click.argument("answer", nargs=-1, type=click.UNPROCESSED)
@click.option("--points", metavar="1,3", help="The key points that your words say, of an explanation.")
@click.option("--working", is_flag=True, help="How a number comes about, once you have answered.")
@course_option
@json_option
@click.pass_obj
def answer(
    session: Session, task: str, answer: tuple[str, ...], points: str | None, working: bool, as_json: bool
) -> int:
    """Answer a question of a lesson.

    ANSWER is the number of a choice (several: 1,3), a number or an expression, the numbers of lines in their order,
    or your words ("-": standard input). It is kept as in the window.

    Exit status: 0 right, 1 not right, 2 wrong usage.
    """
    from tutor.commands.answering.answer_outcomes import answered, judged_before
    from tutor.commands.reading.lesson_lines import Linear
    from tutor.commands.task_called import question_called

    entry, lesson, found = question_called(session, task)
    shown = Linear(session, entry)
    before = session.progress.attempts(found.id)
    if working or (points is not None and not answer):
        outcome = judged_before(found, lesson.id, before, points)
    else:
        words = _words(session, shown, found, answer, quiet=as_json)
        outcome = answered(found, lesson.id, words, points)
    if outcome.attempt is not None:
        session.progress.record(outcome.attempt)
    status = 0 if outcome.right else 1
    _tell(session, shown, found, outcome, as_json)
    session.say_problems()
    return status


def _words(session: Session, shown: Linear, task: Task, given: tuple[str, ...], *, quiet: bool) -> str:
    """What was answered. Raises UsageError where that is nothing."""
    from tutor.course.model import Explain
    from tutor.errors import UsageError

    text = " ".join(given)
    if given == ("-",) and isinstance(task, Explain):
        raw = sys.stdin.buffer.read(MOST + 1)
        if len(raw) > MOST:
            raise UsageError(f"That is more than {MOST:,} bytes: a few sentences are enough.")
        text = raw.decode("utf-8", "replace")
    if text.strip():
        return text.strip()
    if not quiet and not given:
        for line in shown.task(task):
            session.echo(line)
    raise UsageError(f"The answer to {task.id} is missing.", f"`dl-tutor answer {task.id} ANSWER`")


# ------------------------------------------------------------------ output


def _tell(session: Session, shown: Linear, task: Task, outcome: AnswerOutcome, as_json: bool) -> None:
    from tutor.course.model import Predict

    if as_json:
        value = outcome.as_json(shown)
        if isinstance(task, Predict):
            value["what_comes"] = _what_comes(session, shown, task, quiet=True)
        echo_json(value)
        return
    for line in outcome.lines(shown):
        session.echo(line)
    if isinstance(task, Predict) and outcome.attempt is not None:
        _what_comes(session, shown, task, quiet=False)


def _what_comes(session: Session, shown: Linear, task: Predict, *, quiet: bool) -> str:
    """What really happens: the figure in words, or the code run. What code prints is given back."""
    from tutor.course.model import Figure

    if task.figure:
        lines = shown.figure(Figure(task.figure, task.settings))
        if not quiet:
            session.echo()
            for line in lines:
                session.echo(line)
        return "\n".join(lines)
    return _run(session, shown, task, quiet) if task.code is not None else ""


def _run(session: Session, shown: Linear, task: Predict, quiet: bool) -> str:
    from tutor.commands.paper import Paper
    from tutor.commands.running.follow import run_job
    from tutor.commands.running.verdict_lines import print_ending
    from tutor.submitting import Bounds, job_for_run

    assert task.code is not None
    passed, bounds = session.progress.passed_code, Bounds.of(session.settings)
    job = job_for_run(session.course, shown.lesson, task, task.code.code, bounds=bounds, passed_code=passed)
    paper = Paper(session, quiet=quiet)
    if not quiet:
        session.echo("\nWhat really happens:")
    followed = run_job(session, paper, job)
    print_ending(paper, followed)
    return followed.state.printed
