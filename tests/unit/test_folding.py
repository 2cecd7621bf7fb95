"""What is printed over is folded as a terminal would, over any cut between reads, and counts once."""

from __future__ import annotations

import random

import msgspec
import pyte
import pyte.modes
import pytest

from tutor.engine.host.event_log import EventLog
from tutor.engine.host.folding import FoldedStream
from tutor.engine.host.printed import Printed
from tutor.following.shown_text import ShownText
from tutor.messages.events import Output, RunEvent

KERAS = "".join(
    f"\x1b[1m{n}/3\x1b[0m \x1b[32m━\x1b[0m loss: 0.5" + "\b" * 14 + "\r" + " " * 14 + "\r" for n in (1, 2)
) + "\x1b[1m3/3\x1b[0m \x1b[32m━\x1b[0m loss: 0.25\n"
TQDM = "".join(f"\r{n * 10:3d}%|{'#' * n:10}| {n}/10" for n in range(11)) + "\n"
NESTED = "".join(
    f"\router {a}/2" + "".join(f"\n\rinner {b}/3\x1b[A" for b in range(4)) + "\n\r         \x1b[A" for a in range(3)
) + "\n"
CASES = {
    "a counter": ("".join(f"\r{n}/20" for n in range(20)), "19/20"),
    "backspaces": ("abc\b\b\bXYZ\n", "XYZ\n"),
    "over a longer one": ("a longer line\rshort\n", "shortger line\n"),
    "keras": (KERAS, "3/3 ━ loss: 0.25\n"),
    "tqdm": (TQDM, "100%|##########| 10/10\n"),
    "bars in bars": (NESTED, "outer 2/2\n"),
    "wiped": ("working\r\x1b[Kdone\nworking\x1b[2K\rdone too\n", "done\ndone too\n"),
    "wiped in other ways": ("abc\x1b[1K\x1b[2Jd\n\x1b[3Je\n", "abcd\ne\n"),
    "columns": ("abcdef\x1b[2Dxy\x1b[1Gz\x1b[3Cq\n", "zbcdqy\n"),
    "below": ("one\ntwo\nthree\x1b[2A\r\x1b[Jrest\n", "rest\n"),
    "line ends": ("a\r\nb\r\n\r\nc", "a\nb\n\nc"),
    "no text but blanks": ("ends in blanks  \nx", "ends in blanks  \nx"),
    "sequences": ("é\x1b[38;5;1mred\r\n\x1b]0;t\x07end\x9d0;t\x9c.", "éred\nend."),
    "harmless when folded": ("\x1b\b[2J?\x1bx\x07\x85\u202e\r", "[2J?\u2407\ufffd"),
    "out of ESC and what stood": ("[2J\r\x1b\x1b", "\u241b"),
}  # fmt: skip


def folded(data: bytes, cuts: random.Random | None = None) -> str:
    """The text, as somebody has it who follows, and as somebody who looks at the end."""
    stream, follows = FoldedStream(), ShownText()
    while data:
        size = cuts.choice((1, 2, 7, 50)) if cuts else len(data)
        stream.feed(data[:size], final=len(data) <= size)
        data = data[size:]
        news = stream.news() if cuts is None or cuts.random() < 0.7 or not data else None
        if news is not None:
            follows.take(Output("r", "out", news[1], at=news[0]))
    return "".join(text for _, text in follows.pieces)


@pytest.mark.parametrize("case", CASES)
def test_it_is_as_a_terminal_has_it_in_the_end(case: str) -> None:
    data, wanted = CASES[case]
    assert folded(data.encode()) == wanted
    for seed in range(25):
        assert folded(data.encode(), random.Random(seed)) == wanted


def test_any_mixture_is_as_on_a_terminal() -> None:
    pieces = ["ab", "c", "longer text ", "é━", "\r", "\b", "\b\b\b", "\n", "\x1b[K", "\x1b[2K\r", "\x1b[A\r",
              "\x1b[2A\r", "\x1b[1mx\x1b[0m", "\x1b[2D", "\x1b[1G"]  # fmt: skip
    for seed in range(100):
        chance = random.Random(seed)
        data = "".join(chance.choice(pieces) for _ in range(40))
        screen = pyte.Screen(200, 60)
        screen.set_mode(pyte.modes.LNM)
        pyte.Stream(screen).feed(data)
        rows = [row.rstrip() for row in screen.display]
        got = [row.rstrip() for row in folded(data.encode(), chance).split("\n")]
        assert got + [""] * (60 - len(got)) == rows, (seed, data)


def test_what_is_printed_over_does_not_count_against_the_limit() -> None:
    text = ShownText()
    printed = Printed(20_000, lambda stream, at, said: text.take(Output("r", stream, said, at=at)))
    for number in range(1000):
        printed.feed("out", b"\r%6d" % number + b"." * 40)
        printed.feed("out", b"\x08" * 46 + b"\r\x1b[K1/1 done\n")
    printed.flush()
    assert not printed.over and text.pieces == [("out", "1/1 done\n" * 1000)]
    while not printed.over:
        printed.feed("out", b"\rendless" * 1000)
    assert text.pieces[-1][1].endswith("endless")


def test_what_changes_nothing_ends_too() -> None:
    printed = Printed(1000, lambda stream, at, text: None)
    for _ in range(1000):
        printed.feed("out", b"\r\x08" * 100)
    assert printed.over


def test_a_line_end_of_the_other_stream_ends_a_line() -> None:
    text = ShownText()
    printed = Printed(20_000, lambda stream, at, said: text.take(Output("r", stream, said, at=at)))
    for data in (b"\r1/2", b"\r2/2"):
        printed.feed("err", data)
    printed.feed("out", b"\nthen\n")
    for data in (b"\r1/3", b"\r2/3"):
        printed.feed("err", data)
    printed.rest()
    assert text.pieces == [("err", "2/2"), ("out", "\nthen\n"), ("err", "2/3")]


def test_a_bar_stands_below_what_is_printed_meanwhile() -> None:
    text = ShownText()
    printed = Printed(20_000, lambda stream, at, said: text.take(Output("r", stream, said, at=at)))
    for number in range(4):
        printed.feed("err", b"\r%d/3" % number)
        printed.feed("out", b"epoch %d\n" % number)
    printed.flush()
    assert text.pieces == [("out", "epoch 0\nepoch 1\nepoch 2\nepoch 3\n"), ("err", "3/3")]
    printed.feed("err", b"\rdone\n")
    printed.rest()
    assert text.pieces == [("out", "epoch 0\nepoch 1\nepoch 2\nepoch 3\n"), ("err", "done\n")]


def test_text_beyond_what_is_kept_stays_away_when_it_is_taken_back() -> None:
    text = ShownText(most=10)
    text.take(Output("r", "out", "0123456789abcdef", at=0))
    text.take(Output("r", "out", "XY", at=14))
    assert text.pieces == [("out", "0123456789")] and text.size == 10
    text.take(Output("r", "out", "ab", at=4))
    text.take(Output("r", "out", "cd"))
    assert text.pieces == [("out", "0123abcd")] and text.size == 8


def test_who_comes_late_has_the_same_text_and_little_is_kept() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        log, streams = EventLog("r", "w"), {"out": FoldedStream(), "err": FoldedStream()}
        early = ShownText()
        for _ in range(300):
            name = chance.choice(list(streams))
            stream = streams[name]
            stream.feed(chance.choice((b"\rbar %d" % chance.randint(1, 99), b"line\n", b"x", b"\x1b[A\r", b"\b")))
            if (news := stream.news()) is not None:
                event = Output("r", name, news[1], at=news[0])  # type: ignore[arg-type]
                early.take(event)
                log.add(event)
        late = ShownText()
        kept = [msgspec.msgpack.decode(frame[4:], type=RunEvent) for frame in log.frames]
        for event in kept:
            late.take(event)
        for name in streams:
            assert of(late, name) == of(early, name)
        assert len(kept) < 200


def of(text: ShownText, stream: str) -> str:
    return "".join(piece for name, piece in text.pieces if name == stream)
