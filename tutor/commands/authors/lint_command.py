"""`dl-tutor lint`: for those who write lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option

if TYPE_CHECKING:
    from tutor.lint.findings import CourseFinding


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--prove", "proving", is_flag=True, help="Also run every solution, starter, mistake, block and figure.")
@click.option("--only", metavar="ID", help="With --prove: one lesson or task.")
@click.option("--fresh", is_flag=True, help="With --prove: everything, whatever is kept of earlier proofs.")
@click.option("--draw", metavar="WORD", default="", help="With --prove: also a tenth of what is kept, drawn by a word.")
@course_option
@click.pass_obj
def lint(session: Session, folder: str | None, proving: bool, only: str | None, fresh: bool, draw: str) -> int:
    """Check lessons, for those who write them.

    This course, or that in DIR: format, ids, links, formulas, hints, mistakes.
    """
    from tutor.errors import UsageError
    from tutor.lint.rules import lint_course
    from tutor.messages.harmless import harmless

    if (only or fresh or draw) and not proving:
        raise UsageError("`--only`, `--fresh` and `--draw` say how to prove.", "Add `--prove`.")
    if folder:
        session.flags["course"] = folder
    findings = lint_course(session.folder)
    if proving:  # the proof says itself what it found out of date
        findings = [finding for finding in findings if finding.rule != "proof-out-of-date"]
    for finding in findings:
        click.echo(harmless(str(finding)))
    errors = any(finding.severity == "error" for finding in findings)
    if proving and errors:
        click.echo("Not proved: mend these first.", err=True)
    elif proving:
        findings += _prove(session, _id_of(session, only) if only else None, fresh, draw)
    click.echo(_sum(findings), err=True)
    return 1 if findings else 0


def _id_of(session: Session, words: str) -> str:
    """The id of the lesson or task that is meant. Raises UsageError with the nearest ids."""
    from tutor.course.loader import find_lesson, find_task
    from tutor.errors import UsageError

    try:
        return find_task(session.course, words)[1].id
    except UsageError as unknown:
        try:
            return find_lesson(session.course, words).id
        except UsageError:
            raise unknown from None


def _prove(session: Session, only: str | None, fresh: bool, draw: str) -> list[CourseFinding]:
    """What the proof finds, printed when it is through; each step is told on standard error."""
    from tutor.lint.prove import Belief, prove
    from tutor.messages.harmless import harmless

    session.settings.apply()
    report = lambda line: click.echo(session.text(line), err=True)  # noqa: E731
    found = prove(session.folder, only, report, Belief(fresh, draw))
    for finding in found:
        click.echo(harmless(str(finding)))
    return found


def _sum(findings: list[CourseFinding]) -> str:
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    if not findings:
        return "Nothing found."
    words = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return " and ".join(words) + "."
