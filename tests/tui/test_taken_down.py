"""What is told to a screen before it is whole, while it is taken down, or faster than it goes: the window stays."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tutor.course.model import Figure
from tutor.messages.events import FigureDone
from tutor.plots.scene import Bars, Scene
from tutor.tui.app import TutorApp
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.lab import LabScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.outline import OutlineScreen
from tutor.tui.screens.small import SmallScreen
from tutor.tui.widgets.figure import FigureView
from tutor.tui.widgets.scene_view import SceneView


class Answers:
    """An engine that answers when it is told to; where `gate` is open, before anything else gets a turn."""

    def __init__(self, scene: Scene) -> None:
        self.gate = asyncio.Event()
        self._scene = scene

    async def figure(self, name: str, values: dict[str, str], seed: int = 0, newer: object = None) -> FigureDone:
        if not self.gate.is_set():
            await self.gate.wait()
        return FigureDone(1, name, self._scene)

    async def unseen(self) -> list[str]:
        return []

    async def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    engine = Answers(Scene((Bars(("a", "b"), ((1.0, 2.0),)),), words="A figure in words."))
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: engine)
    return engine


async def lesson(pilot: Pilot[Any]) -> LessonScreen:
    return await turn_to(pilot, 0)


async def test_a_figure_that_is_answered_at_once_is_drawn(window, answers: Answers):  # noqa: F811
    answers.gate.set()
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await lesson(pilot)
        await screen.view.mount(view := FigureView(Figure("any")))
        await settled(pilot)
        assert view.query_one(SceneView).scene is not None
        await pilot.app.push_screen(lab := LabScreen(Figure("any")))
        await settled(pilot)
        assert lab.query_one(SceneView).scene is not None


async def test_an_answer_to_a_figure_that_is_half_gone_breaks_nothing(window, answers: Answers):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await lesson(pilot)
        await screen.view.mount(view := FigureView(Figure("any")))
        await view.remove_children()
        answers.gate.set()
        await settled(pilot)
        assert pilot.app.screen is screen and pilot.app.ending.fault is None


async def test_what_closes_twice_closes_only_itself(window, answers: Answers):  # noqa: F811
    answers.gate.set()
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await lesson(pilot)
        for above in (OutlineScreen(screen.entry, 0), HelpScreen(screen), LabScreen(Figure("any"))):
            await pilot.app.push_screen(above)
            above.action_close()
            above.action_close()
            await settled(pilot)
            assert pilot.app.screen is screen, type(above)


async def test_a_choice_does_not_close_what_has_opened_above_it(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await lesson(pilot)
        await pilot.app.push_screen(outline := OutlineScreen(screen.entry, 0), screen._jump)
        await pilot.app.push_screen(above := HelpScreen(outline))
        outline.leave((2, ""))
        await settled(pilot)
        assert pilot.app.screen is above
        above.leave()
        await settled(pilot)
        outline.leave((2, ""))
        await settled(pilot)
        assert pilot.app.screen is screen and screen.page == 2


async def test_room_again_told_twice_closes_only_the_request_for_room(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await lesson(pilot)
        await pilot.resize_terminal(20, 5)
        await settled(pilot)
        assert isinstance(pilot.app.screen, SmallScreen)
        await pilot.resize_terminal(60, 20)
        await pilot.resize_terminal(*SIZE)
        await settled(pilot)
        assert pilot.app.screen is screen
