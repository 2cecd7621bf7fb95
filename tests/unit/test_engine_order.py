"""What is printed keeps its place among what is told."""

from __future__ import annotations

import random

from tutor.messages.output_order import InOrder, mark


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
