"""`dl-tutor lint`: for those who write lessons."""

from __future__ import annotations

import click

from tutor.commands.session import Session, course_option


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--prove", "proving", is_flag=True, help="Also run every solution, starter, mistake, block and figure.")
@click.option("--only", metavar="ID", help="With --prove: one lesson or task.")
@click.option("--fresh", is_flag=True, help="With --prove: without what earlier proofs kept.")
@course_option
@click.pass_obj
def lint(session: Session, folder: str | None, proving: bool, only: str | None, fresh: bool) -> int:
    """Check lessons, for those who write them.

    This course, or that in DIR: format, ids, links, formulas, hints, mistakes.
    """
    from tutor.lint.rules import lint_course

    if folder:
        session.flags["course"] = folder
    findings = lint_course(session.folder)
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.severity == "error" for finding in findings)
    if proving and not errors:
        return _prove(session, only, fresh)
    click.echo(_sum(errors, len(findings) - errors), err=True)
    return 1 if findings else 0


def _prove(session: Session, only: str | None, fresh: bool) -> int:
    from tutor.lint.prove import prove

    session.settings.apply()
    findings = prove(session.folder, only, lambda line: click.echo(line, err=True), fresh)
    for finding in findings:
        click.echo(str(finding))
    click.echo(_sum(len(findings), 0), err=True)
    return 1 if findings else 0


def _sum(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "Nothing found."
    words = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return " and ".join(words) + "."
