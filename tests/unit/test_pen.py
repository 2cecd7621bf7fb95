"""The command line's pen: what plotext draws of a Scene, at any size, with and without colours, for odd values too."""

from __future__ import annotations

import math
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.ptykit import Terminal
from tests.unit.test_plots_render import FALLING, LOOKS, PANELS, SIZES, X
from tutor.commands.pen import plotext_page
from tutor.commands.pen.plotext_page import GAP, PlotextPage, clipped
from tutor.commands.pen.terminal_pictures import _PENS, height_of, picture
from tutor.plots.drawing import draw, natural_height, render
from tutor.plots.grid import Grid
from tutor.plots.look import PlotLook
from tutor.plots.scene import Bars, Chart, Guide, Histogram, Mark, Panel, Scene, Series, TextPanel
from tutor.runs import Record, Runs

NAN, INF = math.nan, math.inf
DRAWN = [name for name, panel in PANELS.items() if type(panel) in _PENS]
PLAIN = PlotLook(colours="none").plain()
SEVEN_BITS = PlotLook(ascii=True).plain()


def drawn(panel: Panel, width: int = 60, height: int = 14, look: PlotLook = PLAIN) -> Grid:
    return draw(panel, width, height, look, _PENS)


def rows(panel: Panel, width: int = 60, height: int = 14, look: PlotLook = PLAIN) -> list[str]:
    return [line.plain for line in drawn(panel, width, height, look).lines()]


def dots(lines: list[str]) -> set[tuple[int, int]]:
    """(row, column) of each cell with braille in it."""
    return {(r, c) for r, row in enumerate(lines) for c, char in enumerate(row) if "\u2800" < char <= "\u28ff"}


# ------------------------------------------------------------------ any panel, any size


@pytest.mark.parametrize("name", DRAWN)
def test_every_panel_has_exactly_the_size_asked_for(name: str) -> None:
    for look in (LOOKS[0], PLAIN, SEVEN_BITS, PlotLook(braille=False)):
        for width, height in SIZES:
            lines = drawn(PANELS[name], width, height, look).lines()
            assert [line.cell_len for line in lines] == [width] * height, (look, width, height)


@pytest.mark.parametrize("name", DRAWN)
def test_seven_bits_are_seven_bits_and_a_plain_look_has_no_styles(name: str) -> None:
    assert "".join(rows(PANELS[name], 70, 16, SEVEN_BITS)).isascii()
    assert not any(line.spans for line in drawn(PANELS[name]).lines())


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_picture_is_as_wide_as_the_terminal_and_no_wider(width: int) -> None:
    for name in DRAWN:
        lines = picture(Scene((PANELS[name],)), width, 24, PlotLook())
        assert all(line.cell_len == width for line in lines), name
    curve = dots([line.plain for line in picture(Scene((PANELS["one curve"],)), width, 24, PLAIN)])
    assert max(column for _, column in curve) >= width - 3


def test_a_picture_leaves_rows_for_the_words_and_grows_with_the_screen() -> None:
    curve = Scene((PANELS["one curve"],), height=30)
    assert height_of(curve, 80, 24) == 20 and height_of(curve, 80, 60) == 30
    assert height_of(Scene((PANELS["one curve"],), height=10), 80, 60) == 30
    text = Scene((TextPanel(("a", "b", "c")),))
    assert height_of(text, 80, 60) == natural_height(text, 80) == 3
    stacked = Scene((PANELS["one curve"], PANELS["bars"], PANELS["histogram"]))
    assert height_of(stacked, 40, 24) == natural_height(stacked, 40), "nothing of it gets lost"


def test_panels_that_plotext_is_not_made_for_stand_beside_those_that_it_draws() -> None:
    lines = [t.plain for t in picture(Scene((PANELS["one curve"], PANELS["text"])), 100, 24, PLAIN)]
    assert dots(lines) and any("a line" in line and "│" in line for line in lines)


# ------------------------------------------------------------------ curves


def test_a_curve_runs_where_its_values_are() -> None:
    lines = rows(Chart((Series((0.0, 1.0, 2.0), (0.0, 1.0, 2.0)),), xlabel="time", ylabel="way"))
    found = sorted(dots(lines), key=lambda cell: (cell[1], -cell[0]))
    assert found[0][0] > found[-1][0] and found[0][1] < 6 and found[-1][1] == 59
    assert all(b[0] <= a[0] for a, b in pairwise(found)), "it never falls"
    assert lines[0].startswith("way") and lines[-1].strip() == "time"
    assert lines[-2].split()[0] == "0" and "2.0" in lines[-2] and any(line.startswith("2┤") for line in lines)


def test_it_agrees_with_our_own_raster() -> None:
    panel = Chart((Series(X, tuple(math.sin(x / 5) for x in X)),))
    own = dots([t.plain for t in render(panel, 60, 14, PLAIN)])
    pen = dots(rows(panel))
    near = {(r + i, c + j) for r, c in own for i in (-1, 0, 1) for j in range(-2, 3)}
    assert pen <= near and len(pen) >= 0.8 * len(own)


def test_missing_values_are_gaps_and_what_is_infinite_is_missing() -> None:
    y = tuple(NAN if 20 <= x < 25 else INF if 30 <= x < 35 else -INF if x == 40 else 1.0 for x in X)
    columns = {column for _, column in dots(rows(Chart((Series(X, y, ""),)), 110))}
    left = min(columns)

    def at(x: float) -> int:
        return left + round(x / 49 * (109 - left))

    assert at(10) in columns and at(27) in columns and at(45) in columns
    assert not columns & set(range(at(20.5), at(24))) and not columns & set(range(at(30.5), at(34)))


@pytest.mark.parametrize("points", [(), ((1.0, 2.0),), ((NAN, 1.0),), ((1.0, INF),), ((0.0, 0.0), (0.0, 0.0))])
def test_nothing_one_point_and_the_same_point_twice(points: tuple[tuple[float, float], ...]) -> None:
    for kind in ("line", "points", "path", "step", "stem"):
        series = Series(tuple(x for x, _ in points), tuple(y for _, y in points), kind=kind)
        lines = rows(Chart((series,)))
        shown = bool(dots(lines)) or any(sign in "".join(lines) for sign in "●•")
        assert shown == any(math.isfinite(x + y) for x, y in points), kind


def test_a_spike_among_ten_thousand_points_is_seen_and_few_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    plot = plotext_page.plotext.plot
    monkeypatch.setattr(plotext_page.plotext, "plot", lambda x, y, **about: (given.append(len(x)), plot(x, y, **about)))
    y = tuple(1.0 if i == 7_777 else 0.0 for i in range(10_000))
    lines = rows(Chart((Series(tuple(map(float, range(10_000))), y),)), 80)
    top = min(row for row, _ in dots(lines))
    assert top <= 1 and all(60 <= column < 70 for row, column in dots(lines) if row == top)
    assert sum(given) <= 4 * 2 * 80


def test_log_axes_have_powers_of_ten_leave_out_zero_and_can_be_drawn_twice() -> None:
    panel = Chart((Series((0.0, 1.0, 10.0, 100.0), (0.0, 1e-4, 1e-2, 1.0)),), xscale="log", yscale="log")
    lines = rows(panel)
    assert rows(panel) == lines
    assert {"1e−4" in "".join(lines) or "1e-4" in "".join(lines), "0.01" in "".join(lines)} == {True}
    found = sorted(dots(lines), key=lambda cell: cell[1])
    left, right = found[0], found[-1]
    middle = min(found, key=lambda cell: abs(cell[1] - (left[1] + right[1]) / 2))
    assert abs(middle[0] - (left[0] + right[0]) / 2) <= 1, "a power law is straight"


def test_lines_differ_in_colours_and_dashes_and_without_colours_in_what_they_are_made_of() -> None:
    panel = PANELS["two curves"]
    look = PlotLook(colours="256")
    grid = drawn(panel, look=look)
    styles = {grid.styles[r][c] for r, c in dots(["".join(row) for row in grid.chars])}
    assert styles == {look.colour(0), look.colour(1)}
    assert "── train" in "".join(rows(panel, look=look)) and "╌╌ val" in "".join(rows(panel, look=look))
    dashed = dots(rows(Chart((Series(X, FALLING, dash=1),)), look=look))
    assert 0.4 < len(dashed) / len(dots(rows(Chart((Series(X, FALLING),)), look=look))) < 0.9
    plain, seven = "\n".join(rows(panel)), "\n".join(rows(panel, look=SEVEN_BITS))
    assert "○○ val" in plain and plain.count("○") > 10 and dots(plain.split("\n"))
    assert "** train" in seven and "++ val" in seven and seven.count("*") > 10


def test_marks_and_guides_have_their_names() -> None:
    level = Chart(
        (Series(X, FALLING),), marks=(Mark(5.0, 0.6, "w₀"), Mark(45.0, 0.6, "w₁")),
        guides=(Guide("y", 0.8, "target"), Guide("x", 30.0, "stop"), Guide("y", 99.0, "out of sight")),
    )  # fmt: skip
    lines = rows(level, 80)
    assert any("● w₀" in line and "w₁ ●" in line for line in lines)
    assert any(line.rstrip().endswith("─ target") for line in lines)
    assert "stop" in "".join(lines) and "out of sight" not in "".join(lines)
    assert sum("│" in line[20:] or "┼" in line[20:] for line in lines) >= 6, "the upright guide runs through"
    assert "w_0" in "".join(rows(level, 80, look=SEVEN_BITS))


def test_what_leaves_the_canvas_is_cut_at_its_edge() -> None:
    assert clipped([(-1.0, 0.5), (0.5, 0.5), (2.0, 0.5)])[-3:] == [(0.0, 0.5), (0.5, 0.5), (1.0, 0.5)]
    assert all(x != x for x, _ in clipped([(-1.0, 0.5), (-0.5, 3.0)]))
    there_and_back = clipped([(0.2, 0.5), (0.4, 1.5), (0.6, 0.5)])
    assert [p for p in there_and_back if p == p][:1] and any(x != x for x, _ in there_and_back[1:])
    assert clipped([GAP, (0.5, 0.5), GAP])[2] == (0.5, 0.5), "a point between two gaps stays"
    steep = Chart((Series((0.0, 1.0, 2.0), (0.0, 100.0, 0.0)),), ylimits=(0.0, 1.0), xlimits=(0.0, 2.0))
    columns = {column for _, column in dots(rows(steep))}
    assert max(columns) - min(columns) > 50 and len(columns) < 10, "up on the left, down on the right"


# ------------------------------------------------------------------ bars


def blocks(line: str) -> str:
    return "".join(char for char in line if char in "█▀▄▌▐▝▘▖▗▓#=")


def test_bars_stand_on_the_axis_and_hang_below_it_with_their_numbers() -> None:
    lines = rows(Bars(("up", "down", "none", "gone"), ((2.0, -1.0, 0.0, NAN),), title="Signs"), 60, 16)
    axis = next(at for at, line in enumerate(lines) if line.count("─") > 15 and line.lstrip().startswith("0"))
    left, right = (slice(3, 17), slice(18, 32))
    assert all(blocks(lines[at][left]) for at in range(axis - 3, axis)) and not blocks(lines[axis + 1][left])
    assert blocks(lines[axis + 1][right]) and not blocks(lines[axis - 1][right])
    top = next(at for at, line in enumerate(lines) if blocks(line))
    assert lines[top - 1].split()[-1] == "2", "its number is above the highest bar"
    assert any("−1" in line[right] for line in lines[axis:]) and "missing" in "".join(lines)
    assert lines[0].startswith("Signs") and lines[-1].split() == ["up", "down", "none", "gone"]


def test_twice_the_value_is_twice_the_length() -> None:
    lines = rows(Bars(("half", "whole"), ((1.0, 2.0),), horizontal=True), 80, 12, SEVEN_BITS)
    lengths = sorted({line.count("#") for line in lines} - {0})
    assert len(lengths) == 2 and abs(2 * lengths[0] - lengths[1]) <= 2
    assert any(line.rstrip().endswith("# 1") for line in lines) and any(line.rstrip().endswith("# 2") for line in lines)


def test_long_labels_lay_the_bars_down_each_on_rows_of_its_own() -> None:
    labels = tuple(f"feature number {i}" for i in range(8))
    lines = rows(Bars(labels, ((1.0, -2.0, 0.5, 3.0, -0.2, 0.1, 0.0, 2.0),)), 78, 14)
    at = [next(k for k, line in enumerate(lines) if label in line) for label in labels]
    assert at == sorted(at) and len(set(at)) == 8
    assert lines[at[1]].index("−2") < lines[at[1]].index("█") < lines[at[3]].index("█") + 5
    assert lines[at[6]].rstrip().endswith("│ 0") and not blocks(lines[at[6]])


def test_groups_differ_without_colours_and_are_named() -> None:
    text = "\n".join(rows(PANELS["bars"]))
    assert "█ one" in text and "▓ two" in text and text.count("▓") > 10
    grid = drawn(PANELS["bars"], look=PlotLook(colours="16"))
    used = {style for row in grid.styles for style in row}
    assert {PlotLook(colours="16").colour(0), PlotLook(colours="16").colour(1)} <= used


def test_the_blocks_of_a_histogram_stand_between_their_edges() -> None:
    lines = rows(Histogram((0.0, 1.0, 2.0, 4.0), (2.0, 0.0, 4.0), "Counts", "value"), 80, 14, SEVEN_BITS)
    bottom = max((line for line in lines if "#" in line), key=lambda line: line.count("#"))
    highest = next(line for line in lines if "#" in line)
    wide = highest.count("#")
    assert abs(wide - 76 / 2) <= 3 and abs(bottom.count("#") - 76 * 3 / 4) <= 3
    assert lines[-2].split() == ["0", "1", "2", "3", "4"] and lines[-1].strip() == "value"


def test_a_wide_letter_takes_two_cells_and_moves_nothing() -> None:
    page = PlotextPage(40, 8, PLAIN)
    page.ticks([(0.5, "日本")], [(0.0, "0"), (1.0, "1")])
    page.dots([(0.5, 0.5)], "braille", "")
    page.label("語 end", (0.2, 0.9), "")
    assert [line.cell_len for line in page.grid().lines()] == [40] * 8


# ------------------------------------------------------------------ on a terminal


def kept(home: Path) -> None:
    store = Runs(home / "state" / "runs")
    for at, last in enumerate((0.5, 0.25)):
        curves = {"loss": ((1.0, 2.0, 3.0), (2.0, 1.0, last))}
        store.save(Record(run=f"train-{at:04x}", block="train", when=1e9 + at, curves=curves,
                          best=("loss", 3, last), epochs=3))  # fmt: skip


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_past_runs_are_drawn_as_wide_as_the_terminal(tmp_path: Path, columns: int, lines: int) -> None:
    kept(tmp_path)
    home = {"DL_TUTOR_HOME": str(tmp_path)}
    argv = [sys.executable, "-m", "tutor", "runs", "train"]
    with Terminal(argv, size=(columns, lines), env=home) as terminal:
        assert terminal.wait() == 0
        shown = terminal.text.split("\n")
    assert dots(shown) and max(len(row) for row in shown) > columns - 12
    assert "── run 2" in "\n".join(shown) and "best loss" in "\n".join(shown)
    assert any("run 1" in row and "0.5" in row and blocks(row) for row in shown)
    with Terminal(argv, size=(columns, lines), env=home | {"NO_COLOR": "1"}) as terminal:
        assert terminal.wait() == 0
        assert dots(terminal.text.split("\n")) and b"\x1b[38" not in terminal.raw and b"\x1b[3" not in terminal.raw
    with Terminal(argv, size=(columns, lines), env=home | {"LC_ALL": "C", "TERM": "vt100"}) as terminal:
        assert terminal.wait() == 0
        assert terminal.text.isascii() and "** run 2" in terminal.text and "#" in terminal.text
