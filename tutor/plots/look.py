"""What a picture may use on this terminal: characters, colours, and the styles of its parts.

Series colours are Okabe and Ito's (2008), which people with any colour vision tell apart, in the order that keeps
neighbours most distinct. Nothing is said by colour alone: lines differ in their dashes, points in their shapes,
grids in the density of their characters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Colours: TypeAlias = Literal["truecolor", "256", "16", "none"]

_SERIES: dict[tuple[Colours, bool], tuple[str, ...]] = {
    ("truecolor", True): ("#56b4e9", "#e69f00", "#2bb98f", "#e08fbe", "#f0e442", "#f0713a", "#a8a8a8"),
    ("truecolor", False): ("#0072b2", "#b86e00", "#00805c", "#a8487f", "#8a7a00", "#b84a00", "#6c6c6c"),
    ("256", True): tuple(f"color({n})" for n in (74, 214, 36, 175, 227, 209, 248)),
    ("256", False): tuple(f"color({n})" for n in (25, 130, 29, 132, 94, 166, 242)),
    ("16", True): ("bright_blue", "yellow", "green", "magenta", "bright_yellow", "red", "white"),
    ("16", False): ("blue", "red", "green", "magenta", "cyan", "bright_black", "black"),
    ("none", True): ("",),
    ("none", False): ("",),
}


@dataclass(frozen=True)
class PlotLook:
    """How pictures look. Styles are strings that Rich understands; "" is the terminal's own.

    ascii: nothing but ASCII. braille: lines in 2x4 dots (else one character for each cell). colours: what the
    terminal shows. dark: whether its ground is dark.
    ink: figures and labels. quiet: axes, ticks, guides.
    heading: titles. strong: what stands out. series: one style for each, taken in turn; empty takes the
    palette that suits `colours` and `dark`.
    """

    ascii: bool = False
    braille: bool = True
    colours: Colours = "truecolor"
    dark: bool = True
    ink: str = ""
    quiet: str = ""
    heading: str = "bold"
    strong: str = "bold"
    series: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.series:
            object.__setattr__(self, "series", _SERIES[self.colours, self.dark])
        if not self.quiet:
            object.__setattr__(self, "quiet", _quiet(self.colours, self.dark))
        if self.ascii:
            object.__setattr__(self, "braille", False)

    def colour(self, number: int) -> str:
        """The style of series `number` (turns round at the end of the palette)."""
        return self.series[number % len(self.series)]

    def plain(self) -> PlotLook:
        """The same without any style: for pipes and files."""
        return replace(self, colours="none", ink="", quiet="", heading="", strong="", series=("",))

    @property
    def coloured(self) -> bool:
        """Whether a cell can have any of at least 256 colours, so that fills are blocks and not characters."""
        return self.colours in ("truecolor", "256") and not self.ascii


def _quiet(colours: Colours, dark: bool) -> str:
    if colours == "none":
        return ""
    if colours == "16":
        return "bright_black"
    if colours == "256":
        return "color(245)" if dark else "color(242)"
    return "#8a8a8a" if dark else "#6c6c6c"
