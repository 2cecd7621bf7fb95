"""A picture whose numbers make none, as code of a learner's may send it, ends no window."""

from __future__ import annotations

import pytest

from tests.tui.test_window import settled, window  # noqa: F401
from tutor.plots import PlotLook, render
from tutor.plots.scene import Histogram, Scene
from tutor.tui.widgets.scene_view import FAULTS, UNDRAWN, SceneView

WILD = Scene((Histogram((0.0, 0.0, 1e308, 0.0), (0.0, 1.0, 2.0)),))
"""Each edge is a number and so is the way from the first to the last; the one between them is out of all bounds."""


async def test_a_scene_that_cannot_be_drawn_says_so(window):  # noqa: F811
    with pytest.raises(FAULTS):
        render(WILD, 70, 12, PlotLook())
    async with window().run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        view = SceneView(WILD)
        await pilot.app.screen.mount(view)
        await settled(pilot)
        assert UNDRAWN[:30] in "".join(view.render_line(y).text for y in range(view.size.height))
        view.show(Scene((Histogram((0.0, 1.0), (2.0,)),)))
        await settled(pilot)
        assert UNDRAWN[:30] not in "".join(view.render_line(y).text for y in range(view.size.height))
