"""Which questions of the wrap-up pages are due again.

The questions of a chapter come back once its successor is half done; those of the last chapter a day after all of it
was done. Answered right then, a question rests. Answered wrong, it comes back after 1 day, and after each further wrong
answer later: 3, 7, 21, 60 days (growing intervals as in S. Leitner, So lernt man lernen, 1972).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tutor.progress.values import HINT, NOT_HELD, SHOWN, Attempt, ChapterLike, CourseLike, LessonLike, current_name

DAY = 86_400.0
INTERVALS = (1, 3, 7, 21, 60)
"""Days until a question comes back, by how often it was answered wrong when it had come back."""


class Due(NamedTuple):
    """A question that is due. chapter: number of the chapter whose wrap-up names it."""

    task: str
    chapter: int


def due(course: CourseLike, attempts: Iterable[Attempt], now: float) -> list[Due]:
    """Questions that were answered before and whose time has come, in the order of the course.

    attempts: of this course, oldest first. now: seconds since the epoch.
    """
    by_task: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        if attempt.outcome not in (HINT, SHOWN) and attempt.outcome not in NOT_HELD:
            by_task.setdefault(current_name(attempt.task, course.renamed), []).append(attempt)
    found = []
    for place, chapter in enumerate(course.chapters):
        asked = [task for lesson in chapter.lessons for task in lesson.reviews if task in by_task]
        if not asked:
            continue
        begins = _come_back_at(course.chapters, place, by_task)
        found += [Due(task, chapter.number) for task in asked if _is_due(by_task[task], begins, now)]
    return found


def _come_back_at(chapters: Sequence[ChapterLike], place: int, by_task: dict[str, list[Attempt]]) -> float:
    """When the questions of the chapter at this place come back for the first time; never is inf."""
    if place + 1 < len(chapters):
        finished = _finished(chapters[place + 1].lessons, by_task)
        half = (len(finished) + 1) // 2
        return finished[half - 1] if finished else float("inf")
    return max(_finished(chapters[place].lessons, by_task), default=float("inf")) + DAY


def _finished(lessons: Iterable[LessonLike], by_task: dict[str, list[Attempt]]) -> list[float]:
    """When each task that counts was done first, the earliest first; inf for one that is not."""
    tasks = [task.id for lesson in lessons for task in lesson.tasks if task.kind != "run"]
    return sorted(min((a.at for a in by_task.get(task, ()) if a.finishes), default=float("inf")) for task in tasks)


def _is_due(attempts: Sequence[Attempt], begins: float, now: float) -> bool:
    if now < begins:
        return False
    since = [attempt for attempt in attempts if attempt.at > begins]
    if not since:
        return True
    if since[-1].outcome in ("passed", "done"):
        return False
    wrong = sum(attempt.outcome not in ("passed", "done") for attempt in since)
    return now - since[-1].at >= INTERVALS[min(wrong, len(INTERVALS)) - 1] * DAY


def comes_back(course: CourseLike, ids: Sequence[str]) -> str:
    """When these questions are first due: those of the last chapter have no next one to wait for."""
    last = {one for lesson in course.chapters[-1].lessons for one in lesson.reviews}
    return "a day after this chapter is done" if last.issuperset(ids) else "when the next chapter is half done"
