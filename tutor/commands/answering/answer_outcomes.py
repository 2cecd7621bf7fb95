"""Words of a command line as an answer, and what is to be said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tutor import answering
from tutor.course import model
from tutor.course.answers import Marked
from tutor.errors import UsageError
from tutor.typeset.linear import indented, words

if TYPE_CHECKING:
    from tutor.commands.reading.lesson_lines import Linear
    from tutor.progress import Attempt

Question: TypeAlias = model.Quiz | model.Predict | model.Number | model.Order | model.Explain


@dataclass
class AnswerOutcome:
    """attempt: what is to be kept, None where nothing new was answered. chosen: places of choices or of points."""

    task: Question
    right: bool
    marked: Marked
    attempt: Attempt | None
    chosen: frozenset[int] = frozenset()
    working: bool = False

    # -------------------------------------------------------------- for people

    def lines(self, shown: Linear) -> list[str]:
        """What the window would show after this answer."""
        head = "" if isinstance(self.task, model.Explain) else "Right." if self.right else "Not right."
        said = shown.line(" ".join(filter(None, (head, *self.marked.messages))))
        match self.task:
            case model.Quiz() | model.Predict():
                return [*said, *self._choices(shown, self.task)]
            case model.Number():
                return [*said, *self._number(shown, self.task)]
            case model.Order():
                return [*said, *(shown.prose(self.task.why) if self.right else [])]
            case model.Explain():
                return self._explain(shown, self.task)

    def _choices(self, shown: Linear, task: model.Quiz | model.Predict) -> list[str]:
        lines = []
        for at, choice in enumerate(task.choices):
            yours = "your choice, " if at in self.chosen else ""
            mark = f"  {at + 1}. ({yours}{'right' if choice.right else 'wrong'}) "
            told = words((model.Text(mark.strip() + " "), *choice.inlines), shown.width - 2, shown.ascii)
            lines += indented(told, 2)
            if choice.explanation:
                lines += indented(words(choice.explanation, shown.width - 5, shown.ascii), 5)
        return lines

    def _number(self, shown: Linear, task: model.Number) -> list[str]:
        lines = shown.line(f"It is {answering.answer_of(task)}.") if self.right else []
        if task.working and (self.right or self.working):
            return [*lines, *shown.prose(task.working)]
        if task.working:
            return [*lines, "To see the working:", f"    dl-tutor answer {task.id} --working"]
        return lines

    def _explain(self, shown: Linear, task: model.Explain) -> list[str]:
        lines = ["A model answer:", *indented(shown.prose(task.answer, 4)), "Its key points:"]
        for at, point in enumerate(task.points):
            mark = f"  {at + 1}. {'(ticked) ' if at in self.chosen else ''}"
            lines += indented(words(point, shown.width - len(mark), shown.ascii), len(mark), mark)
        if not self.chosen:
            lines += ["To tick those that your words say:", f"    dl-tutor answer {task.id} --points 1,2"]
        return lines

    # -------------------------------------------------------------- for programs

    def as_json(self, shown: Linear) -> dict[str, object]:
        kind = type(self.task).__name__.lower()
        value: dict[str, object] = {
            "task": self.task.id, "kind": kind, "lesson": shown.lesson.id, "right": self.right,
            "outcome": self.attempt.outcome if self.attempt is not None else None,
            "messages": list(self.marked.messages),
        }  # fmt: skip

        def text(content: Sequence[model.Inline]) -> str:
            return " ".join(words(content, 10_000, shown.ascii))

        match self.task:
            case model.Quiz() | model.Predict():
                value["choices"] = [
                    {"number": at + 1, "text": text(one.inlines), "right": one.right, "chosen": at in self.chosen,
                     "explanation": text(one.explanation)}
                    for at, one in enumerate(self.task.choices)
                ]  # fmt: skip
            case model.Number() if self.right or self.working:
                value["answer"] = answering.answer_of(self.task) if self.right else None
                value["working"] = "\n".join(shown.prose(self.task.working))
            case model.Order():
                value["lines_right"] = list(self.marked.rights)
                value["why"] = "\n".join(shown.prose(self.task.why)) if self.right else ""
            case model.Explain():
                value["model_answer"] = "\n".join(shown.prose(self.task.answer))
                value["points"] = [
                    {"number": at + 1, "text": text(point), "ticked": at in self.chosen}
                    for at, point in enumerate(self.task.points)
                ]
        return value


# ------------------------------------------------------------------ words -> outcome


def answered(task: Question, lesson: str, typed: str, points: str | None) -> AnswerOutcome:
    """Raises UsageError where the words are no answer to this question."""
    match task:
        case model.Quiz() | model.Predict():
            chosen = places(typed, len(task.choices), "choice")
            marked, attempt = answering.answer_choices(task, chosen, lesson)
            return AnswerOutcome(task, marked.right, marked, attempt, frozenset(chosen))
        case model.Number():
            marked, attempt = answering.answer_number(task, typed, lesson)
            return AnswerOutcome(task, marked.right, marked, attempt)
        case model.Order():
            lines = answering.shuffled(task)
            order = places(typed, len(lines), "line")
            marked, attempt = answering.answer_order(task, [lines[at] for at in order], lesson)
            return AnswerOutcome(task, marked.right, marked, attempt)
        case model.Explain():
            ticked = frozenset(places(points, len(task.points), "point")) if points else frozenset()
            attempt = answering.answer_explain(task, typed, ticked, lesson)
            return AnswerOutcome(task, True, Marked(True), attempt, ticked)


def judged_before(task: Question, lesson: str, before: Sequence[Attempt], points: str | None) -> AnswerOutcome:
    """What belongs to an answer that was given before: the working of a number, ticks beside one's words. Raises
    UsageError where there is none."""
    given = [one for one in before if one.outcome in ("passed", "failed", "done")]
    if not given:
        raise UsageError(f"{task.id} was not answered yet.", f"First `dl-tutor answer {task.id} ANSWER`.")
    if isinstance(task, model.Explain):
        return answered(task, lesson, given[-1].answer, points)
    if not isinstance(task, model.Number):
        raise UsageError(f"{task.id} has neither a working nor points.", "An answer is all it takes.")
    done = any(one.outcome == "passed" for one in given)
    return AnswerOutcome(task, done, Marked(done), None, working=True)


def places(typed: str, count: int, what: str) -> list[int]:
    """Numbers from 1 ("1,3" or "1 3") as places from 0. Raises UsageError for others."""
    found = [word for word in re.split(r"[\s,;]+", typed.strip()) if word]
    wrong = [word for word in found if not word.isdecimal() or not 1 <= int(word) <= count]
    if wrong or not found:
        said = f"{wrong[0]!r} is no {what}." if wrong else f"No {what} is named."
        raise UsageError(said, f"They are numbered from 1 to {count}.")
    return [int(word) - 1 for word in found]
