"""`dl-tutor read`: a lesson in linear form, for screen readers and pipes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.commands.reading.lesson_lines import Linear
    from tutor.course.model import LessonEntry


@click.command()
@click.argument("lesson", nargs=-1)
@click.option("--page", type=click.IntRange(min=1), help="One page only; the next `dl-tutor` goes on there.")
@click.option("--next", "forward", is_flag=True, help="The page after the one you are on.")
@click.option("--code", "task", metavar="TASK", help="Only the code of this task: your draft, or the starter.")
@course_option
@json_option
@click.pass_obj
def read(
    session: Session, lesson: tuple[str, ...], page: int | None, forward: bool, task: str | None, as_json: bool
) -> int:
    """Read a lesson as plain text.

    Formulas are on one line, figures are in words, and every task names the command that does it. Without LESSON: the
    page you are on.
    """
    from tutor.commands.reading.lesson_lines import Linear

    if task is not None:
        return _code(session, task)
    entry, pages = _chosen(session, " ".join(lesson), page, forward)
    shown = Linear(session, entry)
    if as_json:
        echo_json(_as_json(shown, entry, pages))
    else:
        _print(session, shown, entry, pages)
    if len(pages) == 1:
        _remember(session, entry, pages[0])
    session.say_problems()
    return 0


def _code(session: Session, name: str) -> int:
    from tutor.commands.task_called import task_called
    from tutor.course.model import Exercise, Predict, Run
    from tutor.course.walk import starter_of
    from tutor.errors import UsageError
    from tutor.messages.harmless import harmless

    _, _, task = task_called(session, name)
    if not isinstance(task, (Run, Predict, Exercise)) or not starter_of(task):
        raise UsageError(f"{task.id} has no code.", f"`dl-tutor answer {task.id} ANSWER` answers it.")
    draft = session.progress.drafts.load(task.id)
    code = draft.text if draft is not None else starter_of(task)
    sys.stdout.write(harmless(code) if sys.stdout.isatty() else code)
    return 0


def _chosen(session: Session, words: str, page: int | None, forward: bool) -> tuple[LessonEntry, list[int]]:
    """The lesson, and its pages from 0. Raises UsageError for a page that it does not have."""
    from tutor.errors import UsageError

    if words:
        from tutor.course.loader import find_lesson

        entry = find_lesson(session.course, words)
        if page is None and not forward:
            return entry, list(range(len(entry.pages)))
        here = session.progress.place(entry.id)
        at = page - 1 if page is not None else here.page + 1 if here is not None else 0
    else:
        entry, here_page = _here(session)
        at = page - 1 if page is not None else here_page + 1 if forward else here_page
        if forward and page is None and at >= len(entry.pages):
            entry, at = _lesson_after(session, entry), 0
    if not entry.problem and at >= len(entry.pages):
        raise UsageError(f"{entry.number} {entry.title} has {len(entry.pages)} pages.", "Pages are counted from 1.")
    return entry, [at]


def _here(session: Session) -> tuple[LessonEntry, int]:
    from tutor.errors import UsageError

    here = session.progress.standing(session.course).here
    entry = next((one for one in session.course.lessons if here is not None and one.id == here.lesson), None)
    if entry is None or here is None:
        raise UsageError("This course has no lessons.")
    return entry, here.page


def _lesson_after(session: Session, entry: LessonEntry) -> LessonEntry:
    from tutor.errors import UsageError

    sound = [one for one in session.course.lessons if not one.problem]
    after = sound[sound.index(entry) + 1 :] if entry in sound else []
    if not after:
        raise UsageError("That was the last page of the course.", "`dl-tutor list` says what is left to do.")
    return after[0]


def _remember(session: Session, entry: LessonEntry, page: int) -> None:
    from tutor.progress import Place

    session.progress.set_place(Place(entry.id, page))
    session.progress.flush()


# ------------------------------------------------------------------ output


def _print(session: Session, shown: Linear, entry: LessonEntry, pages: list[int]) -> None:
    minutes = f", about {entry.minutes} minutes" if entry.minutes else ""
    count = "1 page" if len(entry.pages) == 1 else f"{len(entry.pages)} pages"
    session.echo(f"{entry.number} {entry.title} ({count}{minutes})")
    for at in pages:
        session.echo()
        session.echo(f"Page {at + 1} of {len(entry.pages)}: {entry.pages[at]}")
        session.echo()
        for line in shown.page(at):
            session.echo(line)
    if len(pages) == 1:
        session.echo()
        session.echo("Next: dl-tutor read --next")


def _as_json(shown: Linear, entry: LessonEntry, pages: list[int]) -> dict[str, object]:
    return {
        "lesson": entry.id, "number": entry.number, "title": entry.title, "minutes": entry.minutes,
        "pages": [
            {
                "page": at + 1, "title": entry.pages[at], "text": "\n".join(shown.page(at)),
                "tasks": [{"id": one.id, "kind": one.kind, "title": one.title}
                          for one in entry.tasks if one.page == at],
            }
            for at in pages
        ],
    }  # fmt: skip
