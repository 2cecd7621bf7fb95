"""What each macro and each environment builds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from pylatexenc import latexwalker as walker

from tutor.maths import grammar
from tutor.maths.maths_error import MathsError
from tutor.maths.nodes import (
    Accent,
    Brace,
    Fence,
    Frac,
    MathGrid,
    Node,
    Root,
    Row,
    Script,
    Space,
    Stack,
    Sym,
    Unknown,
    Words,
)
from tutor.maths.spacing import kinds
from tutor.maths.symbols import ACCENTS, DELIMITERS, DOUBLE_LETTERS, SCRIPT_LETTERS, SPACES, SYMBOLS
from tutor.maths.tokens import Token, arguments, contents, flatten, inside, source_of
from tutor.words import to_ascii


class Builder(Protocol):
    """What reads a formula, as far as macros need it. tag: the equation number of the whole formula."""

    tag: str

    def row(self, tokens: list[Token]) -> Row: ...

    def argument(self, argument: object) -> Row: ...

    def node(self, token: Token) -> Node | None: ...

    def problem(self, position: int, message: str) -> None: ...

    def unknown(self, token: Token, kind: str, known: tuple[str, ...]) -> Unknown: ...


def build(builder: Builder, token: Token) -> Node | None:
    """The node of a macro; None for one that shows nothing."""
    name = token.text
    if name in MAKERS:
        return MAKERS[name](builder, token)
    if name in SYMBOLS:
        return SYMBOLS[name]
    if name in SPACES:
        return Space(SPACES[name])
    if name in DELIMITERS:
        return Sym(DELIMITERS[name], to_ascii(DELIMITERS[name]))
    if name in grammar.IGNORED:
        return None
    if name == "\\":
        raise MathsError(
            f"Character {token.position + 1}: \\\\ outside an environment with rows.",
            "Put the lines into \\begin{aligned} … \\end{aligned}.",
            position=token.position,
        )
    if name.isspace():
        return Space(1)
    if name in grammar.INSTEAD:
        what = f"Character {token.position + 1}: \\{name} is not understood in a formula."
        raise MathsError(what, grammar.INSTEAD[name], position=token.position)
    return builder.unknown(token, "macro", grammar.known_macros())


def _rows(builder: Builder, token: Token) -> list[Row]:
    return [builder.argument(argument) for argument in arguments(token.node) if argument is not None]


def _first(builder: Builder, token: Token) -> Row:
    rows = _rows(builder, token)
    return rows[-1] if rows else Row(())


def _fraction(builder: Builder, token: Token) -> Node:
    num, den = _rows(builder, token)
    return Frac(num, den, small=token.text.startswith("t"), bar="binom" not in token.text)


def _text(builder: Builder, token: Token) -> Node:
    """`\\text{…}`, with the mathematics inside it set as mathematics."""
    items: list[Node] = []
    for node in inside(arguments(token.node)[0]):
        if isinstance(node, walker.LatexMathNode):
            items.append(builder.row(flatten(node.nodelist)))
        elif isinstance(node, walker.LatexCharsNode):
            items.append(Words(" ".join(node.chars.replace("\n", " ").split(" "))))
        elif isinstance(node, walker.LatexSpecialsNode) and node.specials_chars == "~":
            items.append(Words(" "))
        else:
            items += [built for piece in flatten([node]) if (built := builder.node(piece)) is not None]
    if all(isinstance(item, Words) for item in items):
        return Words("".join(item.text for item in items if isinstance(item, Words)))
    return Row(tuple(items))


def _upright(builder: Builder, token: Token) -> Node:
    """`\\mathrm{…}`: letters that make one word."""
    row = _first(builder, token)
    if row.items and all(isinstance(item, Sym) and item.kind == "ord" for item in row.items):
        text = "".join(item.text for item in row.items if isinstance(item, Sym))
        plain = "".join(item.ascii for item in row.items if isinstance(item, Sym))
        return Sym(text, plain, word=len(text) > 1)
    return _unwrapped(row)


def _unwrapped(row: Row) -> Node:
    return row.items[0] if len(row.items) == 1 else row


def _letters(table: dict[str, str], name: str = "") -> Callable[[Builder, Token], Node]:
    """A maker that replaces letters by the table's and leaves the rest. name: what letters are known by afterwards."""

    def change(node: Node) -> Node:
        if isinstance(node, Sym) and node.text in table:
            return replace(node, text=table[node.text], name=name or node.name)
        return replace(node, name=name) if name and isinstance(node, Sym) and node.text.isalpha() else node

    def maker(builder: Builder, token: Token) -> Node:
        return _unwrapped(Row(tuple(change(item) for item in _first(builder, token).items)))

    return maker


def _operator(builder: Builder, token: Token) -> Node:
    given = arguments(token.node)
    spelled = "".join(" " if piece.kind != "char" else piece.text for piece in contents(given[-1]))
    name = " ".join(spelled.split())
    return Sym(name, name, "op", limits=given[0] is not None, word=True, name=name)


def _classed(builder: Builder, token: Token) -> Node:
    """`\\mathop{…}` and its like: letters become one word, one symbol gets the class; else what is in it stays."""
    word = _upright(builder, token)
    if not isinstance(word, Sym):
        return word
    if token.text != "mathop":
        return replace(word, kind=token.text.removeprefix("math"))
    return replace(word, kind="op", limits=True, word=word.text.isalpha())


def _root(builder: Builder, token: Token) -> Node:
    index, body = arguments(token.node)
    return Root(builder.argument(body), builder.argument(index) if index is not None else None)


def _accent(builder: Builder, token: Token) -> Node:
    """An accent stands on the letter itself, whatever scripts are inside the braces."""
    kind, body = ACCENTS[token.text], _first(builder, token)
    only = body.items[0] if len(body.items) == 1 else None
    if isinstance(only, Script):
        return replace(only, base=Accent(kind, Row((only.base,))))
    return Accent(kind, body)


def _brace(builder: Builder, token: Token) -> Node:
    return Brace(token.text == "overbrace", _first(builder, token))


def _stack(builder: Builder, token: Token) -> Node:
    small, base = _rows(builder, token)
    if token.text == "underset":
        return Stack(base, below=small)
    return Stack(base, above=small)


def _arrow(builder: Builder, token: Token) -> Node:
    return Stack(Row((SYMBOLS["longrightarrow"],)), above=_first(builder, token))


def _negated(builder: Builder, token: Token) -> Node:
    known = {"=": "neq", "∈": "notin"}
    row = _first(builder, token)
    only = row.items[0] if len(row.items) == 1 else None
    if isinstance(only, Sym):
        if only.text in known:
            return SYMBOLS[known[only.text]]
        return replace(only, text=only.text + "\u0338", ascii="not " + only.ascii)
    return row


def _modulo(builder: Builder, token: Token) -> Node:
    inside = Row((Sym("mod", "mod", "op", word=True), *_first(builder, token).items))
    return Row((Space(1), Fence("(", ")", (inside,))))


def _substack(builder: Builder, token: Token) -> Node:
    rows, _ = split(builder, contents(arguments(token.node)[0]))
    return MathGrid("gathered", rows, tags=("",) * len(rows))


def _tag(builder: Builder, token: Token) -> None:
    builder.tag = tag_text(arguments(token.node)[-1])


def _nothing(builder: Builder, token: Token) -> None:
    return None


MAKERS: dict[str, Callable[[Builder, Token], Node | None]] = {
    **dict.fromkeys(grammar.FRACTIONS, _fraction),
    **dict.fromkeys(grammar.TEXT_MACROS, _text),
    **dict.fromkeys(grammar.FONT_MACROS, _letters({})),
    **dict.fromkeys(("mathrm", "mathsf", "mathtt", "mathit"), _upright),
    **dict.fromkeys(("mathcal", "mathscr"), _letters(SCRIPT_LETTERS)),
    **dict.fromkeys(("mathbb", "mathds"), _letters(DOUBLE_LETTERS, "mathbb")),
    **dict.fromkeys(ACCENTS, _accent),
    **dict.fromkeys(("underbrace", "overbrace"), _brace),
    **dict.fromkeys(("overset", "underset", "stackrel"), _stack),
    **dict.fromkeys(("boxed", "smash", "textcolor"), _first),
    **dict.fromkeys(("mathop", "mathbin", "mathrel"), _classed),
    **dict.fromkeys(("label", "phantom", "vspace", "color"), _nothing),
    "tag": _tag,
    "operatorname": _operator,
    "sqrt": _root,
    "not": _negated,
    "pmod": _modulo,
    "substack": _substack,
    "xrightarrow": _arrow,
    "hspace": lambda builder, token: Space(1),
}


# ------------------------------------------------------------------ environments


def environment(builder: Builder, token: Token) -> Node:
    """The grid of an environment."""
    name = token.text
    if name not in grammar.ENVIRONMENTS:
        return builder.unknown(token, "environment", tuple(sorted(grammar.ENVIRONMENTS)))
    rows, tags = split(builder, contents(token.node))
    if name in grammar.MATRICES:
        left, right = grammar.MATRICES[name]
        given = arguments(token.node)
        align = "".join(piece.text for piece in contents(given[0]) if piece.text in "lcr") if given else ""
        return MathGrid("matrix", rows, left, right, tags, align)
    if name in grammar.CASES:
        left, right = grammar.CASES[name]
        return MathGrid("cases", rows, left, right, tags)
    if name in grammar.ALIGNED:
        return MathGrid("aligned", tuple(tuple(map(_led, row, range(len(row)))) for row in rows), tags=tags)
    return MathGrid("gathered", rows, tags=tags)


def _led(cell: Row, column: int) -> Row:
    """A cell right of an &: the + it begins with goes on with what stands before it, and is no sign."""
    at = next((i for i, item in enumerate(cell.items) if not isinstance(item, Space)), len(cell.items))
    if column % 2 == 0 or kinds(cell.items[at : at + 1]) not in (["bin"], ["sign"]):
        return cell
    return Row((*cell.items[:at], Row(()), *cell.items[at:]))


def split(builder: Builder, tokens: list[Token]) -> tuple[tuple[tuple[Row, ...], ...], tuple[str, ...]]:
    """Cells between & and rows between \\\\, with the tag of each row."""
    rows: list[list[list[Token]]] = [[[]]]
    tags = [""]
    for token in tokens:
        if token.kind == "macro" and token.text == "\\":
            rows.append([[]])
            tags.append("")
        elif token.kind == "special" and token.text == "&":
            rows[-1].append([])
        elif token.kind == "macro" and token.text in ("tag", "hline"):
            if token.text == "tag":
                tags[-1] = tag_text(arguments(token.node)[-1])
        else:
            rows[-1][-1].append(token)
    if len(rows) > 1 and rows[-1] == [[]]:
        rows.pop()
        tags.pop()
    return tuple(tuple(builder.row(cell) for cell in row) for row in rows), tuple(tags)


def tag_text(argument: object) -> str:
    """What a `\\tag` says, brackets included."""
    return f"({source_of(argument)})"
