"""Standing, derived from attempts, drafts and places, and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tutor.progress.values import (
    HINT,
    NOT_HELD,
    SHOWN,
    Attempt,
    ChapterStanding,
    CourseLike,
    LessonLike,
    LessonStanding,
    Place,
    Standing,
    State,
    TaskLike,
    TaskStanding,
)


def derive(
    course: CourseLike,
    attempts: Iterable[Attempt],
    drafted: set[str],
    places: dict[str, Place],
    here: Place | None,
    name: Callable[[str], str],
) -> Standing:
    """attempts: of this course, in the order of time. drafted: tasks with a draft. places: by lesson.

    name: today's id for an id as it was written.
    """
    by_task: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_task.setdefault(name(attempt.task), []).append(attempt)
    tasks: dict[str, TaskStanding] = {}
    chapters = []
    for chapter in course.chapters:
        lessons = []
        for lesson in chapter.lessons:
            for entry in lesson.tasks:
                tasks[entry.id] = _task(entry, by_task.get(entry.id, ()), entry.id in drafted)
            lessons.append(_lesson(lesson, tasks, places.get(lesson.id)))
        state = _together([lesson.state for lesson in lessons])
        chapters.append(ChapterStanding(chapter.id, chapter.number, chapter.title, state, tuple(lessons)))
    standing = Standing(tuple(chapters), tasks)
    here = _within(here, standing) or _first_undone(standing.lessons)
    return Standing(tuple(chapters), tasks, here or _start(standing), _after(standing, here))


def _task(entry: TaskLike, attempts: Iterable[Attempt], drafted: bool) -> TaskStanding:
    """drafted: there is a draft of it."""
    judged: Attempt | None = None
    last: Attempt | None = None
    hints = count = 0
    done = touched = False
    for attempt in attempts:
        touched = True
        last = attempt
        if attempt.outcome == HINT:
            hints = max(hints, attempt.number or hints + 1)
        elif attempt.outcome != SHOWN and attempt.outcome not in NOT_HELD:
            count += 1
            judged = attempt
            done = done or attempt.finishes
    state: State = "done" if done else "begun" if touched or drafted else "new"
    total = judged.total if judged else 0
    return TaskStanding(
        entry.id,
        entry.kind,
        entry.title,
        entry.page,
        state,
        passed=total if done else judged.passed if judged else 0,
        total=total,
        hints=hints,
        attempts=count,
        outcome=judged.outcome if judged else "",
        at=last.at if last else 0.0,
    )


def _lesson(lesson: LessonLike, tasks: dict[str, TaskStanding], place: Place | None) -> LessonStanding:
    counting = tuple(tasks[entry.id] for entry in lesson.tasks if entry.kind != "run")
    begun = any(tasks[entry.id].state != "new" for entry in lesson.tasks) or place is not None
    if counting:
        finished = all(task.state == "done" for task in counting)
    else:
        finished = place is not None and place.page >= len(lesson.pages) - 1
    state: State = "done" if finished else "begun" if begun else "new"
    page = -1 if place is None else max(0, min(place.page, len(lesson.pages) - 1))
    return LessonStanding(lesson.id, lesson.number, lesson.title, state, counting, page, len(lesson.pages))


def _together(states: list[State]) -> State:
    if states and all(state == "done" for state in states):
        return "done"
    return "new" if all(state == "new" for state in states) else "begun"


def _within(place: Place | None, standing: Standing) -> Place | None:
    """The place, where the course still has it; its page may have gone."""
    lesson = standing.lesson(place.lesson) if place else None
    if place is None or lesson is None:
        return None
    page = max(0, min(place.page, lesson.pages - 1))
    task = place.task if place.task in standing.tasks else ""
    cursor = place.cursor if task else (0, 0)
    scroll = place.scroll if page == place.page else 0
    return Place(place.lesson, page, task, place.focus, cursor, scroll, place.at)


def _start(standing: Standing) -> Place | None:
    return Place(standing.lessons[0].id) if standing.lessons else None


def _first_undone(lessons: Iterable[LessonStanding]) -> Place | None:
    for lesson in lessons:
        if lesson.state == "done":
            continue
        task = next((task for task in lesson.tasks if task.state != "done"), None)
        if task and lesson.state == "begun":
            return Place(lesson.id, task.page, task.id)
        return Place(lesson.id, max(lesson.page, 0))
    return None


def _after(standing: Standing, here: Place | None) -> Place | None:
    """The first thing not done from this lesson on; then from the start."""
    lessons = list(standing.lessons)
    at = next((i for i, lesson in enumerate(lessons) if here and lesson.id == here.lesson), 0)
    return _first_undone(lessons[at:] + lessons[:at])
