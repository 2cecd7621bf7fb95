"""What is answered in the window and on the command line is kept in the same way."""

from __future__ import annotations

from pathlib import Path

from tests.tui.test_window import SIZE, settled, turn_to, window  # noqa: F401
from tutor import cli
from tutor.answering import shuffled
from tutor.course.loader import load_course, load_lesson, task_of
from tutor.progress import Attempt, Progress


def kept(folder: Path, course: Path) -> list[Attempt]:
    """All attempts, without what no two of them share."""
    from msgspec.structs import replace

    progress = Progress.of_course(load_course(course, None), folder, "later")
    return [replace(one, at=0.0, id="") for one in sorted(progress.attempts(), key=lambda one: one.at)]


async def in_the_window(window) -> None:  # noqa: F811
    async with window("everything").run_test(size=SIZE) as pilot:
        await turn_to(pilot, 1)
        await pilot.press("enter", "1", "enter")
        await settled(pilot)
        await turn_to(pilot, 2)
        await pilot.press("enter", "5", "enter")
        await settled(pilot)
        await turn_to(pilot, 3)
        await pilot.press("enter", "space", "down", "space", "enter")
        await settled(pilot)
        await turn_to(pilot, 4)
        await pilot.press("enter", *"blue", "f6")
        await settled(pilot)
        await pilot.press("down", "space")
        await settled(pilot)


async def test_the_same_answers_leave_the_same_attempts(window, tmp_path, monkeypatch, capsys):  # noqa: F811
    await in_the_window(window)
    course = tmp_path / "course"
    mine = kept(tmp_path / "state", course)
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("DL_TUTOR_COURSE", str(course))
    order = task_of(load_lesson(load_course(course, None), "everything"), "steps")
    assert sorted(shuffled(order)) == sorted(order.lines)
    for words in (["legs", "1"], ["ten", "5"], ["steps", "2", "1", "3"], ["why", "blue"], ["why", "--points", "2"]):
        assert cli.run(["answer", *words]) in (0, 1)
    theirs = kept(tmp_path / "other" / "state", course)
    assert [one.task for one in mine] == ["legs", "ten", "steps", "why", "why"]
    assert theirs == mine
