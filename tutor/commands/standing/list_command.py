"""`dl-tutor list`: the course and where the learner stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.course.model import Course, LessonEntry
    from tutor.progress import LessonStanding, Place, Standing, TaskStanding


@click.command("list")
@click.argument("lesson", nargs=-1)
@course_option
@json_option
@click.pass_obj
def list_course(session: Session, lesson: tuple[str, ...], as_json: bool) -> int:
    """List the course and what is done.

    With LESSON: its pages and exercises.
    """
    course = session.course
    standing = session.progress.standing(course)
    entry = None
    if lesson:
        from tutor.course.loader import find_lesson

        entry = find_lesson(course, " ".join(lesson))
    if as_json:
        whole = course_as_json(course, standing)
        echo_json(whole if entry is None else _lesson_as_json(entry, standing))
    elif entry is not None:
        _print_lesson(session, entry, standing)
    else:
        _print_course(session, course, standing)
    session.say_problems()
    return 0


# ------------------------------------------------------------------ for people


def _print_course(session: Session, course: Course, standing: Standing) -> None:
    session.echo(_both_ends(course.title, f"{standing.done} of {standing.total} done", session.width))
    for chapter, at in zip(course.chapters, standing.chapters, strict=True):
        session.echo()
        session.echo(_both_ends(f"{chapter.number} {chapter.title}", f"{at.done} of {at.total}", session.width))
        for entry, one in zip(chapter.lessons, at.lessons, strict=True):
            here = standing.here is not None and standing.here.lesson == entry.id
            session.echo(_lesson_line(session, entry, one, here))
            if entry.problem:
                session.echo(f"      broken: {entry.problem}")
    session.echo()
    session.echo("`dl-tutor list LESSON` lists its exercises; `dl-tutor` goes on where you were.")


def _lesson_line(session: Session, entry: LessonEntry, one: LessonStanding, here: bool) -> str:
    sign = session.sign("failed" if entry.problem else one.state)
    left = f"  {sign} {entry.number:<4} {entry.title}"
    notes = []
    if one.page >= 0 and one.state != "done":
        notes.append(f"page {one.page + 1} of {one.pages}")
    if one.total:
        notes.append(f"{one.done} of {one.total}")
    if entry.minutes and one.state == "new":
        notes.append(f"{entry.minutes} min")
    right = ", ".join(notes) + (f" {session.sign('here')} here" if here else "")
    return _both_ends(left, right, session.width)


def _print_lesson(session: Session, entry: LessonEntry, standing: Standing) -> None:
    session.echo(f"{entry.number} {entry.title} ({entry.id})")
    if entry.problem:
        session.echo(f"broken: {entry.problem}")
    for page, title in enumerate(entry.pages):
        session.echo(f"\n  {page + 1} {title}")
        for task in entry.tasks:
            if task.page == page:
                session.echo(_task_line(session, standing.task(task.id)))


def _task_line(session: Session, task: TaskStanding) -> str:
    left = f"    {session.sign(task.state)} {task.kind:<8} {task.id}"
    if task.title and task.title.lower().replace(" ", "-") != task.id:
        left += f": {task.title}"
    notes = []
    if task.total and task.state != "done":
        notes.append(f"{task.passed} of {task.total} checks")
    if task.hints:
        notes.append("1 hint" if task.hints == 1 else f"{task.hints} hints")
    return _both_ends(left, ", ".join(notes), session.width)


def _both_ends(left: str, right: str, width: int) -> str:
    gap = max(2, width - len(left) - len(right))
    return (left + " " * gap + right).rstrip() if right else left


# ------------------------------------------------------------------ for programs


def place_as_json(place: Place | None) -> dict[str, object] | None:
    """A place, for programs. page counts from 1, as on the screen."""
    if place is None:
        return None
    return {"lesson": place.lesson, "page": place.page + 1, "task": place.task or None}


def course_as_json(course: Course, standing: Standing) -> dict[str, object]:
    """The whole course, for programs."""
    return {
        "title": course.title,
        "folder": course.folder,
        "done": standing.done,
        "total": standing.total,
        "here": place_as_json(standing.here),
        "next": place_as_json(standing.next),
        "chapters": [
            {
                "id": chapter.id,
                "number": chapter.number,
                "title": chapter.title,
                "state": at.state,
                "done": at.done,
                "total": at.total,
                "lessons": [_lesson_as_json(entry, standing) for entry in chapter.lessons],
            }
            for chapter, at in zip(course.chapters, standing.chapters, strict=True)
        ],
    }


def _lesson_as_json(entry: LessonEntry, standing: Standing) -> dict[str, object]:
    one = standing.lesson(entry.id)
    return {
        "id": entry.id,
        "number": entry.number,
        "title": entry.title,
        "file": entry.file,
        "minutes": entry.minutes,
        "state": one.state if one else "new",
        "page": one.page + 1 if one and one.page >= 0 else None,
        "pages": len(entry.pages),
        "done": one.done if one else 0,
        "total": one.total if one else 0,
        "problem": entry.problem or None,
        "tasks": [_task_as_json(standing.task(task.id)) for task in entry.tasks],
    }


def _task_as_json(task: TaskStanding) -> dict[str, object]:
    return {
        "id": task.id,
        "kind": task.kind,
        "title": task.title,
        "page": task.page + 1,
        "state": task.state,
        "checks_passed": task.passed,
        "checks": task.total,
        "attempts": task.attempts,
        "hints": task.hints,
        "outcome": task.outcome or None,
    }
