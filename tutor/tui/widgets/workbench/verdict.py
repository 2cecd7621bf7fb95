"""A verdict as a conversation: what was asked, what came, where they differ, the likeliest reason, what now."""

from __future__ import annotations

import textwrap

from textual.content import Content
from textual.widget import Widget

from tutor.messages import endings
from tutor.messages.verdicts import CheckResult, CodeError, Diagnosis, Verdict
from tutor.tui.door import tutor_of
from tutor.tui.looks.respelling import respelled
from tutor.words import in_columns, to_ascii

HEADLINES = {**endings.HEADLINES, "output": "too much output"}
_COLOURS = {"passed": "$success", "fault": "$warning", "cancelled": "$text-muted"}
Piece = tuple[str, str]


class VerdictView(Widget):
    """Draws one verdict. `next_step` is the last line: which key comes now."""

    DEFAULT_CSS = "VerdictView { height: auto; max-width: 82; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._verdict: Verdict | None = None
        self._learned = ""
        self._next = ""

    def show(self, verdict: Verdict | None, *, learned: str = "", next_step: str = "") -> None:
        """Show this verdict (None: nothing). learned: what passing taught, one line."""
        self._verdict, self._learned, self._next = verdict, learned, next_step
        self.display = verdict is not None
        self.refresh(layout=True)

    def render(self) -> Content:
        if self._verdict is None:
            return Content("")
        width = max(20, self.size.width)
        ascii_only = bool(tutor_of(self).terminal.ascii)
        learned = to_ascii(self._learned) if ascii_only else self._learned
        lines = verdict_lines(self._verdict, width, ascii_only=ascii_only, learned=learned)
        if self._next:
            lines += _wrapped(self._next, width, "  ", "$text-muted")
        return Content("\n").join(Content.assemble(*line) for line in lines)


def verdict_lines(
    verdict: Verdict, width: int, *, ascii_only: bool = False, learned: str = ""
) -> list[list[Piece]]:
    """The verdict as lines of (text, style) pieces, none wider than `width` cells."""
    if ascii_only:
        verdict = respelled(verdict)
    sign = _sign("passed" if verdict.outcome == "passed" else "failed", ascii_only)
    colour = _COLOURS.get(verdict.outcome, "$error")
    passed = sum(check.outcome == "passed" for check in verdict.checks)
    count = f": {passed} of {len(verdict.checks)} checks" if verdict.checks else ""
    lines: list[list[Piece]] = [[(f"{sign} {HEADLINES[verdict.outcome]}{count}", f"bold {colour}")]]
    if verdict.outcome == "passed" and learned:
        lines += _wrapped(learned, width, "  ", "")
    error = verdict.error
    said = error is not None and (bool(verdict.checks) or (error.message or error.kind) in verdict.summary)
    if verdict.summary and verdict.outcome not in ("passed", "failed") and not said:
        lines += _wrapped(verdict.summary, width, "  ", "")
    if verdict.error is not None:
        lines += error_lines(verdict.error, width, ascii_only=ascii_only)
    told = False
    for check in endings.without_repeats(verdict.checks):
        lines += _check_lines(check, width, ascii_only)
        if check.outcome == "failed" and verdict.diagnosis is not None and not told:
            lines += _diagnosis_lines(verdict.diagnosis, width, ascii_only)
            told = True
    if verdict.diagnosis is not None and not told:
        lines += _diagnosis_lines(verdict.diagnosis, width, ascii_only)
    if verdict.report:
        lines += _wrapped(verdict.report, width, "  ", "$text-muted")
    return lines


def _diagnosis_lines(diagnosis: Diagnosis, width: int, ascii_only: bool) -> list[list[Piece]]:
    bar = "| " if ascii_only else "▎ "
    rows = textwrap.wrap(diagnosis.text, width - 4) or [""]
    return [[("  " + bar, "$accent"), (row, "bold")] for row in rows]


def error_lines(error: CodeError, width: int, *, ascii_only: bool = False) -> list[list[Piece]]:
    """An exception with the learner's own lines, innermost last, and what usually helps."""
    lines = _wrapped(f"{error.kind}: {error.message}" if error.message else error.kind, width, "  ", "bold $error")
    for at in error.lines[-3:]:
        where = f"line {at.line}" + (f" in {at.function}" if at.function else "")
        lines.append([(f"  {where:<12} ", "$text-muted"), (at.source.strip()[: max(8, width - 16)], "")])
    if error.todo:
        lines += _wrapped(error.todo, width, "  ", "")
    return lines


def _check_lines(check: CheckResult, width: int, ascii_only: bool) -> list[list[Piece]]:
    colour = {"passed": "$success", "skipped": "$text-muted"}.get(check.outcome, "$error")
    rows = textwrap.wrap(check.requirement or check.name, width - 2) or [check.name]
    lines: list[list[Piece]] = [[(_sign(check.outcome, ascii_only) + " ", colour), (rows[0], "")]]
    lines += [[("  " + row, "")] for row in rows[1:]]
    if check.outcome != "passed":
        for row in check.message.splitlines():
            lines += _wrapped(row, width, "    ", "$text-muted" if check.outcome == "skipped" else "")
    return lines


def _sign(outcome: str, ascii_only: bool) -> str:
    sign = {"passed": "✓", "failed": "✗", "skipped": "–", "error": "!"}[outcome]
    return in_columns(sign) if ascii_only else sign


def _wrapped(text: str, width: int, indent: str, style: str) -> list[list[Piece]]:
    """Text folded to the width; columns that were set apart by two blanks stay as they are where they fit."""
    room = max(10, width - len(indent))
    rows = [text] if len(text) <= room else textwrap.wrap(text, room)
    return [[(indent + row, style)] for row in rows]
