"""The table of past runs: marks, two over each other, names, forgetting, and code that comes back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.test_window import settled, turn_to, window  # noqa: F401
from tests.tui.test_workbench import NoEngine
from tutor.following.run_state import RunState
from tutor.messages.events import Started
from tutor.messages.training import EpochEnded, FitEnded, FitStarted
from tutor.plots.scene import Chart
from tutor.runs import Record, Runs
from tutor.tui.app import TutorApp
from tutor.tui.screens.runs import RunsScreen
from tutor.tui.widgets.workbench.earlier_runs import MOST_FITS, History

SIZES = [(80, 24), (160, 50)]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: NoEngine())


def kept(folder: Path, count: int = 3) -> Runs:
    runs = Runs(folder)
    for at in range(count):
        curves = {"loss": ((1.0, 2.0, 3.0), (3.0, 2.0, 1.0 / (at + 1)))}
        runs.save(
            Record(f"double-{at}", "double", time.time() - 100 + at, code=f"x = {at}\ny = 2", curves=curves, epochs=3,
                   arguments={"rate": f"0.{at + 1}"}, best=("loss", 3, 1.0 / (at + 1)))
        )  # fmt: skip
    return runs


async def opened(pilot: Pilot[Any], runs: Runs, results: list[object], **more: Any) -> RunsScreen:
    await turn_to(pilot, 0)
    screen = RunsScreen("double", runs, **more)
    await pilot.app.push_screen(screen, results.append)
    await settled(pilot)
    return screen


def labels(screen: RunsScreen) -> list[str]:
    assert screen._chart.scene is not None
    (chart,) = screen._chart.scene.panels
    assert isinstance(chart, Chart)
    return [series.label for series in chart.series]


@pytest.mark.parametrize("size", SIZES)
async def test_any_two_runs_are_laid_over_each_other(window, tmp_path, size):  # noqa: F811
    async with window("everything").run_test(size=size) as pilot:
        screen = await opened(pilot, kept(tmp_path / "runs"), [])
        assert labels(screen) == ["run 2", "run 3"] and "rate 0.2 → 0.3" in str(screen._words.render())
        await pilot.press("space", "down", "down", "space")
        await settled(pilot)
        assert labels(screen) == ["run 1", "run 3"] and "+ x = 2" in str(screen._words.render())


async def test_a_run_is_named_and_its_model_kept_while_it_is_alive(window, tmp_path):  # noqa: F811
    asked = []

    async def keep(record: Record, path: str) -> str:
        asked.append((record.run, path))
        return ""

    runs = kept(tmp_path / "runs")
    async with window("everything").run_test(size=(80, 24)) as pilot:
        await opened(pilot, runs, [], alive="double-2", keep=keep)
        await pilot.press("k", *"best", "enter")
        await settled(pilot)
        await pilot.press("down", "k", *"older", "enter")
        await settled(pilot)
    assert [(one.name, one.saved) for one in runs.recent("double")] == [("best", True), ("older", False), ("", False)]
    assert [run for run, _ in asked] == ["double-2"]


async def test_a_name_that_is_left_changes_nothing(window, tmp_path):  # noqa: F811
    runs = kept(tmp_path / "runs")
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, runs, [])
        await pilot.press("k", *"no", "escape")
        await settled(pilot)
        assert pilot.app.screen is screen
    assert not any(one.name for one in runs.recent("double"))


async def test_forgetting_asks_first(window, tmp_path):  # noqa: F811
    runs = kept(tmp_path / "runs")
    async with window("everything").run_test(size=(80, 24)) as pilot:
        await opened(pilot, runs, [])
        await pilot.press("x", "n")
        await settled(pilot)
        assert len(runs.recent("double")) == 3
        await pilot.press("x", "y")
        await settled(pilot)
    assert [one.run for one in runs.recent("double")] == ["double-1", "double-0"]


async def test_the_code_of_a_run_is_taken(window, tmp_path):  # noqa: F811
    results: list[object] = []
    async with window("everything").run_test(size=(80, 24)) as pilot:
        await opened(pilot, kept(tmp_path / "runs"), results)
        await pilot.press("down", "t")
        await settled(pilot)
    assert results == ["x = 1\ny = 2"]


async def test_an_empty_history_says_how_something_gets_there(window, tmp_path):  # noqa: F811
    async with window("everything").run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, Runs(tmp_path / "runs"), [])
        assert "Nothing has been trained" in screen._table.rows[0].left.plain
        await pilot.press("space", "t", "x", "k", "enter", "escape")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, RunsScreen)


# ------------------------------------------------------------------ what the workbench adds


def trained(run: str, losses: list[float], rate: str = "0.1", seed: int = 0) -> RunState:
    state = RunState(run, "double", False)
    state.apply(Started(run, 1, seed, 0.0))
    state.apply(FitStarted(run, 0, "keras", "m", len(losses), arguments={"rate": rate}))
    for epoch, loss in enumerate(losses):
        state.apply(EpochEnded(run, 0, epoch, {"loss": loss}, 0.1))
    state.apply(FitEnded(run, 0, "done", len(losses), 0.1))
    return state


def keep(history: History, state: RunState, code: str = "x = 1") -> Record | None:
    """What was added, the newest of it."""
    before = history.runs.recent(state.block)
    assert history.keep(state, code, "lesson") == ""
    return next((one for one in history.runs.recent(state.block) if one not in before), None)


def test_a_training_joins_the_past_and_lies_below_the_next(tmp_path):
    history = History(Runs(tmp_path))
    assert keep(history, trained("double-a", [3.0, 2.0])) is not None
    state = trained("double-b", [3.0, 1.0], rate="0.2")
    assert state.fit is not None
    (before,) = history.earlier(state, state.fit, "x = 2", "->")
    assert before.label == "run 1" and before.curves["loss"] == ((1.0, 2.0), (3.0, 2.0))
    assert "rate 0.1 -> 0.2" in before.differs


def test_the_same_training_again_is_not_kept_twice(tmp_path):
    history = History(Runs(tmp_path))
    assert keep(history, trained("double-a", [3.0, 2.0])) is not None
    assert keep(history, trained("double-b", [3.0, 2.0])) is None
    assert keep(history, trained("double-c", [3.0, 2.0], seed=1)) is not None
    assert len(history.runs.recent("double")) == 2


def folds(run: str, *losses: list[float]) -> RunState:
    """A run that trains one model after another."""
    state = RunState(run, "double", False)
    state.apply(Started(run, 1, 0, 0.0))
    for fit, curve in enumerate(losses):
        state.apply(FitStarted(run, fit, "keras", "m", len(curve)))
        for epoch, loss in enumerate(curve):
            state.apply(EpochEnded(run, fit, epoch, {"loss": loss}, 0.1))
        state.apply(FitEnded(run, fit, "done", len(curve), 0.1))
    return state


def test_all_trainings_of_a_run_are_kept_under_its_number(tmp_path):
    history = History(Runs(tmp_path))
    keep(history, trained("double-a", [3.0, 2.0]))
    keep(history, folds("double-b", [5.0, 4.0], [], [6.0, 3.0], [7.0, 2.0]))
    kept = history.runs.recent("double")
    assert [(one.title, one.run, one.of, one.last("loss")) for one in kept] == [
        ("run 2.4", "double-b", "double-b", 2.0), ("run 2.3", "double-b.3", "double-b", 3.0),
        ("run 2.1", "double-b.1", "double-b", 4.0), ("run 1", "double-a", "double-a", 2.0),
    ]  # fmt: skip
    assert keep(history, folds("double-c", [5.0, 4.0], [], [6.0, 3.0], [7.0, 2.0])) is None
    other = keep(history, folds("double-d", [5.0, 4.0], [6.0, 3.0]))
    assert other is not None and other.title == "run 3.2"
    now = folds("double-d", [5.0, 4.0], [6.0, 3.0])
    assert now.fit is not None
    labels = [each.label for each in history.earlier(now, now.fit, "x = 1")]
    assert labels == ["run 1", "run 2.1", "run 2.3", "run 2.4", "fit 1"]


def test_many_folds_of_one_run_do_not_push_out_the_runs_before(tmp_path):
    history = History(Runs(tmp_path))
    keep(history, trained("double-a", [3.0, 2.0]))
    keep(history, folds("double-b", *([9.0, float(fold)] for fold in range(30))))
    kept = history.runs.recent("double")
    assert len(kept) == MOST_FITS + 1 and kept[-1].title == "run 1" and kept[0].title == "run 2.30"


def test_of_another_block_nothing_is_drawn(tmp_path):
    history = History(Runs(tmp_path))
    keep(history, trained("double-a", [3.0, 2.0]))
    history.load("other")
    state = trained("double-b", [1.0])
    assert state.fit is not None and history.earlier(state, state.fit, "") == []
