"""`dl-tutor run` and `dl-tutor check`: code run and judged without a window."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.commands.follow import Followed
    from tutor.commands.paper import Paper
    from tutor.course.model import Exercise, Lesson, LessonEntry
    from tutor.engine.protocol import Job, Verdict

MOST = 1_000_000
"""Bytes of a file that is run: a program is never longer, and a data file given by mistake is told from one."""


@click.command()
@click.argument("what", metavar="BLOCK|FILE")
@click.argument("file", required=False)
@click.option("--original", is_flag=True, help="The code of the lesson, not your draft of it.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all random generators.")
@course_option
@click.pass_obj
def run(session: Session, what: str, file: str | None, original: bool, seed: int) -> int:
    """Run a block of a lesson, or a file.

    BLOCK runs as you left it, or with FILE in place of its code. FILE is a
    Python file of your own ("-": standard input). Nothing is graded.

    Exit status: 0 ran through, 1 stopped with an error or at a limit, 130 cancelled.
    """
    from tutor.commands.follow import run_job
    from tutor.commands.paper import Paper
    from tutor.commands.verdicts import NOT_INSTALLED, STATUS, print_ending

    own = read_code(file) if file is not None else None
    if own is None and _is_file(what):
        job = _job_of_file(what, seed)
    else:
        job = _job_of_block(session, what, original, seed, own)
    paper = Paper(session)
    followed = run_job(session, paper, job)
    print_ending(paper, followed)
    session.say_problems()
    assert followed.ended is not None
    if followed.ended.reason == "ok":
        paper.note(f"Ran through in {followed.ended.seconds:.2f} s with seed {job.seed}.")
    if followed.ended.error is not None and followed.ended.error.kind == NOT_INSTALLED:
        return STATUS["fault"]
    return STATUS.get(followed.ended.reason, 1)


def _is_file(what: str) -> bool:
    return what == "-" or what.endswith(".py") or "/" in what or Path(what).is_file()


def _job_of_file(what: str, seed: int) -> Job:
    from tutor.engine.jobs import job_for_file

    return job_for_file("standard input" if what == "-" else Path(what).name, read_code(what), seed=seed)


def _job_of_block(session: Session, name: str, original: bool, seed: int, own: str | None) -> Job:
    from msgspec.structs import replace

    from tutor.commands.tasks import starter_of, task_called
    from tutor.course.model import Exercise, Predict, Run
    from tutor.engine.jobs import job_for_exercise, job_for_run
    from tutor.errors import UsageError

    _, lesson, task = task_called(session, name)
    if not isinstance(task, (Run, Predict, Exercise)) or (isinstance(task, Predict) and task.code is None):
        raise UsageError(f"There is no code to run in {task.id}.", f"`dl-tutor answer {task.id} ANSWER` answers it.")
    draft = None if original or own is not None else session.progress.drafts.load(task.id)
    code = own if own is not None else draft.text if draft is not None else starter_of(task)
    passed = session.progress.passed_code
    if isinstance(task, Exercise):
        job, _ = job_for_exercise(session.course, lesson, task, code, passed_code=passed, seed=seed)
        return replace(job, graded=False)
    return job_for_run(session.course, lesson, task, code, passed_code=passed, seed=seed)


def read_code(what: str) -> str:
    """The text of a Python file, "-" for standard input. Raises UsageError where it is none."""
    from tutor.errors import UsageError

    try:
        if what == "-":
            raw = sys.stdin.buffer.read(MOST + 1)
        else:
            with Path(what).expanduser().open("rb") as file:
                raw = file.read(MOST + 1)
    except OSError as error:
        raise UsageError(f"{what} cannot be read: {error.strerror}.", "Give a Python file, or `-`.") from error
    if len(raw) > MOST:
        raise UsageError(f"{what} is longer than {MOST:,} bytes: that is no program.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} is not UTF-8 text.", "Give a Python file, or `-`.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
    from tutor.commands.follow import run_job
    from tutor.commands.paper import Paper
    from tutor.commands.tasks import exercise_called, starter_of
    from tutor.commands.verdicts import STATUS, verdict_as_json
    from tutor.engine.jobs import job_for_exercise

    entry, lesson, task = exercise_called(session, exercise)
    draft = session.progress.drafts.load(task.id) if file is None else None
    code = read_code(file) if file is not None else draft.text if draft is not None else starter_of(task)
    job, rubric = job_for_exercise(session.course, lesson, task, code, passed_code=session.progress.passed_code)
    paper = Paper(session, quiet=as_json)
    followed = run_job(session, paper, job, rubric)
    verdict = _verdict_of(followed, job)
    _record(session, lesson, task, code, verdict)
    if as_json:
        echo_json(verdict_as_json(verdict, followed))
    else:
        _print(session, paper, entry, task, verdict)
    session.say_problems()
    return STATUS.get(verdict.outcome, 1)


def _verdict_of(followed: Followed, job: Job) -> Verdict:
    """The judge's word. Where the run ended without one, it is no pass."""
    if followed.verdict is not None:
        return followed.verdict
    from tutor.engine.protocol import Verdict

    assert followed.ended is not None
    outcome = "cancelled" if followed.stopped else "fault"
    return Verdict(job.block, outcome, summary=followed.ended.note, seed=job.seed)  # type: ignore[arg-type]


def _record(session: Session, lesson: Lesson, task: Exercise, code: str, verdict: Verdict) -> None:
    from tutor.progress import Attempt

    attempt = Attempt(
        task=task.id, kind="exercise", outcome=verdict.outcome, lesson=lesson.id,
        passed=sum(check.outcome == "passed" for check in verdict.checks), total=len(verdict.checks),
        diagnosis=verdict.diagnosis.name if verdict.diagnosis else "", answer=code,
        seconds=verdict.seconds, seed=verdict.seed,
    )  # fmt: skip
    session.progress.record(attempt)


def _print(session: Session, paper: Paper, entry: LessonEntry, task: Exercise, verdict: Verdict) -> None:
    from tutor.commands.verdicts import print_verdict

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
