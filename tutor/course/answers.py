"""Marking of the tasks that need no code: quiz and predict, number, order. Pure, at once, without the engine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from msgspec import Struct

from tutor.course.model import Number, Order, Predict, Quiz, WrongNumber
from tutor.course.numbers import evaluate
from tutor.errors import UsageError

_ROUNDING = 1e-9
_MOST_TENS = 12


class Marked(Struct, frozen=True):
    """right: the whole answer is. messages: what to say beside that, in order; may be empty.

    rights: for each choice (left alone or chosen rightly) or each line (in its place, of the right order that is
    nearest); empty for a number. diagnosis: of a known wrong number, "" without one.
    """

    right: bool
    messages: tuple[str, ...] = ()
    rights: tuple[bool, ...] = ()
    diagnosis: str = ""


def mark_quiz(quiz: Quiz | Predict, chosen: Collection[int]) -> Marked:
    """chosen: positions of choices, counted from 0. Raises UsageError where that is no answer yet."""
    several = isinstance(quiz, Quiz) and quiz.several
    if not chosen:
        raise UsageError("Nothing is chosen yet.", "Choose all that are right." if several else "Choose one.")
    if any(not 0 <= index < len(quiz.choices) for index in chosen):
        raise UsageError("There is no such choice.", f"There are {len(quiz.choices)}.")
    if len(set(chosen)) > 1 and not several:
        raise UsageError("Only one can be chosen here.")
    rights = tuple(choice.right == (index in chosen) for index, choice in enumerate(quiz.choices))
    if all(rights):
        return Marked(True, rights=rights)
    missed = sum(choice.right and index not in chosen for index, choice in enumerate(quiz.choices))
    wrong = sum(not quiz.choices[index].right for index in set(chosen))
    messages = []
    if several and wrong:
        messages.append(f"{wrong} of the chosen {'is' if wrong == 1 else 'are'} wrong.")
    if several and missed:
        messages.append(f"{missed} right {'one is' if missed == 1 else 'ones are'} missing.")
    return Marked(False, tuple(messages), rights)


# ------------------------------------------------------------------ number


def mark_number(number: Number, typed: str) -> Marked:
    """typed: a number or an expression, with or without the unit. Raises UsageError where it is neither."""
    value = evaluate(_without_unit(typed, number.unit))
    answer = evaluate(number.answer)
    if _near(value, answer, number):
        return Marked(True)
    wrong = _known_wrong(number, value)
    if wrong:
        return Marked(False, (wrong.diagnosis,), diagnosis=wrong.diagnosis)
    if _near(-value, answer, number):
        return Marked(False, ("The size is right, the sign is not.",))
    for tens in range(1, _MOST_TENS + 1):
        if _near(value * 10.0**tens, answer, number) or _near(value / 10.0**tens, answer, number):
            return Marked(False, (f"The digits are right, but it is {tens} power{'s' * (tens > 1)} of ten off.",))
    return Marked(False)


def _without_unit(typed: str, unit: str) -> str:
    text = typed.strip()
    return text[: -len(unit)] if unit and text.endswith(unit) and text != unit else text


def _near(value: float, expected: float, number: Number) -> bool:
    tolerance = number.tolerance * abs(expected) if number.relative else number.tolerance
    return math.isfinite(value) and abs(value - expected) <= max(tolerance, _ROUNDING * abs(expected))


def _known_wrong(number: Number, value: float) -> WrongNumber | None:
    """The known wrong number within the tolerance of the answer, the nearest where there are several."""
    found = [wrong for wrong in number.wrongs if _near(value, evaluate(wrong.expression), number)]
    return min(found, key=lambda wrong: abs(value - evaluate(wrong.expression)), default=None)


# ------------------------------------------------------------------ order


def mark_order(order: Order, lines: Sequence[str]) -> Marked:
    """lines: all of the order's lines, as the learner put them. Raises UsageError where they are not those."""
    given = tuple(lines)
    if Counter(given) != Counter(order.lines):
        raise UsageError("These are not the lines to put in order.", f"There are {len(order.lines)}, each used once.")
    accepted = (order.lines, *order.also)
    best = max(accepted, key=lambda wanted: _leading(given, wanted))
    rights = tuple(mine == wanted for mine, wanted in zip(given, best, strict=True))
    if given == best:
        return Marked(True, rights=rights)
    leading = _leading(given, best)
    if leading == 0:
        message = "The first line is not in its place yet."
    else:
        message = f"The first {'line is' if leading == 1 else f'{leading} lines are'} in place; the next is not yet."
    return Marked(False, (message,), rights)


def _leading(given: Sequence[str], wanted: Sequence[str]) -> int:
    """How many lines agree from the start on."""
    for index, (mine, right) in enumerate(zip(given, wanted, strict=True)):
        if mine != right:
            return index
    return len(given)
