"""Esc and a letter that reach the program together."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.ptykit import tutor
from tests.tui.course_kit import write_course
from tutor.tui import actions
from tutor.tui.escapes import behind


def test_a_letter_behind_esc_and_what_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = behind(events.Key("alt+q", "q"))
    assert letter is not None and (letter.key, letter.character) == ("q", "q")
    capital = behind(events.Key("alt+shift+g", "G"))
    assert capital is not None and capital.key == "G"
    assert behind(events.Key("alt+q", None)) is None, "a terminal that tells alt from esc"
    assert behind(events.Key("alt+backspace", None)) is None and behind(events.Key("q", "q")) is None
    own = actions.Action("home", ("alt+q",), "app.leave", "leave")
    monkeypatch.setattr(actions, "ACTIONS", (own,))
    assert behind(events.Key("alt+q", "q")) is None


def test_esc_and_q_in_one_piece_leave_a_page_and_then_the_program(tmp_path: Path) -> None:
    course = write_course(tmp_path)
    with tutor(tmp_path / "home", "--course", str(course)) as terminal:
        terminal.until("A small course").still()
        terminal.press("enter").until("Some prose").still()
        terminal.send(b"\x1bq")
        assert terminal.wait() == 0


def test_in_the_editor_the_letter_acts_where_esc_led(tmp_path: Path) -> None:
    course = write_course(tmp_path)
    with tutor(tmp_path / "home", "--course", str(course), "open", "everything") as terminal:
        terminal.until("Some prose").still()
        for title in ("How many", "twice five", "Put these", "sky blue", "Write double"):
            terminal.press("n").until(title)
        terminal.press("e").until("double.py").until("def double").still()
        terminal.type("abc")
        terminal.send(b"\x1bo")
        terminal.until("outline").still()
        terminal.press("esc").press("e").until("abcdef double")
