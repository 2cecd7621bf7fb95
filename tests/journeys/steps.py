"""Steps that several journeys take."""

from __future__ import annotations

import re

from tests.ptykit import Terminal, key_bytes

LINES = 80
"""Presses of ctrl+k that clear any starter: it deletes to the end of the line, then the line."""


def page_number(window: Terminal) -> int:
    """The page of the lesson that is on the screen, from 1."""
    found = re.search(r"(\d+) of \d+", window.screen.display[0])
    assert found, window.text
    return int(found.group(1))


def turn_to(window: Terminal, title: str) -> Terminal:
    """Turn pages until the one with this title is on the screen."""
    window.until(lambda t: bool(t.screen.display[2].strip()))
    for _ in range(40):
        if title in window.screen.display[2]:
            return window.at_rest()
        before = window.screen.display[2]
        tap(window, "n").until(lambda t, before=before: t.screen.display[2].strip() not in ("", before.strip()))
        window.at_rest()  # a row may have been read when half of it was there
    raise AssertionError(f"The page {title!r} was not found:\n{window.text}")


PAGES = {
    "price-by-hand": "From several numbers to one",
    "neuron": "A neuron in code",
    "gradient": "The slope, exactly",
    "train-in-keras": "Train it",
}


def open_code(window: Terminal, task: str) -> Terminal:
    """Turn to the page of this task and open it in the workbench."""
    turn_to(window, PAGES[task])
    tap(window, "e").until(f"{task}.py").until(lambda t: leads_to(t) == "leave")
    return window.at_rest()


def leads_to(window: Terminal) -> str:
    """Where Esc leads to by the line of keys: "back", "editor", "leave" (out of the editor) or "home"; "" at home."""
    found = re.search(r"esc (\w+)", window.screen.display[-1])
    return found.group(1) if found else ""


def back(window: Terminal) -> Terminal:
    """Esc, and wait until the screen has gone: a letter right behind Esc would arrive as one with alt."""
    before = leads_to(window)
    window.send(key_bytes("esc"))
    return window.until(lambda t: leads_to(t) != before)


def leave(window: Terminal) -> int:
    """Out of all screens to the page or to home, and out of the program. Its exit status."""
    while not is_out(window):
        back(window)
    return window.press("q").wait()


def is_out(window: Terminal) -> bool:
    """Whether q leaves the program. A line of keys that is half drawn looks like that of home: it is read at rest."""
    return leads_to(window) == "home" or (not leads_to(window) and leads_to(window.at_rest()) in ("home", ""))


def open_results(window: Terminal) -> Terminal:
    """The results of a run over the whole window: only there letters are keys."""
    window.send(key_bytes("f4"))
    return window.until(lambda t: leads_to(t) == "editor")


def answer_is(window: Terminal, code: str) -> Terminal:
    """Put this code into the editor in place of what is there, as a paste does."""
    window.press("ctrl+home")
    window.send(key_bytes("ctrl+k") * LINES)
    window.at_rest()
    window.send(b"\x1b[200~" + code.encode() + b"\x1b[201~")
    return window.at_rest()


def tap(window: Terminal, *keys: str) -> Terminal:
    """Type keys while the screen goes on changing: nothing is waited for."""
    for key in keys:
        window.send(key_bytes(key))
    return window
