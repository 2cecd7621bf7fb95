"""`dl-tutor doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.commands.paper import Paper
    from tutor.doctor import Finding

MARKS = {"ok": "passed", "warn": "error", "bad": "failed"}
RESTORE = "Mend it, or install dl-tutor again if it is the course that came with it."
COLOURS = {"ok": "", "warn": "yellow", "bad": "red"}


@click.command()
@course_option
@json_option
@click.pass_obj
def doctor(session: Session, as_json: bool) -> int:
    """Look whether all is well.

    Terminal, engine, data and disk; each finding says what to do about it.
    """
    from tutor.commands.paper import Paper

    unreadable = list(_settings(session))
    paper = Paper(session, quiet=as_json)
    findings = []
    area = ""
    for finding in chain(unreadable, _examine(session)):
        findings.append(finding)
        if finding.area != area:
            area = finding.area
            paper.line(area, bold=True)
        _print(paper, finding)
        paper.status("looking on …")
    bad = sum(finding.level == "bad" for finding in findings)
    if as_json:
        import msgspec

        echo_json({"well": not bad, "findings": [msgspec.to_builtins(finding) for finding in findings]})
    paper.line()
    paper.line("All is well." if not bad else f"{bad} thing{'s' if bad > 1 else ''} to mend.")
    return 1 if bad else 0


def _settings(session: Session) -> Iterator[Finding]:
    """Settings that cannot be read are a finding; everything else is then looked at with the usual ones."""
    from tutor.doctor import Finding
    from tutor.errors import UsageError
    from tutor.settings import Settings

    try:
        session.settings  # noqa: B018  (read once, kept)
    except UsageError as error:
        session.settings = Settings()
        yield Finding("settings", "bad", error.what, error.todo)
    from tutor.tui.keys.keymap import remap

    try:
        remap(session.settings.keys)
    except UsageError as error:
        yield Finding("settings", "bad", error.what, error.todo)


def _examine(session: Session) -> Iterator[Finding]:
    """All findings, each as soon as it is known."""
    from tutor import doctor as rules
    from tutor import paths, sharing
    from tutor.commands.upkeep.bounded_looks import BoundedLook, all_in_time
    from tutor.errors import TutorError
    from tutor.terminal_report import look_at_terminal

    def course() -> Iterator[Finding]:
        try:
            yield from rules.look_at_course(session.course)
            yield from rules.look_at_progress(session.progress.problems, paths.state_dir())
        except TutorError as error:
            yield rules.Finding("course", "bad", f"the course cannot be read: {error}", RESTORE)

    def disk() -> Iterator[Finding]:
        yield from rules.look_at_disk(paths.state_dir(), "your work")
        yield from rules.look_at_disk(paths.cache_dir(), "the cache")
        yield from rules.look_at_disk(paths.temporary_dir(), "temporary files of runs")

    settings = session.settings
    settings.apply()
    yield from look_at_terminal(session.terminal)
    yield from rules.look_at_settings(settings)
    yield from rules.look_at_protections()
    yield from all_in_time([
        BoundedLook("engine", "the engine", rules.look_at_engine),
        *(BoundedLook("engine", name, partial(rules.look_at_framework, name, need)) for name, need in rules.FRAMEWORKS),
        BoundedLook("data", "the disk with the data", rules.look_at_data),
        BoundedLook("course", "the disk with the course or with your work", course),
        BoundedLook("disk", "a disk", disk),
        BoundedLook("processes", "the list of processes", sharing.look_at_places),
        BoundedLook("processes", "the list of processes", partial(sharing.look_at_processes, settings)),
        BoundedLook("logout", "systemd", sharing.look_at_logout),
    ])  # fmt: skip


def _print(paper: Paper, finding: Finding) -> None:
    from tutor.terminal_report import TEST_LINE

    mark = paper.session.sign(MARKS[finding.level])
    rows = textwrap.wrap(finding.what, paper.width - 4)
    paper.line(f"  {mark} {rows[0]}", colour=COLOURS[finding.level])
    for row in rows[1:]:
        paper.line(f"    {row}")
    if finding.what == TEST_LINE:
        paper.palette("    ")
    for row in textwrap.wrap(finding.todo, paper.width - 6):
        paper.line(f"      {row}")
