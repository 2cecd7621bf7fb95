"""Which host a piece of code needs, from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tutor.messages.jobs import HostKind, Job, Rubric

_HEAVY = ("keras", "torch", "tensorflow")
_HEAVY_OF_OURS = ("tutor.engine.run.fit_wrapping",)
_ENDING = frozenset({"kill", "killpg", "getppid"})
_IMPORTERS = ("import_module", "__import__")


def kind_of(sources: Iterable[str]) -> HostKind:
    """ "keras" where one of `sources` imports keras or torch in any way that can be seen without running it; else
    "light". Code that does not parse is "light": it ends at its syntax error anyway."""
    return "keras" if any(_needs_keras(source) for source in sources) else "light"


def kind_for(job: Job, rubric: Rubric | None = None) -> HostKind:
    """The host for a job, and for its judge: one of both, as they are forked from the same."""
    return "keras" if job.gpu else kind_of(_sources(job, rubric))


def _sources(job: Job, rubric: Rubric | None) -> list[str]:
    """All code that will run."""
    sources = [chunk.source for chunk in job.chunks]
    return [*sources, rubric.setup, rubric.hidden, rubric.checks, rubric.solution] if rubric else sources


def _needs_keras(source: str) -> bool:
    if not any(name in source for name in (*_HEAVY, *_HEAVY_OF_OURS, "engine")):
        return False  # most code: no need to parse it
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(_heavy(name) for node in ast.walk(tree) for name in _imported(node))


def ends_others(sources: Iterable[str]) -> bool:
    """Whether one of `sources` speaks of ending processes: os.kill, os.killpg, or the parent's number."""
    return any(not _ENDING.isdisjoint(_names(source)) for source in sources)


def _names(source: str) -> Iterator[str]:
    if not any(name in source for name in _ENDING):
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in _IMPORTERS and isinstance(node.args[0].value, str):
            return [node.args[0].value]
    return []


def _heavy(name: str) -> bool:
    return name.partition(".")[0] in _HEAVY or name.startswith(_HEAVY_OF_OURS)
