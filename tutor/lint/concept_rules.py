"""Rules on what a lesson may ask of someone who has read the course up to it."""

from __future__ import annotations

import ast
import re

from tutor.course.model import Exercise
from tutor.lint.code_rules import parsed
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground, Placed
from tutor.words import did_you_mean

_INTERFACE = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+(\(.*\))?$")


def introduced(ground: Ground, findings: Findings) -> None:
    """Concepts of a task are introduced by its lesson or an earlier one, and each concept by one lesson."""
    first = _first_lessons(ground, findings)
    for placed in ground.lessons:
        for task in placed.tasks():
            for concept in getattr(task, "concepts", ()):
                if concept not in first:
                    if not ground.any_broken:
                        message = f'No lesson introduces "{concept}". {did_you_mean(concept, first)}'
                        findings.error(placed.file, task.line, "concepts", message.strip())
                elif first[concept] > placed.position:
                    where = next(one.number for one in ground.lessons if one.position == first[concept])
                    message = f'{task.id} asks for "{concept}", which lesson {where} introduces.'
                    findings.error(placed.file, task.line, "concepts", message)


def _first_lessons(ground: Ground, findings: Findings) -> dict[str, int]:
    first: dict[str, int] = {}
    for placed in ground.lessons:
        for concept in placed.lesson.introduces:
            if concept in first:
                where = next(one.number for one in ground.lessons if one.position == first[concept])
                findings.error(placed.file, 1, "concepts", f'"{concept}" is introduced in lesson {where} already.')
            first.setdefault(concept, placed.position)
    return first


def interfaces(ground: Ground, findings: Findings) -> None:
    """An API name that some lesson introduces (`keras.Sequential`) is not needed for an exercise before it.

    Looked for in the first solution, which is what a learner has to arrive at.
    """
    first: dict[str, tuple[int, str]] = {}
    for placed in ground.lessons:
        for concept in placed.lesson.introduces:
            if _INTERFACE.match(concept):
                first.setdefault(concept.partition("(")[0], (placed.position, placed.number))
    for placed in ground.lessons:
        for task in placed.tasks():
            if isinstance(task, Exercise):
                _needed(task, placed, first, findings)


def _needed(task: Exercise, placed: Placed, first: dict[str, tuple[int, str]], findings: Findings) -> None:
    tree = parsed(task.solutions[0])
    for name, line in _dotted_names(tree) if tree else ():
        position, number = first.get(name, (-1, ""))
        if position > placed.position:
            message = f"The solution of {task.id} needs {name}, which lesson {number} introduces."
            findings.error(placed.file, task.solutions[0].line + line - 1, "concepts", message)


def _dotted_names(tree: ast.Module) -> list[tuple[str, int]]:
    """Names such as keras.layers.Dense with their lines; names that an import shortened are written out."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                aliases.update({name.asname: name.name for name in names if name.asname})
            case ast.ImportFrom(module=str() as module, names=names):
                aliases.update({name.asname or name.name: f"{module}.{name.name}" for name in names})
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            start, dot, rest = ast.unparse(node).partition(".")
            found.append((aliases.get(start, start) + dot + rest, node.lineno))
    return found
