"""A verdict, or the end of a run, as plain lines: what was asked, what came, the likeliest reason, what now."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tutor.commands.paper import GREEN, RED, YELLOW
from tutor.messages.endings import ENDINGS, HEADLINES, without_repeats
from tutor.messages.verdicts import CheckResult, CodeError, Verdict

if TYPE_CHECKING:
    from tutor.commands.paper import Paper
    from tutor.commands.running.follow import Followed

STATUS: dict[str, int] = {"passed": 0, "ok": 0, "cancelled": 130, "fault": 3, "lost": 3}
"""Exit status by outcome or reason; everything else is 1."""
NOT_INSTALLED = "NotInstalled"
"""What the engine calls an error that a broken installation makes, not the code."""
_COLOURS = {"passed": GREEN, "fault": YELLOW, "cancelled": "", "skipped": "", "not-attempted": YELLOW}


def print_verdict(paper: Paper, verdict: Verdict, learned: str = "") -> None:
    """The verdict. learned: what passing taught, one line."""
    passed = sum(check.outcome == "passed" for check in verdict.checks)
    count = f", {passed} of {len(verdict.checks)} checks" if verdict.checks else ""
    sign = paper.session.sign("passed" if verdict.outcome == "passed" else "failed")
    headline = f"{sign} {verdict.exercise}: {HEADLINES[verdict.outcome]}{count}"
    paper.line(headline, colour=_COLOURS.get(verdict.outcome, RED), bold=True)
    if verdict.outcome == "passed":
        _fold(paper, learned, "  ")
    elif verdict.outcome != "failed" and verdict.error is None:
        _fold(paper, verdict.summary, "  ")
    if verdict.error is not None:
        print_error(paper, verdict.error)
    told = False
    for check in without_repeats(verdict.checks):
        _print_check(paper, check)
        if check.outcome == "failed" and not told:
            told = _print_diagnosis(paper, verdict)
    if not told:
        _print_diagnosis(paper, verdict)
    _fold(paper, verdict.report, "  ")


def _print_check(paper: Paper, check: CheckResult) -> None:
    rows = textwrap.wrap(check.requirement or check.name, paper.width - 2) or [check.name]
    sign = paper.session.sign(check.outcome)
    paper.line(f"{sign} {rows[0]}", colour=_COLOURS.get(check.outcome, RED))
    for row in rows[1:]:
        paper.line(f"  {row}")
    if check.outcome != "passed":
        for row in check.message.splitlines():
            _fold(paper, row, "    ")


def _print_diagnosis(paper: Paper, verdict: Verdict) -> bool:
    if verdict.diagnosis is None:
        return False
    _fold(paper, verdict.diagnosis.text, "  | " if paper.ascii else "  ▎ ", bold=True)
    return True


def print_error(paper: Paper, error: CodeError, *, err: bool = False) -> None:
    """An exception with the learner's own lines, innermost last, and what usually helps."""
    for at in error.lines[-5:]:
        where = f"{at.chunk}, line {at.line}" + (f", in {at.function}" if at.function else "")
        paper.line(f"  {where}", err=err)
        paper.line(f"    {at.source.strip()}", err=err)
    text = f"{error.kind}: {error.message}" if error.message else error.kind
    _fold(paper, text, "  ", colour=RED, bold=True, err=err)
    _fold(paper, error.todo, "  ", err=err)


def print_ending(paper: Paper, followed: Followed) -> None:
    """How a run that nobody judges ended, on standard error."""
    ended = followed.ended
    if ended.error is not None:
        print_error(paper, ended.error, err=True)
    elif ended.reason != "ok":
        paper.line(ENDINGS[ended.reason], colour="" if ended.reason == "cancelled" else RED, err=True)
    if ended.note:
        paper.note(ended.note)
    if ended.left_behind and "left running" not in ended.note:
        paper.note(f"Processes that the code had left running were ended: {ended.left_behind}.")


def _fold(paper: Paper, text: str, indent: str, *, colour: str = "", bold: bool = False, err: bool = False) -> None:
    """Text folded to the width. Lines that fit stay as they are: they may be columns."""
    room = paper.width - len(indent)
    for line in text.splitlines():
        for row in [line] if len(line) <= room else textwrap.wrap(line, room):
            paper.line(indent + row, colour=colour, bold=bold, err=err)


def verdict_as_json(verdict: Verdict, followed: Followed) -> dict[str, object]:
    """A verdict, for programs."""
    import msgspec

    values: dict[str, object] = msgspec.to_builtins(verdict)
    del values["observed"], values["scores"]
    values["passed"] = verdict.outcome == "passed"
    values["output"] = followed.state.printed
    return values
