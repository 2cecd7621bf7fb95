"""`dl-tutor review`: the questions that are due again."""

from __future__ import annotations

import time

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

NONE_DUE = "Nothing is due for review: the questions of a chapter come back when the next one is half done."


@click.command()
@course_option
@json_option
@click.pass_obj
def review(session: Session, as_json: bool) -> int:
    """Answer the questions that are due again.

    They come from the wrap-up pages of chapters whose successor is half done. Without a terminal: list them.
    """
    from tutor.progress.reviews import due

    course = session.course
    found = due(course, session.progress.attempts(), time.time())
    titles = {task.id: (entry, task) for entry in course.lessons for task in entry.tasks}
    rows = [(one, *titles[one.task]) for one in found if one.task in titles]
    if as_json:
        echo_json([
            {"task": one.task, "chapter": one.chapter, "lesson": entry.id, "title": task.title}
            for one, entry, task in rows
        ])  # fmt: skip
    elif not rows:
        session.echo(NONE_DUE)
    elif session.terminal.problem:
        for one, entry, task in rows:
            session.echo(f"{entry.number}  {one.task}  {task.title or task.kind}")
        session.echo("`dl-tutor answer TASK` shows the question, `dl-tutor answer TASK ANSWER` answers it.")
    else:
        from tutor.commands.reading.open_command import show

        return show(session, None, review=True)
    session.say_problems()
    return 0
