"""Blocks to lines: paragraphs, headings, lists, quotes, code, tables, display maths, boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

from tutor import maths
from tutor.course import model
from tutor.typeset.code import code_lines
from tutor.typeset.flow import flow
from tutor.typeset.tables import table_lines
from tutor.typeset.text_look import Look

TITLES = {
    "note": "Note",
    "tip": "Tip",
    "warning": "Warning",
    "definition": "Definition",
    "notes-say": "If you have the notes",
}

Placeholder = Callable[[model.Block], str]


def lines_of(
    blocks: Iterable[model.Block], width: int, look: Look, depth: int = 0, placeholder: Placeholder | None = None
) -> list[Text]:
    """Blocks under one another, a blank line between them. Tasks and figures are left out without a placeholder."""
    found: list[Text] = []
    for block in blocks:
        lines = _block(block, width, look, depth, placeholder)
        if lines:
            found += ([Text(end="")] if found else []) + lines
    return found


def _block(block: model.Block, width: int, look: Look, depth: int, placeholder: Placeholder | None) -> list[Text]:
    match block:
        case model.Paragraph():
            return flow(block.inlines, width, look)
        case model.Heading():
            return flow(block.inlines, width, look, look.heading)
        case model.ListBlock():
            return _list(block, width, look, depth, placeholder)
        case model.Quote():
            inner = lines_of(block.blocks, width - 2, look, depth, placeholder)
            for line in inner:
                line.stylize_before(look.quote)
            return _barred(inner, look.bar, look)
        case model.CodeBlock():
            return code_lines(block.code, block.language, width, look)
        case model.TableBlock():
            return table_lines(block, width, look)
        case model.DisplayMath():
            return display_lines(block.latex, width, look)
        case model.Rule():
            return [Text(("-" if look.ascii else "─") * width, look.bar, end="")]
        case model.Box():
            return _box(block, width, look, depth, placeholder)
        case _:
            if placeholder is None:
                return []
            words = placeholder(block)
            return flow((model.Text(words),), width, look, look.quiet) if words else []


def _list(block: model.ListBlock, width: int, look: Look, depth: int, placeholder: Placeholder | None) -> list[Text]:
    """Items with hanging indents; a blank line between them only where one of them holds several blocks."""
    bullets = "-*" if look.ascii else "•◦"
    last = (block.start or 0) + len(block.items) - 1
    room = 2 if block.start is None else len(str(last)) + 2
    loose = any(_is_loose(item) for item in block.items)
    found: list[Text] = []
    for i, item in enumerate(block.items):
        mark = bullets[depth % 2] + " " if block.start is None else f"{block.start + i}.".rjust(room - 1) + " "
        inner = _item(item, width - room, look, depth + 1, placeholder)
        if found and loose:
            found.append(Text(end=""))
        found += _hung(inner or [Text(end="")], mark, look)
    return found


def _is_loose(item: Sequence[model.Block]) -> bool:
    prose = [block for block in item if not isinstance(block, model.ListBlock)]
    return len(prose) > 1


def _item(
    item: Sequence[model.Block], width: int, look: Look, depth: int, placeholder: Placeholder | None
) -> list[Text]:
    """An item's blocks; a list right under its text stands close."""
    found: list[Text] = []
    for block in item:
        lines = _block(block, width, look, depth, placeholder)
        close = isinstance(block, model.ListBlock) and not _is_loose(item)
        if lines:
            found += ([Text(end="")] if found and not close else []) + lines
    return found


def _hung(lines: list[Text], mark: str, look: Look) -> list[Text]:
    """The mark before the first line, its width before the others."""
    blank = " " * cell_len(mark)
    return [
        Text.assemble((mark, look.marker) if i == 0 else (blank if line.plain else ""), line, end="")
        for i, line in enumerate(lines)
    ]


def _barred(lines: list[Text], style: str, look: Look) -> list[Text]:
    """A quiet bar to the left of the lines."""
    bar = "|" if look.ascii else "│"
    return [Text.assemble((bar + (" " if line.plain else ""), style), line, end="") for line in lines]


def _box(block: model.Box, width: int, look: Look, depth: int, placeholder: Placeholder | None) -> list[Text]:
    """A box: its title, then its blocks, behind a bar."""
    kind = TITLES.get(block.kind, block.kind.capitalize())
    same = not block.title or block.title == kind
    title = kind if same else f"{kind}: {block.title}"
    lines = flow((model.Text(title),), width - 2, look, look.box_title)
    lines += lines_of(block.blocks, width - 2, look, depth, placeholder)
    return _barred(lines, look.warning_bar if block.kind == "warning" else look.bar, look)


def display_lines(latex: str, width: int, look: Look) -> list[Text]:
    """A formula in the middle of the page, its number flush right."""
    try:
        box = maths.display(latex, width, look.ascii)
        reserved = max((cell_len(tag) + 2 for _, tag in box.tags), default=0)
        if reserved and box.width + reserved > width:
            box = maths.display(latex, max(width - reserved, 8), look.ascii)
    except maths.MathsError:
        return flow((model.Code(latex),), width, look, look.broken)
    indent = max((width - box.width) // 2, 0)
    if reserved and indent + box.width + reserved > width:
        indent = max(width - box.width - reserved, 0)
    found = [Text(" " * indent, end="").append(line.rstrip(), look.maths or None) for line in box.lines]
    for at, tag in box.tags:
        room = width - cell_len(found[at].plain) - cell_len(tag)
        found[at].append(" " * max(room, 1)).append(tag, look.number or None)
    for line in found:
        line.rstrip()
    return found
