"""What the checks of an exercise ask for, in the words that the learner reads."""

from __future__ import annotations

import ast

from tutor.course.model import Exercise


def requirements(exercise: Exercise) -> list[tuple[str, str]]:
    """Name and first line of the docstring of every check, as the learner reads it."""
    found = []
    for node in ast.parse(exercise.checks.code).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("check_"):
            words = (ast.get_docstring(node) or node.name[6:].replace("_", " ")).strip().splitlines()[0]
            found.append((node.name, words))
    return found
