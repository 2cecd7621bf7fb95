"""The tree a formula is turned into before it is laid out: a few frozen kinds of node.

`kind` of a symbol is its class in TeX's sense (The TeXbook, chapter 18); it decides the spacing:
"ord" a letter or digit, "op" a named or large operator, "bin" a binary operation, "rel" a relation,
"open" and "close" brackets, "punct" a comma, "dots" an ellipsis between factors or terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, Union


@dataclass(frozen=True, slots=True)
class Sym:
    """One symbol. text: as Unicode; ascii: in 7 bits.

    limits: scripts stand above and below in display. word: a name of several letters, set apart from its
    neighbours. name: the macro it came from, without the backslash.
    """

    text: str
    ascii: str
    kind: str = "ord"
    limits: bool = False
    word: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """`\\text{…}`: spaces kept as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Space:
    """cells: 0 for a thin space that only keeps neighbours apart as they are."""

    cells: int


@dataclass(frozen=True, slots=True)
class Row:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Frac:
    """small: `\\tfrac`. bar: False for `\\binom`, which is bracketed."""

    num: Row
    den: Row
    small: bool = False
    bar: bool = True


@dataclass(frozen=True, slots=True)
class Script:
    """base with a subscript, a superscript or both. primes: how many ′ come before the superscript."""

    base: Node
    sub: Row | None = None
    sup: Row | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Accent:
    """kind: hat, tilde, bar, vec, leftvec, dot, ddot, check, breve, ring, underline, cancel."""

    kind: str
    body: Row


@dataclass(frozen=True, slots=True)
class Root:
    body: Row
    index: Row | None = None


@dataclass(frozen=True, slots=True)
class Fence:
    """Brackets around parts, which `\\middle` keeps apart. A bracket "" is invisible.

    tall: the source asks for stretching (`\\left…\\right`); plain brackets stretch around fractions as well.
    """

    left: str
    right: str
    parts: tuple[Row, ...]
    middles: tuple[str, ...] = ()
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of evaluation without its `\\left.`: `\\bigg|_{…}`. level: how many steps larger than a plain bar."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class MathGrid:
    """Cells in rows. kind: "matrix", "cases", "aligned" (columns alternate right and left) or "gathered".

    left, right: the brackets. tags: one per row, "" where there is none.
    """

    kind: str
    rows: tuple[tuple[Row, ...], ...]
    left: str = ""
    right: str = ""
    tags: tuple[str, ...] = ()
    align: str = ""


@dataclass(frozen=True, slots=True)
class Brace:
    """A horizontal brace over or under a body, with its label."""

    over: bool
    body: Row
    label: Row | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """`\\overset`, `\\underset`: something small above or below a symbol."""

    base: Row
    above: Row | None = None
    below: Row | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the typesetter does not know; shown by its name."""

    name: str


Node: TypeAlias = Union[Sym, Words, Space, Row, Frac, Script, Accent, Root, Fence, Bar, MathGrid, Brace, Stack, Unknown]
