"""The lessons that README and the lesson format show do what a lesson must: every solution passes, every mistake is
known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import documents
from tutor.lint.prove import prove


@pytest.mark.parametrize("course", [documents.readme_course, documents.format_course])
def test_what_the_documents_show_can_be_proved(tmp_path: Path, course: Callable[[Path], Path]) -> None:
    folder = course(tmp_path / "course")
    found = prove(folder)
    assert [str(finding) for finding in found if finding.rule != "proof-out-of-date"] == []
    assert prove(folder) == []
