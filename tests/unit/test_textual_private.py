"""What the window takes from Textual under Textual's private names: each is there, and stands in one module."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import textual

import tutor.tui
from tutor.tui import textual_private

NAMES = {
    "textual.app.App": (
        "_driver", "_filters", "_clipboard", "_handle_exception", "_return_code", "_exception", "_exception_event",
        "_close_messages_no_wait",
    ),
    "textual.screen.Screen": ("_dirty_widgets", "_layout_required", "_repaint_required", "_on_timer_update"),
    "textual.widgets.TextArea": ("_refresh_size", "_rewrap_and_refresh_virtual_size", "_bindings"),
    "textual.drivers.linux_driver.LinuxDriver": (
        "_file", "_writer_thread", "_query_in_band_window_resize", "_request_terminal_sync_mode_support",
    ),
    "textual._xterm_parser.XTermParser": ("_sequence_to_key_events",),
}  # fmt: skip
"""The private names of each class that `textual_private` uses."""
MODULES = {"textual.drivers.linux_driver": ("XTermParser",)}
"""Names that it replaces in a module of Textual."""
OWN = {"_replays"}
"""Names of its own."""


def found(path: str) -> type:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def names_of(kind: type) -> set[str]:
    """All that a class has: what is defined in it and its parents, and what they put onto themselves."""
    return set(dir(kind)).union(*map(stored_by, textuals(kind)))


def textuals(kind: type) -> list[type]:
    """Of a class and its parents those that are Textual's."""
    return [one for one in kind.__mro__ if one.__module__.startswith("textual")]


@cache
def stored_by(kind: type) -> set[str]:
    return set(stored(ast.parse(textwrap.dedent(inspect.getsource(kind)))))


def stored(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in NAMES.items() for name in names])
def test_textual_has_the_name(path: str, name: str) -> None:
    assert name in names_of(found(path)), f"Textual {textual.__version__}: {path} has no {name} any more"


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in MODULES.items() for name in names])
def test_textual_makes_it_by_this_name(path: str, name: str) -> None:
    """A module that no longer makes its parser by this name would go on with its own, and nothing would say so."""
    source = inspect.getsource(importlib.import_module(path))
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert any(isinstance(call.func, ast.Name) and call.func.id == name for call in calls)


def private_names(tree: ast.AST) -> set[str]:
    """Names with an underscore that are used of an object, or defined in a class, or given as a string."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            names.add(node.value)
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


def test_each_name_that_is_used_is_looked_for() -> None:
    used = private_names(ast.parse(inspect.getsource(textual_private))) - OWN
    assert used == {name for names in NAMES.values() for name in names}


def modules() -> list[str]:
    return [one.name for one in pkgutil.walk_packages(tutor.tui.__path__, "tutor.tui.")]


@pytest.mark.parametrize("name", [name for name in modules() if name != textual_private.__name__])
def test_no_other_module_uses_private_names(name: str) -> None:
    module = importlib.import_module(name)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    assert not [one for one in imported(tree) if "._" in one and one.startswith("textual")]
    foreign = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        if node.attr.startswith("_") and not node.attr.startswith("__") and node.attr not in ("_replace", "_exit")
        if not isinstance(node.value, ast.Call)  # super()._own()
    }
    assert not foreign
    for cls in [node for node in tree.body if isinstance(node, ast.ClassDef)]:
        theirs = {name for one in textuals(getattr(module, cls.name)) for name in names_of(one)}
        assert not private_names(cls) & theirs, cls.name


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
