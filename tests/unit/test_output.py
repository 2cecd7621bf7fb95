"""The parts of what goes over the line: cells, styles, the shortest way, and how much is under way."""

from __future__ import annotations

import random
import re

import pyte
import pytest

from tutor.tui.output import pacing as flow_module
from tutor.tui.output.cells import CellGrid, cells_of
from tutor.tui.output.changes import Changes
from tutor.tui.output.pacing import FAST, LEAST, PATIENCE, SLOW, Flow
from tutor.tui.output.styles import blank, change, parse

WORDS = ["plain", "∂ℒ/∂w", "⣀⡠⠤⠒⠉", "   ", "a  b", "═══", "x" * 30]
ODD = ["日本語", "e\u0301x", "abcdef", "      ", "👍ab", "∂∂"]
STYLES = ["", "1", "38;2;1;2;3", "1;38;2;1;2;3;48;2;4;5;6", "48;5;236", "4;31", "7", "2;37;44"]


def send(changes: Changes, grid: CellGrid) -> str:
    out = "".join(changes.row(y, grid.lines[y]) for y in sorted(grid.dirty)) + changes.cursor(*grid.cursor)
    grid.dirty.clear()
    return out


class Pair:
    """A terminal that gets everything, and one that gets what changed."""

    def __init__(self, columns: int = 40, rows: int = 8, *, erases: bool = True) -> None:
        self.grid, self.changes = CellGrid(columns, rows), Changes(columns, rows, erases=erases)
        self.plain, self.thrifty = pyte.Screen(columns, rows), pyte.Screen(columns, rows)
        self._plain, self._thrifty = pyte.Stream(self.plain), pyte.Stream(self.thrifty)
        self._thrifty.feed(self.changes.forget(columns, rows))

    def frame(self, data: str) -> str:
        self._plain.feed(data)
        self.grid.feed(data)
        out = send(self.changes, self.grid)
        self._thrifty.feed(out)
        return out

    def same(self) -> None:
        assert self.thrifty.display == self.plain.display
        for y in range(self.plain.lines):
            for x in range(self.plain.columns):
                ours, theirs = self.thrifty.buffer[y][x], self.plain.buffer[y][x]
                if theirs.data.strip() or theirs.underscore or theirs.reverse:
                    assert ours == theirs, (x, y)
                else:
                    assert ours.bg == theirs.bg and not ours.underscore and not ours.reverse, (x, y)
        assert (self.thrifty.cursor.x, self.thrifty.cursor.y) == self.grid.cursor


def frame(chance: random.Random, columns: int, rows: int) -> str:
    """Pieces of text in any style, some over each other, as a compositor writes them."""
    out = []
    for _ in range(chance.randint(1, 12)):
        x, y = chance.randrange(columns), chance.randrange(rows)
        word = chance.choice(WORDS)[: columns - x]
        while len(cells_of(word)) > columns - x:
            word = word[:-1]
        style = chance.choice(STYLES)
        out.append(f"\x1b[{y + 1};{x + 1}H" + (f"\x1b[{style}m{word}\x1b[0m" if style else word))
    out.append(f"\x1b[{chance.randint(1, rows)};{chance.randint(1, columns)}H")
    return "".join(out)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("erases", [True, False])
def test_any_frames_leave_the_same_screen(seed: int, erases: bool) -> None:
    chance = random.Random(seed)
    pair = Pair(erases=erases)
    for _ in range(25):
        pair.frame(frame(chance, 40, 8))
        pair.same()


@pytest.mark.parametrize("seed", range(10))
def test_wide_and_combining_characters(seed: int) -> None:
    chance, pair = random.Random(seed), Pair()
    for _ in range(20):
        x, y, word = chance.randrange(1, 5) * 8, chance.randrange(8), chance.choice(ODD)
        # the terminal of these tests leaves half of a wide character that is written over: its place is emptied first
        pair.frame(f"\x1b[{y + 1};{x + 1}H        \x1b[{y + 1};{x + 1}H{word}\x1b[1;1H")
        pair.same()


def test_nothing_is_sent_where_nothing_changed() -> None:
    pair = Pair()
    whole = "\x1b[1;1H\x1b[1;38;2;9;9;9mabc\x1b[0m   def\x1b[2;1Hmore\x1b[1;1H"
    assert pair.frame(whole)
    assert pair.frame(whole) == ""


def test_one_cell_takes_few_bytes() -> None:
    pair = Pair(100, 30)
    line = "\x1b[38;2;200;200;200;48;2;18;18;18m" + "word " * 20 + "\x1b[0m"
    rows = "".join(f"\x1b[{y};1H{line}" for y in range(1, 31))
    pair.frame(rows + "\x1b[10;1H")
    assert len(pair.frame("\x1b[10;1H" + line.replace("word", "warm", 1) + "\x1b[10;5H")) < 60


def test_the_colour_of_letters_does_not_matter_to_blanks() -> None:
    pair = Pair()
    pair.frame("\x1b[1;1H\x1b[31m     \x1b[0m\x1b[1;1H")
    assert pair.frame("\x1b[1;1H\x1b[32m     \x1b[0m\x1b[1;1H") == ""
    assert pair.frame("\x1b[1;1H\x1b[4;32m     \x1b[0m\x1b[1;1H")
    assert blank("31;44") == blank("44") != blank("7;44")


@pytest.mark.parametrize("before", STYLES)
@pytest.mark.parametrize("after", STYLES)
def test_a_change_of_style_leads_there(before: str, after: str) -> None:
    screen = pyte.Screen(4, 1)
    pyte.Stream(screen).feed(f"\x1b[{before}m" + change(parse(before), parse(after)) + "x")
    other = pyte.Screen(4, 1)
    pyte.Stream(other).feed(f"\x1b[{after}mx" if after else "x")
    assert screen.buffer[0][0] == other.buffer[0][0]


def test_what_is_no_cell_is_handed_on_in_order() -> None:
    words = ["\x1b[?1049h", "\x1b]52;c;aGk=\x07", "\x1b[?2026$p", "\x1b]0;title\x1b\\", "\x07"]
    words.append("\x1bPtmux;\x1b\x1b]52;c;aA==\x07\x1b\\")
    grid = CellGrid(20, 2)
    assert grid.feed("text".join(words)) == words
    assert "".join(grid.lines[0].cells).rstrip() == "text" * 5 and not re.search("\x1b", "".join(grid.lines[0].cells))


def test_half_of_a_wide_character_takes_the_other_half_along() -> None:
    grid = CellGrid(6, 1)
    grid.feed("\x1b[1;1H日本\x1b[1;2Hx")
    assert grid.lines[0].cells == [" ", "x", "本", "", " ", " "]
    grid.feed("\x1b[1;3Hy")
    assert grid.lines[0].cells == [" ", "x", "y", " ", " ", " "]


class Watch:
    """A clock that goes on when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(flow_module.time, "monotonic", lambda: self.now)


def test_nothing_is_held_back_from_a_terminal_that_never_answers() -> None:
    flow = Flow()
    assert not any(flow.sent(10_000) for _ in range(20)) and flow.wait() is None


def held_after(flow: Flow) -> int:
    """Bytes that go out, one piece at a time, until the terminal has to answer first."""
    count = 0
    while flow.wait() is None:
        flow.sent(512)
        count += 512
    return count


def test_a_slow_line_has_little_under_way_and_a_fast_one_much(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, flow = Watch(monkeypatch), Flow()
    assert not flow.answered()
    first = held_after(flow)
    for _ in range(6):
        watch.now += SLOW * 2
        assert flow.answered()
        last = held_after(flow)
    assert last <= LEAST + 512 < first
    for _ in range(6):
        watch.now += FAST / 100
        assert flow.answered()
        last = held_after(flow)
    assert last > LEAST * 4


def test_silence_holds_back_what_a_fast_line_would_take(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, flow = Watch(monkeypatch), Flow()
    flow.answered()
    flow.sent(2 * LEAST)
    assert flow.wait() is None
    watch.now += SLOW
    assert flow.wait() is not None
    assert flow.answered() and flow.wait() is None


def test_one_question_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    Watch(monkeypatch)
    flow = Flow()
    flow.answered()
    assert [flow.sent(600) for _ in range(4)] == [True, False, False, False]
    assert flow.answered() and flow.sent(1)


def test_one_that_stops_answering_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, flow = Watch(monkeypatch), Flow()
    flow.answered()
    held_after(flow)
    assert flow.wait() == pytest.approx(PATIENCE)
    watch.now += PATIENCE + 1
    assert flow.wait() is None and not flow.answers
