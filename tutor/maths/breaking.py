"""Whole formulas at a width: set in two dimensions, broken where they are too wide."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from tutor.maths.boxes import TextBox, beside, stacked, text_box
from tutor.maths.layout import Setter
from tutor.maths.nodes import MathGrid, Node, Row, Space
from tutor.maths.oneline import OneLineWriter
from tutor.maths.parse import Formula
from tutor.maths.symbols import SPACES
from tutor.words import in_columns, to_ascii


def typeset(formula: Formula, width: int, ascii: bool) -> TextBox:
    """The formula at most `width` cells wide, with its tags."""
    width = max(width, 8)
    setter = Setter(ascii)
    box = setter.row(formula.row)
    if box.width > width:
        box = _broken(formula.row, width, setter)
    if ascii:
        box = _plain(box, width)
    if formula.tag:
        box = TextBox(box.lines, box.baseline, (*box.tags, (box.baseline, formula.tag)))
    return box


def _plain(box: TextBox, most: int) -> TextBox:
    """The box with every line in 7 bits, and all lines still of one width: in their columns, with a `?` for a sign that
    takes more, where their spelling would be wider than `most`."""
    lines = [to_ascii(line) for line in box.lines]
    width = max(map(len, lines))
    if width > most >= box.width:
        return TextBox(tuple(map(in_columns, box.lines)), box.baseline, box.tags)
    return TextBox(tuple(line + " " * (width - len(line)) for line in lines), box.baseline, box.tags)


@dataclass(frozen=True, slots=True)
class Unbroken:
    """What stays together. starts: class of its first piece, "rel", "bin" or "" where a break is a last resort."""

    box: TextBox
    starts: str
    space: int


def _broken(row: Row, width: int, setter: Setter) -> TextBox:
    """A row too wide, over several lines; the one-line form, wrapped, where even that does not fit."""
    only = row.items[0] if len(row.items) == 1 else None
    if isinstance(only, MathGrid) and only.kind in ("aligned", "gathered"):
        return _rows_apart(only, width, setter)
    parts = _apart(row)
    if len(parts) > 1:
        return _side_by_side([setter.row(part) for part in parts], parts, width, setter)
    for finest in ("rel", "bin", "any"):
        chunks = _chunks(row, setter, finest)
        box = _fill(chunks, width, setter)
        if box is not None:
            return box
    return _wrapped(row, width, setter)


def _apart(row: Row) -> list[Row]:
    """The formulas of a row that holds several, set apart by `\\quad`."""
    parts: list[list[Node]] = [[]]
    for item in row.items:
        if isinstance(item, Space) and item.cells >= SPACES["quad"]:
            parts.append([])
        else:
            parts[-1].append(item)
    return [Row(tuple(part)) for part in parts if part]


def _side_by_side(boxes: list[TextBox], parts: list[Row], width: int, setter: Setter) -> TextBox:
    """Formulas beside one another as far as they fit, the others below."""
    lines: list[TextBox] = []
    for box, part in zip(boxes, parts, strict=True):
        box = _broken(part, width, setter) if box.width > width else box
        if lines and lines[-1].width + 3 + box.width <= width:
            lines[-1] = beside(lines[-1], text_box("   "), box)
        else:
            lines.append(box)
    return stacked(lines, on=0, align="left", gap=1)


def _rows_apart(grid: MathGrid, width: int, setter: Setter) -> TextBox:
    """Aligned equations too wide together: each set, and broken, by itself."""
    boxes = []
    for i, cells in enumerate(grid.rows):
        row = Row(tuple(item for cell in cells for item in cell.items))
        box = setter.row(row)
        box = _broken(row, width, setter) if box.width > width else box
        tag = grid.tags[i] if i < len(grid.tags) else ""
        boxes.append(TextBox(box.lines, box.baseline, ((box.baseline, tag),)) if tag else box)
    return stacked(boxes, on=0, align="left", gap=1)


def _chunks(row: Row, setter: Setter, finest: str) -> list[Unbroken]:
    """The row cut before its relations, before its binary operators too, or between any two items."""
    groups: list[tuple[list[TextBox], str, int]] = []
    for i, (box, space, kind) in enumerate(setter.pieces(row)):
        cut = kind == "rel" or (kind == "bin" and finest != "rel") or finest == "any"
        if i == 0 or (cut and kind not in ("punct", "close", "bar")):
            groups.append(([box], kind if kind in ("rel", "bin") else "", space))
        else:
            groups[-1][0].extend([text_box(" " * space), box])
    return [Unbroken(beside(*boxes), starts, space) for boxes, starts, space in groups]


def _fill(chunks: list[Unbroken], width: int, setter: Setter) -> TextBox | None:
    """Chunks in lines of at most `width`; None if one alone is wider. Later lines stand under the first relation."""
    column = 0
    if len(chunks) > 1:
        first = next((i for i, chunk in enumerate(chunks) if chunk.starts == "rel"), 0)
        column = sum(chunk.box.width + chunk.space for chunk in chunks[:first]) + (chunks[first].space if first else 0)
    column = column if 0 < column <= width // 3 else 4
    lines: list[list[TextBox]] = []
    used = 0
    for chunk in chunks:
        if lines and used + chunk.space + chunk.box.width <= width:
            lines[-1] += [text_box(" " * chunk.space), chunk.box]
            used += chunk.space + chunk.box.width
            continue
        indent = 0 if not lines else column + (2 if chunk.starts != "rel" else 0)
        if indent + chunk.box.width > width:
            indent = min(indent, 2) if lines else 0
        if indent + chunk.box.width > width:
            return None
        lines.append([text_box(" " * indent), chunk.box])
        used = indent + chunk.box.width
    boxes = [beside(*parts) for parts in lines]
    tall = any(box.height > 1 for box in boxes)
    return stacked(boxes, on=0, align="left", gap=1 if tall else 0)


def _wrapped(row: Row, width: int, setter: Setter) -> TextBox:
    """The one-line form over as many lines as it takes; each row and each case starts one."""
    text = OneLineWriter(setter.ascii).row(row).text
    text = to_ascii(text) if setter.ascii else text
    lines: list[str] = []
    for part in text.replace("; ", ";\n").split("\n"):
        for number, word in enumerate(part.split()):
            if lines and number and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
                lines[-1] += " " + word
            else:
                lines += chop_cells(word, width)
    return stacked([text_box(line) for line in lines or [""]], on=0, align="left")
