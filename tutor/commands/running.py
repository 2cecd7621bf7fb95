"""`dl-tutor run` and `dl-tutor check`: the engine and the judge without a window."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from tutor.commands.session import Session, course_option, echo_json, json_option
from tutor.errors import UsageError

if TYPE_CHECKING:
    from tutor.course.model import Exercise, Lesson, Run
    from tutor.engine.protocol import Ended, Job, Verdict

seed_option = click.option("--seed", type=int, default=0, show_default=True, help="For everything random.")


@click.command()
@click.argument("what", metavar="BLOCK|FILE")
@seed_option
@course_option
@click.pass_obj
def run(session: Session, what: str, seed: int) -> int:
    """Run a block of the course, or a file.

    Of a block, your draft is run. `-` reads the code from standard input.
    """
    from tutor.commands.following import carry_out
    from tutor.commands.showing import STATUS, error_lines

    ended, _ = carry_out(session, _job(session, what, seed))
    if ended.error is not None:
        click.echo("\n".join(error_lines(ended.error, session.width)), err=True)
    if ended.note:
        click.echo(ended.note, err=True)
    elif ended.reason not in ("ok", "error"):
        click.echo(_REASONS[ended.reason], err=True)
    return STATUS.get(ended.reason, 1)


_REASONS = {
    "time": "Out of time.",
    "memory": "Out of memory.",
    "output": "Too much output.",
    "cancelled": "Cancelled.",
    "killed": "Ended at once.",
    "lost": "The engine has gone.",
}


def _job(session: Session, what: str, seed: int) -> Job:
    from tutor.course.model import Exercise
    from tutor.engine import jobs

    if what == "-" or what.endswith(".py") or "/" in what:
        code = read_code(what)
        return jobs.job_for_file("standard input" if what == "-" else Path(what).name, code, seed=seed)
    lesson, task = find(session, what, ("run", "exercise"))
    draft = session.progress.drafts.load(task.id)
    passed = session.progress.passed_code
    if isinstance(task, Exercise):
        code = draft.text if draft else task.starter.code
        job, _ = jobs.job_for_exercise(session.course, lesson, task, code, passed_code=passed, seed=seed)
        return replace(job, graded=False)
    code = draft.text if draft else task.code.code
    return jobs.job_for_run(session.course, lesson, task, code, passed_code=passed, seed=seed)


@click.command()
@click.argument("exercise")
@click.argument("file", required=False)
@seed_option
@course_option
@json_option
@click.pass_obj
def check(session: Session, exercise: str, file: str | None, seed: int, as_json: bool) -> int:
    """Check an exercise.

    Your draft of it is checked, or FILE (`-` for standard input).
    """
    from tutor.commands.following import carry_out
    from tutor.commands.showing import STATUS, verdict_lines
    from tutor.course.model import Exercise
    from tutor.engine import jobs

    lesson, task = find(session, exercise, ("exercise",))
    assert isinstance(task, Exercise)
    answer = read_code(file) if file else _draft(session, task)
    progress = session.progress
    job, rubric = jobs.job_for_exercise(
        session.course, lesson, task, answer, passed_code=progress.passed_code, seed=seed
    )
    ended, verdict = carry_out(session, job, rubric, quiet=as_json)
    verdict = verdict or _no_verdict(task, ended)
    _record(session, lesson, task, answer, verdict)
    status = STATUS.get(verdict.outcome, 1)
    if as_json:
        echo_json(_as_json(lesson, verdict, status))
    else:
        click.echo("\n".join(verdict_lines(session, verdict)))
        click.echo(_next_step(session, task, verdict))
    session.say_problems()
    progress.tidy()
    return status


def find(session: Session, words: str, kinds: tuple[str, ...]) -> tuple[Lesson, Exercise | Run]:
    """The task of that id, and its lesson. Raises UsageError with the nearest of those that would do."""
    from tutor.course.loader import load_lesson, task_of
    from tutor.course.model import Exercise, Run
    from tutor.settings import nearest

    course = session.course
    name = course.renamed.get(words, words)
    for entry in course.lessons:
        for one in entry.tasks:
            if one.id != name:
                continue
            if one.kind not in kinds:
                raise UsageError(
                    f"{words} is answered in the window (it is a {one.kind}).", f"`dl-tutor open {entry.number}`."
                )
            lesson = load_lesson(course, entry.id)
            task = task_of(lesson, name)
            assert isinstance(task, Exercise | Run)
            return lesson, task
    known = [one.id for entry in course.lessons for one in entry.tasks if one.kind in kinds]
    what = "exercise" if kinds == ("exercise",) else "block"
    raise UsageError(f"There is no {what} {words!r}.", nearest(name, known))


def read_code(file: str) -> str:
    """The code in a file, or on standard input for "-". Raises UsageError where it cannot be read."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text.", "Save it as UTF-8.") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error


def _draft(session: Session, task: Exercise) -> str:
    draft = session.progress.drafts.load(task.id)
    if draft is None:
        click.echo(f"There is no draft of {task.id} yet: its starter is checked.", err=True)
    return draft.text if draft else task.starter.code


def _no_verdict(task: Exercise, ended: Ended) -> Verdict:
    """No verdict, for whatever reason, is not a pass."""
    from tutor.engine.protocol import Verdict

    if ended.reason in ("cancelled", "killed"):
        return Verdict(task.id, "cancelled", seconds=ended.seconds)
    return Verdict(task.id, "fault", summary=ended.note or "The judge gave no verdict.", seconds=ended.seconds)


def _record(session: Session, lesson: Lesson, task: Exercise, answer: str, verdict: Verdict) -> None:
    from tutor.progress import Attempt

    session.progress.record(
        Attempt(
            task=task.id,
            kind="exercise",
            outcome=verdict.outcome,
            lesson=lesson.id,
            passed=sum(one.outcome == "passed" for one in verdict.checks),
            total=len(verdict.checks),
            diagnosis=verdict.diagnosis.name if verdict.diagnosis else "",
            answer=answer,
            seconds=verdict.seconds,
            seed=verdict.seed,
        )
    )


def _next_step(session: Session, task: Exercise, verdict: Verdict) -> str:
    if verdict.outcome == "passed":
        return task.learned or "`dl-tutor` goes on."
    if verdict.outcome in ("cancelled", "fault"):
        return ""
    shown = session.progress.hints_shown(task.id)
    if shown < len(task.hints):
        return f"`dl-tutor hint {task.id}`: hint {shown + 1} of {len(task.hints)}."
    return "In the window, F9 compares your code with the solution."


def _as_json(lesson: Lesson, verdict: Verdict, status: int) -> dict[str, object]:
    import msgspec

    plain = msgspec.to_builtins(verdict)
    plain.pop("observed", None)
    return {"lesson": lesson.id, "passed": verdict.outcome == "passed", **plain, "exit_status": status}
