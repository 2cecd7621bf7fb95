"""The workbench on its lesson: keys that are offered, large results, hints, drafts that are not on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tutor.course.loader import load_course
from tutor.errors import TutorError
from tutor.following.run_state import RunState
from tutor.messages.events import Ended, RunEvent, Started
from tutor.messages.jobs import Job
from tutor.messages.training import EpochEnded, FitEnded, FitStarted
from tutor.messages.verdicts import CheckResult, Judged, Verdict
from tutor.progress import Attempt, Progress
from tutor.tui.app import TutorApp
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.workbench.workbench import Workbench

CODE = 5


class NoEngine:
    """An engine that cannot be reached."""

    async def unseen(self) -> list[str]:
        return []

    async def warm(self, kind: str) -> None:
        """Nothing to warm."""

    async def run(self, job: object, rubric: object = None) -> Any:
        raise TutorError("The engine cannot be reached.")

    async def close(self) -> None:
        """Nothing to close."""


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: NoEngine())


def keys_of(screen: LessonScreen) -> dict[str, str]:
    return {action.id: label for action, label in screen.bottom._keys}


async def opened(pilot: Pilot) -> tuple[LessonScreen, Workbench]:
    screen = await turn_to(pilot, CODE)
    await pilot.press("e")
    await settled(pilot)
    assert screen.workbench is not None
    return screen, screen.workbench


async def test_the_keys_of_a_page_are_its_own(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, CODE)
        assert keys_of(screen)["page.enter"] == "do exercise"
        assert "page.e" in keys_of(screen)
        screen = await turn_to(pilot, 0)
        assert not {"page.e", "page.enter", "page.b"} & set(keys_of(screen))
        screen, _ = await opened(pilot)
        assert {"workbench.f5", "workbench.f6", "workbench.f7", "workbench.escape"} <= set(keys_of(screen))
        await pilot.press("escape")
        await settled(pilot)
        assert "workbench.f6" not in keys_of(screen) and "page.n" in keys_of(screen)


@pytest.mark.parametrize("key", ["escape", "f4", "ctrl+f", "f7"])
async def test_large_results_give_way_to_the_editor(window, key):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen, bench = await opened(pilot)
        await pilot.press("f4")
        await settled(pilot)
        assert bench.large and keys_of(screen)["workbench.escape"] == "editor"
        await pilot.press(key)
        await settled(pilot)
        assert not bench.large and bench.has_focus_within and bench.editor.display
        assert keys_of(screen)["workbench.escape"] != "editor"


async def test_the_title_reaches_the_edge_however_wide_it_becomes(window):  # noqa: F811
    async with window("everything").run_test(size=(130, 30)) as pilot:
        _, bench = await opened(pilot)
        state = RunState("r", "double", graded=False)
        state.apply(FitStarted("r", 0, "keras", "model", epochs=2))
        bench.runner.state = state
        bench.code.draft_is("saved")
        title = bench.query_one("#title")
        await settled(pilot)
        narrow = title.size.width
        for key in ("f4", "escape"):
            await pilot.press(key)
            await settled(pilot)
            line = title.render_line(0).text
            assert line.endswith("draft saved ✓") and len(line) == title.size.width
            assert (title.size.width > narrow) is (key == "f4")


async def test_a_curve_is_as_high_as_there_is_room_also_when_its_training_is_over(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        state = RunState("r", "double", graded=False)
        state.apply(FitStarted("r", 0, "keras", "model", epochs=2))
        state.apply(EpochEnded("r", 0, 0, {"loss": 1.0}, 0.1))
        state.apply(FitEnded("r", 0, "done", 1, 0.1))
        bench.results.show(state)
        await settled(pilot)
        curve = bench.query_one("#curve")
        small = curve.size.height
        await pilot.press("f4")
        await settled(pilot)
        assert curve.size.height > small
        await pilot.press("escape")
        await settled(pilot)
        assert curve.size.height == small


async def test_hints_are_recorded_once_each(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        for _ in range(4):
            await pilot.press("f7")
            await settled(pilot)
        assert app.progress.hints_shown("double") == 2
        assert len([one for one in app.progress.attempts("double") if "hint" in one.outcome]) <= 2


async def test_the_newest_hint_is_seen_in_a_small_window(window):  # noqa: F811
    async with window("everything").run_test(size=(80, 18)) as pilot:
        _, bench = await opened(pilot)
        for _ in range(2):
            await pilot.press("f7")
            await settled(pilot)
        hints = bench.query_one("#hints")
        assert hints.region.bottom <= bench.results.region.bottom or hints.region.y == bench.results.region.y


async def test_typing_without_a_pause_is_saved(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        path = app.progress.drafts.path("double")
        async with asyncio.timeout(30):
            while not path.exists():  # each key comes sooner than half a second after the one before
                await pilot.press("x")
        assert "x" in path.read_text()
        assert bench.code.said in ("saving", "saved")


async def test_an_older_save_that_comes_late_leaves_the_newer_text(window, monkeypatch):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        held: list[Callable[[], object]] = []

        async def hold(call: Callable[[], object]) -> bool:
            held.append(call)
            return True

        monkeypatch.setattr(app, "write", hold)
        await pilot.press("a")
        async with asyncio.timeout(30):
            while not held:
                await pilot.pause()
        await pilot.press("b")
        assert bench.code.save_now()
        newest = app.progress.drafts.path("double").read_text()
        held[0]()
        assert app.progress.drafts.path("double").read_text() == newest and "ab" in newest


async def test_a_run_that_is_lost_says_so_on_the_line_for_notices(window):  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        screen, _ = await opened(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert "cannot be reached" in screen.bottom.notice


async def test_another_windows_text_can_be_taken(window, tmp_path: Path):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen, bench = await opened(pilot)
        await pilot.press("x")
        assert bench.save_now()
        mine = bench.editor.text
        other = Progress.of_course(load_course(tmp_path / "course", tmp_path / "cache"), tmp_path / "state")
        other.drafts.load("double")
        assert other.drafts.save("double", "theirs = 1\n")
        await bench._look_elsewhere()
        await settled(pilot)
        assert bench.editor.text == mine and "F12" in screen.bottom.notice
        await pilot.press("f12")
        await settled(pilot)
        assert bench.editor.text == "theirs = 1\n" and not bench.offers("take_other")
        await pilot.press("ctrl+z")
        assert bench.editor.text == mine


class Passing(NoEngine):
    """An engine whose judge lets everything pass."""

    kind = "light"

    async def run(self, job: Job, rubric: object = None) -> Passing:
        self.job = job
        return self

    async def __aiter__(self) -> AsyncIterator[RunEvent]:
        yield Started(self.job.run, 1, 0, 0.0, graded=True, code=self.job.chunks[-1].source)
        yield Judged(self.job.run, Verdict(self.job.block, "passed", (CheckResult("check_it", "it is", "passed"),)))
        yield Ended(self.job.run, "ok", 0.1)


async def test_a_pass_is_on_the_disk_before_it_is_shown(window, monkeypatch):  # noqa: F811
    app = window("everything")
    engine = Passing()
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: engine)
    async with app.run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        shown_while_recorded: list[bool] = []
        record = app.progress.record

        def recording(attempt: Attempt) -> None:
            state = bench.runner.state
            shown_while_recorded.append(state is not None and state.verdict is not None)
            record(attempt)

        monkeypatch.setattr(app.progress, "record", recording)
        await pilot.press("f6")
        async with asyncio.timeout(30):
            while bench.runner.state is None or bench.runner.state.verdict is None:
                await pilot.pause()
        assert shown_while_recorded == [False]
        written = "".join(file.read_text() for file in app.progress.folder.rglob("*.jsonl"))
        assert '"double"' in written and '"passed"' in written
        await settled(pilot)
