"""Blocks in linear form: one thing after the other, for screen readers and pipes.

No bars, no rules, no columns; a formula is one line, a table a line for each row, and what stands in a box says where
it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tutor import maths
from tutor.course import model
from tutor.typeset.blocks import TITLES
from tutor.typeset.flow import flow, inlines
from tutor.typeset.text_look import Look
from tutor.words import to_ascii

INDENT = 4
Other = Callable[[model.Block], list[str]]
"""The lines of a task or a figure."""


def linear(blocks: Iterable[model.Block], width: int, ascii: bool, other: Other) -> list[str]:
    """Blocks under one another, a blank line between them. Long formulas and code are not folded."""
    found: list[str] = []
    for block in blocks:
        lines = _block(block, width, ascii, other)
        if lines:
            found += ([""] if found else []) + lines
    return found


def words(content: Sequence[model.Inline], width: int, ascii: bool) -> list[str]:
    """A run of inlines, folded."""
    return [line.plain.rstrip() for line in flow(content, width, Look.bare(ascii))]


def indented(lines: Iterable[str], by: int = INDENT, first: str = "") -> list[str]:
    """The lines, set in. first: stands before the first one, within the indent."""
    return [
        ((first if at == 0 else "").ljust(by) + line).rstrip() if line or (first and at == 0) else ""
        for at, line in enumerate(lines)
    ]


def code(source: str, ascii: bool) -> list[str]:
    """Code, set in."""
    rows = source.rstrip("\n").splitlines()
    return indented(to_ascii(row) if ascii else row for row in rows)


def _block(block: model.Block, width: int, ascii: bool, other: Other) -> list[str]:
    match block:
        case model.Paragraph() | model.Heading():
            return words(block.inlines, width, ascii)
        case model.ListBlock():
            return list(_list(block, width, ascii, other))
        case model.Quote():
            return indented(linear(block.blocks, width - INDENT, ascii, other))
        case model.CodeBlock():
            return code(block.code, ascii)
        case model.TableBlock():
            return list(_table(block, width, ascii))
        case model.DisplayMath():
            return indented([formula(block.latex, ascii)])
        case model.Rule():
            return []
        case model.Box():
            return _box(block, width, ascii, other)
        case _:
            return other(block)


def formula(latex: str, ascii: bool) -> str:
    """A formula on one line; what cannot be set stays as it was written."""
    try:
        return maths.inline(latex, ascii)
    except maths.MathsError:
        return latex


def _list(block: model.ListBlock, width: int, ascii: bool, other: Other) -> Iterator[str]:
    for at, item in enumerate(block.items):
        mark = "- " if block.start is None else f"{block.start + at}. "
        inner = linear(item, width - len(mark), ascii, other) or [""]
        yield from indented(inner, len(mark), mark)


def _table(table: model.TableBlock, width: int, ascii: bool) -> Iterator[str]:
    """A row as "heading: value; heading: value"."""
    head = [inlines(cell, Look.bare(ascii)).plain.strip() for cell in table.header]
    for row in table.rows:
        cells = [inlines(cell, Look.bare(ascii)).plain.strip() for cell in row]
        named = [f"{name}: {cell}" if name else cell for name, cell in zip(head, cells, strict=False) if cell]
        yield from words((model.Text("; ".join(named)),), width, ascii)


def _box(box: model.Box, width: int, ascii: bool, other: Other) -> list[str]:
    kind = TITLES.get(box.kind, box.kind.capitalize())
    title = kind if not box.title or box.title == kind else f"{kind}: {box.title}"
    lines = words((model.Text(title + "."),), width, ascii)
    return [*lines, *linear(box.blocks, width, ascii, other), f"(End: {kind.lower()}.)"]
