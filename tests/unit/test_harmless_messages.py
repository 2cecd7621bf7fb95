"""Every text that a child process may send comes out harmless: made from the message types, so a new field is tried."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect

from tutor.errors import EngineError
from tutor.messages.children import FromJudge, FromLearner
from tutor.messages.decoding import ChildDecoder
from tutor.messages.events import FigureDone
from tutor.messages.harmless_values import harmless_in
from tutor.messages.training import EpochEnded, LayerPulse
from tutor.plots.scene import Bars, Chart, Histogram, Network, Scene, Series

HOSTILE = "a\x1b]52;c;aGk=\x07\x1b[2J\x9b1m\x1b]0;t\x1b\\\x08\r\u202eb\u2028\x7f\x00"
HARMLESS = "ab"
SOURCES = {"learner": FromLearner, "judge": FromJudge, "figures": FigureDone}


def variants(of: inspect.Type, within: tuple[type, ...] = ()) -> Iterator[object]:
    """Values of a type, with the hostile text wherever text may stand; of a union, some of each kind."""
    match of:
        case inspect.StrType():
            yield HOSTILE
        case inspect.AnyType() | inspect.CustomType(cls=builtins.object):
            yield {HOSTILE: [HOSTILE, {"deep": (HOSTILE, 1)}], "plain": 1.5}
        case inspect.LiteralType(values=values):
            yield from values[:1]
        case inspect.IntType():
            yield 1
        case inspect.FloatType():
            yield 0.5
        case inspect.BoolType():
            yield True
        case inspect.NoneType():
            yield None
        case inspect.BytesType():
            yield b"\x1b]0;t\x07"
        case inspect.UnionType(types=types):
            for one in types:
                yield from variants(one, within)
        case inspect.VarTupleType(item_type=item):
            yield tuple(variants(item, within))
        case inspect.TupleType(item_types=items):
            yield tuple(next(variants(item, within)) for item in items)
        case inspect.DictType(key_type=key, value_type=value):
            yield {next(variants(key, within)): next(variants(value, within))}
        case inspect.StructType(cls=kind, fields=fields):
            if kind not in within:
                yield from structs(kind, fields, (*within, kind))
        case _:
            raise AssertionError(f"The test knows no {of}: teach it.")


FITTING: dict[type, dict[str, object]] = {
    Histogram: {"edges": (), "counts": ()}, Bars: {"values": ()}, Network: {"edges": ()}, Scene: {"shares": ()},
}  # fmt: skip
"""Numbers of pictures that go with whatever texts they have."""


def structs(kind: type, fields: tuple[inspect.Field, ...], within: tuple[type, ...]) -> Iterator[object]:
    """One with the first value of each field, and one more for each other value of a field."""
    values = {field.name: list(variants(field.type, within)) for field in fields}
    values = {name: some for name, some in values.items() if some}
    first = {name: some[0] for name, some in values.items()} | FITTING.get(kind, {})
    yield kind(**first)
    for name, some in values.items():
        for other in some[1:]:
            yield kind(**{**first, name: other})


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts(key)
            yield from texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)


@pytest.mark.parametrize("source", SOURCES)
def test_no_text_of_any_message_reaches_a_terminal(source: str) -> None:
    decoder: ChildDecoder[object] = ChildDecoder(SOURCES[source])
    messages = list(variants(inspect.type_info(SOURCES[source])))
    assert any(HOSTILE in texts(msgspec.to_builtins(message)) for message in messages)
    for message in messages:
        heard = decoder.read(msgspec.msgpack.encode(message))
        assert type(heard) is type(message)
        bad = [text for text in texts(msgspec.to_builtins(heard)) if not text.replace("\n", "").isprintable()]
        assert not bad, (type(message).__name__, bad)


def test_what_is_harmless_stays_the_same_object() -> None:
    pulse = LayerPulse("dense", 0.1, 0.2, 0.3, 0.4)
    epoch = EpochEnded("r", 0, 1, {"loss": 0.5, "ℒ(θ)": 1.0}, 0.1, layers=(pulse,))
    heard = harmless_in(epoch)
    assert heard == epoch and heard.layers is epoch.layers
    numbers = tuple(float(n) for n in range(2_000))
    chart = Chart((Series(numbers, numbers, "a\x1b[31mb"), Series(numbers, numbers, "c\td")), "e\nf")
    clean = harmless_in(chart)
    assert [one.label for one in clean.series] == ["ab", "c\td"] and clean.title == "e\nf"
    assert clean.series[0].x is numbers


def test_nesting_without_end_is_no_message() -> None:
    value = b"\xa1x"
    for _ in range(200_000):
        value = b"\x91" + value
    body = msgspec.msgpack.encode({"type": "judged", "run": "r", "verdict": {
        "exercise": "e", "outcome": "passed", "observed": {"x": msgspec.Raw(value)}}})  # fmt: skip
    with pytest.raises(EngineError):
        ChildDecoder(FromJudge).read(body)
