"""The inspector's views, as they are listed: each can be found by its key, and in its module."""

from __future__ import annotations

import ast

import pytest

from tutor import paths
from tutor.messages.model_views import MODEL_VIEWS, ModelView
from tutor.tui import actions


def test_no_key_stands_for_two_views_or_for_something_else_there() -> None:
    keys = [key for action in actions.at("inspector") for key in action.keys]
    assert len(keys) == len(set(keys))
    assert {view.key for view in MODEL_VIEWS} <= set(keys)


@pytest.mark.parametrize("view", MODEL_VIEWS, ids=lambda view: view.name)
def test_a_view_has_its_letter_and_its_function(view: ModelView) -> None:
    assert view.key in view.name  # where the line of views marks it
    file = paths.PACKAGE / "engine" / "run" / "inspecting" / f"{view.module}.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert view.name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
