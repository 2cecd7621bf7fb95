"""Matrices, cases and aligned equations."""

from __future__ import annotations

from tutor.maths.boxes import TextBox, beside, bracket, grow, stacked, text_box, widen
from tutor.maths.nodes import MathGrid


def grid(node: MathGrid, cells: list[list[TextBox]], *, ascii: bool) -> TextBox:
    """The cells on common baselines, in columns, between their brackets. cells: those of `node.rows`, set."""
    columns = max((len(row) for row in cells), default=0)
    cells = [row + [text_box("")] * (columns - len(row)) for row in cells]
    widths = [max(row[c].width for row in cells) for c in range(columns)]
    rows = [_row(node, row, widths) for row in cells]
    rows = [_tagged(row, node.tags[i] if i < len(node.tags) else "") for i, row in enumerate(rows)]
    rows, between = _leaded(node, rows)
    body = stacked(rows, on=0, align="center" if node.kind == "gathered" else "left", gap=between)
    middle = body.height // 2 if body.height % 2 else (body.height - 1) // 2
    body = TextBox(body.lines, middle, body.tags)
    if not (node.left or node.right):
        return body
    return _bracketed(body, node, ascii)


def _leaded(node: MathGrid, rows: list[TextBox]) -> tuple[list[TextBox], int]:
    """Rows at even distances, and the blank lines between them.

    Where a row is taller only by what hangs below, the others get the same room; two rows between brackets stand
    apart, so that there is a middle.
    """
    fenced = bool(node.left or node.right)
    hanging = max(row.below for row in rows)
    if not fenced and hanging == 1 and all(row.baseline == 0 for row in rows):
        return [grow(row, 0, 1 - row.below) for row in rows[:-1]] + rows[-1:], 0
    if fenced and len(rows) > 2 and all(row.height == 1 for row in rows[:-1]) and rows[-1].baseline == 0:
        return rows, 0
    tall = any(row.height > 1 for row in rows)
    return rows, 1 if tall or (fenced and len(rows) == 2) else 0


def _bracketed(body: TextBox, node: MathGrid, ascii: bool) -> TextBox:
    if node.kind == "cases" and body.height > 1 and body.height % 2 == 0:
        body = grow(body, 0, 1)
        body = TextBox(body.lines, body.height // 2, body.tags)
    inner = body
    if body.height > 1:
        room = text_box(" ")
        inner = beside(room, body, room) if node.kind == "matrix" else beside(room, body)
        if node.kind == "cases" and not node.left:
            inner = beside(body, room)
    opening = bracket(node.left, inner.height, inner.baseline, ascii)
    closing = bracket(node.right, inner.height, inner.baseline, ascii)
    return beside(opening, inner, closing)


def _tagged(box: TextBox, tag: str) -> TextBox:
    return TextBox(box.lines, box.baseline, (*box.tags, (box.baseline, tag))) if tag else box


def _row(node: MathGrid, row: list[TextBox], widths: list[int]) -> TextBox:
    """One row: cells moved within their columns, with the space between columns."""
    parts: list[TextBox] = []
    for c, (cell, width) in enumerate(zip(row, widths, strict=True)):
        parts += [text_box(" " * _column_gap(node, c)), widen(cell, width, _align(node, c))]
    return beside(*parts)


def _align(node: MathGrid, column: int) -> str:
    if node.kind == "aligned":
        return "left" if column % 2 else "right"
    if node.kind == "matrix":
        letter = node.align[column] if column < len(node.align) else "c"
        return {"l": "left", "r": "right"}.get(letter, "center")
    return "left" if node.kind == "cases" else "center"


def _column_gap(node: MathGrid, column: int) -> int:
    if column == 0:
        return 0
    if node.kind == "aligned":
        return 1 if column % 2 else 3
    return 3 if node.kind == "cases" else 2
