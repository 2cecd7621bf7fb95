"""What is shown as answered has been recorded; where the disk does not take it, that is said, until it does."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.test_key_order import ENTER, F6, in_one_write, until
from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tests.tui.test_workbench import Passing, no_engine, opened  # noqa: F401
from tutor.progress import Attempt
from tutor.tui.app import TutorApp
from tutor.tui.widgets.choices import QuizTask
from tutor.tui.widgets.explain import ExplainTask, Points
from tutor.tui.widgets.number import NumberTask
from tutor.tui.widgets.order_task import OrderTask

ANSWERED: dict[str, tuple[int, str, Callable[[Any], bool]]] = {
    "legs": (1, "\t2" + ENTER, lambda screen: screen.query_one(QuizTask).marked is not None),
    "ten": (2, ENTER + "10" + ENTER, lambda screen: screen.query_one(NumberTask).marked is not None),
    "steps": (3, "\t \x1b[B" + ENTER, lambda screen: screen.query_one(OrderTask).marked is not None),
    "why": (4, ENTER + "blue" + F6, lambda screen: bool(screen.query(Points))),
}
"""A page, the keys that answer what stands on it, and whether it shows that it was answered."""


def full_disk(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Neither attempts nor drafts can be written until this is undone."""

    def refuse(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    full = pytest.MonkeyPatch()
    full.setattr("tutor.progress.attempts.write_all", refuse)
    full.setattr("tutor.progress.drafts.replace_file", refuse)
    return full


@pytest.mark.parametrize("task", ANSWERED)
async def test_an_answer_is_on_the_disk_before_it_is_shown(window, monkeypatch, task):  # noqa: F811
    page, keys, shown = ANSWERED[task]
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, page)
        record, before = app.progress.record, []

        def recording(attempt: Attempt) -> Attempt:
            before.append(shown(screen))
            return record(attempt)

        monkeypatch.setattr(app.progress, "record", recording)
        in_one_write(app, keys)
        await until(pilot, lambda: shown(screen))
        assert before == [False]
        written = "".join(file.read_text() for file in app.progress.folder.rglob("*.jsonl"))
        assert f'"{task}"' in written


async def test_a_tick_is_on_the_disk_before_it_is_shown(window, monkeypatch):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 4)
        in_one_write(app, ENTER + "blue" + F6)
        await until(pilot, lambda: bool(screen.query(Points)))
        before: list[set[int]] = []
        monkeypatch.setattr(app.progress, "record", lambda attempt: before.append(set(screen.query_one(Points).ticked)))
        in_one_write(app, " ")
        await until(pilot, lambda: screen.query_one(Points).ticked == {0})
        assert before == [set()] and screen.query_one(ExplainTask).field.text == "blue"


async def test_a_hint_and_a_solution_are_recorded_before_they_are_seen(window, monkeypatch):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen, bench = await opened(pilot)
        record, seen = app.progress.record, []

        def recording(attempt: Attempt) -> Attempt:
            seen.append((attempt.number, bench.results.hints_shown, app.screen is screen))
            return record(attempt)

        monkeypatch.setattr(app.progress, "record", recording)
        in_one_write(app, "\x1b[18~" * 2 + "\x1b[20~")
        await until(pilot, lambda: app.screen is not screen)
        assert seen == [(1, 0, True), (2, 1, True), (0, 2, True)]


async def answered_on_a_full_disk(pilot: Pilot, app: TutorApp) -> Any:
    screen = await turn_to(pilot, 1)
    in_one_write(app, "\t1" + ENTER)
    await until(pilot, lambda: screen.query_one(QuizTask).marked is not None)
    return screen


async def test_an_answer_that_the_disk_does_not_take_is_said_to_be_in_memory_each_time(window, monkeypatch):  # noqa: F811
    app = window("everything")
    full = full_disk(monkeypatch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await answered_on_a_full_disk(pilot, app)
        await until(pilot, lambda: "disk is full" in screen.bottom.notice)
        screen.say("")
        in_one_write(app, "a1" + ENTER)
        await until(pilot, lambda: "disk is full" in screen.bottom.notice)
        full.undo()
        await app._look_around()
        await until(pilot, lambda: "can be saved again" in screen.bottom.notice)
        assert len(app.progress.attempts("legs")) == 2 and not app.progress.unsaved


async def test_not_saved_stands_in_the_title_as_long_as_it_is_so(window, monkeypatch):  # noqa: F811
    app = window("everything")
    full = full_disk(monkeypatch)
    async with app.run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        title = bench.query_one("#title")
        await pilot.press("x", "f6")
        await until(pilot, lambda: "NOT SAVED" in str(title.render()))
        full.undo()
        await app._look_around()
        await until(pilot, lambda: "draft saved" in str(title.render()))
        assert app.progress.drafts.path("double").read_text() == bench.editor.text


async def test_a_pass_that_the_disk_does_not_take_is_not_called_saved(window, monkeypatch):  # noqa: F811
    app, engine = window("everything"), Passing()
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: engine)
    full = full_disk(monkeypatch)
    async with app.run_test(size=SIZE) as pilot:
        screen, bench = await opened(pilot)
        in_one_write(app, "#" + F6)
        await until(pilot, lambda: bench.runner.state is not None and bench.runner.state.verdict is not None)
        await until(pilot, lambda: "disk is full" in screen.bottom.notice)
        await until(pilot, lambda: "NOT SAVED" in str(bench.query_one("#title").render()))
        full.undo()


async def test_the_starter_is_not_put_over_code_that_the_disk_does_not_keep(window, monkeypatch):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen, bench = await opened(pilot)
        in_one_write(app, "abc")
        await until(pilot, lambda: bench.editor.text.startswith("abc"))
        full = full_disk(monkeypatch)
        in_one_write(app, "\x1bOQy")
        await until(pilot, lambda: "Yours stays" in screen.bottom.notice)
        assert bench.editor.text.startswith("abc")
        full.undo()


@pytest.mark.parametrize(("page", "keys", "state"), [
    (2, ENTER + "10 * 3", lambda screen: screen.query_one(NumberTask).field.value),
    (3, "\t \x1b[B", lambda screen: list(screen.query_one(OrderTask).lines_now)),
    (4, ENTER + "because", lambda screen: screen.query_one(ExplainTask).field.text),
])  # fmt: skip
async def test_what_is_typed_or_put_on_a_page_is_kept_before_it_is_answered(window, page, keys, state):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, page)
        fresh = state(screen)
        in_one_write(app, keys)
        await until(pilot, lambda: bool(list(app.progress.folder.rglob("drafts/*/*.py"))))
        before = state(screen)
        screen.save_now()
    assert before != fresh
    app = window(None)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert app.screen.page == page and state(app.screen) == before


async def test_a_signal_waits_for_the_draft_that_is_on_its_way(window, monkeypatch):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        save, begun, go_on = app.progress.drafts.save, asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(*draft: Any, **age: Any) -> bool:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(30)
            return save(*draft, **age)

        monkeypatch.setattr(app.progress.drafts, "save", slow)
        in_one_write(app, "z" + F6)
        await begun.wait()
        ending = asyncio.create_task(asyncio.to_thread(app.ending.save_now))
        go_on.set()
        await ending
        assert app.progress.drafts.path("double").read_text().startswith("z")
