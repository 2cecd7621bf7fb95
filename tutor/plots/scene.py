"""Pictures as data. The learner's code and the figures make Scenes; the window draws them at its own size.

Everything is plain (numbers, strings, tuples), so that a Scene crosses a socket as msgpack. A missing value is
NaN and leaves a gap. Colours are numbers into the palette of the terminal (0, 1, 2 …), never RGB, except in
images. Nothing here is larger than it must be: who makes a Scene reduces it first (`limits` below).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias, Union

from msgspec import Struct

MAX_POINTS = 2_000
"""Points of one series in a Scene: about two for each dot column of the widest terminal."""

Scale: TypeAlias = Literal["linear", "log"]


def _fits(sound: bool, otherwise: str) -> None:
    """Parts that do not fit together are refused here, where a Scene is made or read: what draws one can rely on it."""
    if not sound:
        raise ValueError(otherwise)


class Series(Struct, frozen=True, tag="series"):
    """x and y of the same length. kind: a line, points, a path (points joined by a line), a step or stems.

    dash: 0 solid, 1 dashed, 2 dotted (so that series differ without colour). colour: -1 takes the next one.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    label: str = ""
    kind: Literal["line", "points", "path", "step", "stem"] = "line"
    colour: int = -1
    dash: int = 0

    def __post_init__(self) -> None:
        _fits(len(self.x) == len(self.y), "a series with more of x or of y")


class Mark(Struct, frozen=True, tag="mark"):
    """One point worth naming, with its label beside it: w₀."""

    x: float
    y: float
    label: str = ""
    colour: int = 1


class Guide(Struct, frozen=True, tag="guide"):
    """A straight line across the picture, at a value of x or of y."""

    axis: Literal["x", "y"]
    at: float
    label: str = ""


class Chart(Struct, frozen=True, tag="chart"):
    """Lines and points over axes. limits: (low, high), or None to fit the data. whole_x: x counts (epochs), so no
    tick stands between two whole numbers."""

    series: tuple[Series, ...]
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    xscale: Scale = "linear"
    yscale: Scale = "linear"
    xlimits: tuple[float, float] | None = None
    ylimits: tuple[float, float] | None = None
    marks: tuple[Mark, ...] = ()
    guides: tuple[Guide, ...] = ()
    whole_x: bool = False


class Bars(Struct, frozen=True, tag="bars"):
    """One value for each label; with several groups, values[group][label]."""

    labels: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    groups: tuple[str, ...] = ()
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    horizontal: bool = False
    limits: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        _fits(all(len(group) == len(self.labels) for group in self.values), "bars without labels or the other way")


class Histogram(Struct, frozen=True, tag="histogram"):
    """counts[i] values lie between edges[i] and edges[i + 1]."""

    edges: tuple[float, ...]
    counts: tuple[float, ...]
    title: str = ""
    xlabel: str = ""
    ylabel: str = "count"

    def __post_init__(self) -> None:
        _fits(len(self.edges) == len(self.counts) + 1 or not self.counts, "counts that have no edges")
        far = self.edges[-1] - self.edges[0] if self.edges else 0.0
        _fits(all(map(math.isfinite, (*self.edges, *self.counts, far))), "a histogram without an end")


class Raster(Struct, frozen=True, tag="raster"):
    """Values on a grid, drawn in half-blocks: a heatmap or a grey picture. values[row][column], row 0 on top.

    low, high: what the ends of the colour scale stand for (None: of the values). signed: a scale with two
    colours that is grey at 0. labels name rows and columns where there are few. tint: of a scale that is not
    signed: from black to white, or a heat scale whose lightness rises evenly. marks: labels written onto it, at
    column x and row y (0, 0 is the middle of the upper left value; fractions lie between). each: they are labels of
    single values, written where all of them fit, each into its own.
    """

    values: tuple[tuple[float, ...], ...]
    title: str = ""
    low: float | None = None
    high: float | None = None
    signed: bool = False
    legend: bool = True
    numbers: bool = False
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    xlabel: str = ""
    ylabel: str = ""
    tint: Literal["grey", "heat"] = "grey"
    marks: tuple[Mark, ...] = ()
    each: bool = False

    def __post_init__(self) -> None:
        _fits(len({len(row) for row in self.values}) <= 1, "rows of several lengths")


class Tiles(Struct, frozen=True, tag="tiles"):
    """Many grids of the same size in one scale, as a Raster has it: pictures[number][row][column]. The window chooses
    how many stand beside each other. chosen: the number of the one that is framed, -1 for none."""

    pictures: tuple[tuple[tuple[float, ...], ...], ...]
    labels: tuple[str, ...] = ()
    chosen: int = -1
    title: str = ""
    low: float | None = None
    high: float | None = None
    signed: bool = False
    legend: bool = True
    tint: Literal["grey", "heat"] = "grey"

    def __post_init__(self) -> None:
        _fits(len({len(row) for one in self.pictures for row in one}) <= 1, "rows of several lengths")
        _fits(len({len(one) for one in self.pictures}) <= 1, "pictures of several heights")
        _fits(all(one and one[0] for one in self.pictures), "a picture without a cell")


class Picture(Struct, frozen=True, tag="picture"):
    """A colour picture: `data` holds height·width·3 bytes, RGB, row by row from the top."""

    width: int
    height: int
    data: bytes
    title: str = ""


class Node(Struct, frozen=True):
    """A unit of a drawn network. column: layer, row: place in it. value: shown inside or beside, as text."""

    column: int
    row: int
    label: str = ""
    value: str = ""
    level: float | None = None


class Edge(Struct, frozen=True):
    """From node index to node index. weight: sign and size set the look of the line."""

    start: int
    end: int
    label: str = ""
    weight: float = 1.0


class Network(Struct, frozen=True, tag="network"):
    """Units and their connections, drawn from left to right."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    title: str = ""
    captions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = range(len(self.nodes))
        _fits(all(edge.start in known and edge.end in known for edge in self.edges), "an edge that leads nowhere")


class TextPanel(Struct, frozen=True, tag="text"):
    """Lines of text: figures beside a picture, a worked sum."""

    lines: tuple[str, ...]
    title: str = ""


class TablePanel(Struct, frozen=True, tag="table"):
    """header and rows as text. right: columns set flush right (numbers). emphasis: rows to stand out."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    right: tuple[int, ...] = ()
    emphasis: tuple[int, ...] = ()


Panel: TypeAlias = Union[Chart, Bars, Histogram, Raster, Tiles, Picture, Network, TextPanel, TablePanel]


class Slider(Struct, frozen=True, tag="slider"):
    """A number that the learner moves or types. log: equal steps are equal factors. step: 0 for 40 to the range.

    stops: where given, the only values it can take.
    """

    name: str
    label: str
    value: float
    low: float
    high: float
    step: float = 0.0
    log: bool = False
    whole: bool = False
    stops: tuple[float, ...] = ()
    unit: str = ""
    help: str = ""


class Pick(Struct, frozen=True, tag="pick"):
    """One of several words."""

    name: str
    label: str
    value: str
    options: tuple[str, ...]
    help: str = ""


class Stepper(Struct, frozen=True, tag="stepper"):
    """A figure that goes on in steps: step, run, pause, back to start all move this whole number."""

    name: str
    label: str
    value: int
    last: int
    help: str = ""


class Drawing(Struct, frozen=True, tag="drawing"):
    """A grid of pixels, on or off, that the learner draws into. value: row by row from the top, each row as width / 4
    hexadecimal digits, its first pixel the highest bit (see `pixels_of`). pen: pixels along a side of a dot.

    panel: number of the panel that shows the same and is not needed beside the grid; -1 for none.
    """

    name: str
    label: str
    value: str
    width: int
    height: int
    pen: int = 1
    panel: int = -1
    help: str = ""


def pixels_of(drawing: Drawing) -> list[list[bool]]:
    """The pixels of a drawing: [row][column]."""
    digits = drawing.width // 4
    rows = [drawing.value[at * digits : (at + 1) * digits] for at in range(drawing.height)]
    return [[bit == "1" for bit in f"{int(row, 16):0{drawing.width}b}"] for row in rows]


def value_of(pixels: Sequence[Sequence[bool]]) -> str:
    """The pixels as the value of a drawing; their number in a row is a multiple of 4."""
    texts = ("".join("1" if pixel else "0" for pixel in row) for row in pixels)
    return "".join(f"{int(text, 2):0{len(text) // 4}x}" for text in texts)


Movable: TypeAlias = Union[Slider, Pick, Stepper]
"""What is moved by the arrow keys, in a row of its own."""
Control: TypeAlias = Union[Slider, Pick, Stepper, Drawing]


class Scene(Struct, frozen=True):
    """One picture: panels, the words that say what it shows, and the controls it answers to.

    shares: how wide the panels are beside each other (same length as `panels`, sums are taken); where they do
    not fit beside each other, they stand below each other. words: what it shows and what to see in it, computed
    from its data. height: rows it would like to have. idle: names of controls that change nothing as the others stand.
    """

    panels: tuple[Panel, ...]
    title: str = ""
    words: str = ""
    controls: tuple[Control, ...] = ()
    shares: tuple[int, ...] = ()
    height: int = 14
    idle: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _fits(not self.shares or len(self.shares) == len(self.panels), "shares for other panels")
