"""The terminal's own cursor stands where the focus is, on every screen, whether it is shown or not."""

from __future__ import annotations

from textual.geometry import Offset
from textual.pilot import Pilot

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tests.tui.test_workbench import no_engine, opened  # noqa: F401
from tutor.tui.widgets.explain import Points
from tutor.tui.widgets.number import NumberField


def row(pilot: Pilot) -> str:
    """The line of the screen on which the cursor is."""
    strips = pilot.app.screen._compositor.render_strips()
    return strips[pilot.app.cursor_position.y].text


async def test_home_the_chosen_row(window):  # noqa: F811
    async with window("").run_test(size=SIZE) as pilot:
        await settled(pilot)
        first = row(pilot)
        assert pilot.app.signs.here in first
        await pilot.press("down")
        await settled(pilot)
        assert pilot.app.signs.here in row(pilot) and row(pilot) != first


async def test_a_page_its_first_row_in_sight(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 0)
        screen.view.focus()
        await settled(pilot)
        assert row(pilot).strip() == "Words"


async def test_a_question_the_chosen_choice(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        await turn_to(pilot, 1)
        await pilot.press("enter", "down", "down")
        await settled(pilot)
        assert "eight" in row(pilot)
        await pilot.press("up")
        await settled(pilot)
        assert "six" in row(pilot)


async def test_an_order_the_chosen_line(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 3)
        await pilot.press("enter", "down")
        await settled(pilot)
        assert screen.focused.lines_now[1] in row(pilot)


async def test_key_points_the_chosen_point(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 4)
        await pilot.press("enter", *"blue", "f6")
        await settled(pilot)
        assert isinstance(screen.focused, Points)
        await pilot.press("down")
        await settled(pilot)
        assert "depends on the wavelength" in row(pilot)


async def test_fields_and_the_editor_the_text_cursor(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 2)
        await pilot.press("enter", "1", "2")
        await settled(pilot)
        field = screen.focused
        assert isinstance(field, NumberField)
        assert pilot.app.cursor_position == field.content_region.offset + Offset(2, 0)
        screen, bench = await opened(pilot)
        await pilot.press("down", "right", "right")
        await settled(pilot)
        editor = bench.editor
        assert pilot.app.cursor_position == editor.content_region.offset + Offset(editor.gutter_width + 2, 1)


async def test_the_frame_after_a_key_ends_there(window, monkeypatch):  # noqa: F811
    """What Textual itself writes: it asks for the position when it has drawn."""
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 1)
        await pilot.press("enter", "down")
        await settled(pilot)
        app.cursor_position = Offset(70, 20)
        assert app.cursor_position.y != 20 and screen.focused.region.contains_point(app.cursor_position)
