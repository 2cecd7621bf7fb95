"""What is typed before there is a screen, and how the first screen appears."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.steps import leave
from tests.ptykit import tutor


def test_what_is_typed_before_the_first_picture_is_done(home: Path) -> None:
    with tutor(home) as window:
        window.send(b"\r")
        window.until("1.1 The perceptron").until("1 of 8")
        assert leave(window) == 0
    with tutor(home, "open", "1.1") as window:
        window.send(b"nn")
        window.until("3 of 8")


def test_the_first_page_appears_whole(home: Path) -> None:
    with tutor(home, "open", "1.1", size=(80, 24)) as window:
        window.until("1 of 8")
        window.until(lambda t: "keys" in t.screen.display[-1])
        assert "From several numbers to one" in window.text
        first = window.screen.display[5:8]
        window.at_rest()
        assert window.screen.display[5:8] == first
