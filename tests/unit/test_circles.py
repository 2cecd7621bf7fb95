"""No two modules of the tutor need each other, by whatever way round: imports in functions and for types count.

A package's own `__init__` counts as what it is, a module; importing a module does not count as importing the packages
that it stands in.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from tutor import paths

Arrows = dict[str, set[str]]


def modules() -> dict[str, str]:
    """Sources by the name of their module."""
    found = {}
    for file in sorted(paths.PACKAGE.rglob("*.py")):
        parts = file.relative_to(paths.PACKAGE.parent).with_suffix("").parts
        if "shipped" not in parts:
            found[".".join(parts)] = file.read_text("utf-8")
    return found


def arrows(sources: Mapping[str, str]) -> Arrows:
    """Which module imports which. Names of modules are as of files: a package is `a.b.__init__`."""
    return {name: set(_imported(name, source, sources)) - {name} for name, source in sources.items()}


def _imported(name: str, source: str, known: Mapping[str, str]) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [module for each in node.names if (module := _module(each.name, known))]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(name.split(".")[: -node.level]) if node.level else ""
            whole = ".".join(filter(None, (base, node.module)))
            for each in node.names:
                module = _module(f"{whole}.{each.name}", known) or _module(whole, known)
                found += [module] if module else []
    return found


def _module(name: str, known: Mapping[str, str]) -> str:
    """The module that is meant, "" where it is none of ours."""
    return name if name in known else f"{name}.__init__" if f"{name}.__init__" in known else ""


def circles(graph: Arrows) -> list[list[str]]:
    """Modules that can be reached from themselves, put together with those of the same circle."""
    reached = {name: _reached(name, graph) for name in graph}
    found: dict[frozenset[str], list[str]] = {}
    for name in graph:
        circle = frozenset(other for other in reached[name] if name in reached[other])
        if circle:
            found[circle] = sorted(circle)
    return list(found.values())


def _reached(start: str, graph: Arrows) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def test_no_modules_need_each_other() -> None:
    graph = arrows(modules())
    assert sum(map(len, graph.values())) > 1000
    assert circles(graph) == []


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ({"t.a": "from t import b", "t.b": "from t.c import x", "t.c": "import os"}, []),
        ({"t.a": "from t import b", "t.b": "import t.a"}, [["t.a", "t.b"]]),
        ({"t.a": "def f():\n    import t.b", "t.b": "if TYPE_CHECKING:\n    from .a import y"}, [["t.a", "t.b"]]),
        ({"t.__init__": "from t.a import x", "t.a": "from t.b import y", "t.b": ""}, []),
        ({"t.__init__": "from t.a import x", "t.a": "from t import x"}, [["t.__init__", "t.a"]]),
        ({"t.a": "from t import b", "t.b": "from t import c", "t.c": "from t import a"}, [["t.a", "t.b", "t.c"]]),
    ],
)
def test_a_circle_is_found_wherever_its_imports_stand(sources: dict[str, str], found: list[list[str]]) -> None:
    assert circles(arrows(sources)) == found
