"""The last step before the terminal: colours in what it has. Textual's own way moves greys to a neighbour (#eeeeee to
#e4e4e4), so that two surfaces may fall together, and its way of showing no colour still sends greys."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

from tutor.plots.cube import nearest256

if TYPE_CHECKING:
    from textual.color import Color as Ground

    from tutor.terminal_colours import Colours


_REVERSED = Style(reverse=True)


class Depth(LineFilter):
    """Gives each style the form it has on this terminal; each is worked out once."""

    def apply(self, segments: list[Segment], background: Ground) -> list[Segment]:
        return [
            segment if segment.style is None else Segment(segment.text, self.style(segment.style), segment.control)
            for segment in segments
        ]

    @staticmethod
    def style(style: Style) -> Style:
        """The style in colours of this depth."""
        return style


class Depth256(Depth):
    """The nearest of the cube and the greys, by number."""

    @staticmethod
    @lru_cache(4096)
    def style(style: Style) -> Style:
        return style + Style.from_color(_numbered(style.color), _numbered(style.bgcolor))


class DepthNone(Depth):
    """Weight, slant, underline and reverse only. What has a ground of its own is reversed: the theme for no colours
    leaves all surfaces as they are, so that it is something chosen."""

    @staticmethod
    @lru_cache(4096)
    def style(style: Style) -> Style:
        ground = style.bgcolor
        chosen = ground is not None and not ground.is_default
        return style.without_color + _REVERSED if chosen else style.without_color


@lru_cache(1024)
def _numbered(colour: Color | None) -> Color | None:
    if colour is None or colour.type is not ColorType.TRUECOLOR or colour.triplet is None:
        return colour
    red, green, blue = colour.triplet
    return Color.from_ansi(nearest256((red, green, blue)))


def depth_for(colours: Colours) -> Depth | None:
    """The filter for so many colours; None where Textual's own way is right."""
    return {"256": Depth256, "none": DepthNone}.get(colours, lambda: None)()
