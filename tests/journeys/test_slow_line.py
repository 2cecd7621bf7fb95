"""A terminal that takes one kilobyte a second: nothing queues up, and keys are answered all the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.journeys.samples import moons
from tests.journeys.steps import answer_is, open_code, tap
from tests.ptykit import Terminal, tutor

PIECE = 100
SECONDS = 0.1
MOST = 8_000
"""Bytes that may come before the answer to a key: what was under way already, and the answer."""


def slowly(window: Terminal, holds: Callable[[Terminal], bool], most: int) -> int:
    """Read a little at a time until it holds; how many bytes that took. More than `most` is too many."""
    start = window.received
    while not holds(window):
        assert window.received - start <= most, f"{most} bytes, and no answer:\n{window.text}"
        began = time.perf_counter()
        window.read(SECONDS, PIECE)
        while time.perf_counter() - began < SECONDS:
            time.sleep(0.005)  # the line's own speed, which is what is tried here
    return window.received - start


def test_a_training_does_not_fill_a_slow_line(home: Path) -> None:
    with tutor(home, "open", "1.3", size=(100, 30), env={"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}) as window:
        open_code(window, "train-in-keras")
        answer_is(window, moons(0.01, 100_000))
        tap(window, "f5").until("training  epoch", limit=90)
        window.press("f4").until("stop and keep")
        slowly(window, lambda t, after=window.received: t.received - after > 4_000, 5_000)
        window.send(b"g")
        slowly(window, lambda t: "learning rate" in t.text, MOST)
        window.send(b"?")
        slowly(window, lambda t: "the ones that act" in t.text, MOST)
        window.send(b"\x1b")
        slowly(window, lambda t: "stop and keep" in t.text, MOST)
        window.send(b"s")
        slowly(window, lambda t: "stopped" in t.text, MOST)
        window.press("esc").at_rest().press("esc", "q")
        assert window.wait() == 0
