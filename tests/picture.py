"""Makes the README's pictures from a real run: `python -m tests.picture [FOLDER]`.

Needs the font DejaVu Sans Mono, which has the letters of the maths; `fc-match` finds it. Blocks and braille are drawn.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyte

from tests.journeys.samples import SHAPES, moons
from tests.journeys.steps import answer_is, open_code, turn_to
from tests.ptykit import Terminal, tutor

if TYPE_CHECKING:
    from PIL import ImageDraw

FOLDER = Path(__file__).parent / "pictures"
GROUND, INK = "#121212", "#d0d0d0"
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


def draw(screen: pyte.Screen, path: Path, size: int = 18) -> None:
    """The screen as a PNG, cell by cell, in the colours that the program sent."""
    from PIL import Image, ImageDraw, ImageFont

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
    picture.save(path, optimize=True)


def _dots(pen: ImageDraw.ImageDraw, bits: int, left: int, top: int, width: int, height: int, ink: str) -> None:
    """A braille cell: 2 x 4 dots, drawn as terminals do; fonts often lack them."""
    places = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
    radius = width / 6.5
    for bit, (column, row) in enumerate(places):
        if bits >> bit & 1:
            x, y = left + width * (column + 0.5) / 2, top + height * (row + 0.5) / 4
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)


def shoot(terminal: Terminal, path: Path) -> None:
    terminal.still(0.5)
    draw(terminal.screen, path)
    print(path)


HALF_THE_SLOPE = "def grad_loss(w, x, y):\n    return ((w * x - y) * x).sum()\n"


def lesson_picture(home: Path, folder: Path) -> None:
    """The gradient exercise beside its page, checked, with the diagnosis of a missing factor 2."""
    with tutor(home, "open", "1.2", size=(130, 38)) as window:
        open_code(window, "gradient")
        answer_is(window, HALF_THE_SLOPE)
        window.press("f6").until("the 2 is missing")
        shoot(window, folder / "lesson.png")


def figure_picture(home: Path, folder: Path) -> None:
    """Gradient descent, opened with its controls."""
    with tutor(home, "open", "1.2", size=(100, 30)) as window:
        turn_to(window, "One step downhill")
        window.press("enter").until("space run")
        shoot(window, folder / "figure.png")


def training_picture(home: Path, folder: Path) -> None:
    """A Keras training at its end."""
    with tutor(home, "open", "1.3", size=(100, 34)) as window:
        open_code(window, "train-in-keras")
        window.press("f5").until("trained")
        shoot(window, folder / "training.png")


def watching_picture(home: Path, folder: Path) -> None:
    """A training over the whole window, with the one before it drawn thin."""
    with tutor(home, "open", "1.3", size=(130, 30)) as window:
        open_code(window, "train-in-keras")
        for rate in (0.003, 0.03):
            answer_is(window, moons(rate, 80))
            window.press("f5").until("trained").still()
        window.press("f4", "w").still()
        shoot(window, folder / "watching.png")


def inspector_pictures(home: Path, folder: Path) -> None:
    """What a model decides everywhere, and the feature maps of a convolution."""
    with tutor(home, "open", "1.3", size=(100, 28)) as window:
        open_code(window, "train-in-keras")
        for code, key, name in ((moons(0.03, 80), "d", "decision"), (SHAPES, "m", "maps")):
            answer_is(window, code)
            window.press("f5").until("trained").still()
            window.press("f4", "i").until("parameters").press(key).still()
            shoot(window, folder / f"{name}.png")
            window.press("esc").still().press("f4").still()


def main(folder: Path) -> None:
    for take in (lesson_picture, figure_picture, training_picture, watching_picture, inspector_pictures):
        with tempfile.TemporaryDirectory() as home:
            take(Path(home), folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
