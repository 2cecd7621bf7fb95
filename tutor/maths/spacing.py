"""How far neighbours in a row stand apart: TeX's classes of atoms, in whole cells.

One space around relations and binary operators, none after a sign; none between the factors of a product, but one
where they would run into each other.
"""

from __future__ import annotations

from tutor.maths.nodes import (
    Accent,
    Bar,
    Brace,
    Fence,
    Frac,
    MathGrid,
    Node,
    Root,
    Row,
    Script,
    Stack,
    Sym,
    Unknown,
    Words,
)

BARS = ("|", "‖")


def core(node: Node) -> Node:
    """The node under its scripts."""
    while isinstance(node, Script | Stack):
        if isinstance(node, Stack):
            if len(node.base.items) != 1:
                return node
            node = node.base.items[0]
        else:
            node = node.base
    return node


def kind_of(node: Node) -> str:
    """The class of a node by itself."""
    node = core(node)
    if isinstance(node, Sym):
        return node.kind
    if isinstance(node, Frac | MathGrid):
        return "inner" if not isinstance(node, Frac) or node.bar else "fence"
    if isinstance(node, Fence):
        return "fence" if node.left and node.right else "inner"
    if isinstance(node, Words):
        return "text"
    if isinstance(node, Bar):
        return "bar"
    return "ord"


def kinds(items: tuple[Node, ...]) -> list[str]:
    """Classes of a row's items (spaces left out). A binary operator with nothing to bind is a "sign"."""
    found = [kind_of(item) for item in items]
    for i, kind in enumerate(found):
        before = found[i - 1] if i else "open"
        after = found[i + 1] if i + 1 < len(found) else "close"
        if kind == "bin" and (before in ("bin", "rel", "open", "punct", "op", "sign") or after in ("rel", "close")):
            found[i] = "sign"
        elif kind == "rel" and len(found) == 1:
            found[i] = "ord"
    return found


def is_lead(items: tuple[Node, ...], i: int) -> bool:
    """Whether item i stands first, but for the empty row that makes an operation of its sign."""
    return i == 1 and items[0] == Row(())


def gap(left: Node, left_kind: str, right: Node, right_kind: str, tight: bool) -> int:
    """Cells between two neighbours. tight: inside a script."""
    if left_kind == "text" or right_kind == "text":
        return _text_gap(left, left_kind, right, right_kind)
    if left_kind in ("sign", "open") or right_kind in ("close", "punct"):
        return 0
    if left_kind == right_kind == "rel" and _is_short(left) and _is_short(right):
        return 0
    if left_kind in ("rel", "bin") or right_kind in ("rel", "bin"):
        return 0 if tight else 1
    if left_kind == "punct":
        return 0 if tight else 1
    if _is_slash(left) or _is_slash(right):
        return 0
    if left_kind == "op" or right_kind == "op":
        return _operator_gap(left, left_kind, right, right_kind)
    if right_kind == "bar" or left_kind == "bar":
        return 1
    if "dots" in (left_kind, right_kind):
        return 0 if tight else 1
    if left_kind == "inner" or right_kind == "inner":
        return 0 if right_kind in ("close", "sign") else 1
    if _is_word(left) or _is_word(right):
        return 0 if right_kind == "fence" and not _is_bars(right) else 1
    return 0 if tight else _factor_gap(left, left_kind, right, right_kind)


def _text_gap(left: Node, left_kind: str, right: Node, right_kind: str) -> int:
    if left_kind in ("rel", "bin", "punct") or right_kind in ("rel", "bin"):
        spaced = (isinstance(left, Words) and left.text.endswith(" ")) or (
            isinstance(right, Words) and right.text.startswith(" ")
        )
        return 0 if spaced else 1
    if isinstance(left, Words) and isinstance(right, Sym | Script | Accent) and left.text[-1:].isalnum():
        return 0 if right_kind in ("punct", "close") else 1
    if isinstance(right, Words) and isinstance(left, Sym | Script | Accent) and right.text[:1].isalnum():
        return 0 if left_kind in ("open", "sign") else 1
    return 0


def _operator_gap(left: Node, left_kind: str, right: Node, right_kind: str) -> int:
    if left_kind == "op" and right_kind in ("fence", "open"):
        return 0 if _is_word(left) and not (_is_bars(right)) else 1
    return 1


def _factor_gap(left: Node, left_kind: str, right: Node, right_kind: str) -> int:
    """Between two factors of a product."""
    if right_kind == "fence":
        inner = core(right)
        if isinstance(left, Script) and isinstance(inner, Fence) and inner.left == "[":
            return 0 if _is_expectation(left) else 1
        if isinstance(left, Script) and isinstance(left.base, Fence):
            return 1
        return 1 if _is_bars(right) or (left_kind == "fence" and _is_bars(left)) else 0
    if left_kind in ("fence", "close"):
        return 1
    if isinstance(left, Script):
        return 0 if _is_derivative(core(left)) and left.sub is None else 1
    if isinstance(left, Row | Root) or isinstance(right, Row):
        return 1
    inner = core(right)
    if _is_derivative(inner) and not _is_derivative(left) and not isinstance(left, Bar):
        return 1
    both_numbers = (
        isinstance(left, Sym) and left.text[-1:].isdigit() and isinstance(inner, Sym) and inner.text[:1].isdigit()
    )
    return 1 if both_numbers or isinstance(left, Unknown) or isinstance(right, Unknown) else 0


def _is_expectation(node: Node) -> bool:
    """Whether a letter is of `\\mathbb`: before a bracket, 𝔼[x] and ℙ[x] are no products."""
    inner = core(node)
    return isinstance(inner, Sym) and inner.name == "mathbb"


def _is_slash(node: Node) -> bool:
    return isinstance(node, Sym) and node.name == "slash"


def _is_short(node: Node) -> bool:
    """Whether a relation is one sign in 7 bits, too, so that two of them are read as one."""
    return isinstance(node, Sym) and len(node.ascii) == 1


def _is_word(node: Node) -> bool:
    inner = core(node)
    return isinstance(inner, Sym) and inner.word


def _is_bars(node: Node) -> bool:
    inner = core(node)
    return isinstance(inner, Fence) and inner.left in BARS


def _is_derivative(node: Node) -> bool:
    return isinstance(node, Sym) and node.name in ("partial", "nabla")


def is_tall(node: Node, limits: bool) -> bool:
    """Whether brackets around this stretch: around fractions and grids, not around mere scripts.

    limits: they stretch around sums with both limits as well, as `\\left` asks.
    """
    match node:
        case Frac() | MathGrid() | Brace():
            return True
        case Row():
            return any(is_tall(item, limits) for item in node.items)
        case Fence():
            return any(is_tall(part, limits) for part in node.parts)
        case Root() | Accent():
            return is_tall(node.body, limits)
        case Script():
            inner = core(node)
            both = node.sub is not None and node.sup is not None
            return is_tall(node.base, limits) or (limits and both and isinstance(inner, Sym) and inner.limits)
        case _:
            return False
