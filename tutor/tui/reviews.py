"""Which questions of the wrap-up pages are due again.

A question comes back 1 day after it was first answered, then after 3, 7, 21 and 60 days, as long as it is answered
right; a wrong answer starts over (Leitner's boxes; S. Leitner, So lernt man lernen, 1972).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.course.model import Course
    from tutor.progress import Attempt, Progress

DAY = 86_400.0
INTERVALS = (1, 3, 7, 21, 60)
"""Days until a question comes back, by how often in a row it was answered right after the first time."""


class Due(NamedTuple):
    """A question that is due. chapter: number of the chapter whose wrap-up names it."""

    task: str
    chapter: int


def interval(attempts: Sequence[Attempt]) -> int:
    """Days after the newest of these attempts (oldest first, at least one) until the question comes back."""
    streak = 0
    for attempt in reversed(attempts):
        if attempt.outcome not in ("passed", "done"):
            break
        streak += 1
    return INTERVALS[min(max(streak - 1, 0), len(INTERVALS) - 1)]


def due(course: Course, progress: Progress, now: float) -> list[Due]:
    """Questions that were answered before and whose time has come, in the order of the course."""
    found = []
    by_task: dict[str, list[Attempt]] = {}
    named = [(task, chapter.number) for chapter in course.chapters for one in chapter.lessons for task in one.reviews]
    if not named:
        return []
    for attempt in progress.attempts():
        by_task.setdefault(attempt.task, []).append(attempt)
    for task, chapter in named:
        attempts = by_task.get(course.renamed.get(task, task), [])
        if attempts and now - attempts[-1].at >= interval(attempts) * DAY:
            found.append(Due(task, chapter))
    return found
