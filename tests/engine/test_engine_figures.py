"""Figures that train: scene after scene, given up when no longer wanted, and nobody waits for them."""

from __future__ import annotations

import asyncio
import sys

import msgspec
import numpy as np
import pytest

from tutor import figures
from tutor.engine.client.engine import Engine
from tutor.engine.run import figure_server
from tutor.figures.shared.training_pace import paced
from tutor.messages.events import FigureDone
from tutor.messages.requests import ComputeFigure, DropFigure
from tutor.plots.scene import Scene, TextPanel

ENDLESS = '''
import itertools
from tutor.figures.shared.training_pace import paced
from tutor.plots.scene import Scene, Slider, TextPanel

CONTROLS = (Slider("epochs", "epochs", 5, 1, 1e9, whole=True),)

def work(epochs):
    for epoch in range(int(epochs)):
        sum(range(20_000))
        yield epoch

def draw(s):
    for epoch in paced(work(s["epochs"]), 0.005):
        yield Scene((TextPanel((f"epoch {epoch}",)),), words=f"Epoch {epoch} is over.")
'''


@pytest.fixture
def trained(tmp_path, monkeypatch) -> str:
    """A figure that trains for as many epochs as its control says."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "endless_figure.py").write_text(ENDLESS)
    monkeypatch.setitem(figures._MODULES, "endless", "endless_figure")
    yield "endless"
    sys.modules.pop("endless_figure", None)


def test_a_figure_that_trains_ends_with_its_last_epoch(trained: str) -> None:
    done = list(figure_server.answers(ComputeFigure(1, trained, {"epochs": "200"})))
    assert [one.more for one in done] == [True] * (len(done) - 1) + [False]
    assert done[0].scene.words == "Epoch 0 is over." and done[-1].scene.words == "Epoch 199 is over."
    assert figures.trains(trained) and not figures.trains("neuron")
    assert figures.compute(trained, {"epochs": "3"}).words == "Epoch 2 is over."


def test_what_cannot_cross_is_a_problem_of_that_figure_alone() -> None:
    scene = Scene((TextPanel(("x",)),), shares=(np.float64(1.0),))  # type: ignore[arg-type]
    failed, frame = figure_server.packed(FigureDone(3, "mine", scene, more=True))
    assert (failed.request, failed.scene, failed.more) == (3, None, False)
    assert "mine" in failed.problem and "numpy" in failed.problem
    assert msgspec.msgpack.decode(frame[4:], type=FigureDone) == failed


def test_pacing_shows_first_and_last() -> None:
    assert list(paced(range(1000), 1e6)) == [0, 999]
    assert list(paced(range(5), 0.0)) == [0, 1, 2, 3, 4]
    assert list(paced([], 1.0)) == [] and list(paced([7], 1.0)) == [7]


TRAINED = "preprocessing"
"""A figure of the course that trains for about two seconds."""


async def test_scenes_come_while_it_trains_and_the_last_is_the_answer(engine: Engine) -> None:
    seen: list[FigureDone] = []
    done = await engine.figure(TRAINED, newer=seen.append)
    assert len(seen) > 3 and all(one.more for one in seen) and not done.more
    assert done.scene == seen[-1].scene != seen[0].scene


async def test_others_are_answered_meanwhile_and_what_is_given_up_ends(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await engine.warm("light")
    line, told = engine._connections["light"], []
    tell = line.tell
    monkeypatch.setattr(line, "tell", lambda request: (told.append(type(request)), tell(request)))
    begun, scenes = asyncio.Event(), 0

    def newer(done: FigureDone) -> None:
        nonlocal scenes
        scenes += 1
        begun.set()

    long = asyncio.ensure_future(engine.figure(TRAINED, newer=newer))
    await begun.wait()
    done = await engine.figure("neuron")
    assert done.scene is not None and not long.done()
    long.cancel()
    await asyncio.wait([long])
    assert long.cancelled() and told.count(DropFigure) == 1
    before = scenes
    assert (await engine.figure(TRAINED)).scene is not None
    assert scenes == before and told.count(DropFigure) == 1
