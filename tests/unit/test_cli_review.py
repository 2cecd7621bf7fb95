"""`dl-tutor review` on the course that comes with the tutor: due once the next chapter is half done."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tutor import cli, paths
from tutor.course import loader
from tutor.progress import Attempt, Progress


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Progress:
    """Someone who has answered all of chapter 1, and nothing else."""
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    monkeypatch.delenv("DL_TUTOR_COURSE", raising=False)
    progress = Progress.of_course(course(), paths.state_dir(), "one")
    answer(progress, 0, at=time.time() - 3000)
    return progress


def course():
    return loader.load_course(paths.lessons_dir(), None)


def answer(progress: Progress, chapter: int, at: float, share: float = 1.0) -> None:
    tasks = [task for lesson in course().chapters[chapter].lessons for task in lesson.tasks if task.kind != "run"]
    for task in tasks[: round(share * len(tasks) + 0.49)]:
        progress.record(Attempt(task.id, task.kind, "passed", at=at))


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.run(["review", *words]) == 0
    return capsys.readouterr().out


def test_nothing_is_due_at_first(learner: Progress, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nothing is due" in said(capsys)
    assert json.loads(said(capsys, "--json")) == []


def test_the_questions_of_chapter_1_come_with_half_of_chapter_2(
    learner: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(learner, 1, at=time.time() - 2000, share=0.5)
    listed = said(capsys)
    wanted = [task for lesson in course().chapters[0].lessons for task in lesson.reviews]
    assert len(wanted) == 3 and all(task in listed for task in wanted)
    assert [one["task"] for one in json.loads(said(capsys, "--json"))] == wanted
    learner.record(Attempt(wanted[0], "quiz", "passed", at=time.time() - 1000))
    assert wanted[0] not in said(capsys)


def test_every_chapter_that_the_notes_have_asks_three_questions_again() -> None:
    for chapter in course().chapters[:7]:
        reviews = [task for lesson in chapter.lessons for task in lesson.reviews]
        assert len(reviews) == 3, chapter.title
