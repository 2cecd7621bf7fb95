"""The task that a command names, and the lesson that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.commands.answering.answer_outcomes import Question
    from tutor.commands.session import Session
    from tutor.course.model import Exercise, Lesson, LessonEntry, Task

_KINDS = {
    "run": "a block to run", "quiz": "a quiz", "number": "a question for a number", "order": "lines to put in order",
    "explain": "a question for words", "predict": "a prediction",
}  # fmt: skip


def task_called(session: Session, name: str) -> tuple[LessonEntry, Lesson, Task]:
    """The task of that id, with its lesson. Raises UsageError with the nearest ids, CourseError for a broken lesson."""
    from tutor.course.loader import find_task, load_lesson, task_of
    from tutor.errors import CourseError, UsageError

    try:
        entry, task = find_task(session.course, name)
    except UsageError as error:
        broken = [entry.number for entry in session.course.lessons if entry.problem]
        if broken:
            raise UsageError(
                error.what, f"{error.todo}\nIt may be in a broken lesson ({', '.join(broken)}): see `dl-tutor list`."
            ) from error
        raise
    try:
        lesson = load_lesson(session.course, entry.id)
    except CourseError as error:
        raise CourseError(f"{entry.number} {entry.title} is broken.\n{error}") from error
    return entry, lesson, task_of(lesson, task.id)


def exercise_called(session: Session, name: str) -> tuple[LessonEntry, Lesson, Exercise]:
    """The exercise of that id; "" for the one that the learner is at. Raises UsageError for any other task."""
    from tutor.course.model import Exercise
    from tutor.errors import UsageError

    entry, lesson, task = task_called(session, name or _task_here(session))
    if not isinstance(task, Exercise):
        kind = type(task).__name__.lower()
        todo = f"`dl-tutor answer {task.id} ANSWER` answers it, or the window: `dl-tutor open {entry.number}`."
        if kind == "run":
            todo = f"Nothing in it is graded; `dl-tutor run {task.id}` runs it."
        raise UsageError(f"{task.id} is {_KINDS[kind]}, not an exercise.", todo)
    return entry, lesson, task


def question_called(session: Session, name: str) -> tuple[LessonEntry, Lesson, Question]:
    """The question of that id. Raises UsageError for code, which is run or checked."""
    from tutor.course.model import Exercise, Run
    from tutor.errors import UsageError

    entry, lesson, task = task_called(session, name)
    if isinstance(task, Exercise):
        raise UsageError(f"{task.id} is an exercise: code answers it.", f"`dl-tutor check {task.id} FILE` checks it.")
    if isinstance(task, Run):
        raise UsageError(f"{task.id} is a block to run: nothing is asked.", f"`dl-tutor run {task.id}` runs it.")
    return entry, lesson, task


def _task_here(session: Session) -> str:
    from tutor.errors import UsageError

    place = session.progress.place()
    if place is None or not place.task:
        raise UsageError("Which exercise?", "`dl-tutor list LESSON` names those of a lesson.")
    return place.task


