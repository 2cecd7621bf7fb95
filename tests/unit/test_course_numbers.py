"""Numbers as people write them, and the marking of quizzes, numbers and orders."""

from __future__ import annotations

import math

import pytest

from tests.sample_course import NUMBER, QUIZ, lesson_text
from tutor.course.answers import mark_number, mark_order, mark_quiz
from tutor.course.model import Number, Order, Quiz
from tutor.course.numbers import evaluate
from tutor.course.parser import parse_lesson
from tutor.course.walk import task_of
from tutor.errors import UsageError


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1/20234.6", 1 / 20234.6), ("10*20 + 20", 220.0), ("1e-5", 1e-5), ("4.942e-5", 4.942e-5), ("-3", -3.0),
        ("−3", -3.0), ("2 × 3", 6.0), ("2·3", 6.0), ("6 ÷ 3", 2.0), ("2^10", 1024.0), ("2**0.5", math.sqrt(2)),
        ("(1 + 2) * 3", 9.0), ("2π", None), ("2*π", 2 * math.pi), ("e", math.e), ("sqrt(2)", math.sqrt(2)),
        ("exp(-1)", math.exp(-1)), ("log(10)", math.log(10)), ("log10(1000)", 3.0), ("1_000", 1000.0), (".5", 0.5),
        (" 7 ", 7.0), ("+7", 7.0), ("10\u202f*\u00a02", 20.0), ("-2^2", -4.0),
    ],
)  # fmt: skip
def test_evaluate(expression: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(UsageError):
            evaluate(expression)
    else:
        assert evaluate(expression) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "no number yet"),
        ("4,94e-5", "comma"),
        ("1/0", "divides by zero"),
        ("9**9**9", "too large"),
        ("2**99999", "too large"),
        ("1e400", "not a finite number"),
        ("sqrt(-1)", "does not exist"),
        ("(-8)**0.5", "no such power"),
        ("log(0)", "does not exist"),
        ("abc", '"abc" has no value'),
        ("__import__('os')", "not understood"),
        ("().__class__", "is not a number"),
        ("[1]", "is not a number"),
        ("1 if 1 else 2", "is not a number"),
        ("'a'", "is not a number"),
        ("True", "is not a number"),
        ("1j", "is not a number"),
        ("1 +", "is not a number"),
        ("lambda: 1", "is not"),
        ("sqrt(1, 2)", "comma"),
        ("1 // 2", "is not a number"),
        ("x=1", "is not a number"),
        ("5 %", "percent"),
        ("9" * 300, "longer"),
        ("(" * 150 + "1", "is not a number"),
        ("0**-1", "divides by zero"),
        ("exp(1000)", "too large"),
        ("1\n2", "is not a number"),
        ("-" * 199 + "1", None),
    ],
)
def test_what_is_no_number(expression: str, words: str | None) -> None:
    if words is None:
        assert abs(evaluate(expression)) == 1.0
        return
    with pytest.raises(UsageError) as caught:
        evaluate(expression)
    assert words in str(caught.value)


@pytest.fixture(scope="module")
def number() -> Number:
    task = task_of(parse_lesson(lesson_text("a", NUMBER.replace("1 %\n", "1 %\n:unit: m\n")), "a.md"), "largest-rate")
    assert isinstance(task, Number)
    return task


@pytest.mark.parametrize("typed", ["4.942e-5", "1/20234.6", "4.95e-5", "0.00004942 m"])
def test_right_numbers(number: Number, typed: str) -> None:
    assert mark_number(number, typed).right


def test_wrong_numbers(number: Number) -> None:
    known = mark_number(number, "9.88e-5")
    assert not known.right and known.diagnosis == "The factor 2 of the derivative is missing."
    assert mark_number(number, "-4.942e-5").messages == ("The size is right, the sign is not.",)
    assert "1 power of ten" in mark_number(number, "4.942e-4").messages[0]
    assert mark_number(number, "7").messages == ()
    with pytest.raises(UsageError):
        mark_number(number, "much")


def test_exact_and_absolute() -> None:
    exact = Number("n", (), "283")
    assert mark_number(exact, "220 + 63").right and not mark_number(exact, "283.0001").right
    loose = Number("n", (), "0", tolerance=0.01, relative=False)
    assert mark_number(loose, "-0.009").right and not mark_number(loose, "0.02").right


def test_mark_quiz() -> None:
    one = task_of(parse_lesson(lesson_text("a", QUIZ), "a.md"), "output-neurons")
    assert isinstance(one, Quiz)
    assert mark_quiz(one, {1}).right
    assert mark_quiz(one, {0}).rights == (False, False) and not mark_quiz(one, {0}).right
    for chosen in (set(), {5}, {0, 1}):
        with pytest.raises(UsageError):
            mark_quiz(one, chosen)
    text = QUIZ.replace("[ ] one", "[x] one").replace(":::\n", "- [ ] five :: No.\n:::\n")
    several = task_of(parse_lesson(lesson_text("a", text), "a.md"), "output-neurons")
    assert isinstance(several, Quiz)
    assert mark_quiz(several, {0, 1}).right
    assert mark_quiz(several, {0, 2}).messages == ("1 of the chosen is wrong.", "1 right one is missing.")
    assert mark_quiz(several, {0}).rights == (True, False, True)


def test_mark_order() -> None:
    order = Order("o", (), ("a", "b", "c", "c"), also=(("b", "a", "c", "c"),))
    assert mark_order(order, ["a", "b", "c", "c"]).right
    assert mark_order(order, ["b", "a", "c", "c"]).right
    marked = mark_order(order, ["b", "c", "a", "c"])
    assert not marked.right and marked.rights == (True, False, False, True)
    assert marked.messages == ("The first line is in place; the next is not yet.",)
    assert "The first line is not" in mark_order(order, ["c", "a", "b", "c"]).messages[0]
    for lines in (["a"], ["a", "b", "c", "d"]):
        with pytest.raises(UsageError):
            mark_order(order, lines)
