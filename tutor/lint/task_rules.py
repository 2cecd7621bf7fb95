"""Rules on single tasks: what an exercise needs, explanations of choices, numbers that can be told apart."""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter

from msgspec import structs

from tutor.course.answers import mark_number
from tutor.course.model import Exercise, Number, Predict, Quiz
from tutor.course.numbers import evaluate
from tutor.course.walk import plain_text
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground, Placed
from tutor.lint.sections import RuleName

_LEAST_HINTS = 2
_LEAST_WRONGS = 2
_EMPHASIS = re.compile(r"(?<![\w*)\]`])\*(?=[^\s*])[^*\n]*?[^\s*]\*(?![\w*(])")


def exercises(ground: Ground, findings: Findings) -> None:
    """At least two hints and two wrong solutions; starter, solutions and wrong solutions all differ."""
    for placed in ground.lessons:
        for task in placed.tasks():
            if isinstance(task, Exercise):
                _counts(task, placed, findings)
                _differ(task, placed, findings)


def _counts(task: Exercise, placed: Placed, findings: Findings) -> None:
    counted: tuple[tuple[RuleName, int, int, str], ...] = (
        ("hints", len(task.hints), _LEAST_HINTS, '"text hint"'),
        ("wrongs", len(task.wrongs), _LEAST_WRONGS, '"python wrong NAME"'),
    )
    for rule, found, least, what in counted:
        if found < least:
            message = f"{{exercise}} {task.id} has {found} {what}; at least {least} are needed."
            findings.error(placed.file, task.line, rule, message)
    if not task.learned:
        message = f"{{exercise}} {task.id} has no :learned:, the line that is shown on passing."
        findings.warning(placed.file, task.line, "learned", message)


def _differ(task: Exercise, placed: Placed, findings: Findings) -> None:
    """Compared as syntax trees, so that a comment makes no difference."""
    pieces = [
        ("the starter", task.starter.code, task.starter.line),
        *((f"the solution {one.name}".strip(), one.code, one.line) for one in task.solutions),
        *((f'the wrong solution "{one.name}"', one.code, one.line) for one in task.wrongs),
    ]
    seen: dict[str, str] = {}
    for name, code, line in pieces:
        meaning = _meaning(code)
        if meaning in seen:
            message = f"In {{exercise}} {task.id}, {name} is the same as {seen[meaning]}."
            findings.error(placed.file, line, "starter" if "starter" in seen[meaning] else "wrongs", message)
        seen.setdefault(meaning, name)


def _meaning(code: str) -> str:
    """The code without comments, docstrings and layout; the code itself where it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code
    if tree.body and isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Constant):
        tree.body.pop(0)
    return ast.dump(tree)


def choices(ground: Ground, findings: Findings) -> None:
    """Every choice of a quiz is explained, of a prediction at least the right one; no choice stands twice."""
    for placed in ground.lessons:
        for task in placed.tasks():
            if not isinstance(task, Quiz | Predict):
                continue
            for choice in task.choices:
                if not choice.explanation and (choice.right or isinstance(task, Quiz)):
                    message = f'The choice "{plain_text(choice.inlines)[:40]}" has no explanation (:: because …).'
                    findings.error(placed.file, choice.line, "choices", message)
            words = Counter(plain_text(choice.inlines) for choice in task.choices)
            for text, count in words.items():
                if count > 1:
                    findings.error(placed.file, task.line, "choices", f'The choice "{text[:40]}" stands twice.')


def diagnoses(ground: Ground, findings: Findings) -> None:
    """What is said to a mistake is plain text: marks of emphasis would be shown as they are written."""
    for placed in ground.lessons:
        for task in placed.tasks():
            for wrong in task.wrongs if isinstance(task, Exercise | Number) else ():
                found = _EMPHASIS.search(wrong.diagnosis)
                if found:
                    message = f"A diagnosis is plain text: {found.group()} is shown with its asterisks."
                    findings.warning(placed.file, wrong.line, "diagnosis", message)


def numbers(ground: Ground, findings: Findings) -> None:
    """A known wrong number is not right within the tolerance, and not another wrong one; the working is shown."""
    for placed in ground.lessons:
        for task in placed.tasks():
            if isinstance(task, Number):
                _number(task, placed, findings)


def _number(task: Number, placed: Placed, findings: Findings) -> None:
    if not task.working:
        findings.warning(placed.file, task.line, "number", f'{{number}} {task.id} has no "text working".')
    if task.relative and task.tolerance and evaluate(task.answer) == 0.0:
        message = f"{{number}} {task.id}: a share of 0 is no tolerance; write it without %."
        findings.error(placed.file, task.line, "number", message)
    for position, wrong in enumerate(task.wrongs):
        if mark_number(task, wrong.expression).right:
            message = f"The wrong number {wrong.expression} is right within the tolerance."
            findings.error(placed.file, wrong.line, "number", message)
        as_answer = structs.replace(task, answer=wrong.expression)
        for other in task.wrongs[:position]:
            if mark_number(as_answer, other.expression).right:
                message = f"The wrong number {wrong.expression} cannot be told from {other.expression}."
                findings.error(placed.file, wrong.line, "number", message)
