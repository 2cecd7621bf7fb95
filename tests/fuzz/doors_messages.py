"""What another process says, a learner's among them, and what becomes of it on the screen."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from tutor.engine.host import figure_desk, from_learner, judging, window_link
from tutor.engine.host.printed import Printed
from tutor.engine.run import child, figure_server, judge_link, run_side
from tutor.errors import EngineError
from tutor.following.fit_scene import FitLook, fit_scene
from tutor.following.fit_words import figures, more_words, words
from tutor.following.run_state import RunState
from tutor.grading.both_sides.value_reader import ValueReader
from tutor.messages.decoding import ChildDecoder
from tutor.messages.events import Event, FigureDone, Inspected, Output
from tutor.messages.frames import Unpacker
from tutor.messages.harmless import harmless
from tutor.messages.output_order import InOrder
from tutor.plots import PlotLook, natural_height, render
from tutor.plots.describe import words as scene_words
from tutor.plots.scene import Scene

_LOOKS = (PlotLook(), PlotLook(colours="16", dark=False), PlotLook(ascii=True))
_SIZES = ((20, 5), (78, 20), (1, 1))
_event: ChildDecoder[Event] = ChildDecoder(Event)
_scene: ChildDecoder[Scene] = ChildDecoder(Scene)
_DECODERS = (
    _event, _scene, window_link._requests, judging._from_judge, figure_desk._done, judge_link._from_host,
    judge_link._grade, run_side._orders, child._begin, figure_server._asked,
)  # fmt: skip


def frames(data: bytes, folder: Path) -> None:
    """A stream cut anywhere: the same bodies, each through each decoder."""
    unpacker, bodies = Unpacker(), []
    for at in range(0, len(data), 7):
        bodies += unpacker.feed(data[at : at + 7])
    for body in (data, *bodies):
        for decoder in _DECODERS:
            with suppress(EngineError):
                decoder.read(body)
        with suppress(EngineError):
            from_learner.read(memoryview(body))


def events(data: bytes, folder: Path) -> None:
    """What a host passes on from a learner's process, on the screen. The bytes are a list of such messages."""
    state = RunState("r", "b", graded=False)
    try:
        bodies = [msgspec.msgpack.encode(one) for one in msgspec.msgpack.decode(data, type=list[object])]
    except (ValueError, RecursionError, TypeError, OverflowError) as error:
        raise EngineError(f"no list: {error}") from error
    for body in bodies:
        with suppress(EngineError):
            told = _event.read(body)
            if hasattr(told, "seq"):
                state.apply(told)
            elif isinstance(told, (FigureDone, Inspected)) and told.scene is not None:
                _drawn(told.scene)
    assert state.printed is not None and state.waiting(3.0) is not None
    for fit in state.fits:
        for look in (FitLook(), FitLook(log=True, smoothing=0.9, axis="time", extra="rate", metric=3)):
            _drawn(fit_scene(fit, look))
        figures(fit), words(fit), words(fit, log=True), more_words(fit)


def scene(data: bytes, folder: Path) -> None:
    """A picture, drawn at several sizes and told in words."""
    _drawn(_scene.read(data))


def _drawn(one: Scene) -> None:
    for look in _LOOKS:
        for width, height in _SIZES:
            lines = render(one, width, height, look)
            assert len(lines) == height and all(line.cell_len == width for line in lines)
            assert not look.ascii or all(line.plain.isascii() for line in lines)
    natural_height(one, 78)
    assert scene_words(one, ascii=True).isascii()


def values(data: bytes, folder: Path) -> None:
    """A value on the wire between judge and learner: the tree up to a mark, then what it points into."""
    tree, _, blobs = data.partition(b"||")
    ValueReader().value(tree, blobs)


def printed(data: bytes, folder: Path) -> None:
    """What a run prints: the same in pieces, and nothing is shown that a terminal acts on."""
    whole, pieces = _shown([data]), _shown([data[at : at + 5] for at in range(0, len(data), 5)])
    assert whole == pieces, (whole, pieces)
    for text in (whole, harmless(data.decode("utf-8", "replace"))):
        assert not any((ord(char) < 32 and char not in "\t\n") or 0x7F <= ord(char) < 0xA0 for char in text), text


def _shown(pieces: list[bytes]) -> str:
    state = RunState("r", "b", graded=False)
    folded = Printed(10_000, lambda stream, at, text: state.apply(Output("r", stream, text, at=at)))
    order = InOrder(lambda stream, piece: folded.feed("err" if stream == "err" else "out", piece))
    for piece in pieces:
        order.feed("out", piece)
        order.heard()
    order.rest()
    folded.rest()
    return state.printed
