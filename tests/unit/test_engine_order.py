"""What is printed keeps its place among what is told."""

from __future__ import annotations

import random

from tutor.messages.output_order import InOrder, mark, turn


def test_text_waits_for_the_frame_in_front_of_it() -> None:
    got: list[object] = []
    order = InOrder(lambda stream, data: got.append((stream, data)))
    order.feed("out", b"before" + mark(1) + b"between" + mark(2) + b"after")
    assert got == [("out", b"before")]
    order.heard()
    order.heard()
    assert got[1:] == [("out", b"between"), ("out", b"after")]


def test_any_cut_of_the_stream_gives_the_same() -> None:
    whole = b"a\x00\x1ed" + mark(1) + mark(2) + b"b\x00" + mark(3) + b"\x00\x1edl-tutor c"
    for seed in range(50):
        cut = random.Random(seed)
        got: list[bytes] = []
        order = InOrder(lambda stream, data, got=got: got.append(data))
        left = whole
        frames = [lambda order=order: order.heard()] * 3
        while left:
            size = cut.randint(1, 9)
            order.feed("out", left[:size])
            left = left[size:]
            if frames and cut.random() < 0.3:
                frames.pop()()
        for heard in frames:
            heard()
        order.rest()
        assert b"".join(got) == b"a\x00\x1edb\x00\x00\x1edl-tutor c"


def test_marks_that_are_none_hold_nothing_up_for_long() -> None:
    got: list[bytes] = []
    order = InOrder(lambda stream, data: got.append(data))
    order.feed("out", mark(77))
    for _ in range(20):
        order.feed("out", b"x" * 100_000)
    assert sum(map(len, got)) > 900_000


def test_both_streams_in_turn_keep_their_order_whatever_comes_first() -> None:
    streams, said, last = {"out": b"", "err": b""}, [], "out"
    for number in range(60):
        stream = "out" if number * number % 7 < 3 else "err"
        if stream != last:
            last = stream
            for each in streams:
                streams[each] += turn(number)
        if number % 10 == 5:
            for each in streams:
                streams[each] += mark(number // 10 + 1)
            said.append(None)
        streams[stream] += b"%d;" % number
        said.append((stream, number))
    for seed in range(40):
        assert told(streams, random.Random(seed)) == said


def told(streams: dict[str, bytes], chance: random.Random) -> list[object]:
    """What InOrder makes of it where reads and frames come as chance has it: None for a frame."""
    got: list[object] = []
    order = InOrder(lambda stream, data: got.append([stream, data]))
    left, frames = dict(streams), 0
    while any(left.values()):
        stream = chance.choice([each for each in left if left[each]])
        size = chance.choice((1, 5, 40, 1000))
        order.feed(stream, left[stream][:size])
        left[stream] = left[stream][size:]
        while all(mark(frames + 1) in streams[each][: len(streams[each]) - len(left[each])] for each in left):
            frames += 1
            got.append(None)
            order.heard()
    order.rest()
    return in_whole_words(got)


def in_whole_words(got: list[object]) -> list[object]:
    """Pieces of one stream behind each other joined, and cut into numbers."""
    found: list[object] = []
    stream, text = "", b""
    for one in [*got, ["", b""]]:
        if one is None or one[0] != stream:
            found += [(stream, int(word)) for word in text.split(b";") if word]
            stream, text = ("", b"") if one is None else one
            found += [None] if one is None else []
        else:
            text += one[1]
    return found


def test_a_turn_that_the_other_stream_never_comes_to_holds_nothing_back_at_the_end() -> None:
    got: list[object] = []
    order = InOrder(lambda stream, data: got.append((stream, data)))
    order.feed("err", b"a" + turn(1) + b"b" + turn(9) + b"c")
    order.feed("out", turn(1) + b"x")
    assert got == [("err", b"a"), ("err", b"b"), ("out", b"x")] or got == [("err", b"a"), ("out", b"x"), ("err", b"b")]
    order.rest()
    assert got[-1] == ("err", b"c")
