"""`dl-tutor run`: code run without a window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option

if TYPE_CHECKING:
    from tutor.messages.jobs import Job
    from tutor.submitting import Bounds



@click.command()
@click.argument("what", metavar="BLOCK|FILE")
@click.argument("file", required=False)
@click.option("--original", is_flag=True, help="The code of the lesson, not your draft of it.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all random generators.")
@click.option("--confined", is_flag=True, help="Hold a file of your own to what a lesson's code may reach.")
@course_option
@click.pass_obj
def run(session: Session, what: str, file: str | None, original: bool, seed: int, confined: bool) -> int:
    """Run a block of a lesson, or a file.

    BLOCK runs as you left it, or with FILE in place of its code. FILE is a
    Python file of your own ("-": standard input). Nothing is graded. A block
    writes into its own temporary folder, opens no connection and reads none of
    your files (`read` under [run] in the settings names what it may); a file
    of your own may do what you may, but with --confined.

    Exit status: 0 ran through, 1 stopped with an error or at a limit, 130 cancelled.
    """
    from tutor.commands.paper import Paper
    from tutor.commands.running.follow import run_job
    from tutor.commands.running.given_code import read_code
    from tutor.commands.running.verdict_lines import NOT_INSTALLED, STATUS, print_ending
    from tutor.submitting import Bounds

    own = read_code(file) if file is not None else None
    if own is None and _is_file(what):
        job = _job_of_file(what, Bounds.of(session.settings), seed, confined)
    else:
        job = _job_of_block(session, what, original, seed, own)
    paper = Paper(session)
    followed = run_job(session, paper, job)
    print_ending(paper, followed)
    session.say_problems()
    if followed.ended.reason == "ok":
        paper.note(f"Ran through in {followed.ended.seconds:.2f} s with seed {job.seed}.")
    if followed.ended.error is not None and followed.ended.error.kind == NOT_INSTALLED:
        return STATUS["fault"]
    return STATUS.get(followed.ended.reason, 1)


def _is_file(what: str) -> bool:
    return what == "-" or what.endswith(".py") or "/" in what or Path(what).is_file()


def _job_of_file(what: str, bounds: Bounds, seed: int, confined: bool) -> Job:
    from tutor.commands.running.given_code import read_code
    from tutor.submitting import job_for_file

    path = None if what == "-" else Path(what).expanduser().absolute()
    name, code = path.name if path else "standard input", read_code(what)
    where = str(path) if path else ""
    return job_for_file(
        name, code, bounds=bounds, seed=seed, path=where, folder=str(Path.cwd()), confined=confined
    )


def _job_of_block(session: Session, name: str, original: bool, seed: int, own: str | None) -> Job:
    from tutor.commands.task_called import task_called
    from tutor.course.model import Exercise, Predict, Run
    from tutor.course.walk import starter_of
    from tutor.errors import UsageError
    from tutor.submitting import Bounds, job_for_run

    _, lesson, task = task_called(session, name)
    if not isinstance(task, (Run, Predict, Exercise)) or (isinstance(task, Predict) and task.code is None):
        raise UsageError(f"There is no code to run in {task.id}.", f"`dl-tutor answer {task.id} ANSWER` answers it.")
    draft = None if original or own is not None else session.progress.drafts.load(task.id)
    code = own if own is not None else draft.text if draft is not None else starter_of(task)
    passed, bounds = session.progress.passed_code, Bounds.of(session.settings)
    return job_for_run(session.course, lesson, task, code, bounds=bounds, passed_code=passed, seed=seed)
