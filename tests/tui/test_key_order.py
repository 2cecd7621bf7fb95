"""Keys that arrive in one read act in the order in which they were pressed, whoever has to hear them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tests.tui.test_workbench import CODE, NoEngine, opened
from tutor.errors import TutorError
from tutor.messages.jobs import Job
from tutor.tui.app import TutorApp
from tutor.tui.keys import turnstile
from tutor.tui.keys.escapes import EscapeKeeper
from tutor.tui.screens.find import FindScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.review import ReviewScreen
from tutor.tui.widgets.choices import QuizTask
from tutor.tui.widgets.explain import ExplainTask
from tutor.tui.widgets.number import NumberTask

F5, F6, ESC, ENTER, BACKSPACE, TAB = "\x1b[15~", "\x1b[17~", "\x1b", "\r", "\x7f", "\t"
ROUNDS = 100


class Submitted(NoEngine):
    """An engine that keeps what it is asked to run."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def run(self, job: Job, rubric: object = None) -> Any:
        self.jobs.append(job)
        raise TutorError("This engine runs nothing.")


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> Submitted:
    found = Submitted()
    monkeypatch.setattr(TutorApp, "get_engine", lambda self: found)
    return found


def in_one_write(app: TutorApp, text: str) -> None:
    """What a terminal sends, as the driver hands it on when it comes in one read."""
    for event in EscapeKeeper().feed(text):
        app.post_message(event)


async def until(pilot: Pilot, holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await pilot.pause()


@pytest.mark.parametrize("wrap", ["{}", "\x1b[200~{}\x1b[201~"], ids=["typed", "pasted"])
@pytest.mark.parametrize("key", [F5, F6], ids=["F5", "F6"])
async def test_what_is_run_is_the_text_on_the_screen(window, engine, wrap, key):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        for at in range(ROUNDS // 4):
            before = bench.editor.text
            in_one_write(app, wrap.format(f"x{at}#") + key)
            await until(pilot, lambda at=at: len(engine.jobs) > at and not bench.running)
            assert engine.jobs[-1].chunks[-1].source == bench.editor.text
            assert bench.editor.text != before and f"x{at}#" in bench.editor.text
        assert len(engine.jobs) == ROUNDS // 4


async def test_text_behind_the_key_that_opens_the_editor_is_in_it_and_kept(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await turn_to(pilot, CODE)
        in_one_write(app, "eabc")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.workbench is not None)
        bench = app.screen.workbench
        await until(pilot, lambda: bench.editor.text.startswith("abc"))
        await until(pilot, lambda: app.progress.drafts.path("double").exists())
        assert app.progress.drafts.path("double").read_text() == bench.editor.text


async def test_text_typed_while_the_window_opens_in_the_editor_is_in_it_and_kept(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen, _ = await opened(pilot)
        screen.save_now()
        app.exit(0)
    app = window(None)
    async with app.run_test(size=SIZE) as pilot:
        in_one_write(app, "zz")
        await settled(pilot)
        await until(pilot, lambda: app.progress.drafts.path("double").exists())
        assert "zz" in app.progress.drafts.path("double").read_text()


async def test_a_number_is_marked_as_it_stands_when_enter_comes(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 2)
        in_one_write(app, ENTER + "3" + BACKSPACE + "5" + ENTER + "1" + BACKSPACE * 2 + "10" + ENTER + "n")
        await until(pilot, lambda: screen.page == 3)
        await settled(pilot)
        assert [one.answer for one in app.progress.attempts("ten")] == ["5", "10"]


async def test_words_are_compared_as_they_stand_when_the_key_comes(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 4)
        in_one_write(app, ENTER + "bluf" + BACKSPACE + "e" + F6 + " ")
        await until(pilot, lambda: any(one.passed == 1 for one in app.progress.attempts("why")))
        assert screen.query_one(ExplainTask).field.text == "blue"
        assert [(one.answer, one.passed) for one in app.progress.attempts("why")] == [("blue", 0), ("blue", 1)]


async def test_a_question_is_answered_with_what_was_chosen_before_enter(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 1)
        in_one_write(app, TAB + "1" + ENTER + "a2" + ENTER)
        await until(pilot, lambda: len(app.progress.attempts("legs")) == 2)
        assert [one.answer for one in app.progress.attempts("legs")] == ["0", "1"]
        assert screen.query_one(QuizTask).state == "done"


async def test_find_opens_what_its_words_find(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await turn_to(pilot, 3)
        in_one_write(app, "/pangolin" + ENTER)
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.page == 0)


async def test_what_follows_a_jump_is_for_the_page_to_which_it_leads(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await turn_to(pilot, 4)
        in_one_write(app, "o" + "\x1b[A" * 5 + ENTER + "2" + ENTER)
        await until(pilot, lambda: bool(app.progress.attempts("legs")))
        assert app.progress.attempts("legs")[-1].answer == "1"


async def test_what_follows_the_key_that_opens_a_question_is_its_answer(window):  # noqa: F811
    app = window("")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        app.push_screen(ReviewScreen(["ten", "legs"]))
        in_one_write(app, "5" + BACKSPACE + "10" + ENTER + "n" + "2" + ENTER)
        await until(pilot, lambda: bool(app.progress.attempts("legs")))
        assert [(one.task, one.answer) for one in app.progress.attempts()] == [("ten", "10"), ("legs", "1")]


async def test_pages_turn_one_after_the_other(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 0)
        in_one_write(app, "nn" + ENTER + "7" + ESC + "/")
        await until(pilot, lambda: isinstance(app.screen, FindScreen))
        assert screen.query_one(NumberTask).field.value == "7"


async def test_esc_and_what_follows_lead_out_of_the_editor_home_and_on(window):  # noqa: F811
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        in_one_write(app, "ab" + ESC + ESC + "/spider")
        await until(pilot, lambda: isinstance(app.screen, FindScreen) and app.screen.query_one(Input).value == "spider")
        assert bench.editor.text.startswith("ab")
        assert any(isinstance(one, HomeScreen) for one in app.screen_stack)


async def test_letters_pass_at_once(window, monkeypatch):  # noqa: F811
    app = window("everything")
    swept: list[object] = []
    begin = turnstile.Sweep.__init__

    def counted(self: turnstile.Sweep, *args: Any) -> None:
        swept.append(self)
        begin(self, *args)

    async with app.run_test(size=SIZE) as pilot:
        _, bench = await opened(pilot)
        await settled(pilot)
        monkeypatch.setattr(turnstile.Sweep, "__init__", counted)
        in_one_write(app, "def f(x):" + ENTER + BACKSPACE + "return x" + "\x1b[D\x1b[A")
        await until(pilot, lambda: "return x" in bench.editor.text)
        assert not swept


async def test_a_queue_in_which_something_hangs_does_not_keep_keys_for_ever(window, monkeypatch):  # noqa: F811
    monkeypatch.setattr(turnstile, "LOOK", 0.01)
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 1)
        question, stuck = screen.query_one(QuizTask), asyncio.Event()
        screen.set_focus(question)
        question.call_later(stuck.wait)
        in_one_write(app, "2")
        await asyncio.sleep(0)
        screen.set_focus(screen.view)
        in_one_write(app, "o")
        try:
            async with asyncio.timeout(30):
                while app.screen is screen:
                    await asyncio.sleep(0)
        finally:
            stuck.set()
