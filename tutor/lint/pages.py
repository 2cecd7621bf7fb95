"""Rules on pages: one idea, about two screens, one thing to do, formulas and pictures that can be shown."""

from __future__ import annotations

import re
import textwrap

from tutor import maths
from tutor.course import model
from tutor.course.model import Block, Image
from tutor.course.walk import TASKS, iter_inlines, iter_runs, plain_text
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground

WIDTH = 76
MOST_LINES = 60
_FIGURE_LINES = 14


def length(ground: Ground, findings: Findings) -> None:
    """A page fits about two screens of 80x24: an estimate, so a warning."""
    for placed in ground.lessons:
        for page in placed.lesson.pages:
            lines = sum(height(block) for block in page.blocks)
            if lines > MOST_LINES:
                message = f'The page "{page.title}" is about {lines} lines long; {MOST_LINES} are two screens.'
                findings.warning(placed.file, page.line, "length", message)


def height(block: Block, width: int = WIDTH) -> int:
    """About how many lines a block takes, with the empty line behind it. Of a task: its prose and choices."""
    match block:
        case model.Paragraph(inlines=inlines):
            return _wrapped(plain_text(inlines), width) + 1
        case model.Heading() | model.Rule():
            return 2
        case model.ListBlock(items=items):
            # the items of a list have no empty lines between them
            return sum(sum(height(inner, width - 3) for inner in item) - 1 for item in items) + 1
        case model.Quote(blocks=blocks) | model.Box(blocks=blocks):
            return sum(height(inner, width - 4) for inner in blocks) + 1
        case model.CodeBlock(code=code):
            return code.count("\n") + 2
        case model.Table(rows=rows):
            return len(rows) + 3
        case model.DisplayMath(latex=latex):
            tall = 2 if re.search(r"\\(frac|dfrac|sum|prod|sqrt|begin)", latex) else 0
            return 2 + tall + 2 * latex.count(r"\\")
        case model.Figure(caption=caption, attempt=attempt):
            return _FIGURE_LINES + sum(height(inner, width) for inner in caption) + bool(attempt)
        case model.Quiz(choices=choices) | model.Predict(choices=choices):
            shown = sum(_wrapped(plain_text(choice.inlines), width - 4) for choice in choices)
            return _prose(block.prose, width) + shown + 2
        case model.Order(prose=prose, lines=lines):
            return _prose(prose, width) + len(lines) + 2
        case model.Run() | model.Exercise() | model.Number() | model.Explain() | model.Review():
            return _prose(block.prose, width) + 2
    return 1


def _prose(blocks: tuple[Block, ...], width: int) -> int:
    return sum(height(inner, width) for inner in blocks)


def _wrapped(text: str, width: int) -> int:
    return max(1, len(textwrap.wrap(text, width)))


def one_task(ground: Ground, findings: Findings) -> None:
    """At most one thing to do on a page. A {run} that an exercise follows is a second one."""
    for placed in ground.lessons:
        for page in placed.lesson.pages:
            tasks = [block for block in page.blocks if isinstance(block, TASKS)]
            for task in tasks[1:]:
                kinds = f"{{{type(tasks[0]).__name__.lower()}}} {tasks[0].id}"
                message = f"A second thing to do on this page: {task.id} after {kinds}. Start a new page."
                findings.error(placed.file, task.line, "one-task", message)


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
                        findings.error(
                            placed.file, line, "alt", f"The picture {inline.src} has no words: ![words](…)."
                        )
