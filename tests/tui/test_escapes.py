"""Esc and a letter that reach the program together."""

from __future__ import annotations

import pytest
from textual import events

from tutor.tui import actions
from tutor.tui.keys.escapes import EscapeKeeper, behind


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


@pytest.mark.parametrize(("pieces", "keys"), [
    (["\x1b/"], ["alt+slash"]), (["\x1b", ":"], ["alt+colon"]), (["\x1b?x"], ["alt+question_mark", "x"]),
    (["\x1b-"], ["alt+minus"]), (["\x1b "], ["alt+space"]), (["\x1b[A"], ["up"]), (["a/"], ["a", "slash"]),
])  # fmt: skip
def test_no_esc_is_lost(pieces: list[str], keys: list[str]) -> None:
    parser = EscapeKeeper()
    found = [event for piece in pieces for event in parser.feed(piece)]
    assert [event.key for event in found if isinstance(event, events.Key)] == keys


@pytest.mark.parametrize(("sign", "key"), [("/", "slash"), (":", "colon"), (" ", "space"), ("-", "minus")])
def test_a_sign_behind_esc_is_heard_as_itself(sign: str, key: str) -> None:
    (pair,) = EscapeKeeper().feed(f"\x1b{sign}")
    typed = behind(pair)
    assert typed is not None and (typed.key, typed.character) == (key, sign)
