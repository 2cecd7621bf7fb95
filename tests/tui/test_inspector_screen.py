"""The inspector's screen: views by key, controls that stay, a sample typed in, what it says where there is nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.test_window import settled, turn_to, window  # noqa: F401
from tests.tui.test_workbench import CODE, NoEngine
from tutor.engine.client.view_list import inspector_views
from tutor.messages.events import Inspected
from tutor.plots.scene import Pick, Raster, Scene, Slider, TablePanel
from tutor.tui.app import TutorApp
from tutor.tui.screens.inspector import InspectorScreen

SIZES = [(80, 24), (160, 50), (60, 15)]
OFFERED = ("structure", "weights", "maps", "pixel", "gradients", "predictions")


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: NoEngine())


class Model:
    """Answers as a run's process does, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.training = False
        self.watched = self.paused = 0
        self.gate: asyncio.Event | None = None

    async def __call__(self, view: str, values: dict[str, str]) -> Inspected:
        self.asked.append((view, values))
        if self.gate is not None:
            await self.gate.wait()
        if values.get("typed") == "nonsense":
            return Inspected(1, Scene(()), "A sample is numbers with spaces between them.", OFFERED)
        if view == "pixel" and values.get("layer") == "dense":
            return Inspected(1, Scene(()), "dense has no Conv2D layer.", OFFERED)
        controls = (
            Pick("layer", "layer", values.get("layer", "conv"), ("conv", "dense")),
            Slider("sample", "sample", float(values.get("sample", 0)), 0, 99, 1.0, whole=True),
        )
        panels = (Raster(((0.0, 1.0), (1.0, 0.0)), f"seen from {view}"), TablePanel(("a", "b"), (("1", "2"),)))
        return Inspected(1, Scene(panels, f"{view} of net", f"Words of {view}.", controls), names=OFFERED)

    def watch(self) -> None:
        self.watched += 1

    def pause(self) -> None:
        self.paused += 1

    @property
    def last(self) -> tuple[str, dict[str, str]]:
        view, values = self.asked[-1]
        return view, {name: value for name, value in values.items() if name != "rows"}


async def opened(pilot: Pilot[Any], model: Model) -> InspectorScreen:
    await turn_to(pilot, 0)
    screen = InspectorScreen("net", model, going=lambda: model.training, watch=model.watch, pause=model.pause)
    await pilot.app.push_screen(screen)
    await settled(pilot)
    return screen


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError("It did not come to hold.")


def shown(screen: InspectorScreen) -> str:
    scene = screen._view.scene
    return scene.panels[0].title if scene is not None else screen._view._placeholder  # type: ignore[union-attr]


@pytest.mark.parametrize("size", SIZES)
async def test_every_view_has_a_key(window, size):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=size) as pilot:
        screen = await opened(pilot, model)
        for view, key, *_ in inspector_views():
            await pilot.press(key)
            await settled(pilot)
            assert model.last[0] == view and shown(screen) == f"seen from {view}"
            assert f"[{view}]" in screen._bar.lines(screen._bar.size.width)[0].plain


async def test_tab_goes_round_the_views_that_say_something_of_this_model(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, model)
        seen = []
        for _ in OFFERED:
            await pilot.press("tab")
            await settled(pilot)
            seen.append(screen.view)
        assert seen == [*OFFERED[1:], OFFERED[0]]
        await pilot.press("shift+tab")
        await settled(pilot)
        assert screen.view == OFFERED[-1]


async def test_layer_and_sample_stay_from_view_to_view(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, model)
        await pilot.press("m", "right", "down", "7", "enter")
        await settled(pilot)
        assert model.last == ("maps", {"layer": "dense", "sample": "7.0"})
        await pilot.press("g")
        await settled(pilot)
        assert model.last == ("gradients", {"layer": "dense", "sample": "7.0"})
        assert screen._controls.values == {"layer": "dense", "sample": "7.0"}


async def test_enter_on_maps_shows_one_pixel_and_only_there(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, model)
        await pilot.press("enter")
        await settled(pilot)
        assert screen.view == "structure"
        await pilot.press("m", "enter")
        await settled(pilot)
        assert screen.view == "pixel"


async def test_a_problem_is_said_in_its_place_and_controls_lead_out_of_it(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, model)
        await pilot.press("m", "right", "x")
        await settled(pilot)
        assert shown(screen) == "dense has no Conv2D layer."
        await pilot.press("w")
        await settled(pilot)
        assert shown(screen) == "seen from weights"


async def test_a_sample_is_typed_in_and_a_wrong_one_is_said(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, model)
        await pilot.press("i", *"0.5 -1", "enter")
        await settled(pilot)
        assert model.last == ("activations", {"typed": "0.5 -1"})
        await pilot.press("i", "ctrl+u", *"nonsense", "enter")
        await until(pilot, lambda: "numbers with spaces" in screen.bottom.notice)
        assert model.last == ("activations", {}) and shown(screen) == "seen from activations"
        await pilot.press("i", *"w", "escape")
        await settled(pilot)
        assert screen.view == "activations" and pilot.app.screen is screen


async def test_choosing_a_sample_takes_the_typed_one_away(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        await opened(pilot, model)
        await pilot.press("m", "i", *"1 2", "enter")
        await settled(pilot)
        await pilot.press("down", "right")
        await settled(pilot)
        assert model.last == ("maps", {"layer": "conv", "sample": "1.0"})


async def test_one_question_at_a_time_and_the_newest_wish_only(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        await opened(pilot, model)
        asked = len(model.asked)
        model.gate = asyncio.Event()
        await pilot.press("w", "m", "g", "p")
        await pilot.pause()
        assert len(model.asked) == asked + 1
        model.gate.set()
        await until(pilot, lambda: model.last[0] == "predictions")
        assert len(model.asked) == asked + 2


async def test_while_it_trains_the_view_follows_and_says_so(window):  # noqa: F811
    model = Model()
    model.training = True
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, model)
        before = len(model.asked)
        await until(pilot, lambda: len(model.asked) > before + 1)
        assert "training" in screen.top.make(80)[0].plain
        await pilot.press("space")
        assert model.paused == 1
        model.training = False
        await until(pilot, lambda: not screen._was_going)
        await settled(pilot)
        quiet = len(model.asked)
        screen._look_again()
        await settled(pilot)
        assert len(model.asked) == quiet


async def test_epochs_are_watched_from_when_a_view_of_them_is_wanted(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        await opened(pilot, model)
        await pilot.press("m")
        await settled(pilot)
        assert not model.watched
        await pilot.press("g")
        await settled(pilot)
        assert model.watched


async def test_nothing_has_run_yet(window):  # noqa: F811
    async with window("everything").run_test(size=(160, 50)) as pilot:
        await turn_to(pilot, CODE)
        await pilot.press("e")
        await settled(pilot)
        await pilot.press("f4", "i")
        await settled(pilot)
        assert "F5 runs the code" in pilot.app.screen.bottom.notice


async def test_a_click_chooses_a_view(window):  # noqa: F811
    model = Model()
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, model)
        await pilot.click("#views", offset=(14, 0))
        await settled(pilot)
        assert screen.view == "weights"
