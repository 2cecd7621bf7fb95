"""An answer to a task, as the attempt that is kept of it; marked here where that needs no engine.

The window and the command line both go through here, so that what one of them records reads the same in the other.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tutor import words
from tutor.course.answers import Marked, mark_number, mark_order, mark_quiz
from tutor.course.model import Explain, Number, Order, Predict, Quiz
from tutor.course.numbers import evaluate
from tutor.progress import Attempt

if TYPE_CHECKING:
    from tutor.course.model import Exercise
    from tutor.messages.verdicts import Verdict

TICKS = "points:"
"""How an attempt keeps the ticked points, in its `diagnosis`: "points:0,2"."""


def answer_choices(block: Quiz | Predict, chosen: Collection[int], lesson: str) -> tuple[Marked, Attempt]:
    """chosen: places of choices, from 0. Raises UsageError where that is no answer."""
    marked = mark_quiz(block, chosen)
    return marked, _attempt(block, marked, lesson, written(chosen))


def answer_number(block: Number, typed: str, lesson: str) -> tuple[Marked, Attempt]:
    """typed: a number or an expression. Raises UsageError where it is neither."""
    marked = mark_number(block, typed)
    return marked, _attempt(block, marked, lesson, typed)


def answer_order(block: Order, lines: Sequence[str], lesson: str) -> tuple[Marked, Attempt]:
    """lines: all lines, as they were put. Raises UsageError where they are others."""
    marked = mark_order(block, lines)
    return marked, _attempt(block, marked, lesson, "\n".join(lines))


def answer_explain(block: Explain, words: str, ticked: Collection[int], lesson: str) -> Attempt:
    """words: the learner's own. ticked: places, from 0, of the key points that they say."""
    return Attempt(
        block.id, "explain", "done", lesson=lesson, answer=words, diagnosis=TICKS + written(ticked),
        passed=len(ticked), total=len(block.points),
    )  # fmt: skip


def judged(exercise: Exercise, code: str, verdict: Verdict, lesson: str) -> Attempt:
    """What is kept of the judge's word on `code`."""
    return Attempt(
        task=exercise.id, kind="exercise", outcome=verdict.outcome, lesson=lesson,
        passed=sum(check.outcome == "passed" for check in verdict.checks), total=len(verdict.checks),
        diagnosis=verdict.diagnosis.name if verdict.diagnosis else "", answer=code,
        seconds=verdict.seconds, seed=verdict.seed,
    )  # fmt: skip


def _attempt(block: Quiz | Predict | Number | Order, marked: Marked, lesson: str, answer: str) -> Attempt:
    return Attempt(
        block.id, type(block).__name__.lower(), "passed" if marked.right else "failed", lesson=lesson, answer=answer,
        diagnosis=marked.diagnosis,
    )  # fmt: skip


# ------------------------------------------------------------------ how answers are kept and shown


def written(places: Collection[int]) -> str:
    """Places as an attempt keeps them: "0,2"."""
    return ",".join(str(at) for at in sorted(places))


def read(answer: str, count: int) -> set[int]:
    """The reverse; places that are no longer there are left out."""
    return {int(word) for word in answer.split(",") if word.isdigit() and int(word) < count}


def ticked(attempt: Attempt | None, count: int) -> set[int]:
    """The points that were ticked with this attempt."""
    kept = attempt.diagnosis if attempt is not None else ""
    return read(kept.removeprefix(TICKS), count) if kept.startswith(TICKS) else set()


def shuffled(order: Order) -> list[str]:
    """The lines in an order that is the same every time, and none of the right ones."""
    chance = random.Random(order.id)
    right = {order.lines, *order.also}
    lines = list(order.lines)
    for _ in range(20):
        chance.shuffle(lines)
        if tuple(lines) not in right:
            break
    return lines


def answer_of(number: Number) -> str:
    """The answer as people read it, with the sum it comes from: "16 * 10 = 160 steps"."""
    value = words.number(evaluate(number.answer))
    said = value if number.answer.strip() == value.replace(",", "") else f"{number.answer} = {value}"
    return f"{said} {number.unit}".rstrip()
