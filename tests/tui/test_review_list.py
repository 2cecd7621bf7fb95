"""The questions of a wrap-up page: when they come back."""

from tutor import paths
from tutor.course import loader
from tutor.tui.widgets.review import comes_back


def test_the_last_chapter_waits_for_no_next_one() -> None:
    course = loader.load_course(paths.lessons_dir(), None)
    first, *_, last = [lesson.reviews for lesson in course.lessons if lesson.reviews]
    assert comes_back(course, first) == "when the next chapter is half done"
    assert comes_back(course, last) == "a day after this chapter is done"
