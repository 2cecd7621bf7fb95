"""Colours in what a terminal has, and words in what it spells."""

from __future__ import annotations

import re

import pytest
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Ground

from tutor.course.model import Exercise, Page, Source
from tutor.messages.verdicts import CheckResult, Diagnosis, Verdict
from tutor.plots.look import PlotLook
from tutor.settings import Settings
from tutor.terminal import Terminal, look_at
from tutor.terminal_colours import Colours
from tutor.tui.looks import theme
from tutor.tui.looks.depth import depth_for
from tutor.tui.looks.plain_cells import PlainCells
from tutor.tui.looks.respelling import respelled

BLACK = Ground(0, 0, 0)
DEPTHS: tuple[Colours, ...] = ("truecolor", "256", "16", "none")


def terminal(colours: Colours, ground: str) -> Terminal:
    return look_at(Settings(colours=colours, theme=ground), {"TERM": "xterm"}, tty=True, encoding="utf-8")  # type: ignore[arg-type]


def through(colours: Colours, style: str) -> Style:
    filtered = depth_for(colours)
    assert filtered is not None
    (segment,) = filtered.apply([Segment("x", Style.parse(style))], BLACK)
    assert segment.style is not None
    return segment.style


def luminance(hexed: str) -> float:
    """Relative luminance, by WCAG 2.2."""
    parts = [int(hexed[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [True, False])
def test_surfaces_are_pure_greys_that_stay_distinct_in_256_colours(dark: bool) -> None:
    found = next(one for one in theme.themes() if one.name == (theme.DARK if dark else theme.LIGHT))
    surfaces = [found.background, found.surface, found.panel]
    numbers = set()
    for surface in surfaces:
        assert surface and surface[1:3] == surface[3:5] == surface[5:7]
        colour = through("256", f"on {surface}").bgcolor
        assert colour is not None and colour.number is not None and 232 <= colour.number <= 255
        assert Color.from_ansi(colour.number).get_truecolor().hex == surface
        numbers.add(colour.number)
    assert len(numbers) == 3


@pytest.mark.parametrize("palette", [theme.DARK_PALETTE, theme.LIGHT_PALETTE], ids=["dark", "light"])
def test_words_stand_out_from_their_ground_and_keep_their_colour_in_256(palette: theme.Palette) -> None:
    ground = "#121212" if palette.dark else "#eeeeee"
    for name, least in {"text": 7, "dim": 4.5, "accent": 4.5, "good": 3, "bad": 3.5, "warn": 4.5, "faint": 3}.items():
        hexed = getattr(palette, name)
        light, low = sorted((luminance(hexed), luminance(ground)), reverse=True)
        assert (light + 0.05) / (low + 0.05) >= least, name
        colour = through("256", hexed).color
        assert colour is not None and colour.number is not None
        assert Color.from_ansi(colour.number).get_truecolor().hex == hexed, name


def test_none_leaves_no_colour_but_weight_and_reverse() -> None:
    styles = {"bold #ff0000 on color(245)": True, "bold reverse red": True, "bold red on default": False}
    for given, reverse in styles.items():
        style = through("none", given)
        assert style.color is None and style.bgcolor is None and style.bold and bool(style.reverse) is reverse
    assert depth_for("truecolor") is None and depth_for("16") is None


@pytest.mark.parametrize("ground", ["dark", "light"])
@pytest.mark.parametrize("colours", DEPTHS)
def test_each_depth_has_its_palette_and_its_theme(colours: Colours, ground: str) -> None:
    palette = theme.palette_for(terminal(colours, ground))
    assert palette.dark is (ground == "dark")
    assert theme.theme_name(terminal(colours, ground)) in {one.name for one in theme.themes()}
    parsed = [Style.parse(value) for value in (getattr(palette, name) for name in palette.__slots__ if name != "dark")]
    used = [colour for style in parsed for colour in (style.color, style.bgcolor) if colour and not colour.is_default]
    if colours == "none":
        assert not used
    elif colours == "16":
        assert used and all(colour.number is not None and colour.number < 16 for colour in used)
    else:
        assert all(colour.triplet for colour in used)


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("colours", DEPTHS[:-1])
def test_series_differ_in_each_depth(colours: Colours, dark: bool) -> None:
    look = PlotLook(colours=colours, dark=dark)
    system = {"truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT, "16": ColorSystem.STANDARD}[colours]
    sent = {Color.parse(one).downgrade(system).get_ansi_codes() for one in look.series}
    assert len(sent) == len(look.series) >= 7


def test_words_are_respelled_and_code_is_not() -> None:
    verdict = Verdict(
        "e", "failed", (CheckResult("c", "it is (wx − y)²", "failed", "got 5 ± 1"),), Diagnosis("d", "2·x²"),
    )  # fmt: skip
    plain = respelled(verdict)
    assert plain.checks[0].requirement == "it is (wx - y)^2" and plain.diagnosis is not None
    assert plain.diagnosis.text.isascii() and plain.exercise == "e"
    task = Exercise("e", "Of ρ", (), Source("x = 'ρ'", 1), (Source("ρ = 1", 1),), Source("", 1), (), ())
    page = respelled(Page("Of ρ²", (task,)))
    assert page.title == "Of rho^2"
    (block,) = page.blocks
    assert isinstance(block, Exercise) and block.title == "Of rho" and block.starter is task.starter
    same = Page("Of rho", ())
    assert respelled(same) is same


def test_no_sequence_for_a_colour_is_left() -> None:
    rendered = through("none", "italic #00ff00").render("x", color_system=ColorSystem.TRUECOLOR)
    assert re.findall(r"\x1b\[([0-9;]*)m", rendered) == ["3", "0"]


def test_no_cell_makes_the_terminal_do_anything() -> None:
    clean = [Segment("plain ✗ text"), Segment("\ue0b0 \u00a0")]
    assert PlainCells().apply(clean, BLACK) == clean
    style = Style(bold=True)
    drawn = PlainCells().apply([Segment("a\x1b]0;t\x07b\x9b1m\u202ec", style)], BLACK)
    assert drawn == [Segment("a]0;tb1mc", style)]
