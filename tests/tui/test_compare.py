"""The learner's code beside the solutions: what differs, and going on to the next solution."""

from __future__ import annotations

from tests.tui.test_window import key_line, settled, window
from tutor.course.loader import load_lesson
from tutor.course.model import Exercise
from tutor.course.walk import iter_tasks
from tutor.tui.screens.solutions import ComparedCode, CompareScreen, differing

__all__ = ["window"]


def test_lines_that_only_one_side_has_are_found() -> None:
    mine = "def f(x):\n    y = x\n    return y\n"
    theirs = "def f(x):\n\n    return 2 * x  \n    return y\n"
    assert differing(mine, theirs) == (frozenset({1}), frozenset({2}))
    assert differing(mine, mine.replace("\n", "  \n")) == (frozenset(), frozenset())


async def test_differences_have_a_sign_and_the_next_solution_a_key(window):
    app = window()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        lesson = load_lesson(app.course, "everything")
        task = next(one for one in iter_tasks(lesson) if isinstance(one, Exercise))
        app.push_screen(CompareScreen(task, "nothing = 1\n"))
        await settled(pilot)
        yours = app.screen.query_one("#yours", ComparedCode)
        assert "-" in yours.render_line(0).text[: yours.gutter_width]
        assert ("other solution" in key_line(app)) is (len(task.solutions) > 1)
        await pilot.press("n", "escape")
        await settled(pilot)
        assert not isinstance(app.screen, CompareScreen)
