"""Places and standing: derived from attempts, drafts and places alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.test_progress_attempts import dead_window
from tutor.course.model import Chapter, Course, LessonEntry, TaskEntry
from tutor.progress import Attempt, Place, Progress, course_key


def make_course(renamed: dict[str, str] | None = None) -> Course:
    perceptron = LessonEntry(
        "perceptron", "1.1", "The perceptron", "a.md", pages=("one", "two", "three"),
        tasks=(
            TaskEntry("try", "run", "Try", 0), TaskEntry("neuron", "exercise", "A neuron", 1),
            TaskEntry("xor", "quiz", "Xor", 2),
        ),
    )  # fmt: skip
    descent = LessonEntry(
        "gradient-descent", "1.2", "Gradient descent", "b.md", pages=("p", "q"),
        tasks=(TaskEntry("faster", "predict", "Faster", 0), TaskEntry("why", "explain", "Why", 1)),
    )  # fmt: skip
    reading = LessonEntry("reading", "2.1", "Reading", "c.md", pages=("p", "q"))
    chapters = (
        Chapter("introduction", 1, "Introduction", (perceptron, descent)),
        Chapter("more", 2, "More", (reading,)),
    )
    return Course("Deep learning basics", "/nowhere", chapters, renamed or {})


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress.of_course(make_course(), tmp_path, "one")


def test_the_key_of_a_course_is_its_title() -> None:
    assert course_key("Deep learning basics") == "deep-learning-basics"
    assert course_key("Ωμέγα") == "course"


def test_a_new_learner_starts_at_the_start(progress: Progress) -> None:
    standing = progress.standing(make_course())
    assert (standing.done, standing.total) == (0, 4)
    assert standing.here == Place("perceptron") == standing.next
    assert {chapter.state for chapter in standing.chapters} == {"new"}
    assert standing.task("neuron").state == "new" and standing.task("no such").state == "new"


def test_tasks_lessons_and_chapters_count(progress: Progress) -> None:
    course = make_course()
    progress.record(Attempt("neuron", "exercise", "failed", passed=2, total=3))
    standing = progress.standing(course)
    neuron = standing.task("neuron")
    assert (neuron.state, neuron.passed, neuron.total, neuron.attempts) == ("begun", 2, 3, 1)
    progress.record(Attempt("neuron", "exercise", "passed", passed=3, total=3))
    progress.record(Attempt("neuron", "exercise", "failed", passed=0, total=3))
    progress.record(Attempt("xor", "quiz", "failed"))
    standing = progress.standing(course)
    neuron = standing.task("neuron")
    assert (neuron.state, neuron.passed, neuron.total, neuron.outcome) == ("done", 3, 3, "failed")
    lesson = standing.lesson("perceptron")
    assert lesson and (lesson.state, lesson.done, lesson.total, len(lesson.tasks)) == ("begun", 1, 2, 2)
    progress.record(Attempt("xor", "quiz", "passed"))
    chapter = progress.standing(course).chapter("introduction")
    assert chapter and (chapter.state, chapter.done, chapter.total) == ("begun", 2, 4)
    assert chapter.lessons[0].state == "done"


def test_a_fault_of_the_tutor_and_a_cancelled_check_do_not_count(progress: Progress) -> None:
    progress.record(Attempt("neuron", "exercise", "failed", passed=2, total=3))
    progress.record(Attempt("neuron", "exercise", "fault"))
    progress.record(Attempt("neuron", "exercise", "cancelled"))
    neuron = progress.standing(make_course()).task("neuron")
    assert (neuron.attempts, neuron.passed, neuron.outcome) == (1, 2, "failed")


def test_a_prediction_is_done_once_made_and_an_explanation_once_compared(progress: Progress) -> None:
    progress.record(Attempt("faster", "predict", "failed"))
    progress.record(Attempt("why", "explain", "done"))
    lesson = progress.standing(make_course()).lesson("gradient-descent")
    assert lesson and lesson.state == "done"


def test_a_draft_or_a_hint_makes_a_task_begun(progress: Progress) -> None:
    progress.drafts.save("neuron", "def")
    progress.record_hint("xor", kind="quiz")
    standing = progress.standing(make_course())
    assert standing.task("neuron").state == standing.task("xor").state == "begun"
    assert standing.task("xor").hints == 1 and standing.task("xor").attempts == 0


def test_a_lesson_without_tasks_is_done_on_its_last_page(progress: Progress) -> None:
    progress.set_place(Place("reading", 0))
    assert progress.standing(make_course()).chapters[1].state == "begun"
    progress.set_place(Place("reading", 1))
    assert progress.standing(make_course()).chapters[1].state == "done"


def test_coming_back_to_the_same_place(progress: Progress, tmp_path: Path) -> None:
    place = Place("gradient-descent", 1, "why", "editor", (3, 7), 12)
    progress.set_place(Place("perceptron", 2))
    progress.set_place(place)
    later = Progress.of_course(make_course(), tmp_path, "two")
    here = later.standing(make_course()).here
    assert here and here.at > 0
    assert Place(here.lesson, here.page, here.task, here.focus, here.cursor, here.scroll) == place
    lesson = later.standing(make_course()).lesson("perceptron")
    assert lesson and (lesson.page, lesson.pages) == (2, 3)
    assert later.place("perceptron") and later.place("reading") is None


def test_a_place_that_the_course_no_longer_has(progress: Progress) -> None:
    progress.set_place(Place("perceptron", 99, "gone", "editor", (3, 7), 12))
    here = progress.standing(make_course()).here
    assert here and (here.page, here.task, here.cursor, here.scroll) == (2, "", (0, 0), 0)
    progress.set_place(Place("gone"))
    here = progress.standing(make_course()).here
    assert here and here.lesson == "perceptron"


def test_where_to_go_on_without_a_place(progress: Progress) -> None:
    progress.record(Attempt("neuron", "exercise", "passed"))
    standing = progress.standing(make_course())
    assert standing.here == Place("perceptron", 2, "xor")
    progress.record(Attempt("xor", "quiz", "passed"))
    assert progress.standing(make_course()).here == Place("gradient-descent")


def test_all_done_has_no_next(progress: Progress) -> None:
    for task, kind in (("neuron", "exercise"), ("xor", "quiz"), ("faster", "predict"), ("why", "explain")):
        progress.record(Attempt(task, kind, "passed"))
    progress.set_place(Place("reading", 1))
    standing = progress.standing(make_course())
    assert standing.next is None and standing.here and standing.here.lesson == "reading"


def test_an_empty_course(progress: Progress) -> None:
    standing = progress.standing(Course("Empty", "/nowhere", ()))
    assert (standing.here, standing.next, standing.total) == (None, None, 0)


def test_renamed_lessons_keep_their_place(tmp_path: Path) -> None:
    Progress(tmp_path, "one", "deep-learning-basics").set_place(Place("perceptrons", 1))
    course = make_course({"perceptrons": "perceptron"})
    progress = Progress.of_course(course, tmp_path, "two")
    here = progress.standing(course).here
    assert here and (here.lesson, here.page) == ("perceptron", 1)
    assert progress.place("perceptron")


def test_places_of_ended_windows_become_one_file(tmp_path: Path) -> None:
    for number, lesson in enumerate(("perceptron", "reading", "perceptron")):
        window = Progress.of_course(make_course(), tmp_path, dead_window(number + 1))
        window.set_place(Place(lesson, number, at=float(number + 1)))
    Progress.of_course(make_course(), tmp_path, "one").tidy()
    assert len(list((tmp_path / "places" / "deep-learning-basics").iterdir())) == 1
    later = Progress.of_course(make_course(), tmp_path, "two")
    assert later.place() == Place("perceptron", 2, at=3.0)
    assert later.place("reading") == Place("reading", 1, at=2.0)


def test_a_damaged_place_is_said_and_costs_only_the_place(tmp_path: Path) -> None:
    Progress.of_course(make_course(), tmp_path, "one").set_place(Place("reading"))
    (tmp_path / "places" / "deep-learning-basics" / "one.json").write_bytes(b"\x00\x01")
    progress = Progress.of_course(make_course(), tmp_path, "two")
    here = progress.standing(make_course()).here
    assert here and here.lesson == "perceptron"
    assert len(progress.problems) == 1
