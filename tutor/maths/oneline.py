"""A formula on one line, with brackets wherever leaving the second dimension would change its meaning."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tutor.maths.ambiguity import (
    bracketed,
    differential,
    head,
    is_call,
    is_close,
    is_index,
    is_mark,
    is_name,
    is_worded,
    named,
    tail,
    takes_scripts,
)  # fmt: skip
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
    Space,
    Stack,
    Sym,
    Unknown,
    Words,
)  # fmt: skip
from tutor.maths.spacing import core, gap, is_lead, kinds
from tutor.maths.symbols import COMBINING, ROUNDING, SUBSCRIPT, SUPERSCRIPT, in_script
from tutor.words import to_ascii

_BELOW = ("bar", "underline", "cancel")
"""Accents that leave the dot of an i where it is."""
RELATION, SUM, APPLIED, SIGNED, QUOTIENT, PRODUCT, CALL, ATOM = range(8)
"""How tightly a piece of text holds together, loosest first."""


@dataclass(frozen=True, slots=True)
class OneLine:
    """Text on one line. level: how tightly it holds together."""

    text: str
    level: int = ATOM

    def within(self, level: int) -> str:
        """The text, bracketed if it holds less tightly than `level`."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True, slots=True)
class OneLineWriter:
    """Writes nodes on one line. ascii: in 7 bits. tight: no spaces around operators, as in a script."""

    ascii: bool = False
    tight: bool = False

    # -------------------------------------------------------------- rows

    def row(self, row: Row) -> OneLine:
        """A row, and how tightly it holds together."""
        items = tuple(item for item in row.items if not isinstance(item, Space))
        classes = kinds(items)
        pieces = [self.node(item) for item in items]
        texts = [self._fit(items, classes, i, piece) for i, piece in enumerate(pieces)]
        explicit = self.explicit(row)
        text = ""
        for i, piece in enumerate(texts):
            if i and not is_lead(items, i):
                space = gap(items[i - 1], classes[i - 1], items[i], classes[i], self.tight)
                space = max(space, explicit.get(i, 0), self.apart(texts[i - 1], piece, items[i - 1], items[i]))
                text += " " * space
            text += piece
        return OneLine(text, self._level(items, classes, pieces))

    @staticmethod
    def explicit(row: Row) -> dict[int, int]:
        """Spaces asked for by the source: number of the item they precede -> cells."""
        found: dict[int, int] = {}
        count = 0
        for item in row.items:
            if isinstance(item, Space):
                found[count] = found.get(count, 0) + item.cells
            else:
                count += 1
        return found

    def apart(self, left: str, right: str, before: Node, after: Node) -> int:
        """A space where two names would run into one, as `theta` and `x` would."""
        if is_mark(before) or isinstance(before, Words) != isinstance(after, Words):
            return 0
        if self.ascii and any(is_worded(node) for node in (before, after)):
            return 1
        if isinstance(before, Words) and isinstance(after, Words):
            return 0
        if not left or not right or not (left[-1].isalnum() and right[0].isalnum()):
            return 0
        if self.ascii and isinstance(after, Script | Accent | Root) and left[-1].isalpha():
            return 1
        left_word = isinstance(core(before), Sym) and len(tail(left)) > 1 and tail(left).isalpha()
        right_word = isinstance(core(after), Sym) and len(head(right)) > 1 and head(right).isalpha()
        return 1 if (left_word or right_word) and self.ascii else 0

    def _fit(self, items: tuple[Node, ...], classes: list[str], i: int, piece: OneLine) -> str:
        """The text of item i, bracketed where its neighbours would pull it apart."""
        if piece.level > QUOTIENT or classes[i] not in ("inner", "ord", "fence") or len(items) == 1:
            return piece.text
        if not isinstance(items[i], Frac):
            return piece.text
        if i and classes[i - 1] not in ("rel", "punct", "open") and piece.text.startswith(("−", "-", "+")):
            return f"({piece.text})"
        after = classes[i + 1] if i + 1 < len(items) else "end"
        before = items[i - 1] if i else None
        multiplied = after in ("ord", "fence", "inner", "op", "open") and not is_close(items[i + 1])
        inner = core(before) if before is not None else None
        applied = isinstance(inner, Sym) and (
            (inner.kind == "op" and inner.word and not inner.name.startswith("lim"))
            or inner.name in ("partial", "nabla", "slash")
        )
        digits = isinstance(inner, Sym) and inner.text[-1:].isdigit() and piece.text[:1].isdigit()
        follower = items[i + 1] if i + 1 < len(items) else None
        factorial = isinstance(follower, Sym) and follower.text == "!"
        return f"({piece.text})" if multiplied or applied or digits or factorial else piece.text

    def _level(self, items: tuple[Node, ...], classes: list[str], pieces: list[OneLine]) -> int:
        if len(items) == 1:
            return pieces[0].level
        if not items:
            return ATOM
        if "rel" in classes or "punct" in classes or "text" in classes or "bar" in classes:
            return RELATION
        if "bin" in classes:
            return SUM
        if len(items) == 2 and isinstance(items[1], Fence) and is_call(items[0], items[1]):
            return CALL
        if "op" in classes:
            return APPLIED
        if "sign" in classes:
            return SIGNED
        if any(isinstance(item, Frac) for item in items) or any(named(item, "slash") for item in items):
            return QUOTIENT
        return PRODUCT

    # -------------------------------------------------------------- nodes

    def node(self, node: Node) -> OneLine:
        match node:
            case Sym():
                return OneLine(node.ascii if self.ascii else node.text)
            case Words():
                return OneLine(node.text)
            case Row():
                return self.row(node)
            case Frac():
                return self._fraction(node)
            case Script():
                return self._script(node)
            case Accent():
                return OneLine(self.accent(node))
            case Root():
                return self._root(node)
            case Fence():
                return self._fence(node)
            case Bar():
                return OneLine(self._bracket(node.text))
            case MathGrid():
                return self._grid(node)
            case Brace():
                label = f" [{self.row(node.label).text}]" if node.label else ""
                return OneLine(self.row(node.body).within(PRODUCT) + label, PRODUCT if label else ATOM)
            case Stack():
                base = self.row(node.base).text
                if node.below is not None:
                    return OneLine(base + self.subscript(node.below))
                return OneLine(f"{base}[{self._small(node.above or Row(())).text}]")
            case Unknown():
                return OneLine(node.name)
            case Space():
                return OneLine(" " * node.cells)
        raise AssertionError(node)

    def _bracket(self, shown: str) -> str:
        return to_ascii(shown) if self.ascii else shown

    def _small(self, row: Row) -> OneLine:
        """A row set tight, as scripts are."""
        return OneLineWriter(self.ascii, tight=True).row(row)

    def _fraction(self, node: Frac) -> OneLine:
        num, den = self.row(node.num), self.row(node.den)
        if not node.bar:
            return OneLine(f"C({num.text}, {den.text})" if self.ascii else f"({num.text} choose {den.text})")
        if not self.ascii and (num.text, den.text) == ("1", "2"):
            return OneLine("½")
        above = num.text if num.level in (SIGNED, PRODUCT, CALL, ATOM) else f"({num.text})"
        below = den.text if den.level >= CALL or differential(node) else f"({den.text})"
        return OneLine(f"{above}/{below}", QUOTIENT)

    def _root(self, node: Root) -> OneLine:
        body = self.row(node.body)
        if self.ascii:
            index = self._small(node.index).text if node.index else ""
            return OneLine(f"root[{index}]({body.text})" if index else f"sqrt({body.text})")
        only = node.body.items[0] if len(node.body.items) == 1 else None
        bare = isinstance(only, Sym | Fence | Accent) or (isinstance(only, Script) and only.sup is None)
        bare = bare and body.level == ATOM
        return OneLine(self.root_sign(node.index) + (body.text if bare else f"({body.text})"))

    def root_sign(self, index: Row | None) -> str:
        """√, ∛ or ⁿ√."""
        text = self._small(index).text if index else ""
        return {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(text) or f"{in_script(text, SUPERSCRIPT) or text}√"

    def _fence(self, node: Fence) -> OneLine:
        parts = [self.row(part) for part in node.parts]
        text = parts[0].text
        for middle, part in zip(node.middles, parts[1:], strict=True):
            text += f" {self._bracket(middle)} {part.text}"
        if not node.left and node.right in ("|", "‖"):
            return OneLine(f"{parts[0].within(QUOTIENT)} {self._bracket(node.right)}")
        if self.ascii and (node.left, node.right) in ROUNDING:
            return OneLine(f"{ROUNDING[node.left, node.right]}({text})")
        if not node.left or not node.right:
            return OneLine(self._bracket(node.left) + text + self._bracket(node.right), RELATION)
        return OneLine(self._bracket(node.left) + text + self._bracket(node.right))

    def _grid(self, node: MathGrid) -> OneLine:
        between = "case" if node.kind == "cases" else ", " if node.kind == "matrix" else " "
        rows = [self._cells(row, between) for row in node.rows]
        if node.kind == "matrix":
            left, right = (node.left or "[", node.right or "]")
            return OneLine(self._bracket(left) + "; ".join(rows) + self._bracket(right))
        text = "; ".join(row.strip() for row in rows)
        if node.kind == "cases":
            return OneLine("{ " + text + " }")
        return OneLine(text, RELATION)

    def _cells(self, row: tuple[Row, ...], between: str) -> str:
        """One row of a grid. In cases, a condition that does not begin with a word comes after a comma."""
        texts = [self.row(cell).text.strip() for cell in row]
        if between == "case":
            worded = len(row) > 1 and any(isinstance(item, Words) for item in row[1].items[:1])
            between = " " if worded else ", "
            texts = [text.rstrip(",;.") for text in texts]
        return between.join(text for text in texts if text)

    def accent(self, node: Accent) -> str:
        """A letter with its accent: one cell in Unicode, `hat(y)` in 7 bits."""
        body = self.row(node.body)
        mark = COMBINING[node.kind]
        if self.ascii:
            return f"{node.kind}({body.text})"
        if node.kind in ("bar", "underline") and body.text and body.text.replace(" ", "").isalnum():
            over = "\u0305" if node.kind == "bar" and len(body.text) > 1 else mark
            return unicodedata.normalize("NFC", "".join(c + over for c in body.text))
        if len(body.text) == 1 or (len(body.text) == 2 and unicodedata.combining(body.text[1])):
            letter = {"i": "ı", "j": "ȷ"}.get(body.text, body.text) if node.kind not in _BELOW else body.text
            return unicodedata.normalize("NFC", letter + mark)
        return f"{node.kind}({body.text})"

    # -------------------------------------------------------------- scripts

    def _script(self, node: Script) -> OneLine:
        if isinstance(node.base, Brace):
            label = node.sup if node.base.over else node.sub
            return self.node(Brace(node.base.over, node.base.body, label))
        base = self.node(node.base)
        text = base.text if takes_scripts(node.base) else base.within(ATOM)
        if isinstance(node.base, Row | Frac | Script | Root) and base.level == ATOM and node.base != Row(()):
            text = f"({base.text})" if isinstance(node.base, Script | Root | Row) else text
        if node.sub is not None:
            text += self.subscript(node.sub, is_index(node))
        text += ("'" if self.ascii else "′") * node.primes
        if node.sup is not None:
            text += self.superscript(node.sup)
        return OneLine(text)

    def subscript(self, row: Row, index: bool = False) -> str:
        """`ₜ₋₁` where every character exists, else `_θ` or `_(θ_g)`, as in 7 bits; `[i,j]` for an index."""
        small = self._small(row)
        if not small.text:
            return ""
        lowered = None if self.ascii else in_script(small.text, SUBSCRIPT)
        if lowered:
            return lowered
        if index and not self.ascii:
            return f"[{small.text}]"
        return f"_{small.text}" if is_name(small.text, self.ascii) else f"_{bracketed(small.text)}"

    def superscript(self, row: Row) -> str:
        """`⁽ᵗ⁺¹⁾` where every character exists, else `^(…)`; in 7 bits `^2` or `^(t+1)`."""
        small = self._small(row)
        if not small.text:
            return ""
        if small.text in ("′", "'", "*"):
            return small.text
        raised = None if self.ascii else in_script(small.text, SUPERSCRIPT)
        if raised:
            return raised
        bare = small.level == ATOM and is_name(small.text, self.ascii)
        return f"^{small.text}" if bare else f"^{bracketed(small.text)}"
