"""The mouse does what the keys do, and nothing is answered by a slip of it."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tutor.tui.screens.outline import OutlineScreen
from tutor.tui.widgets.choices import QuizTask
from tutor.tui.widgets.explain import Points
from tutor.tui.widgets.order_task import OrderTask


async def click(pilot: Pilot, words: str) -> None:
    """Click on the first row of the screen with these words."""
    strips = pilot.app.screen._compositor.render_strips()
    at = next((x, y) for y, strip in enumerate(strips) if (x := strip.text.find(words)) >= 0)
    await pilot.click(offset=at)
    await settled(pilot)


async def test_a_choice_is_chosen_and_answered_only_by_enter(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 1)
        await click(pilot, "eight")
        quiz = screen.query_one(QuizTask)
        assert quiz.cursor == 1 and quiz.marked is None and screen.focused is quiz
        await pilot.press("enter")
        await settled(pilot)
        assert quiz.marked is not None and quiz.marked.right


async def test_a_line_is_taken_and_put_down_elsewhere(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 3)
        order = screen.query_one(OrderTask)
        first, *_, last = order.lines_now
        await click(pilot, first)
        assert order.taken
        await click(pilot, last)
        assert not order.taken and order.lines_now[-1] == first


async def test_a_point_is_ticked(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 4)
        await pilot.press("enter", *"blue", "f6")
        await settled(pilot)
        await click(pilot, "depends on the wavelength")
        assert screen.query_one(Points).ticked == {1}
        await click(pilot, "depends on the wavelength")
        assert screen.query_one(Points).ticked == set()


async def test_a_key_on_the_line_of_keys(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 0)
        await click(pilot, "next")
        assert screen.page == 1
        await click(pilot, "outline")
        assert isinstance(pilot.app.screen, OutlineScreen)
