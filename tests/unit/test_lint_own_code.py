"""What a proof stands on of the tutor's own code, and what of it may change without a word."""

from __future__ import annotations

import pytest

from tests.sample_course import EXERCISE, lesson_text, make_course
from tutor.course import loader
from tutor.course.model import Course, Exercise, Figure, Lesson
from tutor.lint import proof_basis
from tutor.lint.code_shape import shape_of_code
from tutor.lint.own_code import in_rooms, needs_keras, own_module, reached
from tutor.lint.proof_basis import GRADING, basis_of


def names(checks: str, code: str = "x = 1", heavy: bool = False) -> set[str]:
    found = reached(GRADING, [code], [checks], heavy)
    return {f"{place.rpartition('.')[2]}.{name}" for place, name in found.definitions}


def test_the_roots_are_there() -> None:
    for root in GRADING:
        place, _, name = root.rpartition(".")
        module = own_module(place)
        assert module is not None and name in module.definitions
    assert in_rooms("tutor.plot") and not in_rooms("tutor.plotting") and not in_rooms("tutor.engine.host")


def test_a_check_stands_on_the_methods_that_it_asks_for_and_on_what_these_use() -> None:
    closes, slopes = names("def check_x(t):\n    t.close(1, 1)"), names("def check_x(t):\n    t.slope(f, at=1)")
    assert {"tester.Tester.close", "comparing.difference", "submission.Judge.verdict"} <= closes
    assert {"answer_desk.AnswerDesk._answered", "misconceptions.match"} <= closes
    assert "tester.Tester.slope" not in closes and "slopes.central_slope" not in closes
    assert {"tester.Tester.slope", "slopes.central_slope"} <= slopes and "tester.Tester.close" not in slopes


def test_a_method_that_another_one_calls_is_reached_too() -> None:
    assert {"tester.Tester._known", "tester.Tester.get"} <= names("def check_x(t):\n    t.penalty(m)", heavy=True)


def test_what_needs_keras_counts_only_where_keras_can_run() -> None:
    checks = "def check_x(t):\n    t.model('m', outputs=1)"
    assert {"model_facts.facts_of", "model_structure.wrong_structure"} <= names(checks, heavy=True)
    assert not {name for name in names(checks) if name.startswith(("model_facts.", "model_answers."))}
    assert needs_keras("tutor.grading.learner.model_answers") and not needs_keras("tutor.grading.judge.tester")


def test_a_data_set_is_reached_through_the_code_that_loads_it() -> None:
    found = reached((), ["from tutor import data\nb = data.load('boston')"])
    assert ("tutor.data", "load") in found.definitions and ("tutor.data", "Table.describe") not in found.definitions
    assert "boston" in found.texts


def test_comments_docstrings_layout_and_annotations_are_no_part_of_the_shape() -> None:
    plain = "import numpy\ndef f(x, y=(1, 2)):\n    return f'{x:.3f} {y}'\n"
    dressed = '"""A module."""\nimport numpy\n\n\ndef f(x: int, y=(1,  2)) -> str:  # why\n    """Says."""\n'
    dressed += "    return (f'{x:.3f} '\n            f'{y}')\n"
    assert shape_of_code(plain) == shape_of_code(dressed)
    others = [plain.replace(".3f", ".4f"), plain.replace("numpy", "keras"), plain.replace("def f", "async def f")]
    assert len({shape_of_code(code) for code in [plain, *others]}) == 4
    assert shape_of_code("def f(") == "def f("


# ------------------------------------------------------------------ of a lesson


def basis(folder, exercise: str) -> proof_basis.ProofBasis:
    course, lesson, task = opened(make_course(folder, {"introduction": {"first": lesson_text("first", exercise)}}))
    return basis_of(course, lesson, task)


def opened(folder) -> tuple[Course, Lesson, Exercise]:
    course = loader.load_course(folder, None)
    lesson = loader.load_lesson(course, "first")
    task = loader.task_of(lesson, "double")
    assert isinstance(task, Exercise)
    return course, lesson, task


CHANGES = {
    "a solution": ("return 2 * x", "return x + x"),
    "the starter": ("    ...", "    return"),
    "a wrong solution": ("return x * x", "return x ** 2"),
    "a wrong solution's name": ("wrong squared", "wrong square"),
    "the checks": ("-1.5", "-2.5"),
    "the setup": ("START = 3", "START = 4"),
    "a method of t": ("t.close(t.call", "t.slope(t.call"),
    "the time": (":seconds: 5", ":seconds: 6"),
}
HARMLESS = {
    "the title": ("Twice a number", "Two times a number"),
    "a hint": ("Multiply by two.", "Times two."),
    "the diagnosis": ("That is the square", "It is the square"),
    "the prose": ("Write `double(x)`", "Please write `double(x)`"),
}


@pytest.mark.parametrize("what", [*CHANGES, *HARMLESS])
def test_a_proof_stands_on_what_runs_and_on_no_words(what: str, tmp_path) -> None:
    old, new = {**CHANGES, **HARMLESS}[what]
    assert old in EXERCISE
    same = basis(tmp_path / "a", EXERCISE) == basis(tmp_path / "b", EXERCISE.replace(old, new))
    assert same is (what in HARMLESS)


def test_a_data_set_counts_where_it_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = EXERCISE.replace("START = 3", 'from tutor import data\nSTART = data.load("boston")')
    before = basis(tmp_path / "a", loads), basis(tmp_path / "b", EXERCISE)
    monkeypatch.setattr(proof_basis, "_data_sets", lambda: (("boston", "another file"), ("iris", "too")))
    after = basis(tmp_path / "c", loads), basis(tmp_path / "d", EXERCISE)
    assert before[0] != after[0] and before[1] == after[1]


def test_versions_are_named_of_what_the_code_can_load(tmp_path) -> None:
    trains = EXERCISE.replace("START = 3", "import keras")
    light, heavy = basis(tmp_path / "a", EXERCISE).versions, basis(tmp_path / "b", trains).versions
    assert light.startswith("python 3.") and "numpy" in light and "torch" not in light
    assert heavy.startswith(light + ", keras 3.") and "torch 2." in heavy and "+" not in heavy


def test_a_figure_stands_on_its_own_file_and_its_settings(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    course, lesson, _ = opened(make_course(tmp_path, {"introduction": {"first": lesson_text("first", EXERCISE)}}))
    bases = [
        basis_of(course, lesson, Figure(name, settings))
        for name, settings in (("neuron", {}), ("softmax", {}), ("neuron", {"b": "1"}), ("neuron", {}))
    ]
    assert bases[0] == bases[3] and len({one.digest for one in bases}) == 3
