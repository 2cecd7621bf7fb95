"""Scenes as lines of text: exact sizes, every kind of panel, every kind of terminal."""

import itertools
import math
import re

import msgspec
import pytest

from tutor.plots import PlotLook, natural_height, render
from tutor.plots.scene import (
    Bars,
    Chart,
    Edge,
    Guide,
    Histogram,
    Mark,
    Network,
    Node,
    Picture,
    Raster,
    Scene,
    Series,
    TablePanel,
    TextPanel,
    Tiles,
)

NAN, INF = math.nan, math.inf
X = tuple(float(i) for i in range(50))
FALLING = tuple(math.exp(-i / 10) for i in range(50))
LOOKS = [
    PlotLook(colours=colours, dark=dark, ascii=ascii)
    for colours, dark, ascii in itertools.product(("truecolor", "256", "16", "none"), (True, False), (True, False))
] + [PlotLook(braille=False), PlotLook().plain()]
PANELS = {
    "two curves": Chart((Series(X, FALLING, "train"), Series(X, FALLING[::-1], "val")), "Loss", "epoch", "loss"),
    "one curve": Chart((Series(X, FALLING),)),
    "log": Chart((Series(X, FALLING),), xscale="log", yscale="log"),
    "log of nothing": Chart((Series((0.0, -1.0), (0.0, -3.0)),), yscale="log", xscale="log"),
    "gaps": Chart((Series((0.0, 1.0, 2.0, 3.0), (NAN, INF, -INF, 2.0)), Series((NAN,), (1.0,), kind="points"))),
    "empty": Chart(()),
    "huge": Chart((Series((0.0, 1.0), (1e308, -1e308)),)),
    "tiny": Chart((Series((0.0, 1.0), (1e-300, 2e-300)),)),
    "constant": Chart((Series(X, (3.0,) * 50),)),
    "overlays": Chart(
        (Series((1.0, 2.0), (1.0, 4.0), "p", "path"), Series((1.0,), (2.0,), "q", "points"),
         Series(X, FALLING, "s", "step", dash=1), Series(X, FALLING, "t", "stem")),
        marks=(Mark(1, 1, "w₀"), Mark(99, 99, "far")), guides=(Guide("x", 1.5, "here"), Guide("y", 2.0, "level")),
    ),
    "bars": Bars(("a", "b", "c"), ((1.0, -2.0, NAN), (0.5, 3.0, 1.0)), ("one", "two"), "Bars"),
    "lying": Bars(("a long label", "b"), ((1.0, -2.0),), horizontal=True),
    "many bars": Bars(tuple(map(str, range(200))), (X * 4,)),
    "no bars": Bars((), ()),
    "histogram": Histogram((0.0, 1.0, 2.0, 3.0), (3.0, 0.0, 9.0), "Counts", "value"),
    "raster": Raster(tuple(tuple(i * j / 9.0 for j in range(9)) for i in range(9)), "Grid", rows=("a", "b", "c")),
    "signed": Raster(((-1.0, 0.0), (NAN, 1.0)), signed=True, marks=(Mark(0, 0, "x"), Mark(9, 9, "out"))),
    "large raster": Raster(tuple(X * 4 for _ in range(150)), tint="heat"),
    "numbers": Raster(((5.0, 1.0), (0.0, 8.0)), numbers=True, rows=("p", "q"), columns=("p", "q"), tint="heat"),
    "no raster": Raster(()),
    "picture": Picture(4, 3, bytes(range(36)), "A picture"),
    "broken picture": Picture(40, 30, b""),
    "network": Network(
        (Node(0, 0, "x₁", "0.5"), Node(0, 1, "x₂", "1"), Node(1, 0, "ŷ", "0.56", 0.56)),
        (Edge(0, 2, "w₁ 0.5", 0.5), Edge(1, 2, "w₂ −1", -1.0)), "Neuron", ("in", "out"),
    ),
    "bare network": Network(tuple(Node(i % 3, i // 3) for i in range(12)), (Edge(0, 1), Edge(1, 2, weight=0.0))),
    "text": TextPanel(("a line", "∑x² 日本語 é"), "Text"),
    "table": TablePanel(("layer", "params"), tuple((f"dense_{i}", str(i)) for i in range(30)), "T", (1,), (2,)),
}  # fmt: skip
SIZES = [(80, 14), (40, 8), (160, 40), (20, 5), (9, 3), (1, 1), (0, 0), (37, 2)]


@pytest.mark.parametrize("name", PANELS)
def test_every_panel_has_exactly_the_size_asked_for(name):
    for look in LOOKS:
        for width, height in SIZES:
            lines = render(PANELS[name], width, height, look)
            assert [line.cell_len for line in lines] == [width] * height, (look, width, height)


@pytest.mark.parametrize("name", PANELS)
def test_ascii_means_ascii(name):
    if name != "text":
        text = "\n".join(line.plain for line in render(PANELS[name], 70, 16, PlotLook(ascii=True)))
        assert text.isascii()


@pytest.mark.parametrize("name", PANELS)
def test_a_plain_look_has_no_styles(name):
    lines = render(PANELS[name], 60, 12, PlotLook().plain())
    assert all(not span.style for line in lines for span in line.spans)


@pytest.mark.parametrize("name", PANELS)
def test_a_scene_survives_the_socket_and_draws_the_same(name):
    scene = Scene((PANELS[name],), shares=(1,))
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(scene), type=Scene)
    assert [t.plain for t in render(again, 60, 12)] == [t.plain for t in render(scene, 60, 12)]


def shown(panel, width=60, height=14, **look):
    return "\n".join(line.plain for line in render(panel, width, height, PlotLook(**look)))


def test_series_differ_without_colour():
    text = shown(PANELS["two curves"], colours="none")
    assert "─○ train" in text and "╌× val" in text and text.count("○") > 2 and text.count("×") > 2
    text = shown(PANELS["two curves"], colours="16")
    assert "── train" in text and "╌╌ val" in text and "○" not in text
    assert "○" not in shown(Chart((Series(X, FALLING),)), colours="none"), "one line needs no sign"
    plain = shown(PANELS["two curves"], ascii=True)
    assert "** train" in plain and "++ val" in plain and "*" in plain and "+" in plain


@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_label_of_a_level_is_where_no_curve_runs(ascii_only):
    flat = Chart((Series(X, tuple(1.0 for _ in X), "flat"),), ylimits=(0.0, 2.0), guides=(Guide("y", 1.0, "level"),))
    assert "level" in shown(flat, ascii=ascii_only)


def test_a_legend_that_is_too_long_ends_in_an_ellipsis():
    panel = Chart(tuple(Series(X, FALLING, f"run {i}") for i in range(20)), ylabel="loss")
    head = shown(panel, 60).split("\n")[0]
    assert "run 0" in head and head.rstrip().endswith("…") and head.startswith("loss")


def test_a_spike_among_ten_thousand_points_is_seen():
    x = tuple(float(i) for i in range(10_000))
    y = tuple(1.0 if i == 7_777 else 0.0 for i in range(10_000))
    for panel in (Chart((Series(x, y),)), Chart((Series(x, y, dash=0), Series(x, y, dash=1)))):
        rows = shown(panel, 80, 12).split("\n")
        assert any(c > "\u2800" for c in rows[1][60:70])


def test_marks_have_their_labels_beside_them():
    text = shown(Chart((Series(X, FALLING),), marks=(Mark(20.0, 0.5, "w₀"),)))
    row = next(r for r in text.split("\n") if "w₀" in r)
    assert abs(row.index("●") - row.index("w₀")) <= 3


def test_a_log_chart_can_be_drawn_twice():
    assert shown(PANELS["log"]) == shown(PANELS["log"])


def test_panels_stand_beside_each_other_where_they_fit():
    scene = Scene((PANELS["two curves"], TextPanel(("a" * 20, "b"))), shares=(2, 1))
    wide = render(scene, 80, natural_height(scene, 80))
    assert "a" * 20 in wide[0].plain and natural_height(scene, 80) == scene.height
    narrow = render(scene, 40, natural_height(scene, 40))
    assert natural_height(scene, 40) == scene.height + 3
    assert narrow[-2].plain.startswith("a" * 20) and narrow[-1].plain.startswith("b")


def test_too_little_height_loses_rows_and_raises_nothing():
    scene = Scene((PANELS["two curves"], PANELS["bars"], TextPanel(("last",))), "Title")
    for height in range(12):
        assert len(render(scene, 30, height)) == height


def test_labels_of_single_values_are_written_where_all_of_them_fit():
    marks = tuple(Mark(j, i, str((i + j) % 10)) for i in range(9) for j in range(9))
    raster = Raster(tuple((0.0,) * 9 for _ in range(9)), low=0.0, high=1.0, legend=False, marks=marks, each=True)
    rows = [re.sub(r"\D", "", line) for line in shown(raster, width=20, height=9).splitlines()]
    assert rows == ["".join(str((i + j) % 10) for j in range(9)) for i in range(9)]
    assert not re.search(r"\d", shown(raster, width=20, height=6))
    wide = shown(Raster(((0.0,) * 3,) * 3, legend=False, marks=(Mark(1, 1, "−1.5"),), each=True), width=9, height=9)
    assert "1.5" not in wide


def test_tiles_that_are_left_out_are_told_by_the_labels_of_the_others():
    picture = tuple((0.5,) * 10 for _ in range(10))
    tiles = Tiles((picture,) * 16, tuple(str(k) for k in range(1, 17)), title="maps", legend=False)
    assert re.search(r"maps, 1 to \d+", shown(tiles, width=40, height=12))


def test_numbers_in_a_small_raster():
    text = shown(PANELS["numbers"], colours="none")
    assert "5" in text and "8" in text and "p" in text


def test_bars_say_their_values():
    text = shown(Bars(("cat", "dog"), ((0.25, 0.75),)))
    assert "0.25" in text and "0.75" in text and "cat" in text and "█" in text


def test_a_picture_whose_lines_of_text_do_not_fit_is_said_to_be_cut() -> None:
    from tutor.figures import compute
    from tutor.plots.drawing import is_cut

    table = compute("neuron", {"gate": "or"})
    assert not is_cut(table, 78, 12)
    assert is_cut(table, 78, 8)
