"""Esc and a letter that reach the program together."""

from __future__ import annotations

import pytest
from textual import events

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
