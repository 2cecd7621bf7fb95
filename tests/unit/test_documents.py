"""The documents say what is so: their examples pass lint, they name everything there is, and what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import documents
from tests.documents import LESSON_FORMAT, ROOT, section
from tutor.course import frontmatter, manifest, questions, tasks
from tutor.course.reader import LANGUAGES
from tutor.grading.judge import tester
from tutor.grading.judge.learner_models import LearnerModel
from tutor.lint import sections
from tutor.lint.rules import lint_course

ALL = sorted(path for path in ROOT.glob("*/README.md")) + sorted(ROOT.glob("*.md"))
"""Every document, those of the top first in the folders."""
_PATH = re.compile(r"`((?:tutor|tests|lessons|data|\.ci)/[\w./*-]*|[A-Z]+\.md)`")
_LINK = re.compile(r"\]\(([^)#:\s]+)\)")
_CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def test_the_example_of_the_readme_passes_lint_as_it_stands(tmp_path: Path) -> None:
    assert lint_course(documents.readme_course(tmp_path)) == []


def test_the_examples_of_the_lesson_format_pass_lint(tmp_path: Path) -> None:
    assert lint_course(documents.format_course(tmp_path)) == []


def test_the_lesson_format_shows_every_directive() -> None:
    examples = "\n".join(documents.fenced(LESSON_FORMAT, "markdown"))
    shown = set(re.findall(r"^:{3,}\{([a-z-]+)\}", examples, re.MULTILINE))
    named = set(re.findall(r"\{([a-z-]+)\}", section(LESSON_FORMAT, sections.BOXES)))
    assert shown | named == set(tasks.KINDS)


@pytest.mark.parametrize("name", [name for name in tasks.KINDS if name in sections.DIRECTIVES])
def test_the_section_of_a_directive_names_its_options_and_chunks(name: str) -> None:
    text, kind = section(LESSON_FORMAT, sections.DIRECTIVES[name]), tasks.KINDS[name]
    options = {option for option in kind.options if f"`{option}`" not in text and f":{option}:" not in text}
    chunks = {chunk for chunk in kind.chunks if f"`{chunk}" not in text}
    assert not options and not chunks


def test_the_lesson_format_names_every_method_of_the_checks() -> None:
    text = section(LESSON_FORMAT, "Checks")
    methods = {name for name in vars(tester.Tester) if not name.startswith("_") and name != "begin"}
    assert {name for name in methods if f"`t.{name}(" not in text} == set()
    of_models = {name for name in vars(LearnerModel) if not name.startswith("_")}
    ours = {"facts", "recipe", "twin", "loss_of", "penalty", "fitted"}  # what t itself asks a model for
    assert {name for name in of_models - ours if f"`.{name}" not in text} == set()


def test_the_lesson_format_names_keys_and_languages() -> None:
    assert all(f"`{key}`" in section(LESSON_FORMAT, "Front matter") for key in frontmatter.KEYS)
    assert all(f"`{language}`" in section(LESSON_FORMAT, "Code") for language in LANGUAGES)
    assert all(word in section(LESSON_FORMAT, "The course folder") for word in (manifest.FILE, "[renamed]"))
    assert all(f"`{{{box}}}`" in section(LESSON_FORMAT, "Boxes") for box in set(tasks.KINDS) - set(sections.DIRECTIVES))
    assert set(questions.KINDS) < set(sections.DIRECTIVES)


@pytest.mark.parametrize("document", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    places = [(ROOT, word) for word in _PATH.findall(text)]
    places += [(document.parent, word) for word in _LINK.findall(_CODE.sub("", text))]
    assert [word for place, word in places if not list(place.glob(word.rstrip("/")))] == []


def test_the_documents_are_all_looked_at() -> None:
    assert {str(path.relative_to(ROOT)) for path in ALL} >= {"README.md", "lessons/README.md", "data/README.md"}
