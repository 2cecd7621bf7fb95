"""Questions come back when the next chapter is half done; those answered wrong come back again, later each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor import paths
from tutor.course.loader import load_course
from tutor.course.model import Chapter, Course, LessonEntry, TaskEntry
from tutor.progress import Attempt, Progress
from tutor.progress.reviews import DAY, Due, comes_back, due


def chapter(number: int, tasks: str, reviews: tuple[str, ...] = ()) -> Chapter:
    entries = tuple(TaskEntry(f"{number}{name}", "quiz", name, 0) for name in tasks)
    runs = (TaskEntry(f"{number}run", "run", "Run", 0),)
    place = f"{number}.1"
    lesson = LessonEntry(f"l{number}", place, "One", "a.md", pages=("p",), tasks=entries + runs, reviews=reviews)
    return Chapter(f"c{number}", number, f"Chapter {number}", (lesson,))


COURSE = Course("Course", "/nowhere", (chapter(1, "ab", ("1a", "1b")), chapter(2, "cdef", ("2c",))), {"old": "1a"})


class Learner:
    """Answers on given days."""

    def __init__(self, folder: Path) -> None:
        self.progress = Progress.of_course(COURSE, folder, "one")

    def answers(self, day: float, *tasks: str, outcome: str = "passed") -> Learner:
        for task in tasks:
            self.progress.record(Attempt(task, "quiz", outcome, at=day * DAY))
        return self

    def due(self, day: float) -> list[str]:
        return [one.task for one in due(COURSE, self.progress.attempts(), day * DAY)]


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def test_they_come_back_once_the_next_chapter_is_half_done(learner: Learner) -> None:
    learner.answers(1, "1a", "1b").answers(2, "2c", "2run")
    assert learner.due(500) == []
    learner.answers(3, "2d")
    assert learner.due(3) == ["1a", "1b"]
    assert due(COURSE, learner.progress.attempts(), 3 * DAY)[0] == Due("1a", 1)


def test_one_never_answered_does_not_come_back(learner: Learner) -> None:
    assert learner.answers(1, "1b").answers(2, "2c", "2d").due(3) == ["1b"]


def test_right_is_done_with(learner: Learner) -> None:
    learner.answers(1, "1a", "1b").answers(2, "2c", "2d").answers(3, "1a")
    assert learner.due(3) == ["1b"] and learner.due(900) == ["1b"]


def test_wrong_comes_back_later_each_time(learner: Learner) -> None:
    learner.answers(1, "1a").answers(2, "2c", "2d").answers(3, "1a", outcome="failed")
    assert learner.due(3.5) == [] and learner.due(4.1) == ["1a"]
    learner.answers(5, "1a", outcome="failed")
    assert learner.due(7.9) == [] and learner.due(8.1) == ["1a"]
    learner.answers(9, "1a", outcome="failed")
    assert learner.due(15.9) == [] and learner.due(16.1) == ["1a"]
    assert learner.answers(17, "1a").due(900) == []


def test_questions_of_the_last_chapter_come_back_a_day_after_it(learner: Learner) -> None:
    learner.answers(1, "2c", "2d", "2e")
    assert learner.due(9) == []
    learner.answers(10, "2f")
    assert learner.due(10.5) == [] and learner.due(11.1) == ["2c"]


def test_a_question_that_was_renamed_is_the_same(learner: Learner) -> None:
    assert learner.answers(1, "old").answers(2, "2c", "2d").due(3) == ["1a"]


def test_the_last_chapter_waits_for_no_next_one() -> None:
    course = load_course(paths.lessons_dir(), None)
    first, *_, last = [lesson.reviews for lesson in course.lessons if lesson.reviews]
    assert comes_back(course, first) == "when the next chapter is half done"
    assert comes_back(course, last) == "a day after this chapter is done"
