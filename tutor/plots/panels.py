"""Lines of text and tables as panels."""

from __future__ import annotations

from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.scene import TablePanel, TextPanel


def draw_text(panel: TextPanel, width: int, height: int, look: PlotLook) -> Grid:
    """The lines as they are, cut with an ellipsis where they are too long."""
    grid = Grid(width, height, ascii=look.ascii)
    row = 0
    if panel.title:
        grid.put(0, 0, fit(panel.title, width), look.heading)
        row = 1
    for line in panel.lines:
        grid.put(0, row, fit(line, width), look.ink)
        row += 1
    return grid


def draw_table(table: TablePanel, width: int, height: int, look: PlotLook) -> Grid:
    """Columns as wide as their widest text, narrowed from the widest on where the room is short."""
    grid = Grid(width, height, ascii=look.ascii)
    row = 0
    if table.title:
        grid.put(0, 0, fit(table.title, width), look.heading)
        row = 1
    widths = _widths(grid, table, width)
    if table.header:
        _row(grid, row, table.header, widths, table.right, look.quiet)
        grid.put(0, row + 1, "─" * min(sum(widths) + 2 * (len(widths) - 1), width), look.quiet)
        row += 2
    shown = table.rows[: max(height - row, 0)]
    for i, cells in enumerate(shown):
        style = f"{look.strong} {look.ink}".strip() if i in table.emphasis else look.ink
        if i == len(shown) - 1 < len(table.rows) - 1:
            grid.put(0, row, f"… {len(table.rows) - i} more rows", look.quiet)
        else:
            _row(grid, row, cells, widths, table.right, style)
        row += 1
    return grid


def _widths(grid: Grid, table: TablePanel, width: int) -> list[int]:
    everything = (table.header, *table.rows) if table.header else table.rows
    count = max((len(cells) for cells in everything), default=0)
    widths = [max((grid.measure(c[j]) for c in everything if j < len(c)), default=0) for j in range(count)]
    while widths and sum(widths) + 2 * (count - 1) > width and max(widths) > 3:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(grid: Grid, row: int, cells: tuple[str, ...], widths: list[int], right: tuple[int, ...], style: str) -> None:
    column = 0
    for j, (text, wide) in enumerate(zip(cells, widths, strict=False)):
        text = fit(text, wide)
        if j in right:
            grid.put_right(column + wide, row, text, style)
        else:
            grid.put(column, row, text, style)
        column += wide + 2
