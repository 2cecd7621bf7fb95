"""The documents say what is so: their examples pass lint, they name everything there is, and what they name exists."""

from __future__ import annotations

import ast
import re
import tomllib
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
_PATTERN = re.compile(r"NAME|NN")
"""What stands for a name or a number in a path."""
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
    assert [word for place, word in places if not list(place.glob(_PATTERN.sub("*", word).rstrip("/")))] == []


def test_the_documents_are_all_looked_at() -> None:
    assert {str(path.relative_to(ROOT)) for path in ALL} >= {"README.md", "lessons/README.md", "data/README.md"}


HOUSE = ROOT / "tutor" / "README.md"
_DEFINED = re.compile(r"`((?:tutor|tests)/[\w./]+\.py)`:\s+(`\w+`(?:,\s+`\w+`)*)")


@pytest.mark.parametrize("document", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_that_a_document_gives_for_a_file_is_defined_there(document: Path) -> None:
    for file, names in _DEFINED.findall(document.read_text(encoding="utf-8")):
        defined = names_in(ROOT / file)
        assert set(re.findall(r"`(\w+)`", names)) <= defined, file


def names_in(file: Path) -> set[str]:
    """Functions, classes and module variables of a file, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def test_the_five_ways_name_what_they_pass() -> None:
    for way in ("run", "check", "key", "page", "control of a figure"):
        assert len(_DEFINED.findall(section(HOUSE, f"The way of a {way}"))) >= 5


def test_every_contract_has_its_reason() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    text = " ".join(section(HOUSE, "Who may know whom, and why").split())
    assert [one["name"] for one in contracts if f"**{one['name']}" not in text] == []


OPEN_TO_ALL = {"errors", "paths", "files", "words", "__version__"}
DIVIDED = {"engine", "grading"}
"""Rooms whose folders are rooms."""


def test_a_room_knows_those_that_the_table_says_and_they_stand_above_it() -> None:
    above = set(OPEN_TO_ALL)
    for line in section(HOUSE, "The rooms").splitlines():
        if not line.startswith("| `"):
            continue
        rooms, _, knows = line.strip("| ").split("|")[:3]
        places = re.findall(r"`(tutor/[\w/.]+)`", rooms)
        names = {room_of(place.removesuffix(".py").strip("/").replace("/", ".")) for place in places}
        listed = set(re.findall(r"`([\w.]+)`", knows))
        assert listed <= above, names
        found = set().union(*(rooms_known(ROOT / place) for place in places))
        assert found - names - listed - OPEN_TO_ALL == set(), names
        assert listed <= found, f"{names} knows less than the table says"
        above |= names
    there = {room_of(".".join(file.relative_to(ROOT).with_suffix("").parts)) for file in (ROOT / "tutor").rglob("*.py")}
    assert there - above == {"__init__", "__main__", "engine.__init__", "grading.__init__"}


def room_of(module: str) -> str:
    """Of a module's dotted name, without `tutor`."""
    _, first, *rest = module.split(".")
    return f"{first}.{rest[0]}" if first in DIVIDED and rest else first


def rooms_known(place: Path) -> set[str]:
    """Rooms that what lies there imports, at any depth."""
    found = set()
    for file in [place] if place.is_file() else place.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=aliases):
                    found |= {alias.name for alias in aliases}
                case ast.ImportFrom(module="tutor", names=aliases):
                    found |= {f"tutor.{alias.name}" for alias in aliases}
                case ast.ImportFrom(module=str() as module, names=aliases) if module in {
                    "tutor.engine",
                    "tutor.grading",
                }:
                    found |= {f"{module}.{alias.name}" for alias in aliases}
                case ast.ImportFrom(module=str() as module):
                    found.add(module)
    return {room_of(name) for name in found if name.startswith("tutor.")}
