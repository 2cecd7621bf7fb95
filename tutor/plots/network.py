"""Networks: units in columns, connections between them, values inside. Read from left to right.

A connection is solid where its weight is positive and dashed where it is negative (with colours: blue, orange),
doubled where it is large, dotted where it is next to nothing.
"""

from __future__ import annotations

from tutor.plots.dots import Dots
from tutor.plots.grid import Grid, fit
from tutor.plots.look import PlotLook
from tutor.plots.scene import Edge, Network, Node

_LABELLED_EDGES = 12


def draw_network(network: Network, width: int, height: int, look: PlotLook) -> Grid:
    """The network on a grid of width x height cells; units shrink to one row where room is short."""
    grid = Grid(width, height, ascii=look.ascii)
    top = 0
    if network.title:
        grid.put(0, 0, fit(network.title, width), look.heading)
        top = 1
    if not network.nodes:
        return grid
    bottom = height - bool(network.captions)
    boxes = _layout(grid, network, top, bottom)
    _connections(grid, network, boxes, look)
    for node, box in zip(network.nodes, boxes, strict=True):
        _unit(grid, node, box, look)
    for edge in network.edges if len(network.edges) <= _LABELLED_EDGES else ():
        _edge_label(grid, edge, boxes, look)
    _captions(grid, network, boxes, look)
    return grid


class UnitBox:
    """A unit on the grid: its left column, its middle row, its width, whether it has a frame."""

    def __init__(self, left: int, middle: int, width: int, framed: bool) -> None:
        self.left, self.middle, self.width, self.framed = left, middle, width, framed

    @property
    def right(self) -> int:
        return self.left + self.width - 1


def _layout(grid: Grid, network: Network, top: int, bottom: int) -> list[UnitBox]:
    nodes = network.nodes
    columns = sorted({n.column for n in nodes})
    in_column = {c: sorted(n.row for n in nodes if n.column == c) for c in columns}
    most = max(len(rows) for rows in in_column.values())
    framed = (bottom - top) >= 3 * most
    widths = {c: max(_node_width(grid, n, framed) for n in nodes if n.column == c) for c in columns}
    gaps = _gaps(grid, network, columns, grid.width - sum(widths.values()))
    lefts, at = {}, 0
    for c, gap in zip(columns, [*gaps, 0], strict=True):
        lefts[c] = at
        at += widths[c] + gap
    boxes = []
    for n in nodes:
        rows = in_column[n.column]
        slot = (rows.index(n.row) + 0.5) / len(rows) if len(rows) == most else None
        pitch = (bottom - top) / most
        if slot is None:
            middle = top + (bottom - top) / 2 + (rows.index(n.row) - (len(rows) - 1) / 2) * pitch
        else:
            middle = top + slot * (bottom - top)
        boxes.append(UnitBox(lefts[n.column], min(int(middle), grid.height - 1), widths[n.column], framed))
    return boxes


def _gaps(grid: Grid, network: Network, columns: list[int], room: int) -> list[int]:
    """Columns of cells between the columns of units: those with long labels on their connections get more."""
    if len(columns) < 2:
        return []
    needs = [4] * (len(columns) - 1)
    if len(network.edges) <= _LABELLED_EDGES:
        for edge in network.edges:
            k = columns.index(network.nodes[edge.start].column)
            if k < len(needs):
                needs[k] = max(needs[k], grid.measure(edge.label) + 6)
    return [max(room * need // sum(needs), 2) for need in needs]


def _node_width(grid: Grid, node: Node, framed: bool) -> int:
    if not (node.label or node.value):
        return 1
    label, value = grid.measure(node.label), grid.measure(node.value)
    if framed:
        return max(label + 4 if label else 0, value + 4, 5)
    return label + value + 3 + bool(label and value)


def _unit(grid: Grid, node: Node, box: UnitBox, look: PlotLook) -> None:
    inner = box.width - 2
    if not (node.label or node.value):
        strong = node.level is not None and abs(node.level) >= 0.5
        grid.put(box.left, box.middle, "●" if strong else "○", look.ink)
        return
    if not box.framed:
        text = f"{node.label} {node.value}".strip()
        grid.put(box.left, box.middle, f"({text:^{inner}})", look.ink)
        return
    grid.put(box.left, box.middle - 1, "╭" + "─" * inner + "╮", look.quiet)
    grid.put(box.left, box.middle, "│" + " " * inner + "│", look.quiet)
    grid.put(box.left, box.middle + 1, "╰" + "─" * inner + "╯", look.quiet)
    style = look.ink
    if node.level is not None and abs(node.level) >= 0.5:
        style = f"{look.strong} {look.ink}".strip()
    if node.value:
        grid.put_middle(box.left + box.width // 2, box.middle, node.value, style)
        if node.label:
            grid.put(box.left + 1, box.middle - 1, f" {node.label} ", look.quiet)
    else:
        grid.put_middle(box.left + box.width // 2, box.middle, node.label, style)


def _connections(grid: Grid, network: Network, boxes: list[UnitBox], look: PlotLook) -> None:
    dots = Dots(grid.width, grid.height, braille=look.braille)
    largest = max((abs(e.weight) for e in network.edges), default=1.0) or 1.0
    for edge in sorted(network.edges, key=lambda e: abs(e.weight)):
        start, end = boxes[edge.start], boxes[edge.end]
        x0, y0 = (start.right + 1) * dots.across, start.middle * dots.down + dots.down // 2
        x1, y1 = end.left * dots.across - 1, end.middle * dots.down + dots.down // 2
        share = abs(edge.weight) / largest
        dash = 2 if share < 0.02 else 1 if edge.weight < 0 else 0
        owner = 0 if edge.weight >= 0 else 1
        dots.line([(x0, y0), (x1, y1)], owner, dash)
        if share > 0.66 and look.braille and len(network.edges) <= 64:
            dots.line([(x0, y0 + 1), (x1, y1 + 1)], owner, dash)
    dots.onto(grid, 0, 0, [look.colour(0), look.colour(1)])


def _edge_label(grid: Grid, edge: Edge, boxes: list[UnitBox], look: PlotLook) -> None:
    if not edge.label:
        return
    start, end = boxes[edge.start], boxes[edge.end]
    size = grid.measure(edge.label) + 2
    room = end.left - start.right - 1
    if room < size + 2:
        return
    part = 0.42
    column = round(start.right + 1 + part * room)
    row = round(start.middle + part * (end.middle - start.middle))
    grid.put_middle(column, row, f" {edge.label} ", look.ink, start.right + 1, end.left)


def _captions(grid: Grid, network: Network, boxes: list[UnitBox], look: PlotLook) -> None:
    columns = sorted({n.column for n in network.nodes})
    for caption, column in zip(network.captions, columns, strict=False):
        box = next(b for n, b in zip(network.nodes, boxes, strict=True) if n.column == column)
        grid.put_middle(box.left + box.width // 2, grid.height - 1, caption, look.quiet)
