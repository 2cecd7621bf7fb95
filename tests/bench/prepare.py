"""A learner's home in which a task is open with a given draft: `python -m tests.bench.prepare TASK CODE`."""

from __future__ import annotations

import sys

from tutor import paths
from tutor.course.loader import find_task, load_course
from tutor.progress import Place, Progress


def main(task: str, code: str) -> None:
    course = load_course(paths.lessons_dir(), paths.cache_dir())
    lesson, entry = find_task(course, task)
    progress = Progress.of_course(course, paths.state_dir())
    progress.drafts.save(task, code, (0, 0))
    progress.set_place(Place(lesson.id, entry.page, task=task, focus="workbench"))
    progress.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
