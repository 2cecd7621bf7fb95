"""A grid to draw into: by keys, by mouse, in ASCII, and what the figure behind it answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot

from tests.tui.test_window import settled, window  # noqa: F401
from tests.tui.test_workbench import NoEngine
from tutor import figures
from tutor.course.model import Figure
from tutor.figures.shared.control_values import FigureError
from tutor.messages.events import FigureDone
from tutor.plots.scene import Drawing, pixels_of, value_of
from tutor.tui.app import TutorApp
from tutor.tui.screens.lab import LabScreen
from tutor.tui.widgets.pixel_canvas import DRAW, ERASE, UP, Canvas
from tutor.tui.widgets.scene_view import SceneView

EMPTY = "0" * 196


class Drawer(NoEngine):
    """Draws live figures at once, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    async def figure(self, name: str, values: dict[str, str], newer: Callable[[FigureDone], None]) -> FigureDone:
        self.asked.append(values)
        return FigureDone(len(self.asked), name, figures.compute(name, values))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    drawer = Drawer()
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: drawer)
    return drawer


async def opened(pilot: Pilot, drawing: str = "") -> LabScreen:
    settings = {"drawing": drawing} if drawing else {}
    await pilot.app.push_screen(lab := LabScreen(Figure("draw-a-digit", settings)))
    await settled(pilot)
    return lab


def drawn(lab: LabScreen) -> list[tuple[int, int]]:
    """The pixels that are on."""
    canvas = lab.query_one(Canvas)
    assert canvas.drawing is not None
    value = canvas.values["drawing"]
    pixels = pixels_of(Drawing("drawing", "", value, canvas.drawing.width, canvas.drawing.height))
    return [(i, j) for i, row in enumerate(pixels) for j, on in enumerate(row) if on]


def said(lab: LabScreen) -> str:
    return str(lab.query_one("#words").render())


def test_a_drawing_is_written_row_by_row() -> None:
    pixels = [[False] * 28 for _ in range(28)]
    pixels[0][0] = pixels[1][27] = True
    value = value_of(pixels)
    assert value.startswith("8000000" + "0000001") and len(value) == 196
    assert pixels_of(Drawing("d", "", value, 28, 28)) == pixels


@pytest.mark.parametrize("value", ["123", "g" * 196, "0" * 195])
def test_what_is_no_drawing_is_refused(value: str) -> None:
    with pytest.raises(FigureError, match="28 by 28"):
        figures.compute("draw-a-digit", {"drawing": value})


async def test_the_canvas_has_the_keys_and_begins_as_the_lesson_has_it(window, engine) -> None:  # noqa: F811
    async with window("everything").run_test(size=(80, 24)) as pilot:
        lab = await opened(pilot)
        assert lab.query_one(Canvas).has_focus
        assert len(drawn(lab)) > 50
        assert "takes this for a 3" in said(lab)


async def test_drawing_rubbing_out_and_clearing_by_keys(window, engine) -> None:  # noqa: F811
    async with window("everything").run_test(size=(80, 24)) as pilot:
        lab = await opened(pilot)
        canvas = lab.query_one(Canvas)
        await pilot.press("c")
        assert drawn(lab) == []
        await pilot.press("right")
        assert drawn(lab) == [] and canvas.mode == UP
        await pilot.press("space", "right")
        assert canvas.mode == DRAW and drawn(lab) == [(i, j) for i in (14, 15) for j in (15, 16, 17)]
        await pilot.press("space", "down")
        assert canvas.mode == UP and len(drawn(lab)) == 6
        await pilot.press("up", "x")
        assert canvas.mode == ERASE and drawn(lab) == [(14, 15), (15, 15)]
        await settled(pilot)
        assert engine.asked[-1]["drawing"] == canvas.values["drawing"] != EMPTY
        await pilot.press("r")
        await settled(pilot)
        assert "takes this for a 3" in said(lab)


async def test_the_pen_is_in_sight_in_the_smallest_window_and_the_cursor_is_at_it(window, engine) -> None:  # noqa: F811
    async with window("everything").run_test(size=(60, 15)) as pilot:
        lab = await opened(pilot)
        canvas, side = lab.query_one(Canvas), lab.query_one("#side")
        for keys, row, column in ((["down"] * 20 + ["right"] * 3, 27, 17), (["up"] * 30, 0, 17)):
            await pilot.press(*keys)
            await settled(pilot)
            pen = canvas.content_region.offset + Offset(column, row // 2)
            assert side.region.contains_point(pen)
            assert pilot.app.cursor_position == pen


async def test_a_stroke_of_the_mouse_has_no_gaps(window, engine) -> None:  # noqa: F811
    async with window("everything").run_test(size=(80, 24)) as pilot:
        lab = await opened(pilot, EMPTY)
        canvas = lab.query_one(Canvas)
        await pilot.mouse_down(canvas, offset=(5, 3))  # one more each way is the border
        await pilot.hover(canvas, offset=(15, 13))
        await pilot.mouse_up(canvas, offset=(15, 13))
        columns = {j for _, j in drawn(lab)}
        assert columns == set(range(4, 16))
        assert (4, 4) in drawn(lab) and (24, 14) in drawn(lab)
        await pilot.hover(canvas, offset=(20, 4))
        assert {j for _, j in drawn(lab)} == columns


async def test_the_layer_changes_and_the_drawing_stays(window, engine) -> None:  # noqa: F811
    async with window("everything").run_test(size=(80, 24)) as pilot:
        lab = await opened(pilot, EMPTY)
        await pilot.press("space", "down", "down", "tab", "right")
        await settled(pilot)
        assert engine.asked[-1]["layer"] == "pool1"
        assert engine.asked[-1]["drawing"] == lab.query_one(Canvas).values["drawing"] != EMPTY


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50), (60, 15)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_all_of_the_canvas_is_seen(window, engine, size, ascii_only) -> None:  # noqa: F811
    app = window("everything")
    app.terminal = dataclasses.replace(app.terminal, unicode=not ascii_only)
    async with app.run_test(size=size) as pilot:
        lab = await opened(pilot)
        canvas = lab.query_one(Canvas)
        assert canvas.content_size == (28, 14)
        assert canvas.region.right <= size[0]
        if size[1] >= 24:
            assert canvas.region.bottom <= size[1] - 2
            assert lab.query_one("#words").region.bottom <= size[1] - 2
        text = "".join(segment.text for y in range(14) for segment in canvas.render_line(y))
        assert text.isascii() == ascii_only and text.strip()
        assert len(lab.query_one(SceneView).scene.panels) == (3 if size[0] >= 120 else 2)


async def test_another_figure_has_no_canvas(window, engine) -> None:  # noqa: F811
    async with window("everything").run_test(size=(80, 24)) as pilot:
        await pilot.app.push_screen(lab := LabScreen(Figure("feature-maps")))
        await settled(pilot)
        assert not lab.query_one(Canvas).display
        assert lab.query_one("Controls").has_focus
