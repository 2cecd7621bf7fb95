"""Boxes of text: rows of equal width with a baseline, put beside and above one another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rich.cells import cell_len

from tutor.words import to_ascii


@dataclass(frozen=True, slots=True)
class TextBox:
    """Lines of equal width in cells. baseline: the number of the line that the formula stands on, from 0.

    tags: equation numbers, each as (line, text); they are not part of the lines.
    """

    lines: tuple[str, ...]
    baseline: int = 0
    tags: tuple[tuple[int, str], ...] = field(default=())

    @property
    def width(self) -> int:
        """Cells."""
        return cell_len(self.lines[0]) if self.lines else 0

    @property
    def height(self) -> int:
        return len(self.lines)

    @property
    def below(self) -> int:
        """Lines under the baseline."""
        return len(self.lines) - 1 - self.baseline


def text_box(text: str) -> TextBox:
    return TextBox((text,))


def pad(line: str, width: int, align: str = "center") -> str:
    """The line made `width` cells wide. In the middle, an odd cell goes to the right."""
    room = max(width - cell_len(line), 0)
    left = {"left": 0, "right": room}.get(align, room // 2)
    return " " * left + line + " " * (room - left)


def widen(box: TextBox, width: int, align: str = "center") -> TextBox:
    """The whole box moved inside `width` cells."""
    room = max(width - box.width, 0)
    left = {"left": 0, "right": room}.get(align, room // 2)
    return replace(box, lines=tuple(" " * left + line + " " * (room - left) for line in box.lines))


def beside(*boxes: TextBox) -> TextBox:
    """Boxes in a row on one baseline."""
    boxes = tuple(box for box in boxes if box.lines)
    if not boxes:
        return TextBox(("",))
    above = max(box.baseline for box in boxes)
    below = max(box.below for box in boxes)
    columns = [grow(box, above - box.baseline, below - box.below).lines for box in boxes]
    lines = tuple("".join(parts) for parts in zip(*columns, strict=True))
    tags = tuple((line + above - box.baseline, tag) for box in boxes for line, tag in box.tags)
    return TextBox(lines, above, tags)


def grow(box: TextBox, above: int, below: int) -> TextBox:
    """Blank lines added above and below."""
    blank = " " * box.width
    lines = (*(blank,) * above, *box.lines, *(blank,) * below)
    return TextBox(lines, box.baseline + above, tuple((line + above, tag) for line, tag in box.tags))


def stacked(boxes: list[TextBox], on: int, align: str = "center", gap: int = 0) -> TextBox:
    """Boxes under one another with `gap` blank lines between; the baseline is that of number `on`."""
    width = max(box.width for box in boxes)
    lines: list[str] = []
    tags: list[tuple[int, str]] = []
    baseline = 0
    for i, box in enumerate(boxes):
        if i:
            lines += [" " * width] * gap
        if i == on:
            baseline = len(lines) + box.baseline
        tags += [(len(lines) + line, tag) for line, tag in box.tags]
        lines += widen(box, width, align).lines
    return TextBox(tuple(lines), baseline, tuple(tags))


# ------------------------------------------------------------------ tall brackets

PIECES = {
    "(": "(⎛⎜⎜⎝", ")": ")⎞⎟⎟⎠", "[": "[⎡⎢⎢⎣", "]": "]⎤⎥⎥⎦", "{": "{⎧⎪⎨⎩", "}": "}⎫⎪⎬⎭", "|": "|││││", "‖": "‖║║║║",
    "⌊": "⌊⎢⎢⎢⎣", "⌋": "⌋⎥⎥⎥⎦", "⌈": "⌈⎡⎢⎢⎢", "⌉": "⌉⎤⎥⎥⎥", "/": "/╱╱╱╱",
}  # fmt: skip
"""One line; then top, extension, middle, bottom of a tall one."""

ASCII_PIECES = {mark: mark * 5 for mark in "()[]{}|/"} | dict.fromkeys("⌊⌋⌈⌉", "|" * 5) | {"⟨": "<" * 5, "⟩": ">" * 5}
"""In 7 bits the same mark on every line: a bracket made of slashes would read as a division."""


def bracket(shown: str, height: int, baseline: int, ascii: bool) -> TextBox:
    """A bracket `height` lines tall. Braces have their point on the baseline."""
    if not shown:
        return TextBox(("",) * height, baseline)
    if ascii and shown == "‖":
        return TextBox(("||",) * height, baseline)
    pieces = (ASCII_PIECES if ascii else PIECES).get(shown)
    if pieces is None or height == 1:
        mark = to_ascii(shown) if ascii else pieces[0] if pieces else shown
        blank = " " * cell_len(mark)
        return TextBox(tuple(mark if i == baseline else blank for i in range(height)), baseline)
    top, extension, middle, bottom = pieces[1], pieces[2], pieces[3], pieces[4]
    point = baseline if 0 < baseline < height - 1 else height // 2
    lines = [top, *(middle if i == point else extension for i in range(1, height - 1)), bottom]
    return TextBox(tuple(lines), baseline)
