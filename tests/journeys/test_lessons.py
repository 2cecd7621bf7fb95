"""Every lesson of the course from its first page to its last, at 80x24: everything on it is answered, and done."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from tests.journeys.steps import answer_is, back, tap
from tests.journeys.steps import page_number as number_of
from tests.ptykit import Terminal, tutor
from tutor import paths
from tutor.answering import shuffled
from tutor.course import loader
from tutor.course import model as m
from tutor.course.walk import TASKS
from tutor.progress import Progress

FOCUSABLE = (*TASKS, m.Figure, m.Review)
LIMIT = 120.0


@functools.cache
def course() -> m.Course:
    return loader.load_course(paths.lessons_dir(), None)


def done(home: Path, task: str) -> bool:
    """Whether this task is done, as it stands on the disk."""
    progress = Progress.of_course(course(), home / "state", "looking")
    return progress.standing(course()).task(task).state == "done"


def ran(window: Terminal) -> bool:
    """Whether the code that is open has run through: how long it took stands beside its name."""
    return re.search(r"\.py .* s · seed \d", window.text) is not None


def order_keys(block: m.Order) -> list[str]:
    """Keys that bring the lines into their right order: each is carried up to its place."""
    lines, keys = shuffled(block), []
    cursor = 0
    for place, line in enumerate(block.lines):
        at = lines.index(line, place)
        keys += ["down"] * (at - cursor) + ["up"] * (cursor - at)
        keys += ["space", *["up"] * (at - place), "space"]
        lines.insert(place, lines.pop(at))
        cursor = place
    return keys


def answer(window: Terminal, task: m.Task) -> None:
    """Do what the focused task asks for, rightly."""
    match task:
        case m.Quiz() | m.Predict():
            right = [str(at + 1) for at, choice in enumerate(task.choices) if choice.right]
            window.press(*right, "enter")
        case m.Number():
            window.type(task.answer).press("enter")
        case m.Explain():
            window.type("In my own words.").press("f6")
        case m.Order():
            window.press(*order_keys(task), "enter")
        case m.Exercise():
            answer_is(window, task.solutions[0].code)
            tap(window, "f6")
        case m.Run():
            tap(window, "f5")


def do(window: Terminal, home: Path, page: m.Page, task: m.Task) -> None:
    if isinstance(task, m.Exercise | m.Run):
        window.press("e").until(f"{task.id}.py").at_rest()
    else:
        places = [block for block in page.blocks if isinstance(block, FOCUSABLE)]
        window.press(*["tab"] * (places.index(task) + 1))
    answer(window, task)
    over = ran if isinstance(task, m.Run) else lambda t: done(home, task.id)
    window.until(over, limit=LIMIT).at_rest()
    if isinstance(task, m.Exercise | m.Run):
        back(window).until("next").at_rest()


@pytest.mark.parametrize("lesson", [entry.id for entry in course().lessons])
def test_a_lesson_from_first_to_last_page(home: Path, lesson: str) -> None:
    entry = loader.find_lesson(course(), lesson)
    pages = loader.load_lesson(course(), entry.id).pages
    with tutor(home, "open", entry.number, size=(80, 24)) as window:
        for number, page in enumerate(pages, 1):
            window.until(lambda t, n=number: t.screen.display[0].rstrip().endswith(f"{n} of {len(pages)}"))
            window.until(lambda t: "drawing the figure" not in t.text, limit=LIMIT)
            assert "This figure cannot be drawn" not in window.text and number_of(window) == number
            for task in page.blocks:
                if isinstance(task, TASKS):
                    do(window, home, page, task)
            if number < len(pages):
                window.press("n")
        window.press("esc").until("Continue")
        window.press("q")
        assert window.wait() == 0
    progress = Progress.of_course(course(), home / "state", "looking")
    assert progress.standing(course()).lesson(entry.id).state == "done"
