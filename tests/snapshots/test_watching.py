"""How a training looks while it runs, after it, enlarged; its past; and a model looked into."""

from __future__ import annotations

import math
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.test_inspector_screen import Model
from tests.tui.test_runs_screen import kept
from tests.tui.test_window import settled, turn_to, window  # noqa: F401  (a fixture)
from tests.tui.test_workbench import NoEngine, opened
from tutor.following.fit_state import Earlier
from tutor.following.run_state import RunState
from tutor.messages.events import Ended, Inspected, Started
from tutor.messages.training import EpochEnded, FitEnded, FitStarted
from tutor.plots.scene import Pick, Raster, Scene, Slider, TablePanel, Tiles
from tutor.runs import Runs
from tutor.tui.app import TutorApp
from tutor.tui.screens.inspector import InspectorScreen
from tutor.tui.screens.runs import RunsScreen

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: NoEngine())


def training(epochs: int, *, over: bool) -> RunState:
    """80 epochs, overfitting from the thirtieth on."""
    state = RunState("run-1", "double", False)
    state.apply(Started("run-1", "double", 1, 3))
    started = FitStarted(
        "run-1", 0, "keras", "sequential", 80, batches=4, samples=120, parameters=803, metrics=("loss", "accuracy"),
        arguments={"optimizer": "Adam", "learning_rate": "0.01"}, monitor="val_loss", patience=20,
    )  # fmt: skip
    state.apply(started)
    for at in range(epochs):
        loss = 1.6 * math.exp(-at / 12) + 0.05
        values = {"loss": loss, "accuracy": 1 - loss / 3, "val_loss": loss + 0.1 + max(0, at - 30) * 0.012}
        waited = max(0, at - 30)
        told = EpochEnded("run-1", 0, at, values, 0.05 * (at + 1), rate=0.01, gradient=loss, waited=waited)
        state.apply(told)
    if over:
        state.apply(FitEnded("run-1", 0, "early", epochs, 0.05 * epochs))
        state.apply(Ended("run-1", "ok", 4.1, alive=True))
    return state


def earlier() -> Earlier:
    epochs = tuple(float(at) for at in range(1, 61))
    slow = tuple(1.7 * math.exp(-at / 40) + 0.1 for at in epochs)
    return Earlier(
        "run 1", {"loss": (epochs, slow), "val_loss": (epochs, tuple(y + 0.1 for y in slow))}, "rate 0.001 → 0.01"
    )


@SIZES
@pytest.mark.parametrize("name", ["running", "ended", "large"])
def test_training(snap_compare, window, size, name):  # noqa: F811
    async def run(pilot: Pilot[Any]) -> None:
        _, bench = await opened(pilot)
        state = training(43 if name == "running" else 51, over=name != "running")
        bench.runner.state = state
        bench.results.compare_with([earlier()])
        bench._draw(state)
        await settled(pilot)
        if name == "large":
            await pilot.press("f4", "g", "w")
            await settled(pilot)

    assert snap_compare(window("everything"), terminal_size=size, run_before=run)


@SIZES
def test_past_runs(snap_compare, window, tmp_path, monkeypatch, size):  # noqa: F811
    monkeypatch.setattr("tests.tui.test_runs_screen.time.time", lambda: 43_200.0)
    runs: Runs = kept(tmp_path / "runs")
    monkeypatch.undo()
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: NoEngine())
    monkeypatch.setattr("tutor.tui.screens.runs.when", lambda seconds: "12:00")

    async def run(pilot: Pilot[Any]) -> None:
        await turn_to(pilot, 0)
        await pilot.app.push_screen(RunsScreen("double", runs))
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)

    assert snap_compare(window("everything"), terminal_size=size, run_before=run)


class Small(Model):
    """A model with two layers and six maps."""

    async def __call__(self, view: str, values: dict[str, str]) -> Inspected:
        names = ("structure", "weights", "activations", "maps", "pixel", "gradients", "predictions", "confusion")
        if view == "structure":
            rows = (("conv", "Conv2D", "(28, 28, 6)", "156", "5·5·1·6 + 6", "117,600"),
                    ("dense", "Dense", "(10,)", "47,050", "4704·10 + 10", "47,040"))  # fmt: skip
            head = ("layer", "kind", "output shape", "parameters", "= arithmetic", "mult-adds")
            table = TablePanel(head, rows, "model: 47,206 parameters", right=(3, 5))
            return Inspected(1, Scene((table,), "Structure of model", "2 layers with 47,206 parameters."), names=names)
        maps = tuple(
            tuple(tuple(max(0.0, math.sin(i * k / 3) * math.cos(j / 2)) for j in range(14)) for i in range(14))
            for k in range(1, 7)
        )
        controls = (
            Pick("layer", "layer", "conv", ("conv", "pool")), Slider("sample", "sample", 17, 0, 999, 1.0, whole=True),
            Slider("channel", "channel", 2, 0, 5, 1.0, whole=True),
        )  # fmt: skip
        panels = (
            Tiles(maps, tuple("012345"), 2, "conv: 6 feature maps", tint="heat"),
            Raster(maps[2], "map 2", tint="heat"),
        )
        scene = Scene(
            panels, "Feature maps of model", "conv gives 6 maps for sample 17 (a 5).", controls, shares=(3, 2)
        )
        return Inspected(1, scene, names=names)


@SIZES
@pytest.mark.parametrize("keys", [(), ("m",)], ids=["structure", "maps"])
def test_inspector(snap_compare, window, size, keys):  # noqa: F811
    async def run(pilot: Pilot[Any]) -> None:
        await turn_to(pilot, 0)
        model = Small()
        await pilot.app.push_screen(
            InspectorScreen("net", model, going=lambda: False, watch=model.watch, pause=model.pause)
        )
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

    assert snap_compare(window("everything"), terminal_size=size, run_before=run)
