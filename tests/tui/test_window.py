"""The window, walked through with the keyboard: every kind of task, right and wrong, and coming back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.sample_course import write_course
from tutor.course.loader import load_course
from tutor.progress import Progress
from tutor.settings import Settings
from tutor.terminal import look_at
from tutor.tui.app import TutorApp
from tutor.tui.keys.command_palette import ActionCommands
from tutor.tui.screens.broken import BrokenScreen
from tutor.tui.screens.help import AllKeys, HelpScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.small import SmallScreen
from tutor.tui.widgets.choices import QuizTask
from tutor.tui.widgets.detail import Detail
from tutor.tui.widgets.explain import ExplainTask, Points
from tutor.tui.widgets.number import NumberTask
from tutor.tui.widgets.order_task import OrderTask
from tutor.tui.widgets.rows import Rows

SIZE = (80, 24)


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TutorApp]:
    """Makes windows on one course and one learner's folder."""
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
    folder = write_course(tmp_path)

    def make(lesson: str | None = "", **settings: object) -> TutorApp:
        course = load_course(folder, tmp_path / "cache")
        progress = Progress.of_course(course, tmp_path / "state")
        chosen = Settings(ascii=False, **settings)  # type: ignore[arg-type]
        if lesson is None:
            place = progress.place()
            lesson = place.lesson if place else ""
        terminal = look_at(chosen, {"TERM": "xterm-256color"}, tty=True, encoding="utf-8")
        return TutorApp(course, chosen, progress, terminal, lesson=lesson)

    return make


async def settled(pilot: Pilot) -> None:
    """Until every worker is done and every message handled."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def turn_to(pilot: Pilot, page: int) -> LessonScreen:
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, LessonScreen)
    await screen.go(page)
    await settled(pilot)
    return screen


async def test_home_opens_the_lesson(window):
    app = window()
    async with app.run_test(size=SIZE) as pilot:
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, HomeScreen)


def key_line(app: TutorApp) -> str:
    return app.screen.bottom.lines(80)[1].plain  # type: ignore[attr-defined]


async def test_home_says_what_to_press_and_what_enter_does(window):
    app = window()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert any("Press enter to begin" in row.left.plain for row in app.screen.query_one(Rows).rows)
        assert "enter begin" in key_line(app)
        await pilot.press("down")
        await settled(pilot)
        assert "enter fold" in key_line(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "enter unfold" in key_line(app)


async def test_a_wide_home_shows_the_pages_of_the_chosen_lesson(window):
    app = window()
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        detail = app.screen.query_one(Detail)
        entry = app.entry("everything")
        assert detail.display and all(
            any(title in line.plain for line in detail.lines(70)) for title in entry.pages
        )


async def test_what_is_typed_while_a_lesson_opens_is_meant_for_the_lesson(window):
    app = window("")
    async with app.run_test() as pilot:
        await settled(pilot)
        app.open_lesson("everything")
        await pilot.press("n")
        await settled(pilot)
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.page == 1


async def test_quiz_wrong_then_right_and_kept(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 1)
        await pilot.press("enter", "1", "enter")
        await settled(pilot)
        quiz = screen.query_one(QuizTask)
        assert quiz.marked is not None and not quiz.marked.right
        assert any("insect" in line.plain for line in quiz.lines(70))
        await pilot.press("a", "2", "enter")
        await settled(pilot)
        assert [one.outcome for one in app.progress.attempts("legs")] == ["failed", "passed"]
        await screen.go(0)
        await screen.go(1)
        await settled(pilot)
        again = screen.query_one(QuizTask)
        assert again.state == "done" and again.chosen == {1}


async def test_number_takes_expressions_and_knows_mistakes(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 2)
        await pilot.press("enter", "5", "enter")
        await settled(pilot)
        task = screen.query_one(NumberTask)
        assert task.marked is not None and task.marked.diagnosis == "Half of it is missing."
        await pilot.press("asterisk", "2", "enter")
        await settled(pilot)
        assert task.marked.right
        assert [one.answer for one in app.progress.attempts("ten")] == ["5", "5*2"]


async def test_space_does_not_turn_the_page_over_an_open_question(window):
    async with window("everything").run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 1)
        await pilot.press("enter", "2", "space")
        await settled(pilot)
        assert screen.page == 1 and "enter answers" in screen.bottom.notice
        await pilot.press("enter", "space")
        await settled(pilot)
        assert screen.query_one(NumberTask) and screen.page == 2, "it is answered: space reads on"


async def test_order_is_carried_and_checked(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 3)
        task = screen.query_one(OrderTask)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert task.marked is None and "Nothing is moved yet" in screen.bottom.notice
        await pilot.press("space", "down", "enter")
        await settled(pilot)
        assert task.marked is not None
        if task.solved:
            await pilot.press("a")
        for wanted, line in enumerate(("first", "second", "third")):
            at = task.lines_now.index(line)
            while task.cursor != at:
                await pilot.press("down" if task.cursor < at else "up")
            await pilot.press("space", *["up"] * (at - wanted), "space")
        await pilot.press("enter")
        await settled(pilot)
        assert task.solved
        assert app.progress.attempts("steps")[-1].outcome == "passed"


async def test_an_answer_is_given_only_once_one_was_chosen(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 1)
        await pilot.press("enter", "enter")
        await settled(pilot)
        quiz = screen.query_one(QuizTask)
        assert quiz.marked is None and "Nothing is chosen yet" in screen.bottom.notice
        await pilot.press("down", "enter")
        await settled(pilot)
        assert quiz.chosen == {0}
        assert app.signs.wrong in quiz.lines(70)[0].plain


async def test_a_long_line_to_put_in_order_is_wrapped(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 3)
        task = screen.query_one(OrderTask)
        task.lines_now[0] = "a line of " + "many " * 30 + "words"
        lines = task.make(40)
        assert max(line.cell_len for line in lines) <= 40
        assert any("words" in line.plain for line in lines)


async def test_explain_compares_ticks_and_comes_back(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 4)
        await pilot.press("enter", *"blue", "f6")
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)
        last = app.progress.attempts("why")[-1]
        assert (last.answer, last.outcome, last.passed, last.total) == ("blue", "done", 1, 2)
        await screen.go(0)
        await screen.go(4)
        await settled(pilot)
        assert screen.query_one(ExplainTask).field.text == "blue"
        assert screen.query_one(Points).ticked == {0}


async def test_the_next_window_is_on_the_same_page(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await turn_to(pilot, 3)
        await pilot.press("q")
    app = window(None)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, LessonScreen) and app.screen.page == 3


async def test_a_small_window_asks_for_room_and_loses_nothing(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 2)
        await pilot.press("enter", "7")
        await pilot.resize_terminal(50, 10)
        await settled(pilot)
        assert isinstance(app.screen, SmallScreen)
        await pilot.resize_terminal(130, 40)
        await settled(pilot)
        assert app.screen is screen
        assert screen.query_one(NumberTask).field.value == "7"


async def test_a_broken_lesson_says_where_and_why(window):
    app = window()
    async with app.run_test(size=SIZE) as pilot:
        app.open_lesson("broken")
        await settled(pilot)
        assert isinstance(app.screen, BrokenScreen)
        assert "02-broken.md:9" in app.screen._problem
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, HomeScreen)


async def test_find_goes_to_the_page(window):
    app = window()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"pangolin")
        await settled(pilot)
        assert app.screen.query_one(Rows).chosen == ("everything", 0)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, LessonScreen) and app.screen.page == 0


async def test_outline_jumps(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("o")
        await settled(pilot)
        await pilot.press("down", "down", "enter")
        await settled(pilot)
        assert isinstance(app.screen, LessonScreen) and app.screen.page == 1
        assert isinstance(app.focused, QuizTask)


async def test_help_lists_the_keys_of_this_place_first(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, LessonScreen)


async def test_help_ends_with_what_holds_everywhere(window):
    app = window()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        await settled(pilot)
        headings = [line.plain for line in app.screen.query_one(AllKeys).lines(78) if line.plain[:1].strip()]
        assert headings[0] == "Home" and headings[-1] == "Everywhere"


async def test_the_palette_offers_this_place_first_and_review_everywhere(window):
    app = window("everything")
    async with app.run_test(size=SIZE) as pilot:
        screen = await turn_to(pilot, 0)
        offers = [words for words, _, _ in ActionCommands(screen)._offers()]
        assert offers[0].startswith("Back to the list") or "page" in offers[0]
        assert any(words.startswith("Review") for words in offers)
        assert offers[-1].startswith("Leave the tutor")
        app.open_review()
        await settled(pilot)
        assert "Nothing is due" in screen.bottom.notice
