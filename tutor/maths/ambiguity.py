"""Questions about pieces of a formula that decide where one line needs brackets or blanks."""

from __future__ import annotations

from tutor.maths.nodes import Accent, Bar, Brace, Fence, Frac, MathGrid, Node, Script, Stack, Sym, Unknown, Words
from tutor.maths.spacing import core, kinds
from tutor.maths.symbols import SUBSCRIPT, SUPERSCRIPT

SMALL = frozenset((*SUBSCRIPT.values(), *SUPERSCRIPT.values())) - {"*"}
"""Raised and lowered characters."""

CALLED_LETTERS = {"f", "g", "σ", "φ"}
"""Letters that are functions wherever they stand before a bracket."""


OPEN, CLOSE = "([⌊⌈", ")]⌋⌉"


def bracketed(text: str) -> str:
    """The text in round brackets, once."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char in OPEN) - (char in CLOSE)
        if depth == 0 and i < len(text) - 1:
            return f"({text})"
    return text if text[:1] in OPEN and text[-1:] in CLOSE else f"({text})"


def is_name(text: str, ascii: bool) -> bool:
    """Whether a script needs no brackets: one number or name without marks of its own."""
    if ascii:
        return text.isalnum()
    return len(text) == 1 or (text.isalnum() and not any(c in text for c in SMALL))


def tail(text: str) -> str:
    """The letters that a text ends with."""
    end = len(text)
    while end and text[end - 1].isalpha():
        end -= 1
    return text[end:]


def head(text: str) -> str:
    """The letters that a text begins with."""
    end = 0
    while end < len(text) and text[end].isalpha():
        end += 1
    return text[:end]


def named(node: Node, name: str) -> bool:
    return isinstance(node, Sym) and node.name == name


def is_mark(node: Node) -> bool:
    """Whether a node is the mark of a differential, which stands close to what it is of."""
    inner = core(node)
    return isinstance(inner, Sym) and (inner.name == "partial" or inner.text == "d")


def is_worded(node: Node) -> bool:
    """Whether a relation or an operation is a word in 7 bits, as `in` is."""
    return isinstance(node, Sym) and node.kind in ("rel", "bin") and node.ascii.isalpha()


def is_close(node: Node) -> bool:
    return isinstance(node, Sym) and node.kind == "close"


def is_function(node: Node) -> bool:
    inner = core(node)
    return isinstance(inner, Sym) and (inner.word or inner.kind == "op" or inner.text in CALLED_LETTERS)


def is_call(head: Node, fence: Fence) -> bool:
    """Whether a bracket holds arguments, as in q(x), and not a factor, as in n(a + b)."""
    inner = core(head)
    letter = isinstance(inner, Sym) and inner.text.isalpha()
    sums = any("bin" in kinds(part.items) for part in fence.parts)
    return is_function(head) or (letter and fence.left == "(" and not sums)


def is_index(node: Script) -> bool:
    """Whether a subscript counts through an array, as in z[i,j]: several, on a letter that is no operator."""
    inner = core(node.base)
    letter = isinstance(inner, Sym) and inner.kind == "ord" and not inner.word and inner.name != "mathbb"
    return letter and node.sub is not None and "punct" in kinds(node.sub.items)


def takes_scripts(base: Node) -> bool:
    """Whether scripts on this base can only mean the whole of it."""
    return isinstance(base, Sym | Fence | Accent | Words | Bar | MathGrid | Brace | Stack | Unknown)


def differential(node: Frac) -> bool:
    """Whether a denominator is one differential, as in ∂ℒ/∂w and dy/dx, which is read as one thing."""
    items = node.den.items
    if len(items) != 2 or not node.num.items:
        return False
    marks = [core(items[0]), core(node.num.items[0])]
    if not all(isinstance(mark, Sym) and (mark.name == "partial" or mark.text in ("d", "∂")) for mark in marks):
        return False
    return isinstance(items[1], Sym | Script | Accent)
