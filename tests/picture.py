"""Makes the README's pictures anew, from real runs: `python -m tests.picture [FOLDER]`.

Beside each picture lie the cells of its screen as text; tests/journeys/test_pictures.py holds the program against them,
and the picture against the text that it was drawn from. Needs the font DejaVu Sans Mono, which has the letters of the
maths; `fc-match` finds it. Blocks and braille are drawn.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyte

from tests.picture_cells import cells_of, seal, text_of
from tests.picture_shots import TAKES

if TYPE_CHECKING:
    from PIL import ImageDraw

FOLDER = Path(__file__).parent / "pictures"
GROUND, INK = "#121212", "#d0d0d0"
_SEAL = "cells"
NOT_IN_MONO = "ℒ⋮⋱ℓ"
"""Letters of the maths that terminals take from another font."""
NAMED = {
    "black": "#000000", "red": "#cd3131", "green": "#0dbc79", "brown": "#e5e510", "blue": "#2472c8",
    "magenta": "#bc3fbc", "cyan": "#11a8cd", "white": "#e5e5e5", "brightblack": "#666666", "brightred": "#f14c4c",
    "brightgreen": "#23d18b", "brightbrown": "#f5f543", "brightblue": "#3b8eea", "brightmagenta": "#d670d6",
    "brightcyan": "#29b8db", "brightwhite": "#ffffff",
}  # fmt: skip


def font_file(style: str, name: str = "DejaVu Sans Mono") -> str:
    """Where the font lies. Raises SystemExit where it is not installed."""
    found = subprocess.run(
        ["fc-match", "-f", "%{family}\t%{file}", f"{name}:style={style}"],
        capture_output=True,
        text=True,
        check=True,
    )
    family, _, path = found.stdout.partition("\t")
    if name not in family:
        sys.exit(f"The font {name} is not installed.")
    return path


def draw(screen: pyte.Screen, path: Path, sealed: str, size: int = 18) -> None:
    """The screen as a PNG, cell by cell, in the colours that the program sent. sealed: goes with it, as `seal_of`
    finds it."""
    from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

    regular = ImageFont.truetype(font_file("Book"), size)
    bold = ImageFont.truetype(font_file("Bold"), size)
    spare = ImageFont.truetype(font_file("Book", "DejaVu Sans"), size)
    width, height = round(regular.getlength("M")), sum(regular.getmetrics())
    picture = Image.new("RGB", (width * screen.columns, height * screen.lines), GROUND)
    pen = ImageDraw.Draw(picture)

    def colour(value: str, default: str) -> str:
        return default if value == "default" else NAMED.get(value, f"#{value}")

    for y in range(screen.lines):
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            ink, ground = colour(cell.fg, INK), colour(cell.bg, GROUND)
            if cell.reverse:
                ink, ground = ground, ink
            left, top, right, bottom = x * width, y * height, (x + 1) * width - 1, (y + 1) * height - 1
            if ground != GROUND:
                pen.rectangle((left, top, right, bottom), fill=ground)
            middle = (top + bottom) // 2
            block = {"▀": (left, top, right, middle), "▄": (left, middle + 1, right, bottom),
                     "█": (left, top, right, bottom)}.get(cell.data)  # fmt: skip
            if block:
                pen.rectangle(block, fill=ink)
            elif "\u2800" <= cell.data <= "\u28ff":
                _dots(pen, ord(cell.data) - 0x2800, left, top, width, height, ink)
            elif cell.data.strip():
                font = spare if cell.data[0] in NOT_IN_MONO else bold if cell.bold else regular
                pen.text((left, top), cell.data, fill=ink, font=font)
            if cell.underscore:
                pen.line((left, bottom - 1, right, bottom - 1), fill=ink)
    path.parent.mkdir(parents=True, exist_ok=True)
    about = PngImagePlugin.PngInfo()
    about.add_text(_SEAL, sealed)
    picture.save(path, optimize=True, pnginfo=about)


def seal_of(path: Path) -> str:
    """What the picture says it was drawn from, "" where it says nothing."""
    from PIL import Image

    with Image.open(path) as picture:
        return str(picture.info.get(_SEAL, ""))


def _dots(pen: ImageDraw.ImageDraw, bits: int, left: int, top: int, width: int, height: int, ink: str) -> None:
    """A braille cell: 2 x 4 dots, drawn as terminals do; fonts often lack them."""
    places = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
    radius = width / 6.5
    for bit, (column, row) in enumerate(places):
        if bits >> bit & 1:
            x, y = left + width * (column + 0.5) / 2, top + height * (row + 0.5) / 4
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)


def take_all(folder: Path) -> None:
    """Every picture anew, each with its cells beside it."""
    for take, _ in TAKES:
        with tempfile.TemporaryDirectory() as home:
            for name, terminal in take(Path(home)):
                text = text_of(cells_of(terminal.screen))
                (folder / f"{name}.txt").write_text(text, encoding="utf-8")
                draw(terminal.screen, folder / f"{name}.png", seal(text))
                print(folder / f"{name}.png")


if __name__ == "__main__":
    take_all(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
