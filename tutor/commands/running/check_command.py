"""`dl-tutor check`: an exercise judged without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.commands.paper import Paper
    from tutor.commands.running.follow import Followed
    from tutor.course.model import Exercise, LessonEntry
    from tutor.messages.jobs import Job
    from tutor.messages.verdicts import Verdict


@click.command()
@click.argument("exercise")
@click.argument("file", required=False)
@course_option
@json_option
@click.pass_obj
def check(session: Session, exercise: str, file: str | None, as_json: bool) -> int:
    """Check your code of an exercise.

    That is your draft, or FILE ("-": standard input) in its place.

    Exit status: 0 passed, 1 not passed, 3 the tutor's own fault, 130 cancelled.
    """
    from tutor.answering import judged
    from tutor.commands.paper import Paper
    from tutor.commands.running.follow import run_job
    from tutor.commands.running.given_code import read_code
    from tutor.commands.running.verdict_lines import STATUS, verdict_as_json
    from tutor.commands.task_called import exercise_called
    from tutor.course.walk import starter_of
    from tutor.submitting import Bounds, job_for_exercise

    entry, lesson, task = exercise_called(session, exercise)
    draft = session.progress.drafts.load(task.id) if file is None else None
    code = read_code(file) if file is not None else draft.text if draft is not None else starter_of(task)
    passed, bounds = session.progress.passed_code, Bounds.of(session.settings)
    job, rubric = job_for_exercise(session.course, lesson, task, code, bounds=bounds, passed_code=passed)
    paper = Paper(session, quiet=as_json)
    followed = run_job(session, paper, job, rubric)
    verdict = _verdict_of(followed, job)
    session.progress.record(judged(task, code, verdict, lesson.id))
    if as_json:
        echo_json(verdict_as_json(verdict, followed))
    else:
        _print(session, paper, entry, task, verdict)
    session.say_problems()
    return STATUS.get(verdict.outcome, 1)


def _verdict_of(followed: Followed, job: Job) -> Verdict:
    """The judge's word. Where the run ended without one, it is no pass."""
    if followed.state.verdict is not None:
        return followed.state.verdict
    from tutor.messages.verdicts import Verdict

    return Verdict(
        job.block, "cancelled" if followed.stopped else "fault", summary=followed.ended.note, seed=job.seed
    )  # fmt: skip


def _print(session: Session, paper: Paper, entry: LessonEntry, task: Exercise, verdict: Verdict) -> None:
    from tutor.commands.running.verdict_lines import print_verdict

    print_verdict(paper, verdict, task.learned)
    if verdict.outcome == "passed":
        paper.line(_next_step(session))
    if verdict.outcome in ("passed", "fault", "cancelled"):
        return
    if verdict.outcome == "not-attempted":
        paper.line(f"Write it in the window (`dl-tutor open {entry.number}`),")
        paper.line(f"or in a file: `dl-tutor check {task.id} FILE`.")
        return
    shown, total = session.progress.hints_shown(task.id), len(task.hints)
    if shown < total:
        paper.line(f"`dl-tutor hint {task.id}` shows hint {shown + 1} of {total}.")


def _next_step(session: Session) -> str:
    """What comes after a pass."""
    place = session.progress.standing(session.course).next
    lesson = next((one for one in session.course.lessons if place and one.id == place.lesson), None)
    if place is None or lesson is None:
        return "All is done."
    what = f"{place.task}, on" if place.task else "on"
    return f"Next: {what} page {place.page + 1} of {lesson.number} {lesson.title}."
