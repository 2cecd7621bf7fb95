"""A run on the command line: what the code prints, plots as text, training as lines or a bar, checks, the error.

What the code says goes to standard output, what the tutor says about it to standard error.
"""

from __future__ import annotations

import math
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

from tutor.commands.session import Session
from tutor.engine import protocol as p

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

HEADLINES: dict[str, str] = {
    "passed": "Passed",
    "failed": "Not passed",
    "error": "Not passed: the code stopped with an error",
    "not-attempted": "Not passed: nothing was changed yet",
    "time": "Not passed: out of time",
    "memory": "Not passed: out of memory",
    "output": "Not passed: too much output",
    "cancelled": "Cancelled",
    "fault": "The tutor's own fault; nothing is held against you",
}
STATUS: dict[str, int] = {
    "ok": 0, "passed": 0, "cancelled": 130, "killed": 130, "fault": 3, "lost": 3,
}  # fmt: skip
"""Exit status of an outcome; all others are 1."""


class Show:
    """Prints the events of one run. quiet: nothing but the progress bar (for `--json`)."""

    def __init__(self, session: Session, *, quiet: bool = False) -> None:
        self._session = session
        self._quiet = quiet
        self._width = session.width
        self._ascii = session.terminal.ascii
        self._tty = sys.stdout.isatty()
        self._fit: p.FitStarted | None = None
        self._last: p.EpochEnded | None = None
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._plots: dict[int, Any] = {}

    def event(self, event: p.RunEvent) -> None:
        """Show one event."""
        match event:
            case p.Output():
                self._print(event.text, err=event.stream != "out", nl=False)
            case p.FitStarted():
                self._fit_started(event)
            case p.EpochEnded():
                self._epoch(event)
            case p.FitEnded():
                self._fit_ended(event)
            case p.Plotted():
                self._plots[event.index] = event.scene
            case p.Note():
                self._print(event.text, err=True)
            case p.Queued():
                self._print(f"Another run goes first ({event.ahead} ahead).", err=True)
            case p.Checked():
                self._flush_plots()
            case p.Ended():
                self._close_bar()
                self._flush_plots()

    def close(self) -> None:
        """Take the bar away, whatever happened."""
        self._close_bar()

    def _print(self, text: str, *, err: bool = False, nl: bool = True) -> None:
        if self._quiet:
            return
        if self._bar is not None and nl:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            click.echo(text, err=err, nl=nl)

    # -------------------------------------------------------------- training

    def _fit_started(self, event: p.FitStarted) -> None:
        self._fit, self._last = event, None
        if not sys.stderr.isatty():
            self._print(f"training {event.model or 'a model'}: {event.epochs} epochs", err=True)
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("training"), BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
        console = Console(stderr=True, no_color=self._session.terminal.colours == "none")
        self._bar = Progress(*columns, console=console, transient=True)
        self._task = self._bar.add_task("", total=event.epochs or None)
        self._bar.start()

    def _epoch(self, event: p.EpochEnded) -> None:
        self._last = event
        total = self._fit.epochs if self._fit else 0
        line = f"epoch {event.epoch + 1} of {total}" if total else f"epoch {event.epoch + 1}"
        line += "".join(f"  {name} {number(value)}" for name, value in event.values.items())
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=event.epoch + 1, description=line)
        else:
            self._print(line, err=False)

    def _fit_ended(self, event: p.FitEnded) -> None:
        on_terminal = self._bar is not None
        self._close_bar()
        how = {"done": "trained", "stopped": "stopped after", "early": "ended early after", "error": "failed after"}
        line = f"{how[event.reason]} {event.epochs} epochs in {event.seconds:.2f} s"
        if self._last and on_terminal:
            line += "".join(f"  {name} {number(value)}" for name, value in self._last.values.items())
        self._print(line)
        if event.note:
            self._print(event.note)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None

    # -------------------------------------------------------------- plots

    def _flush_plots(self) -> None:
        plots, self._plots = self._plots, {}
        if self._quiet or not plots:
            return
        from tutor.plots import PlotLook, natural_height, render, words

        terminal = self._session.terminal
        look = PlotLook(ascii=self._ascii, colours=terminal.colours, dark=self._session.settings.theme != "light")
        for _, scene in sorted(plots.items()):
            shown = look if self._tty and look.colours != "none" else look.plain()
            lines = render(scene, self._width, natural_height(scene, self._width), shown)
            self._draw(lines)
            text = scene.words or words(scene)
            if text:
                click.echo(textwrap.fill(text, self._width))

    def _draw(self, lines: list[Any]) -> None:
        if not self._tty:
            for line in lines:
                click.echo(line.plain.rstrip())
            return
        from rich.console import Console

        console = Console(no_color=self._session.terminal.colours == "none")
        for line in lines:
            console.print(line, no_wrap=True, crop=False, soft_wrap=True)


def number(value: float) -> str:
    """A figure of a training, short: four digits that count."""
    if math.isnan(value) or math.isinf(value):
        return str(value)
    return f"{value:.4g}"


# ------------------------------------------------------------------ verdicts and errors


def verdict_lines(session: Session, verdict: p.Verdict) -> list[str]:
    """The verdict in words: each check, what was asked and what came, the likeliest reason."""
    width = session.width
    lines: list[str] = []
    for check in verdict.checks:
        lines += _fold(check.requirement or check.name, width, session.sign(check.outcome) + " ", "  ")
        if check.outcome != "passed":
            for row in check.message.splitlines():
                lines += [f"    {row}"] if len(row) + 4 <= width else _fold(row, width, "    ", "    ")
    if verdict.error is not None:
        lines += error_lines(verdict.error, width)
    if verdict.diagnosis is not None:
        lines += ["", *_fold(verdict.diagnosis.text, width, "  ", "  ")]
    passed = sum(check.outcome == "passed" for check in verdict.checks)
    count = f": {passed} of {len(verdict.checks)} checks" if verdict.checks else ""
    lines += ["", f"{HEADLINES[verdict.outcome]}{count} ({verdict.seconds:.2f} s, seed {verdict.seed})."]
    if verdict.summary and verdict.outcome not in ("passed", "failed"):
        lines += _fold(verdict.summary, width, "", "")
    if verdict.report:
        lines += _fold(verdict.report, width, "", "")
    return lines


def error_lines(error: p.CodeError, width: int) -> list[str]:
    """An exception with the learner's own lines, and what usually helps."""
    lines = _fold(f"{error.kind}: {error.message}".removesuffix(": "), width, "", "  ")
    for at in error.lines:
        where = f"{at.chunk}, line {at.line}" + (f", in {at.function}" if at.function else "")
        lines += [f"  {where}", f"    {at.source.strip()}"]
    return lines + (_fold(error.todo, width, "", "") if error.todo else [])


def _fold(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest) or [first.rstrip()]
