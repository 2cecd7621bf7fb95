"""What the learner has done: attempts (append-only), drafts, place, and the standing derived from them. Pure.

Nothing but this package writes them. Each file has one writer (its name says which), so that there are no locks:
two windows, on two machines that share a home folder, lose nothing.
"""

from tutor.progress.disk import IN_MEMORY
from tutor.progress.store import Progress
from tutor.progress.values import (
    Attempt,
    ChapterStanding,
    Draft,
    LessonStanding,
    OldDraft,
    Place,
    Standing,
    TaskStanding,
    course_key,
)
from tutor.progress.window import window_name

__all__ = [
    "IN_MEMORY",
    "Attempt",
    "ChapterStanding",
    "Draft",
    "LessonStanding",
    "OldDraft",
    "Place",
    "Progress",
    "Standing",
    "TaskStanding",
    "course_key",
    "window_name",
]
