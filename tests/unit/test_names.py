"""One name, one thing: no two modules of the tutor have one file name, and no two classes one name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable

import pytest

from tutor import paths

MODULES = [file for file in sorted(paths.PACKAGE.rglob("*.py")) if not file.is_relative_to(paths.PACKAGE / "shipped")]


def twice(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Names that stand for more than one thing, with the places. named: each name with its place."""
    places = defaultdict(list)
    for name, place in named:
        places[name].append(place)
    return {name: where for name, where in places.items() if len(where) > 1}


def classes(source: str) -> list[str]:
    return [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]


def test_no_two_files_have_one_name() -> None:
    files = [file for file in MODULES if file.name not in ("__init__.py", "__main__.py")]
    assert len(files) > 300
    assert twice((file.name, str(file.relative_to(paths.PACKAGE))) for file in files) == {}


def test_no_two_classes_have_one_name() -> None:
    named = [(name, str(file.relative_to(paths.PACKAGE))) for file in MODULES for name in classes(file.read_text())]
    assert len(named) > 300
    assert twice(named) == {}


@pytest.mark.parametrize(
    ("named", "found"),
    [([("a", "x"), ("b", "x")], {}), ([("a", "x"), ("b", "y"), ("a", "z")], {"a": ["x", "z"]})],
)
def test_a_name_that_is_taken_is_found(named: list[tuple[str, str]], found: dict[str, list[str]]) -> None:
    assert twice(named) == found


def test_classes_within_classes_and_functions_count() -> None:
    assert classes("class A:\n    class B: ...\ndef f():\n    class C: ...\n") == ["A", "B", "C"]
