"""Inputs for each door: raw ones, those that follow its grammar, and kept ones that something was done to."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
from hypothesis import strategies as st

from tests.fuzz import corpus, typed
from tests.unit.test_maths_golden import formulas as golden
from tutor.maths import grammar
from tutor.messages import children, events, requests
from tutor.plots.scene import Panel, Scene
from tutor.progress.values import Attempt, Place
from tutor.runs.record import Record
from tutor.settings import Settings

Texts = st.SearchStrategy[str]
Bytes = st.SearchStrategy[bytes]
EVERY = Path("tests/unit/every_directive.md").read_text(encoding="utf-8")
_ANY = st.text(st.characters(codec="utf-8"), max_size=60)
_BLANKS = st.sampled_from(("", " ", "\n", "\t", "\r\n", "\r"))


def of(door: str) -> st.SearchStrategy[str | bytes]:
    """Inputs for a door."""
    made = _MADE[door]
    old = corpus.kept(door)
    return st.one_of(made, _changed(st.sampled_from(old))) if old else made


@st.composite
def _changed(draw: st.DrawFn, of: st.SearchStrategy[str | bytes]) -> str | bytes:
    """An input with pieces taken out, doubled, or another's put in."""
    value, other = draw(of), draw(of)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(value)))
        stop = draw(st.integers(start, min(len(value), start + 40)))
        at = draw(st.integers(0, len(other)))
        piece = draw(st.sampled_from((other[at : at + 20], value[start:stop] * 2, value[:0])))
        if type(piece) is type(value):
            value = value[:start] + piece + value[stop:]
    return value


def _joined(parts: st.SearchStrategy[str], most: int) -> Texts:
    return st.lists(parts, max_size=most).map("".join)


# ------------------------------------------------------------------ formulas and lessons

_MACROS = st.sampled_from(grammar.known_macros()).map(lambda name: f"\\{name}")
_ATOMS = st.one_of(
    st.sampled_from(
        (*tuple("axf1290.,;:!?'|/=<>+-*()[]{}^_&~%$#@\\ \n\"é日"), "\\\\", "\\|", "\\{", "\\}", "\\,", ":=", "->")
    ),
    _MACROS,
    st.text(max_size=2),
)


def _bigger(inner: Texts) -> Texts:
    row = _joined(inner, 4)
    ends = st.sampled_from(("(", ")", "[", "]", ".", "|", "\\{", "\\}", "\\|", "\\rangle", "a"))
    names = st.sampled_from(sorted(grammar.ENVIRONMENTS))
    return st.one_of(
        row,
        row.map("{{{}}}".format),
        st.tuples(inner, st.sampled_from("^_"), inner).map("".join),
        st.tuples(_MACROS, st.sampled_from(("", "*", "[2]")), row, row).map(
            lambda p: f"{p[0]}{p[1]}{{{p[2]}}}{{{p[3]}}}"
        ),
        st.tuples(_MACROS, inner).map("".join),
        st.tuples(ends, row, ends).map(lambda p: f"\\left{p[0]} {p[1]}\\right{p[2]}"),
        st.tuples(names, st.lists(row, max_size=4).map(" & ".join), row).map(
            lambda p: f"\\begin{{{p[0]}}}{p[1]} \\\\ {p[2]}\\end{{{p[0]}}}"
        ),
    )


FORMULAS = st.one_of(
    st.recursive(_ATOMS, _bigger, max_leaves=12),
    _joined(_ATOMS, 8),
    _changed(st.sampled_from([latex for latex, _ in golden()])),
    _ANY,
)
_LINES = st.sampled_from(tuple(dict.fromkeys(EVERY.split("\n"))))
_MARKS = st.sampled_from(
    ("```", ":::", "::::{note}", ":::{quiz} a", "$$", "|a|b|", "|-|-|", "> ", "- [x] a :: b", "\t", "\x00",
     "<b>", "[x](y)",
     "![](a)", "---", "## P", "### H", ":answer: 1", "1. a", "    ", "**a", "`a`", "\u2028", "~~~", "&#0;",
     "\\", "*", ": [")
)  # fmt: skip
MARKDOWN = st.lists(
    st.one_of(_LINES, _MARKS, _ANY, FORMULAS.map("${}$".format), st.tuples(_MARKS, _ANY).map("".join)), max_size=12
).flatmap(lambda parts: st.sampled_from(("\n", "\n\n", "\r", "\r\n", "")).map(lambda between: between.join(parts)))
LESSONS = st.one_of(
    _changed(st.just(EVERY)),
    MARKDOWN.map("---\nid: l\ntitle: L\nminutes: 5\n---\n## P\n{}".format),
    st.tuples(MARKDOWN, MARKDOWN).map(lambda p: f"---\n{p[0]}\n---\n{p[1]}"),
    MARKDOWN,
)
_TOML = st.one_of(
    st.sampled_from(("true", "-1", "0", "1e400", "nan", "inf", '"auto"', '"a', "[]", "{}", "{ a = 1 }",
    "1979-05-27", "9" * 5000,
                     "[" * 2000, '"\\ud800"', '"x y"', '"ctrl+a"', "0x7fffffffffffffffff", '["l", "l"]', '[["l"]]')),
    _ANY,
)  # fmt: skip


def _toml(names: tuple[str, ...]) -> Texts:
    name = st.one_of(st.sampled_from(names), st.text(max_size=5))
    line = st.one_of(st.tuples(name, _TOML).map(" = ".join), name.map("[{}]".format), name.map("[[{}]]".format), _ANY)
    return st.lists(line, max_size=8).map("\n".join)


# ------------------------------------------------------------------ frames and files

_NESTED = st.builds(
    lambda opening, depth, end: opening * depth + end,
    st.sampled_from((b"\x91", b"\x81\xa1a", b"\x92\xc0", b"\xdd\xff\xff\xff\xff", b"[", b'{"a":')),
    st.sampled_from((3, 900, 5000)), st.binary(max_size=3),
)  # fmt: skip
JUNK = st.one_of(st.binary(max_size=60), _NESTED, st.binary(min_size=1, max_size=4).map(lambda b: b * 50))
_MESSAGES = st.one_of(
    *(typed.values(kind) for kind in (requests.Request, events.Event, children.FromLearner, children.FromJudge,
                                      children.ToLearner, children.ToJudge, children.ToFigures, children.Begin))
)  # fmt: skip
_TREES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), typed.NUMBERS, st.integers(-(2**63), 2**64 - 1), typed.TEXTS, st.binary(max_size=6)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(typed.TEXTS, inner, max_size=3)),
    max_leaves=8,
)
_TAGGED = st.recursive(
    st.one_of(
        st.none(),
        st.integers(-5, 300),
        typed.NUMBERS,
        typed.TEXTS,
        st.sampled_from(("<f8", "<i8", "|b1", "float32", "O")),
    ),
    lambda inner: st.tuples(
        st.sampled_from((*tuple("ltsdafcgNRrbiuoxz"), "set", "c16")), st.lists(inner, max_size=5)
    ).map(lambda p: [p[0], *p[1]]),
    max_leaves=8,
)
packed = msgspec.msgpack.encode
FRAMES = st.one_of(
    st.lists(st.one_of(_MESSAGES, _TREES), max_size=3).map(
        lambda ones: b"".join(len(body := packed(one)).to_bytes(4, "big") + body for one in ones)
    ),
    _MESSAGES.map(packed),
    _changed(_MESSAGES.map(packed)),
    JUNK,
)
_FITS = st.sampled_from((0, 0, 0, 1, -1))
EVENTS = st.lists(typed.values(children.FromLearner), max_size=6).map(packed)
SCENES = st.one_of(
    typed.values(Scene).map(packed), typed.values(Panel).map(lambda panel: packed(Scene((panel,)))), JUNK
)


def _json_lines(kind: type) -> Bytes:
    whole = typed.values(kind).map(msgspec.json.encode)
    line = st.one_of(whole, _changed(whole), _TREES.map(_as_json), JUNK)
    return st.lists(line, max_size=5).map(b"\n".join)


def _as_json(tree: object) -> bytes:
    return json.dumps(tree, default=repr).encode()


_ESCAPES = st.sampled_from(
    (b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b[200~", b"\x1b[201~", b"\x1b[<0;1;1M", b"\x1b[13;2u",
     b"\x1b[27;2;13~", b"\x07",
     b"\x1b\\", b"\r", b"\n", b"\x08", b"\x7f", b"\xc3", b"\xe2\x80", b"\x9b", b";", b"0", b"9", b"m", b"H",
     b"~", b"u", b"\x00\x1edl-tutor ",
     b"0000000", b"\x1e\x00", b"\x1bOP", b"\x1b[?1;2c", b"\x1b[1;1R", b"\x1b]52;c;", b"\x1b[99999999999;99999999999H")
)  # fmt: skip
_LINE = st.lists(
    st.one_of(_ESCAPES, st.binary(max_size=4), typed.TEXTS.map(lambda text: text.encode())), max_size=12
).map(b"".join)

_MADE: dict[str, st.SearchStrategy[str | bytes]] = {
    "formulas": FORMULAS,
    "prose": MARKDOWN,
    "lessons": LESSONS,
    "lint": LESSONS,
    "courses": _toml(("format_version", "title", "chapter", "renamed", "id", "lessons")),
    "answers": st.one_of(
        _joined(
            st.sampled_from(
                (*tuple("0123456789.e+-*/^()% ×·÷π−,x"), "**", "sqrt", "log(", "pi", "1e999", "cm", "9**9")
            ),
            12,
        ),
        _ANY,
    ),
    "frames": FRAMES,
    "events": EVENTS,
    "scenes": SCENES,
    "values": st.one_of(
        st.tuples(_TAGGED.map(packed), st.binary(max_size=16)).map(b"||".join),
        st.tuples(_TREES.map(packed), JUNK).map(b"||".join),
    ),
    "printed": _LINE,
    "settings": _toml(Settings.__struct_fields__),
    "attempts": _json_lines(Attempt),
    "drafts": st.one_of(JUNK, _ANY.map(str.encode), _TREES.map(_as_json)),
    "places": st.one_of(
        st.dictionaries(typed.TEXTS, typed.values(Place), max_size=3).map(msgspec.json.encode),
        _TREES.map(_as_json),
        JUNK,
    ),
    "runs": st.one_of(
        typed.values(Record).map(packed), _changed(typed.values(Record).map(packed)), _TREES.map(packed), JUNK
    ),
    "kept": st.one_of(JUNK, _TREES.map(packed), _TREES.map(_as_json)),
    "keys": _LINE,
    "frames-of-textual": _LINE.map(lambda data: data.decode("utf-8", "replace")),
    "words": st.one_of(_ANY, typed.NUMBERS.map(repr), typed.TEXTS),
}
