"""Tables fitted to a width: columns as wide as they need, the widest give way first, cells wrap."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from tutor.course import model
from tutor.typeset.flow import Word, fill, pieces, words
from tutor.typeset.text_look import Look

BETWEEN = 2
NARROWEST = 3


def table_lines(table: model.TableBlock, width: int, look: Look) -> list[Text]:
    """The table in lines of at most `width` cells (as long as each column has three)."""
    columns = max([len(table.header), *(len(row) for row in table.rows)], default=0)
    if not columns:
        return []
    head = [words(pieces(cell, look, look.table_head)) for cell in _full(table.header, columns)]
    rows = [[words(pieces(cell, look, look.text)) for cell in _full(row, columns)] for row in table.rows]
    widths = fitted([head, *rows], columns, width)
    align = [*table.align, *["left"] * columns][:columns]
    lines = _row(head, widths, align) if any(head) else []
    if lines:
        rule = ("-" if look.ascii else "─") * (sum(widths) + BETWEEN * (columns - 1))
        lines.append(Text(rule, look.bar, end=""))
    drawn = [_row(row, widths, align) for row in rows]
    wrapped = any(len(row) > 1 for row in drawn)
    for i, row in enumerate(drawn):
        lines += ([Text(end="")] if wrapped and i else []) + row
    return lines


def _full(row: tuple[tuple[model.Inline, ...], ...], columns: int) -> list[tuple[model.Inline, ...]]:
    return [*row, *[()] * (columns - len(row))]


def fitted(rows: list[list[list[Word]]], columns: int, width: int) -> list[int]:
    """Column widths that fit: none is cut below its longest word while another can give."""
    wanted = [max((_natural(row[c]) for row in rows), default=1) for c in range(columns)]
    least = [max((word.width for row in rows for word in row[c]), default=1) for c in range(columns)]
    room = max(width - BETWEEN * (columns - 1), columns * NARROWEST)
    while sum(wanted) > room:
        loose = [c for c in range(columns) if wanted[c] > max(least[c], NARROWEST)]
        able = loose or [c for c in range(columns) if wanted[c] > NARROWEST]
        if not able:
            break
        wanted[max(able, key=lambda c: wanted[c])] -= 1
    return [max(cells, 1) for cells in wanted]


def _natural(cell: list[Word]) -> int:
    """Cells that a table cell takes without wrapping."""
    longest = used = 0
    for word in cell:
        used += word.width + (1 if used else 0)
        longest = max(longest, used)
        if word.end:
            used = 0
    return longest


def _row(cells: list[list[Word]], widths: list[int], align: list[str]) -> list[Text]:
    """One row of the table, as many lines as its tallest cell."""
    drawn = [fill(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(len(lines) for lines in drawn)
    found = []
    for i in range(height):
        line = Text(end="")
        for c, lines in enumerate(drawn):
            cell = lines[i] if i < len(lines) else Text(end="")
            room = widths[c] - cell_len(cell.plain)
            left = {"right": room, "center": room // 2}.get(align[c], 0)
            last = c == len(drawn) - 1
            line.append(" " * left)
            line.append_text(cell)
            line.append("" if last else " " * (room - left + BETWEEN))
        line.rstrip()
        found.append(line)
    return found
