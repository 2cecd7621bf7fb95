"""`dl-tutor doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

import textwrap

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

MARKS = {"ok": ("✓", "ok"), "warn": ("!", "!"), "bad": ("✗", "bad")}


@click.command()
@course_option
@json_option
@click.pass_obj
def doctor(session: Session, as_json: bool) -> int:
    """Look whether all is well.

    Terminal, engine, data and disk; each finding says what to do about it.
    """
    import msgspec

    from tutor import doctor as rules
    from tutor import paths

    findings = []
    area = ""
    for finding in rules.examine(session.settings, session.terminal, paths.state_dir()):
        findings.append(finding)
        if as_json:
            continue
        if finding.area != area:
            area = finding.area
            click.echo(f"{area}")
        mark = MARKS[finding.level][session.terminal.ascii]
        click.echo(f"  {mark} {finding.what}")
        if finding.todo:
            indent = " " * 6
            click.echo(textwrap.fill(finding.todo, session.width, initial_indent=indent, subsequent_indent=indent))
    bad = sum(finding.level == "bad" for finding in findings)
    if as_json:
        echo_json({"well": not bad, "findings": [msgspec.to_builtins(finding) for finding in findings]})
    else:
        click.echo()
        click.echo("All is well." if not bad else f"{bad} thing{'s' if bad > 1 else ''} to mend.")
    return 1 if bad else 0
