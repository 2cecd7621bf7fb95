"""A view of the inspector is one file: the window reads its name and key from it, the run imports it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.engine.client.view_list import FOLDER, inspector_views
from tutor.engine.run.inspecting import view_files
from tutor.messages.inspector_views import InspectorView


def test_what_the_window_reads_is_what_the_files_say() -> None:
    assert {view.name: view for view in inspector_views()} == {name: one.VIEW for name, one in view_files().items()}
    assert [view.name for view in inspector_views()] == list(view_files())


def test_every_file_of_a_view_is_read() -> None:
    assert len(inspector_views()) == len(list(FOLDER.glob("*_view.py"))) >= 11


def test_keys_are_letters_of_the_names_and_no_two_share_one_nor_a_place() -> None:
    views = inspector_views()
    assert all(view.key in view.name for view in views)
    assert len({view.key for view in views}) == len({view.place for view in views}) == len(views)


def test_a_file_more_is_a_view_more(tmp_path: Path) -> None:
    (tmp_path / "filters_view.py").write_text('import numpy\n\nVIEW = InspectorView("filters", key="f", place=2)\n')
    (tmp_path / "sparks_view.py").write_text('VIEW = InspectorView("sparks", key="k", place=1, watched=True)\n')
    (tmp_path / "helper.py").write_text('VIEW = InspectorView("none", key="n", place=3)\n')
    read = (InspectorView("sparks", "k", 1, watched=True), InspectorView("filters", "f", 2))
    assert inspector_views(tmp_path) == read


@pytest.mark.parametrize("name", [view.name for view in inspector_views()])
def test_every_view_has_what_a_view_has(name: str) -> None:
    file = view_files()[name]
    assert callable(file.show) and callable(file.suits)
