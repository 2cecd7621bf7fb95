"""Rules on code: it is Python, and checks are made as the judge expects them."""

from __future__ import annotations

import ast
import warnings

from tutor.course.model import Exercise, Source
from tutor.grading.judge.tester import Tester
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground, Placed, code_chunks
from tutor.words import did_you_mean

_PREFIX = "check_"
_NEEDS = ":needs:"


def parsed(source: Source) -> ast.Module | None:
    """The syntax tree, None where the code is not Python."""
    try:
        return _parse(source.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parse(code: str, warn: bool = False) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("error" if warn else "ignore")
        return ast.parse(code)


def chunks(ground: Ground, findings: Findings) -> None:
    """Every chunk of code is Python that parses without a warning."""
    for placed in ground.lessons:
        for task in placed.tasks():
            for name, source in code_chunks(task):
                try:
                    _parse(source.code, warn=True)
                except SyntaxError as error:
                    line = source.line + (error.lineno or 1) - 1
                    findings.error(placed.file, line, "code", f'"{name}" of {task.id} is not Python: {error.msg}.')
                except (ValueError, RecursionError, MemoryError) as error:
                    message = f'"{name}" of {task.id} is not Python: {error}.'
                    findings.error(placed.file, source.line, "code", message)


def checks(ground: Ground, findings: Findings) -> None:
    """Checks are functions check_*(t) with a docstring; what they need and ask of t exists."""
    for placed in ground.lessons:
        for task in placed.tasks():
            tree = parsed(task.checks) if isinstance(task, Exercise) else None
            if isinstance(task, Exercise) and tree is not None:
                _checks(task, tree, placed, findings)


def _checks(task: Exercise, tree: ast.Module, placed: Placed, findings: Findings) -> None:
    first = task.checks.line - 1
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith(_PREFIX)]
    names = [node.name.removeprefix(_PREFIX) for node in functions]
    if not functions:
        message = f"The checks of {task.id} define no function {_PREFIX}…(t)."
        findings.error(placed.file, task.checks.line, "checks", message)
    requirements: dict[str, str] = {}
    for position, node in enumerate(functions):
        for message in _one_check(node, names[:position]):
            findings.error(placed.file, first + node.lineno, "checks", message)
        docstring = ast.get_docstring(node) or node.name
        if docstring in requirements:
            message = f"{node.name} says the same as {requirements[docstring]}."
            findings.error(placed.file, first + node.lineno, "checks", message)
        requirements[docstring] = node.name
    for node in _never_run(tree) if functions else ():
        message = f"{node.name}(t) is never run: a check is named {_PREFIX}…, and no check calls it."
        findings.error(placed.file, first + node.lineno, "checks", message)
    for asked in ast.walk(tree):
        match asked:
            case ast.Attribute(value=ast.Name(id="t"), attr=method) if not hasattr(Tester, method):
                methods = [name for name in dir(Tester) if not name.startswith("_")]
                message = f"t has no method {method}. {did_you_mean(method, methods)}".strip()
                findings.error(placed.file, first + asked.lineno, "checks", message)


def _never_run(tree: ast.Module) -> list[ast.FunctionDef]:
    """Functions of t under another name that nothing uses: mostly a misspelt check."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith(_PREFIX)
        and [argument.arg for argument in node.args.args] == ["t"]
        and node.name not in used
    ]


def _one_check(node: ast.FunctionDef, before: list[str]) -> list[str]:
    messages = []
    arguments = node.args
    if len(arguments.args) != 1 or arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        messages.append(f"{node.name} takes one argument, t.")
    if node.name.removeprefix(_PREFIX) in before:
        messages.append(f"A second {node.name}: it replaces the first.")
    docstring = ast.get_docstring(node)
    if not docstring:
        return [*messages, f"{node.name} has no docstring, which is the requirement as the learner reads it."]
    *_, last = docstring.splitlines()
    if _NEEDS in docstring and not last.strip().startswith(_NEEDS):
        messages.append(f"{node.name}: {_NEEDS} stands in the last line of the docstring.")
    elif _NEEDS in docstring:
        for need in last.strip().removeprefix(_NEEDS).replace(",", " ").split():
            if need.removeprefix(_PREFIX) not in before:
                near = did_you_mean(need.removeprefix(_PREFIX), before)
                messages.append(f"{node.name} needs {need}, and no check above it is. {near}".strip())
    return messages
