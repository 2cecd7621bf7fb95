"""What goes over the line, against what Textual wrote: after every frame both leave the same screen."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from tests.journeys.samples import moons
from tests.journeys.steps import answer_is, open_code, tap, turn_to
from tests.ptykit import _NOISE, Terminal
from tutor.tui.output.cells import CellGrid
from tutor.tui.output.changes import Changes

UNSEEN_ON_BLANKS = ("fg", "bold", "italics")
LINES = ("underscore", "strikethrough", "reverse")


def reading(window: Terminal) -> None:
    turn_to(window, "The slope, exactly")
    window.press("pagedown", "pageup", "b", "o", "esc", "?", "pagedown", "esc")


def editing(window: Terminal) -> None:
    open_code(window, "gradient")
    answer_is(window, "def grad_loss(w, x, y):\n    return ((w * x - y) * x).sum()\n")
    tap(window, "f6").until("Half the slope")
    window.press("ctrl+end").type("# ein Kommentar: 日本語, e\u0301, 👍, ∂ℒ")
    window.press("ctrl+home", "down", "end").type("  ")
    window.press("f7", "f4", "f4", "esc")


def moving(window: Terminal) -> None:
    turn_to(window, "One step downhill")
    window.press("enter").until("space run")
    window.type("5e-5").press("enter").until("diverg")
    window.press("z", "s", "s", "esc")


def resizing(window: Terminal) -> None:
    window.until("Rooms and prices").at_rest()
    for size in ((120, 40), (20, 5), (60, 15), (80, 24)):
        window.resize(*size).at_rest()
        window.press("n")


def training(window: Terminal) -> None:
    open_code(window, "train-in-keras")
    answer_is(window, moons(0.01, 60))
    tap(window, "f5").until("trained", limit=90)
    window.press("f4", "l", "m", "i").until("85 parameters")
    window.press("d").until("of this map")
    tap(window, "esc").at_rest()


JOURNEYS: dict[str, tuple[str, Callable[[Terminal], None]]] = {
    "reading": ("1.2", reading), "editing": ("1.2", editing), "moving": ("1.2", moving), "resizing": ("1.2", resizing),
    "training": ("1.3", training),
}  # fmt: skip


class Screen(pyte.Screen):
    """A terminal that says what is on it, as far as a person can see."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self._stream = pyte.Stream(self)

    def take(self, data: str) -> None:
        self._stream.feed(_NOISE.sub(b"", data.encode()).decode())

    def seen(self) -> list[list[tuple[str, ...]]]:
        return [[self._cell(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]

    def _cell(self, char: pyte.screens.Char) -> tuple[str, ...]:
        if char.data == " " and not any(getattr(char, line) for line in LINES):
            char = char._replace(fg="default", bold=False, italics=False)
        return tuple(map(str, char))


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def replay(frames: list[str]) -> tuple[Screen, int]:
    """Feed what was recorded to both, and compare them after each frame: the screen at the end, the bytes saved."""
    plain = thrifty = grid = changes = None
    saved, resized = 0, False
    for number, line in enumerate(frames):
        columns, rows, data = json.loads(line)
        if grid is None or (grid.columns, grid.rows) != (columns, rows):
            plain, thrifty, grid = Screen(columns, rows), Screen(columns, rows), CellGrid(columns, rows)
            changes = Changes(columns, rows)
            # a frame of the old size may still come: it is cut off here, and wraps there, until all is drawn anew
            resized = number > 0
            thrifty.take(changes.forget(columns, rows))
        plain.take(re.sub(r"\x1b\[\?1049[hl]", "", data))
        grid.feed(data)
        out = "".join(changes.row(y, grid.lines[y]) for y in sorted(grid.dirty)) + changes.cursor(*grid.cursor)
        grid.dirty.clear()
        thrifty.take(out)
        same = thrifty.seen() == plain.seen()
        assert same or resized, f"frame {number}: {data!r} became {out!r}"
        resized = resized and not same
        saved += len(data) - len(out)
    assert plain is not None
    return plain, saved


@pytest.mark.parametrize("journey", JOURNEYS)
def test_every_frame_leaves_the_screen_that_textual_meant(home: Path, tmp_path: Path, journey: str) -> None:
    lesson, act = JOURNEYS[journey]
    file = tmp_path / "frames.jsonl"
    argv = [sys.executable, "-m", "tests.journeys.recorded", str(file), "open", lesson]
    with Terminal(argv, size=(80, 24), env={"DL_TUTOR_HOME": str(home)}) as window:
        act(window)
        # what stands on the terminal comes to what was meant, once the last frame is out
        window.until(lambda t: t.screen.display == replay(lines(file))[0].display)
        frames = lines(file)
        window.press("esc", "esc", "q")
    _, saved = replay(frames)
    assert saved > 0
