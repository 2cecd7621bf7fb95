"""The 256 colours that terminals number: a cube of 6x6x6 from 16 on, 24 greys from 232 on."""

from __future__ import annotations


def nearest256(rgb: tuple[int, int, int]) -> int:
    """The nearest of the 6x6x6 cube and the 24 greys."""
    cube = [0 if c < 48 else 1 if c < 115 else (c - 35) // 40 for c in rgb]
    levels = (0, 95, 135, 175, 215, 255)
    in_cube = sum((levels[k] - c) ** 2 for k, c in zip(cube, rgb, strict=True))
    mean = sum(rgb) / 3
    grey = min(max(round((mean - 8) / 10), 0), 23)
    in_grey = sum((8 + 10 * grey - c) ** 2 for c in rgb)
    if in_grey < in_cube:
        return 232 + grey
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
