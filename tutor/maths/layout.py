"""A formula in two dimensions: each node becomes a box."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from tutor.maths.accents import accented
from tutor.maths.boxes import TextBox, beside, bracket, grow, pad, stacked, text_box, widen
from tutor.maths.grids import grid
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
from tutor.maths.oneline import ATOM, OneLineWriter
from tutor.maths.spacing import core, gap, is_lead, is_tall, kinds
from tutor.maths.symbols import ROUNDING, SUBSCRIPT, SUPERSCRIPT, in_script


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets nodes as boxes. tight: inside a script. inner: inside a fraction, where limits stand at the side."""

    ascii: bool = False
    tight: bool = False
    inner: bool = False

    @property
    def writer(self) -> OneLineWriter:
        return OneLineWriter(self.ascii, self.tight)

    # -------------------------------------------------------------- rows

    def pieces(self, row: Row) -> list[tuple[TextBox, int, str]]:
        """The row's items as (box, cells of space before it, class), without joining them."""
        items = tuple(item for item in row.items if not isinstance(item, Space))
        classes = kinds(items)
        explicit = OneLineWriter.explicit(row)
        boxes = [self.node(item) for item in items]
        found = []
        for i, box in enumerate(boxes):
            space = 0
            if i and not is_lead(items, i):
                space = gap(items[i - 1], classes[i - 1], items[i], classes[i], self.tight)
                edges = _only_line(boxes[i - 1]), _only_line(box)
                space = max(space, self.writer.apart(*edges, items[i - 1], items[i]))
                if box.height > 1 and (
                    classes[i - 1] == "sign" or (boxes[i - 1].height > 1 and classes[i - 1] != "open")
                ):
                    space = max(space, 1)
            found.append((box, max(space, explicit.get(i, 0)), classes[i]))
        return found

    def row(self, row: Row) -> TextBox:
        """A row on one baseline."""
        parts: list[TextBox] = []
        for box, space, _ in self.pieces(row):
            parts += [text_box(" " * space), box]
        return beside(*parts)

    def small(self, row: Row) -> TextBox:
        """A row in a script. On one line it needs the brackets of one: fractions have no bar there."""
        box = Setter(self.ascii, tight=True, inner=True).row(row)
        return text_box(OneLineWriter(self.ascii, tight=True).row(row).text) if box.height == 1 else box

    # -------------------------------------------------------------- nodes

    def node(self, node: Node) -> TextBox:
        match node:
            case Row():
                return self.row(node)
            case Frac():
                return self._fraction(node)
            case Script():
                return self._script(node)
            case Root():
                return self._root(node)
            case Fence():
                return self._fence(node)
            case Bar():
                return bracket(node.text, 3 if node.level > 2 else 1, 1 if node.level > 2 else 0, self.ascii)
            case MathGrid():
                cells = [[self.row(cell) for cell in row] for row in node.rows]
                return grid(node, cells, ascii=self.ascii)
            case Brace():
                return self._brace(node)
            case Stack():
                return self._stack(node.base, node.above, node.below)
            case Accent() if len(node.body.items) != 1 or not isinstance(node.body.items[0], Sym | Accent):
                return self._wide_accent(node)
            case Sym() | Words() | Space() | Unknown() | Accent():
                return text_box(self.writer.node(node).text)

    def _fraction(self, node: Frac) -> TextBox:
        setter = Setter(self.ascii, self.tight, inner=True)
        num, den = setter.row(node.num), setter.row(node.den)
        if self.tight and num.height == den.height == 1 and node.bar:
            return text_box(self.writer.node(node).text)
        if not node.bar:
            inside = stacked([num, text_box(""), den], on=1)
            return self._bracketed(inside, "(", ")")
        width = max(num.width, den.width) + 2
        line = text_box(("-" if self.ascii else "─") * width)
        return stacked([num, line, den], on=1)

    def _root(self, node: Root) -> TextBox:
        """A root under its bar; on one line where the body is one symbol."""
        only = node.body.items[0] if len(node.body.items) == 1 else None
        body = self.row(node.body)
        if body.height == 1 and (self.ascii or isinstance(only, Sym | Fence | Accent | Script)):
            return text_box(self.writer.node(node).text)
        top = "_" * body.width
        index = self.writer.root_sign(node.index)
        if body.height == 1:
            return TextBox((" " * cell_len(index) + top, index + body.lines[0]), 1)
        sign = " |" if self.ascii else " │"
        hook = "\\|" if self.ascii else "╲│"
        sides = [sign] * (body.height - 1) + [hook]
        lines = ["  " + top, *(side + line for side, line in zip(sides, body.lines, strict=True))]
        box = TextBox(tuple(lines), body.baseline + 1)
        if node.index is None:
            return box
        small = self.small(node.index)
        return beside(TextBox((*small.lines, " " * small.width), small.height - 1 + body.below), box)

    def _wide_accent(self, node: Accent) -> TextBox:
        body = self.row(node.body)
        if body.height == 1 and (node.kind == "cancel" or (node.kind == "bar" and not self.ascii)):
            return text_box(self.writer.accent(node))
        if node.kind == "cancel":
            return beside(text_box("cancel"), self._bracketed(body, "(", ")"))
        return accented(node.kind, body, self.ascii)

    # -------------------------------------------------------------- brackets

    def _fence(self, node: Fence) -> TextBox:
        parts = [self.row(part) for part in node.parts]
        if not any(is_tall(part, node.tall) for part in node.parts):
            return self._flat_fence(node, parts)
        above = max(part.baseline for part in parts)
        below = max(part.below for part in parts)
        boxes = [parts[0]]
        for middle, part in zip(node.middles, parts[1:], strict=True):
            boxes += [text_box(" "), bracket(middle, above + below + 1, above, self.ascii), text_box(" "), part]
        return self._bracketed(beside(*boxes), node.left, node.right)

    def _flat_fence(self, node: Fence, parts: list[TextBox]) -> TextBox:
        """Brackets of one line around what only scripts make tall."""
        word = ROUNDING.get((node.left, node.right)) if self.ascii else None
        left, right = ("(", ")") if word else (node.left, node.right)
        boxes = [text_box(word or ""), bracket(left, 1, 0, self.ascii), parts[0]]
        for middle, part in zip(node.middles, parts[1:], strict=True):
            boxes += [text_box(" "), bracket(middle, 1, 0, self.ascii), text_box(" "), part]
        return beside(*boxes, bracket(right, 1, 0, self.ascii))

    def _bracketed(self, body: TextBox, left: str, right: str) -> TextBox:
        """A body between brackets as tall as itself."""
        if body.height == 2 and ("{" in left or "}" in right):
            body = grow(body, 1 - body.baseline, body.baseline)
        word = ROUNDING.get((left, right)) if self.ascii else None
        if word:
            return beside(text_box(word), self._bracketed(body, "(", ")"))
        before = " " if left and _touches(body, left, 0) else ""
        after = " " if right and _touches(body, right, -1) else ""
        opening = bracket(left, body.height, body.baseline, self.ascii)
        closing = bracket(right, body.height, body.baseline, self.ascii)
        return beside(opening, text_box(before), body, text_box(after), closing)

    # -------------------------------------------------------------- scripts

    def _script(self, node: Script) -> TextBox:
        inner = core(node.base)
        if isinstance(node.base, Brace):
            labelled = Brace(node.base.over, node.base.body, node.sup if node.base.over else node.sub)
            return self._brace(labelled)
        above = isinstance(inner, Sym) and inner.limits and not self.tight
        if above and not (self.inner and self._side_fits(node)):
            return self._stack(Row((node.base,)), node.sup, node.sub)
        if isinstance(inner, Sym) and inner.name in ("int", "oint") and not self.tight and not self._side_fits(node):
            return self._integral(node)
        base = self.node(node.base)
        if isinstance(node.base, Row | Frac | Script | Root) and base.lines != ("",):
            loose = self.writer.node(node.base).level < ATOM or not isinstance(node.base, Row) or base.height > 1
            base = self._bracketed(base, "(", ")") if loose else base
        if isinstance(inner, Bar) and node.sub is not None and inner.level > 2:
            return self._attach(base, beside(text_box(" "), self.row(node.sub)), None)
        if (
            base.height > 1
            and isinstance(inner, Fence)
            and not inner.left
            and node.sub is not None
            and node.sup is None
        ):
            low = beside(text_box(" "), self.row(node.sub))
            return self._attach(base, low, None)
        primes = ("'" if self.ascii else "′") * node.primes
        sub = self._lowered(node.sub)
        sup = self._raised(node.sup)
        if base.height > 1:
            low = text_box(sub) if isinstance(sub, str) else sub
            high = text_box(primes + sup) if isinstance(sup, str) else sup
            return self._attach(base, low if node.sub else None, high if node.sup or primes else None)
        text = base.lines[0] + (sub if isinstance(sub, str) else "") + primes
        if not isinstance(sub, TextBox) and isinstance(sup, str):
            return text_box(text + sup)
        if isinstance(sub, TextBox) and isinstance(sup, str) and sup:
            return self._attach(text_box(text), sub, None, after=sup)
        return self._attach(
            text_box(text), sub if isinstance(sub, TextBox) else None, sup if isinstance(sup, TextBox) else None
        )

    def _integral(self, node: Script) -> TextBox:
        """A tall integral with its limits at its ends."""
        if self.ascii:
            return self._stack(Row((node.base,)), node.sup, node.sub)
        sign = TextBox(("⌠", "⎮", "⌡"), 1)
        low, high = (self.small(row) if row is not None else None for row in (node.sub, node.sup))
        return self._attach(sign, low, high)

    def _side_fits(self, node: Script) -> bool:
        """Whether both limits exist as small characters."""
        small = OneLineWriter(self.ascii, tight=True)
        return not self.ascii and all(
            row is None or in_script(small.row(row).text, table) is not None
            for row, table in ((node.sub, SUBSCRIPT), (node.sup, SUPERSCRIPT))
        )

    def _lowered(self, row: Row | None) -> str | TextBox:
        """A subscript as small characters where they exist, else as a box that hangs below."""
        return self._moved(row, SUBSCRIPT)

    def _raised(self, row: Row | None) -> str | TextBox:
        """A superscript as small characters where they exist, else as a box that stands above."""
        return self._moved(row, SUPERSCRIPT)

    def _moved(self, row: Row | None, table: dict[int, str]) -> str | TextBox:
        if row is None:
            return ""
        small = OneLineWriter(self.ascii, tight=True).row(row).text
        if not small:
            return ""
        if small in ("′", "'", "*"):
            return small
        if self.tight or (self.ascii and self.small(row).height == 1):
            return self.writer.subscript(row) if table is SUBSCRIPT else self.writer.superscript(row)
        raised = None if self.ascii else in_script(small, table)
        return raised or self.small(row)

    @staticmethod
    def _attach(base: TextBox, sub: TextBox | None, sup: TextBox | None, *, after: str = "") -> TextBox:
        """Scripts at the right edge of a base: above and below a line, at the ends of a tall one.

        A script of full size never stands on the baseline of its base, where it would read as a factor.
        """
        width = max(sub.width if sub else 0, sup.width if sup else 0, len(after))
        above = sup.height if sup else 0
        top = [pad(line, width, "left") for line in sup.lines] if sup else []
        low = [pad(line, width, "left") for line in sub.lines] if sub else []
        if base.height > 1:
            up = max(above - base.baseline, 0) if sup and not _small(sup, SUPERSCRIPT) else 0
            down = max(sub.height - base.below, 0) if sub and not _small(sub, SUBSCRIPT) else 0
            base = grow(base, up, max(down, len(top) + len(low) - base.height - up))
            blank = [" " * width] * (base.height - len(top) - len(low))
            return beside(base, TextBox(tuple(top + blank + low), base.baseline))
        column = TextBox((*top, pad(after, width, "left"), *low), above)
        return beside(base, column)

    # -------------------------------------------------------------- above and below

    def _stack(self, base: Row, above: Row | None, below: Row | None) -> TextBox:
        """A base with limits above and below it."""
        boxes = [self.small(above)] if above is not None else []
        on = len(boxes)
        boxes.append(Setter(self.ascii, self.tight, self.inner).row(base))
        boxes += [self.small(below)] if below is not None else []
        return stacked(boxes, on)

    def _brace(self, node: Brace) -> TextBox:
        body = self.row(node.body)
        width = max(body.width, 3)
        body = widen(body, width)
        middle = (width - 1) // 2
        if self.ascii:
            ends, point = ("/\\", "+") if node.over else ("\\/", "+")
            line = ends[0] + "-" * (middle - 1) + point + "-" * (width - middle - 2) + ends[1]
        else:
            ends, point = ("╭╮", "┴") if node.over else ("╰╯", "┬")
            line = ends[0] + "─" * (middle - 1) + point + "─" * (width - middle - 2) + ends[1]
        boxes = [body, text_box(line)]
        if node.label is not None:
            boxes.append(Setter(self.ascii, inner=True).row(node.label))
        if node.over:
            boxes.reverse()
        return stacked(boxes, on=len(boxes) - 1 if node.over else 0)


def _small(box: TextBox, table: dict[int, str]) -> bool:
    """Whether a script is of small characters, or marked by ^ or _: such a one may stand on the baseline itself."""
    if box.height > 1 or box.lines[0].startswith(("^", "_", "'")):
        return box.height == 1
    return all(char in table.values() or char in "′*" for char in box.lines[0])


def _touches(body: TextBox, bracket: str, edge: int) -> bool:
    """Whether a tall body needs a blank between itself and a bracket; the bar of a fraction only beside bars."""
    if body.height == 1:
        return False
    return bracket in ("|", "‖", "{", "}") or any(line[edge] not in " ─-" for line in body.lines if line)


def _only_line(box: TextBox) -> str:
    """The text of a box of one line; nothing for a taller one."""
    return box.lines[0] if box.height == 1 else ""
