"""Rules on pages: one idea, about two screens, one thing to do, formulas and pictures that can be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

from tutor import maths
from tutor.course import model
from tutor.course.model import Block, Image
from tutor.course.walk import TASKS, iter_inlines, iter_runs
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground
from tutor.typeset import typeset

WIDTH = 76
MOST_LINES = 60
_FIGURE_LINES = 14
_CODE_CELLS, _TASK_CODE_CELLS = 74, 73
"""Cells of a line of code that a page of 80 columns shows in one piece: by itself, and in a task's box."""
# money ($5) is no formula
_LOOSE = re.compile(r"\$(?!\d)|\\[A-Za-z]+")


def length(ground: Ground, findings: Findings) -> None:
    """A page fits about two screens of 80x24: a warning, as screens set tasks and figures in their own ways."""
    for placed in ground.lessons:
        for page in placed.lesson.pages:
            lines = height(page.blocks)
            if lines > MOST_LINES:
                message = f'The page "{page.title}" is about {lines} lines long; {MOST_LINES} are two screens.'
                findings.warning(placed.file, page.line, "length", message)


def height(blocks: Sequence[Block], width: int = WIDTH) -> int:
    """How many lines blocks take on a page; of tasks: their prose, choices and an empty line before and behind."""
    own = sum(_task_height(block, width) for block in blocks)
    return len(typeset(blocks, width)) + own


def _task_height(block: Block, width: int) -> int:
    """Of what typesetting leaves to the screens."""
    match block:
        case model.Figure(caption=caption, attempt=attempt):
            return _FIGURE_LINES + height(caption, width) + bool(attempt)
        case model.Quiz(prose=prose, choices=choices) | model.Predict(prose=prose, choices=choices):
            shown = tuple(model.Paragraph(choice.inlines) for choice in choices)
            return height((*prose, model.ListBlock(tuple((choice,) for choice in shown))), width) + 2
        case model.Order(prose=prose, lines=lines):
            return height(prose, width) + len(lines) + 2
        case model.Run() | model.Exercise() | model.Number() | model.Explain() | model.Review():
            return height(block.prose, width) + 2
    return 0


def one_task(ground: Ground, findings: Findings) -> None:
    """At most one thing to do on a page. A {run} that an exercise follows is a second one."""
    for placed in ground.lessons:
        for page in placed.lesson.pages:
            tasks = [block for block in page.blocks if isinstance(block, TASKS)]
            for task in tasks[1:]:
                kinds = f"{{{type(tasks[0]).__name__.lower()}}} {tasks[0].id}"
                message = f"A second thing to do on this page: {task.id} after {kinds}. Start a new page."
                findings.error(placed.file, task.line, "one-task", message)


def listings(ground: Ground, findings: Findings) -> None:
    """Code that a page shows fits into 80 columns: a warning, as a line that does not is shown in pieces."""
    for placed in ground.lessons:
        for _, block in placed.blocks():
            match block:
                case model.CodeBlock(code=code, line=line):
                    _listing(findings, placed.file, line + 1, code, _CODE_CELLS)
                case model.Run(code=source) | model.Predict(code=source) | model.Exercise(setup=source):
                    if source is not None:
                        _listing(findings, placed.file, source.line, source.code, _TASK_CODE_CELLS)


def _listing(findings: Findings, file: str, line: int, code: str, room: int) -> None:
    for number, text in enumerate(code.expandtabs(4).splitlines(), line):
        if cell_len(text) > room:
            message = f"A line of code of {cell_len(text)} columns is shown in pieces: {room} fit into a row."
            findings.warning(file, number, "wide-code", message)


def formulas(ground: Ground, findings: Findings) -> None:
    """Every formula can be set, and has no macro that the typesetter does not know."""
    for placed in ground.lessons:
        for _, block in placed.blocks():
            if isinstance(block, model.DisplayMath):
                _formula(findings, placed.file, block.line, block.latex)
            for run in iter_runs(block):
                for inline in iter_inlines(run):
                    if isinstance(inline, model.Math):
                        _formula(findings, placed.file, inline.line, inline.latex)


def loose_maths(ground: Ground, findings: Findings) -> None:
    """A $ that opens no formula, and a macro outside of one: both would be shown as they are written."""
    for placed in ground.lessons:
        for _, block in placed.blocks():
            for run in iter_runs(block):
                for inline in iter_inlines(run):
                    found = _LOOSE.search(inline.text) if isinstance(inline, model.Text) else None
                    if found:
                        message = f'"{found.group()}" stands outside of a formula. $…$ has no space inside its ends.'
                        findings.warning(placed.file, getattr(block, "line", 0), "maths", message)


def _formula(findings: Findings, file: str, line: int, latex: str) -> None:
    for problem in maths.problems(latex):
        shown = " ".join(latex.split())
        findings.error(file, line, "maths", f"${shown[:40]}{'…' if len(shown) > 40 else ''}$: {problem}")


def pictures(ground: Ground, findings: Findings) -> None:
    """Pictures have words, as a terminal shows nothing else."""
    for placed in ground.lessons:
        for _, block in placed.blocks():
            for run in iter_runs(block):
                for inline in iter_inlines(run):
                    if isinstance(inline, Image) and not inline.alt.strip():
                        line = getattr(block, "line", 0)
                        findings.error(placed.file, line, "alt", f"The picture {inline.src} has no words: ![words](…).")
